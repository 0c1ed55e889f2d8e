"""CSV: what a spreadsheet opens, with nothing in it that runs."""

import csv
from pathlib import Path

import pytest

from engine.reports import FORMATS, as_csv, screen, write
from engine.reports.places import rejected_in_batch
from tests.web import views

LIVE = tuple("=+-@\t\r\n")
NUMBERS = {"value", "rows", "alerts", "contradictions", "unsupported", "harsher"}


def test_no_text_is_live(tmp_path: Path) -> None:
    """No cell of text begins as a formula does, in any of the three files."""
    write(views.hostile_view(), tmp_path, FORMATS)
    for name in ("moderated.csv", "findings.csv", "rejected.csv"):
        for row in _read(tmp_path / name):
            live = [cell for key, cell in row.items() if key not in NUMBERS]
            assert not [cell for cell in live if cell.startswith(LIVE)]


def test_text_is_otherwise_kept(tmp_path: Path) -> None:
    """Nothing but the apostrophe is added, and nothing is lost."""
    write(views.hostile_view(), tmp_path, ["csv"])
    teams = [row["team"] for row in _read(tmp_path / "moderated.csv")]
    assert {team.removeprefix("'") for team in teams} == set(views.HOSTILE)


def test_numbers_stay_numbers() -> None:
    """A negative number is no formula."""
    assert [as_csv.inert(cell) for cell in (-1, 0, "-1")] == [-1, 0, "'-1"]


def test_excel_reads_it_as_it_is(tmp_path: Path) -> None:
    """The files begin with a byte order mark and end their rows with CRLF."""
    write(views.small_view(), tmp_path, ["csv"])
    for name in ("moderated.csv", "findings.csv", "rejected.csv"):
        written = (tmp_path / name).read_bytes()
        assert written.startswith(b"\xef\xbb\xbf")
        assert written.count(b"\r\n") == written.count(b"\n")


def test_moderated_has_one_row_an_audit(tmp_path: Path) -> None:
    """Every audit is there, capped or not, with the reason that decided."""
    as_csv.write(views.small_view(), tmp_path)
    rows = _read(tmp_path / "moderated.csv")
    assert [row["audit_id"] for row in rows] == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert rows[2]["because"].startswith("CP-05: Longest gap 23 working days")
    assert (rows[2]["rule"], rows[2]["standards"]) == ("bottom_line", "CP-05")
    assert (rows[2]["contradictions"], rows[2]["unsupported"]) == ("1", "1")
    assert rows[4]["suggested_grade"] == "good"


def test_findings_have_one_row_an_audit_and_standard(tmp_path: Path) -> None:
    """Every live standard of every audit is there, with its evidence."""
    as_csv.write(views.small_view(), tmp_path)
    rows = _read(tmp_path / "findings.csv")
    assert len(rows) == 15
    assert rows[6] == {
        "audit_id": "A-3",
        "standard": "CP-05",
        "outcome": "not_met",
        "silent": "no",
        "answer": "met",
        "comparison": "contradiction",
        "back_filled": "no",
        "value": "23",
        "day_from": "2026-03-02",
        "day_to": "2026-04-02",
        "rows": "4",
        "version": "2015-01-01",
        "because": views.BECAUSE["not_met"],
        "source": views.SOURCES["CP-05"],
    }


@pytest.mark.parametrize("name", ["moderated.csv", "findings.csv"])
def test_empty_run_has_headings(name: str, tmp_path: Path) -> None:
    """A run without audits gives files with their headings and no row."""
    as_csv.write(views.empty_view(), tmp_path)
    text = (tmp_path / name).read_text(encoding="utf-8-sig")
    assert text.startswith("audit_id,")
    assert len(text.splitlines()) == 1


def test_rejected_rows_say_where_and_why(tmp_path: Path) -> None:
    """A row put aside is named by file, sheet and place, with its reason and what it held."""
    view = views.small_view()
    as_csv.write_rejected(rejected_in_batch(view.rejected, view.header.input), tmp_path)
    assert list(_read(tmp_path / "rejected.csv")[0].items()) == [
        ("file", "march.xlsx"),
        ("sheet", "Visits"),
        ("place", "C14"),
        ("table", "visits"),
        ("audit_id", "A-3"),
        ("code", "B012"),
        ("reason", "`31/02/2026` is not a date"),
        ("row", '{"visit_date": "x"}'),
    ]


def test_screen_prints_the_same_rows(tmp_path: Path) -> None:
    """On standard output the rows are those of `moderated.csv`."""
    view = views.hostile_view()
    as_csv.write(view, tmp_path)
    with (tmp_path / "moderated.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "\r\n".join([*screen.FORMATS["csv"](view, 80), ""]) == file.read()


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
