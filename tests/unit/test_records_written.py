"""A batch that is written to a folder and read again is the same batch."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.records import Batch, staging
from engine.records.batch_json import BatchNote
from engine.records.readers import csv_folder
from engine.records.written import FORMATS, write_batch
from tests.unit.readers.annex_a.sheets import HEADERS
from tests.unit.readers.given import (
    as_csv,
    as_json,
    as_lines,
    content,
    folder,
    lines,
    read,
    said,
)
from tests.unit.readers.test_five_formats import BATCH

EXAMPLES = Path(__file__).parents[2] / "audits" / "examples"
LIVE = ("=1+1", "+44 20", "-", "@all", "'=1", "''-x", "'tis", "-- a; b, c\td", '="x"', "'")


@pytest.fixture(params=["rows", "columns"])
def typer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with either typer, whatever the size of the batch."""
    if request.param == "columns":
        monkeypatch.setattr(staging, "BUFFER", 1)
        monkeypatch.setattr(csv_folder, "LARGE", 0)


def again(batch: Batch, to: Path, format_: str) -> Batch:
    to.mkdir()
    write_batch(batch, to, format_)
    return read(to)


def held(batch: Batch) -> tuple[Any, ...]:
    """Return all that scoring reads of a batch."""
    lost = batch.con.sql("FROM typed.put_aside ORDER BY ALL").fetchall()
    return content(batch), batch.presence, batch.input_hash, lost, batch.format


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.usefixtures("typer")
def test_a_batch_of_every_kind_of_cell_comes_back(tmp_path: Path, format_: str) -> None:
    """All types, blanks, a table without rows: the same tables, presence and input hash."""
    batch = read(as_lines(BATCH, tmp_path / "in.jsonl"))
    back = again(batch, tmp_path / "out", format_)
    assert held(back) == held(batch)
    assert not back.problems
    assert back.format == "a file of JSON Lines"


@pytest.mark.parametrize("format_", FORMATS)
def test_what_an_extract_cannot_tell_stays_untold(tmp_path: Path, format_: str) -> None:
    """Latest entries only, rows put aside and tables not examined survive the way."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in {
        "List 7": [HEADERS[7], ("C1", None, "", "", "02/01/2024", "04/03/2024", "a) Yes"),
                   ("C2", None, "", "", "02/01/2024", "no visit", "b) No")],
        "List 4": [HEADERS[4], ("C3", None, "", "", "02/01/2024", "b) No")],
    }.items():  # fmt: skip
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "annex.xlsx")
    batch = read(tmp_path / "annex.xlsx")
    assert batch.presence.latest_only
    assert batch.presence.put_aside == {"visits"}
    back = again(batch, tmp_path / "out", format_)
    assert held(back) == held(batch)
    twice = again(back, tmp_path / "twice", "csv")
    assert held(twice) == held(batch)


def test_a_row_of_an_audit_that_is_not_there_is_remembered(tmp_path: Path) -> None:
    """A table that lost a row of nobody in the batch still counts as one that lost a row."""
    batch = read(folder(tmp_path / "in", visits="audit_id,visit_date\nA9,2024-01-02\n"))
    assert batch.presence.put_aside == {"visits"}
    assert held(again(batch, tmp_path / "out", "csv")) == held(batch)


@pytest.mark.parametrize("format_", FORMATS)
def test_the_examples_come_back(tmp_path: Path, format_: str) -> None:
    """The example batch comes back whole."""
    from engine.records import read_batch
    from engine.rulebook.load import load_rulebook

    book, _ = load_rulebook(EXAMPLES.parents[1] / "rules")
    assert book is not None
    with read_batch(EXAMPLES, book.fields, book.allowed) as batch:
        (tmp_path / "out").mkdir()
        write_batch(batch, tmp_path / "out", format_)
        with read_batch(tmp_path / "out", book.fields, book.allowed) as back:
            assert (back.input_hash, back.presence) == (batch.input_hash, batch.presence)
            assert not back.problems


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.usefixtures("typer")
def test_no_text_is_live_and_each_comes_back(tmp_path: Path, format_: str) -> None:
    """A text that begins like a formula is none in a spreadsheet, and is the same text again."""
    audits = [{"audit_id": f"{text}A{at}", "team": text} for at, text in enumerate(LIVE)]
    batch = read(as_json({"audits": audits, "visits": []}, tmp_path / "in.json"))
    back = again(batch, tmp_path / "out", format_)
    assert held(back) == held(batch)
    assert {team for (team,) in back.con.sql("SELECT team FROM typed.audits").fetchall()} == {
        text for text in LIVE if text != "-"
    } | {None}
    if format_ == "csv":
        with (tmp_path / "out" / "audits.csv").open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    if format_ == "xlsx":
        sheet = openpyxl.load_workbook(tmp_path / "out" / "batch.xlsx")["audits"]
        assert {cell.data_type for row in sheet.rows for cell in row} <= {"s", "n", "inlineStr"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=6), min_size=1, max_size=4), st.sampled_from(sorted(FORMATS)))
def test_any_text_comes_back_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], format_: str
) -> None:
    """Whatever a text is made of, it is the same again, or the format is refused."""
    path = tmp_path_factory.mktemp("texts")
    audits = [{"audit_id": f"A{at}", "team": text} for at, text in enumerate(texts)]
    batch = read(as_json({"audits": audits}, path / "in.json"))
    try:
        back = again(batch, path / "out", format_)
    except Stop as end:
        assert format_ == "xlsx" or (format_ == "csv" and "\0" in "".join(texts))
        assert {problem.code for problem in end.problems} == {"B184"}
        return
    assert held(back) == held(batch)


@pytest.mark.parametrize("format_", FORMATS)
def test_the_order_of_rows_leaves_no_trace(tmp_path: Path, format_: str) -> None:
    """The same bytes from rows in another order."""
    turned = {name: [*reversed(rows)] for name, rows in BATCH.items()}
    for name, tables in (("there", BATCH), ("back", turned)):
        again(read(as_csv(tables, tmp_path / f"{name}.in")), tmp_path / name, format_)
    made = sorted(path.name for path in (tmp_path / "there").iterdir())
    assert "batch.json" in made
    for name in made:
        there, back = ((tmp_path / way / name).read_bytes() for way in ("there", "back"))
        assert there == back, name


def test_a_text_that_speaks_of_audits_makes_no_other_format(tmp_path: Path) -> None:
    """A comment such as `Audit ID: 7` leaves a table a table."""
    visits = "audit_id,purpose\nA1,see audit_id: 7\n"
    assert read(folder(tmp_path / "in", visits=visits)).rows["visits"] == 1


def test_a_csv_file_is_plain(tmp_path: Path) -> None:
    """UTF-8, LF, sorted by audit and day, days in ISO, yes and no, lists with semicolons."""
    again(read(as_csv(BATCH, tmp_path / "in")), tmp_path / "out", "csv")
    visits = (tmp_path / "out" / "visits.csv").read_bytes().decode("utf-8")
    assert visits.splitlines()[0].startswith("audit_id,visit_date,kind,child_seen,seen_alone,")
    assert visits.splitlines()[1] == "A1,2024-02-01,,yes,no,,,,,"
    audits = (tmp_path / "out" / "audits.csv").read_bytes().decode("utf-8")
    assert "\r" not in audits
    assert ",2012-03,,no,reviews;supervisions," in audits


def test_the_note_beside_the_tables_is_said_once_for_all(tmp_path: Path) -> None:
    """`batch.json` is the same text each time, and gives no warning when it is read."""
    batch = read(annex_like(tmp_path))
    back = again(batch, tmp_path / "out", "csv")
    (tmp_path / "out" / "rejected.csv").write_text("file\n", "utf-8")
    assert not read(tmp_path / "out").problems
    assert BatchNote.of(back) == BatchNote.of(batch)
    assert json.loads((tmp_path / "out" / "batch.json").read_text("utf-8")) == {
        "schema": "audit-batch/1",
        "format": "a folder of CSV files",
        "latest_only": [],
        "put_aside": [["A1", "visits"]],
        "apostrophes": True,
    }


def annex_like(path: Path) -> Path:
    return folder(path / "in", visits="audit_id,visit_date\nA1,long ago\n")


NOTE = {"schema": "audit-batch/1", "format": "x", "latest_only": [], "put_aside": [],
        "apostrophes": True}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "in/batch.json:1:2: B180 not well-formed JSON: expecting property name enclosed in double quotes"),
        ("\x00\x01", "in/batch.json:1:1: B180 not well-formed JSON: expecting value"),
        ("[" * 10**5, "in/batch.json:1:1: B180 not read: lists and objects stand too deep in one another"),
        ("[]", "in/batch.json: B180 `in/batch.json` does not say what the batch lacks: it has no `schema` `audit-batch/1`"),
        ('{"name": "x"}', "in/batch.json: B180 `in/batch.json` does not say what the batch lacks: it has no `schema` `audit-batch/1`"),
        (json.dumps(NOTE | {"schema": "audit-batch/2"}), "in/batch.json: B181 `audit-batch/2` is not a form of batch that is read here; it is `audit-batch/1`"),
        ('{"schema": "audit-batch/1"}', "in/batch.json: B182 the key `format` is missing"),
        (json.dumps(NOTE | {"latest_onyl": []}), "in/batch.json: B182 `latest_onyl` is no key of it"),
        (json.dumps(NOTE | {"latest_only": "visits"}), "in/batch.json: B182 `latest_only` must be a list of tables"),
        (json.dumps(NOTE | {"put_aside": [["A1"]]}), "in/batch.json: B182 `put_aside` must be a list of pairs of an audit and a table"),
        (json.dumps(NOTE | {"apostrophes": 1}), "in/batch.json: B182 `apostrophes` must be `true` or `false`"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_broken_or_foreign_note_ends_the_run(tmp_path: Path, text: str, message: str) -> None:
    """What the source could not tell would be judged as if it were told."""
    path = folder(tmp_path / "in")
    (path / "batch.json").write_text(text, "utf-8")
    with pytest.raises(Stop) as end:
        read(path)
    first = str(end.value.problems[0]).splitlines()[0]
    assert first.replace(f"{tmp_path.as_posix()}/", "") == message


def test_a_table_that_there_is_not_is_a_warning(tmp_path: Path) -> None:
    """A name that is no table's is said, with the nearest."""
    path = folder(tmp_path / "in")
    (path / "batch.json").write_text(json.dumps(NOTE | {"latest_only": ["visit"]}), "utf-8")
    assert said(read(path), tmp_path) == [
        "in/batch.json: B183 `visit` is no table\n  help: did you mean `visits`?"
    ]


def test_a_batch_in_json_may_have_that_name(tmp_path: Path) -> None:
    """A file of audits that is called batch.json is read as ever."""
    (tmp_path / "in").mkdir()
    lines(tmp_path / "in" / "batch.json", {"audit_id": "A1"})
    assert read(tmp_path / "in").audit_count == 1
    (tmp_path / "in" / "notes.txt").write_text("words", "utf-8")
    assert read(tmp_path / "in").audit_count == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_as_a_note_give_a_batch_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Never a traceback."""
    path = folder(tmp_path_factory.mktemp("note") / "in")
    (path / "batch.json").write_bytes(data)
    try:
        read(path).close()
    except Stop as end:
        assert end.problems


@pytest.mark.parametrize("text", ["x" * 32_768, "a\x0bb", "_x0041_", "two\r\nlines", "#REF!"])
def test_a_workbook_that_would_change_a_text_is_refused(tmp_path: Path, text: str) -> None:
    """A text too long for a cell, or that comes back otherwise, is never cut or changed."""
    batch = read(as_json({"audits": [{"audit_id": "A1", "team": text}]}, tmp_path / "in.json"))
    with pytest.raises(Stop) as end:
        again(batch, tmp_path / "out", "xlsx")
    assert [problem.code for problem in end.value.problems] == ["B184"]
    assert held(again(batch, tmp_path / "csv", "csv")) == held(batch)
