"""All formats alike: which files, the same bytes each time, and the limits of size."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.reports import FORMATS, write
from engine.reports.view import RunHeader, View
from tests.web import views


def test_every_format_writes_its_files(tmp_path: Path) -> None:
    """The four formats give these files and no others."""
    write(views.small_view(), tmp_path, FORMATS)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "data_quality.csv",
        "findings.csv",
        "moderated.csv",
        "moderated.xlsx",
        "rejected.csv",
        "report.html",
        "results.json",
    ]


@pytest.mark.parametrize("make", [views.small_view, views.empty_view, views.hostile_view])
def test_same_view_same_bytes(make: Callable[[], View], tmp_path: Path) -> None:
    """Two runs on the same input and day give the same bytes in every file."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        write(make(), folder, FORMATS)
    first, second = ({f.name: f.read_bytes() for f in folder.iterdir()} for folder in folders)
    assert first == second


def test_bytes_do_not_tell_what_the_input_was_called(tmp_path: Path) -> None:
    """The same batch from a workbook or a folder gives the same files: names are left out."""
    view = views.calm_view()
    header = RunHeader(**{**vars(view.header), "input": "elsewhere/", "rules_folder": "other"})
    for name, one in (("first", view), ("second", View(**{**vars(view), "header": header}))):
        (tmp_path / name).mkdir()
        write(one, tmp_path / name, FORMATS)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


def test_rejected_rows_are_written_whatever_was_asked_for(tmp_path: Path) -> None:
    """Rows put aside are never passed over in silence."""
    write(views.small_view(), tmp_path, ["json"])
    assert {file.name for file in tmp_path.iterdir()} == {"results.json", "rejected.csv"}


def test_no_rejected_rows_no_file(tmp_path: Path) -> None:
    """There is no empty list of rows put aside."""
    write(views.calm_view(), tmp_path, ["csv"])
    assert not (tmp_path / "rejected.csv").exists()


def test_a_caller_can_add_a_format(tmp_path: Path) -> None:
    """A format that is not drawn from the view alone is passed in."""
    written: list[tuple[str, Path]] = []
    also = {"parquet": lambda view, folder: written.append((view.header.judge, folder))}
    write(views.calm_view(), tmp_path, ["parquet"], also)
    assert written == [("plain", tmp_path)]


def test_heavy_packages_wait_until_they_are_needed() -> None:
    """Importing the reports loads neither XlsxWriter nor Jinja, so that help appears at once."""
    heavy = "{'xlsxwriter', 'jinja2'}"
    code = f"import engine.reports, sys; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
