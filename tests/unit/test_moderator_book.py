"""The promises of the moderators' workbooks: blind, not live, and read back as they were filled in."""

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from engine.errors import Stop
from engine.moderation.entries import Graded, Standing
from engine.moderation.returned import Returned, read_back
from engine.pipeline import Scoring, some_audits
from engine.reports.build import words_of
from engine.reports.moderator_book.blind import BlindAudit, blind_audits
from engine.reports.moderator_book.first import write_first
from engine.reports.moderator_book.page import Told
from engine.reports.moderator_book.second import Shown, write_second
from engine.reports.view import AuditView
from engine.rulebook.measures import AnswerMeasure
from tests.unit.moderated import AS_OF, Change, batch_folder, read, rewritten
from tests.unit.office import Office, office
from tests.unit.synthetic_batches import rulebook

REASONS = {"late": "Visits were late", "voice": "The child's voice is missing"}
IDS = ("A00000003", "A00000007", "A00000012", "A00000020")
SAID = "Zanzibar"
TOLD = Told("Blind grades", "0123456789ab", "Ann Able", (), REASONS)
LATER = Told("Confirmed grades", "0123456789ab", "Ann Able", ("Ben Baker",), REASONS)


def seen(folder: Path | None = None) -> tuple[tuple[AuditView, ...], dict[str, BlindAudit]]:
    """Return some audits of a batch, and what a moderator may see of them."""
    with read(folder) as batch:
        views = some_audits(Scoring(rulebook(), batch, AS_OF, plain=True), IDS)
        return views, blind_audits(views, rulebook(), batch)


@pytest.fixture(scope="module")
def views() -> tuple[AuditView, ...]:
    return seen()[0]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a blind workbook."""
    path = tmp_path_factory.mktemp("first") / "ann-able-blind.xlsx"
    path.write_bytes(write_first(rulebook(), TOLD, list(seen()[1].values())))
    return path


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, views: tuple[AuditView, ...]) -> Path:
    """Return a workbook of after the reveal."""
    path = tmp_path_factory.mktemp("second") / "ann-able-confirm.xlsx"
    blind = Graded(grade="good", domains={"visits": "good"})
    standing = {"overall": Standing(auditor_grade="outstanding", cap="requires_improvement")}
    shown = [Shown(view, standing, blind) for view in views]
    path.write_bytes(write_second(rulebook(), LATER, shown, words_of(rulebook())))
    return path


def bent(tmp_path: Path) -> Path:
    """Return the batch with everything changed that an auditor or moderator said."""

    def audit(row: dict[str, str]) -> None:
        row["overall_grade"] = "inadequate" if row["overall_grade"] == "good" else "good"
        row["auditor_id"] = SAID

    def grade(row: dict[str, str]) -> None:
        row["grade"] = "outstanding" if row["grade"] == "inadequate" else "inadequate"
        row["comment"] = SAID

    def answer(row: dict[str, str]) -> None:
        row["answer"] = "not_met" if row["answer"] == "met" else "met"
        row["comment"] = SAID

    def before(row: dict[str, str]) -> None:
        row["reason"] = SAID

    tables: dict[str, Change] = {
        "audits": audit,
        "domain_grades": grade,
        "answers": answer,
        "moderations": before,
    }
    return rewritten(batch_folder(), tmp_path / "bent", tables)


def parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with ZipFile(path) as book:
        yield from ((name, book.read(name)) for name in book.namelist())


def filled(source: Path, target: Path, cells: dict[tuple[str, str], str]) -> Path:
    """Type into cells of a workbook."""
    book = load_workbook(source)
    for (sheet, cell), text in cells.items():
        book[sheet][cell] = text
    book.save(target)
    return target


def returned(path: Path) -> Returned:
    return read_back(path, rulebook(), REASONS)


def test_the_blind_workbook_does_not_depend_on_what_an_auditor_said(
    tmp_path: Path, first: Path
) -> None:
    """Other grades, answers, comments and auditors give the same workbook, to the byte."""
    other = seen(bent(tmp_path))[1]
    assert write_first(rulebook(), TOLD, list(other.values())) == first.read_bytes()


def test_no_cell_or_part_of_the_blind_workbook_holds_what_an_auditor_said(
    tmp_path: Path, first: Path, views: tuple[AuditView, ...]
) -> None:
    """Neither a cell of any sheet, hidden or not, nor a comment, nor a property of the file."""
    other = tmp_path / "other.xlsx"
    other.write_bytes(write_first(rulebook(), TOLD, list(seen(bent(tmp_path))[1].values())))
    assert [name for name, content in parts(other) if SAID.encode() in content] == []
    assert not [name for name, _ in parts(other) if "comment" in name.lower()]
    titles = {grade.title for grade in rulebook().book.grades}
    for sheet in load_workbook(first):
        texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
        assert not titles.intersection(texts), sheet.title
        assert not any("cap" in text.lower().split() for text in texts)
        assert not {view.auditor_id for view in views}.intersection(texts)


def test_a_standard_that_is_the_auditors_answer_is_left_out(first: Path) -> None:
    """What the auditor judges is for the moderator to judge again, unseen."""
    asked = {
        s.id for s in rulebook().live
        if any(isinstance(branch.measure, AnswerMeasure) for branch in s.branches())
    }  # fmt: skip
    shown = {cell.value for sheet in load_workbook(first) for cell in sheet["A"]}
    assert asked
    assert not asked & shown
    assert len(shown & set(rulebook().by_id)) > 20


def test_misses_come_first(views: tuple[AuditView, ...]) -> None:
    """Not met, partly met, not evidenced, and only then what is met."""
    order = ["Not met", "Partly met", "Not evidenced", "Met", "Not yet due"]
    for one in seen()[1].values():
        outcomes = [f.outcome.partition(" (")[0] for f in one.findings]
        places = [order.index(outcome) for outcome in outcomes if outcome in order]
        assert places == sorted(places)
        assert places
    assert len(views) == len(IDS)


def test_an_alert_is_shown_at_once(first: Path) -> None:
    """A child who may be unsafe is on the first sheet, before any grading."""
    one = next(iter(seen()[1].values()))
    alarmed = BlindAudit(one.audit_id, one.about, ("Look now.",), one.findings, one.record)
    path = first.with_name("alarmed.xlsx")
    path.write_bytes(write_first(rulebook(), TOLD, [alarmed]))
    book = load_workbook(path)
    cover = [cell.value for cell in book["Read me first"]["A"][:6]]
    assert cover[3:5] == ["Look at these files today", one.audit_id]
    assert book["Read me first"]["B5"].value == "Look now."
    assert book[f"1 {one.audit_id}"]["A4"].value == "Look now."


@pytest.mark.parametrize("which", ["first", "second"])
def test_nothing_in_a_workbook_is_live(which: str, request: pytest.FixtureRequest) -> None:
    """No formula, macro, link or connection; sheets are protected, and only entries are not."""
    path: Path = request.getfixturevalue(which)
    names = [name for name, _ in parts(path)]
    assert not [
        n for n in names if re.search(r"vba|external|connection|hyperlink", n, re.IGNORECASE)
    ]
    for name, content in parts(path):
        assert not re.search(rb"<f>|<hyperlink", content), name
    book = load_workbook(path)
    assert all(sheet.protection.sheet for sheet in book)
    assert book["Lists"].sheet_state == "hidden"
    assert not book["Your grades"]["C5" if which == "first" else "F5"].protection.locked
    assert book["Your grades"]["A5"].protection.locked


def test_a_hostile_id_or_name_is_text_and_breaks_no_sheet(tmp_path: Path) -> None:
    """What begins as a formula or has what no sheet's name may have is shown as it is."""
    one = next(iter(seen()[1].values()))
    bad = [
        BlindAudit(audit, one.about, (), one.findings, one.record)
        for audit in ("=1+1", "a/b*c?[d]:e'", "x" * 80)
    ]
    told = Told("Blind grades", "0123456789ab", "=cmd|' /C calc'!A0", (), REASONS)
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(write_first(rulebook(), told, bad))
    assert not any(b"<f>" in content for _, content in parts(path))
    read = returned(path)
    assert (read.moderator, read.not_done) == (told.moderator, tuple(one.audit_id for one in bad))


def test_a_blank_workbook_says_that_nothing_is_done_yet(first: Path, second: Path) -> None:
    """Blank rows are no mistake."""
    for path, stage in ((first, "blind"), (second, "confirm")):
        read = returned(path)
        assert (read.stage, read.draw, read.moderator) == (stage, "0123456789ab", "Ann Able")
        assert (read.rows, read.not_done, read.problems) == ((), IDS, ())


GRADED = {
    ("Your grades", "C5"): "Good",
    ("Your grades", "G5"): "requires improvement",
    ("Your grades", "N5"): "Visits were late",
    ("Your grades", "P5"): "voice",
    ("Your grades", "Q5"): "Seen on the file.",
}


def check_graded(path: Path) -> None:
    read = returned(path)
    assert read.problems == ()
    (one,) = read.rows
    assert one.audit_id == IDS[0]
    assert one.graded == Graded(
        grade="good",
        domains={"visits": "requires_improvement"},
        reasons=("late", "voice"),
        note="Seen on the file.",
    )
    assert str(one.at).endswith("!Your grades!C5")
    assert read.not_done == IDS[1:]


def test_what_is_filled_in_is_read_back(first: Path, tmp_path: Path) -> None:
    """Grades overall and of a section, reasons by title or code, and the note."""
    check_graded(filled(first, tmp_path / "filled.xlsx", GRADED))


@office
def test_what_is_filled_in_with_libreoffice_is_read_back(first: Path, tmp_path: Path) -> None:
    """Saved by LibreOffice, the workbook says the same."""
    cells = [(sheet, cell, text) for (sheet, cell), text in GRADED.items()]
    check_graded(Office(tmp_path).fill(first, tmp_path / "saved.xlsx", cells))


def test_what_is_confirmed_is_read_back(second: Path, tmp_path: Path) -> None:
    """The confirmed grade, the override with its second moderator, and a section that changed."""
    cells = {
        ("Your grades", "F5"): "Good",
        ("Your grades", "K5"): "The work is in another file.",
        ("Your grades", "L5"): "Ben Baker",
        ("Domains", "F5"): "Outstanding",
    }
    path = filled(second, tmp_path / "confirmed.xlsx", cells)
    read = returned(path)
    assert read.problems == ()
    (one,) = read.rows
    assert one.graded.grade == "good"
    assert one.graded.domains == {"visits": "outstanding"}
    assert one.override is not None
    assert (one.override.reason, one.override.second) == (
        "The work is in another file.",
        "Ben Baker",
    )


SHEET = "Your grades"
WRONG = [
    ({(SHEET, "C5"): "Godd"}, "C5: M422 `Godd` is no grade\n  help: did you mean `Good`?"),
    ({(SHEET, "C5"): "#REF!"}, "C5: M422 `#REF!` is no grade\n"
     "  help: grades: Inadequate, Requires improvement, Good, Outstanding"),
    ({(SHEET, "C5"): "Good", (SHEET, "N5"): "Visit was late"},
     "N5: M424 `Visit was late` is no reason of the rulebook\n"
     "  help: did you mean `Visits were late`?"),
    ({(SHEET, "D5"): "Good"}, "C5: M425 audit `A00000003` has no overall grade\n"
     "  help: choose an overall grade, or clear the row"),
    ({(SHEET, "A5"): "", (SHEET, "C5"): "Good"},
     "A5: M423 the row does not say which audit it is of\n"
     "  help: write the number of the audit in its place again"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "said"), WRONG, ids=["misspelt", "error", "reason", "no overall", "no audit"]
)
def test_what_is_wrong_is_told_at_its_cell(
    cells: dict[tuple[str, str], str], said: str, first: Path, tmp_path: Path
) -> None:
    """The row is not taken, and the message says which cell to put right."""
    cells = {**cells, (SHEET, "C6"): "Good"}
    path = filled(first, tmp_path / "wrong.xlsx", cells)
    read = returned(path)
    assert [str(one) for one in read.problems] == [f"{path.as_posix()}!{SHEET}!{said}"]
    assert [one.audit_id for one in read.rows] == [IDS[1]]


def test_an_audit_on_two_rows_is_not_taken(first: Path, tmp_path: Path) -> None:
    """Nobody can tell which of the two is meant."""
    cells = {(SHEET, "A6"): IDS[0], (SHEET, "C5"): "Good", (SHEET, "C6"): "Inadequate"}
    read = returned(filled(first, tmp_path / "twice.xlsx", cells))
    said = f"audit `{IDS[0]}` stands on 2 rows, so none is taken"
    assert [(one.code, one.message, one.location.cell) for one in read.problems] == [
        ("M426", said, "A5"), ("M426", said, "A6"),
    ]  # fmt: skip
    assert read.rows == ()


OVERRIDES = [
    ({(SHEET, "K5"): "It is."}, "L5: M427 a grade above the cap needs both a reason and a second "
     "moderator\n  help: fill in both, or clear both"),
    ({(SHEET, "L5"): "Ben Baker"}, "K5: M427 a grade above the cap needs both a reason and a second "
     "moderator\n  help: fill in both, or clear both"),
    ({(SHEET, "K5"): "It is.", (SHEET, "L5"): "ann  ABLE"},
     "L5: M427 `ann  ABLE` cannot be the second moderator of their own grade\n"
     "  help: choose another moderator"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "said"), OVERRIDES, ids=["no second", "no reason", "self"])
def test_an_override_needs_a_reason_and_somebody_else(
    cells: dict[tuple[str, str], str], said: str, second: Path, tmp_path: Path
) -> None:
    """Half an override is told, and the row is not taken."""
    path = filled(second, tmp_path / "half.xlsx", {**cells, (SHEET, "F5"): "Good"})
    read = returned(path)
    assert [str(one) for one in read.problems] == [f"{path.as_posix()}!{SHEET}!{said}"]
    assert read.rows == ()


def test_another_file_is_no_moderators_workbook(tmp_path: Path, first: Path) -> None:
    """A batch, a text and a damaged workbook are refused, each with the way out."""
    other = tmp_path / "other.xlsx"
    load = load_workbook(first)
    del load["Read me first"]
    load.save(other)
    text = tmp_path / "text.xlsx"
    text.write_text("audit_id\n", encoding="utf-8")
    for path in (other, text, tmp_path):
        with pytest.raises(Stop) as stop:
            returned(path)
        assert [str(one) for one in stop.value.problems] == [
            f"{path.as_posix()}: M420 `{path.as_posix()}` is no moderator's workbook\n"
            "  help: give a workbook that `audit sample` wrote"
        ]


def test_a_workbook_without_its_column_is_refused(tmp_path: Path, first: Path) -> None:
    """Without the column of the grades there is nothing to be read."""
    path = filled(first, tmp_path / "lacks.xlsx", {(SHEET, "C4"): "Grade"})
    with pytest.raises(Stop) as stop:
        returned(path)
    assert [str(one) for one in stop.value.problems] == [
        f"{path.as_posix()}!{SHEET}: M421 the sheet `{SHEET}` has no column `Overall grade`\n"
        "  help: take the workbook as it was written, and fill it in again"
    ]
