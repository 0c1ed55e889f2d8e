"""Content decides what a batch is; what cannot be read at all ends the run with exit code 2."""

import zipfile
from pathlib import Path

import pytest

from engine.errors import Problem, Stop
from tests.unit.readers.given import as_csv, as_parquet, folder, lines, read, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def stopped(path: Path | str) -> Problem:
    """Return the one problem that ends a run."""
    with pytest.raises(Stop) as end:
        read(path)
    assert end.value.exit_code == 2
    (problem,) = end.value.problems
    return problem


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    """The message names the path as it was given."""
    path = tmp_path / "none"
    assert str(stopped(path)) == f"{path}: B001 `{path}` does not exist"


@pytest.mark.parametrize("path", ["a\0b", "x" * 5_000])
def test_a_path_that_no_system_takes(path: str) -> None:
    """A path that cannot be is a path that cannot be read."""
    assert stopped(path).code == "B001"


def test_an_empty_folder(tmp_path: Path) -> None:
    """Hidden files and lock files do not count."""
    (tmp_path / "~$audits.xlsx").write_text("x")
    (tmp_path / ".audits.csv").write_text("audit_id\nA1\n")
    assert stopped(tmp_path).message == f"the folder `{tmp_path}` is empty"


def test_a_folder_without_audits(tmp_path: Path) -> None:
    """Tables without audits are no batch."""
    folder(tmp_path, visits="audit_id\nA1\n")
    (tmp_path / "audits.csv").unlink()
    problem = stopped(tmp_path)
    assert (problem.code, problem.message) == (
        "B003",
        f"the folder `{tmp_path}` holds no table `audits`",
    )


def test_a_workbook_without_audits(tmp_path: Path) -> None:
    """Sheets without audits are no batch; what was seen on the way is said too."""
    with pytest.raises(Stop) as end:
        read(workbook(tmp_path / "a.xlsx", audits=[], vists=[["audit_id"]]))
    assert [problem.code for problem in end.value.problems] == ["B102", "B101", "B003"]


def test_audits_without_rows(tmp_path: Path) -> None:
    """A header alone is no batch."""
    problem = stopped(folder(tmp_path, audits="audit_id,team\n"))
    assert (problem.code, problem.message) == (
        "B004",
        f"`{tmp_path}` holds no audit that can be read",
    )


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", "B002", "is in no format that is read here"),
        (b"only words", "B002", "is in no format that is read here"),
        (b"audit_id,team\nA1,Oak\n", "B002", "is in no format that is read here"),
        (b"\x00\x01\x02", "B002", "is in no format that is read here"),
        (OLE + b"x" * 600 + "EncryptedPackage".encode("utf-16-le"), "B005",
         "is protected by a password or a sensitivity label"),
        (OLE + b"x" * 600, "B006", "is in a format of Excel before 2007"),
        (b"PK\x03\x04 and no more", "B009", "is damaged and cannot be opened"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes, code: str, message: str) -> None:
    """Each says what it is and what to do."""
    path = tmp_path / "audits.xlsx"
    path.write_bytes(content)
    problem = stopped(path)
    assert (problem.code, problem.message) == (code, f"`{path}` {message}")
    assert problem.help


def test_a_protected_workbook_in_a_folder(tmp_path: Path) -> None:
    """The folder's one workbook is named."""
    (tmp_path / "a.xlsx").write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    problem = stopped(tmp_path)
    assert str(problem) == (
        f"{tmp_path}/a.xlsx: B005 `{tmp_path}/a.xlsx` is protected by a password or a sensitivity "
        "label\n  help: remove the sensitivity label or password"
    )


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    """Another kind of archive is no format of a batch."""
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("audits.csv", "audit_id\nA1\n")
    assert stopped(tmp_path / "a").code == "B002"


def test_a_workbook_that_unpacks_to_very_much(tmp_path: Path) -> None:
    """A bomb is not opened."""
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (120 << 20))
    problem = stopped(path)
    assert problem.code == "B007"
    assert problem.message.startswith(f"`{path}` unpacks to 120 MB")


def test_a_damaged_workbook(tmp_path: Path) -> None:
    """A workbook whose parts are not what they should be is said to be damaged."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "no workbook")
    assert stopped(path).code == "B009"


def test_names_of_files_play_no_part(tmp_path: Path) -> None:
    """A workbook named as text is a workbook, and JSON Lines named as a workbook are JSON Lines."""
    workbook(tmp_path / "a.xlsx").rename(tmp_path / "a.txt")
    lines(tmp_path / "b.xlsx", {"audit_id": "A1"})
    assert read(tmp_path / "a.txt").audit_count == read(tmp_path / "b.xlsx").audit_count == 1


@pytest.mark.parametrize("name", ["audits.csv", "audits.parquet", "x"])
def test_one_table_of_a_batch(tmp_path: Path, name: str) -> None:
    """A file of a folder is no batch; the folder is."""
    tables = {"audits": [{"audit_id": "A1"}]}
    make = as_parquet if name.endswith("parquet") else as_csv
    path = make(tables, tmp_path / "batch") / name
    if name == "x":
        (path.parent / "audits.csv").rename(path)
    problem = stopped(path)
    assert problem.code == "B002"
    assert problem.help.endswith("give the folder that holds it")


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.yaml", "a: &a [x]\nb: *a\n", "1:4"),
        ("a.YML", "team: [a\n", "1:7"),
        ("a.json", "audits\n", "1:1"),
        ("a.json", "[tool]\n", "1:2"),
    ],
)
def test_an_ending_settles_what_the_content_leaves_open(
    tmp_path: Path, name: str, content: str, place: str
) -> None:
    """A broken file is said where it is broken, and not to be of no format."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Stop) as end:
        read(path)
    assert str(end.value.problems[0]).startswith(f"{path}:{place}: ")


def test_yaml_in_brackets(tmp_path: Path) -> None:
    """A YAML file may stand in brackets, as JSON does but without its quotes."""
    path = tmp_path / "a.yaml"
    for content in ("[{audit_id: A1, team: Oak}]", "{audit_id: A1}", '[{"audit_id": "A1"}]'):
        path.write_text(content, encoding="utf-8")
        assert read(path).audit_count == 1


@pytest.mark.parametrize("content", ["[tool.x]\na = 1\n", "[[tool]] # one\n", '[a."b c"]\n'])
def test_a_folder_whose_settings_begin_with_a_bracket(tmp_path: Path, content: str) -> None:
    """A section of a file of settings is no list of JSON, and a checkout no batch."""
    (tmp_path / "pyproject.toml").write_text(content, encoding="utf-8")
    (tmp_path / "site.yaml").write_text("title: x\n", encoding="utf-8")
    assert stopped(tmp_path).code == "B003"


def test_a_folder_with_one_batch_in_one_file(tmp_path: Path) -> None:
    """It is read, and what lies beside it is said not to be."""
    lines(tmp_path / "audits.jsonl", {"audit_id": "A1"})
    (tmp_path / "README.md").write_text("words")
    batch = read(tmp_path)
    assert batch.sources == (tmp_path.as_posix(),)
    assert [problem.location.file for problem in batch.problems] == [f"{tmp_path}/README.md"]


def test_a_folder_with_two_batches(tmp_path: Path) -> None:
    """None is chosen."""
    workbook(tmp_path / "a.xlsx")
    lines(tmp_path / "b.jsonl", {"audit_id": "A1"})
    problem = stopped(tmp_path)
    assert problem.message == (
        f"`{tmp_path}` holds several batches: `{tmp_path}/a.xlsx`, `{tmp_path}/b.jsonl`"
    )


def test_parquet_and_csv_in_one_folder(tmp_path: Path) -> None:
    """Two batches of tables in one folder are two batches."""
    tables = {"audits": [{"audit_id": "A1"}]}
    as_parquet(tables, tmp_path / "both")
    (as_csv(tables, tmp_path / "csv") / "audits.csv").rename(tmp_path / "both/audits.csv")
    problem = stopped(tmp_path / "both")
    assert (problem.code, problem.message) == (
        "B008",
        (
            f"`{tmp_path}/both` holds several batches: a folder of Parquet files and "
            "a folder of CSV files"
        ),
    )
