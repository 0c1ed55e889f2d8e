"""What the files of a report hold, as they are written: no format tells more than it may."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.cli.report import Asked, run_report
from engine.moderation.entries import Head
from engine.pipeline import Scoring, gather, score
from engine.records import read_batch
from engine.reports.view import View
from engine.reports.week.build import build, whole
from engine.reports.week.document import Audience
from engine.reports.week.facts import Asked as Week
from engine.reports.week.facts import facts_of
from engine.reports.week.formats import FORMATS
from engine.reports.week.gathered import Gathered
from tests.unit.synthetic_batches import ROOT
from tests.unit.weeks import DAY, Said, rulebook, whole_week

AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
EXAMPLES = ROOT / "audits" / "examples"
MODERATORS = ("Ann Reed", "Ben Cole")
ZIPPED = {".xlsx", ".docx"}


@pytest.fixture(scope="module")
def both() -> tuple[Gathered, View]:
    """Return the examples as the report gathers them, and as the evidence shows them."""
    book = rulebook()
    with read_batch(str(EXAMPLES), book.fields, book.allowed) as batch:
        scoring = Scoring(book, batch, DAY)
        return gather(scoring), score(scoring)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, both: tuple[Gathered, View]) -> Path:
    """Write reports for leaders and for anybody, in all formats whose text can be read again."""
    found, said = both[0], Said()
    said.draw(found.audits, [one.audit_id for one in found.audits])
    for place, one in enumerate(found.audits):
        said.moderate(one.audit_id, max(1, one.said - 1))
        if place < 2:
            said.second(one.audit_id, max(1, one.said))
    alerted = next(one.audit_id for one in found.audits if one.alerts)
    said.safe(alerted, DAY, DAY)
    said.action("A1", date(2026, 3, 1))
    asked = Week("Practice week", DAY, ledger=tuple(said.entries), head=Head(1, "a" * 64))
    facts = facts_of(asked, rulebook(), found)
    folder = tmp_path_factory.mktemp("week")
    for audience in (Audience.LEADERS, Audience.PUBLISHED):
        document = whole(facts, audience)  # hiding numbers takes long, and only takes away
        (folder / audience).mkdir()
        for name in ("html", "xlsx", "docx", "csv"):
            FORMATS[name](document, folder / audience)
    return folder


def everything(folder: Path) -> str:
    """Return all that stands in the files of a folder, also inside those that are archives."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in ZIPPED:
            with ZipFile(path) as archive:
                parts += [
                    archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
                ]
        elif path.is_file():
            parts += [path.name, path.read_text(encoding="utf-8-sig")]
    return "\n".join(parts)


def standing_in(text: str, names: set[str]) -> list[str]:
    return sorted(
        n for n in names if n and n in text and re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)
    )


def test_what_is_published_holds_no_id_no_name_and_no_team(
    written: Path, both: tuple[Gathered, View]
) -> None:
    audits = both[0].audits
    names = {one.audit_id for one in audits} | {one.auditor for one in audits}
    names |= {one.team for one in audits} | {one.groups.get("provider", "") for one in audits}
    names |= {*both[0].names, *MODERATORS, "Sam Ryde"}
    text = everything(written / "published")
    assert "Practice week" in text
    assert standing_in(text, names) == []


def test_what_leaders_get_names_no_auditor_no_moderator_and_no_owner(
    written: Path, both: tuple[Gathered, View]
) -> None:
    names = {one.auditor for one in both[0].audits} | {*both[0].names, *MODERATORS, "Sam Ryde"}
    text = everything(written / "leaders")
    assert "Moderated: grade confirmed by a moderator" in text
    assert standing_in(text, names) == []


def test_the_search_for_names_finds_one(written: Path) -> None:
    assert standing_in(everything(written / "leaders"), {"Practice week"}) == ["Practice week"]


def test_a_report_prints_nothing_where_data_goes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The solver behind the masking would write past Python's standard output."""
    build(whole_week(), Audience.PUBLISHED)
    asked = Asked(
        str(EXAMPLES), "Practice week", tmp_path / "out", "csv", "leaders",
        rules=ROOT / "rules", as_of=DAY,
    )  # fmt: skip
    run_report(asked, AT)
    told = capfd.readouterr()
    assert told.out == ""
    assert "written to" in told.err
    said = (tmp_path / "out" / "week-csv" / "texts.csv").read_text(encoding="utf-8-sig")
    assert "No moderation is on record for this batch, so the report gives what there is" in said


def test_without_evidence_the_facts_are_those_with_evidence(both: tuple[Gathered, View]) -> None:
    found, view = both
    ranks: dict[str | None, int] = {None: 0}
    ranks |= {grade: place for place, grade in enumerate(rulebook().grades, start=1)}
    shown = {one.audit_id: one for one in view.audits}
    assert [one.audit_id for one in found.audits] == sorted(shown)
    for one in found.audits:
        seen = shown[one.audit_id]
        assert (one.auditor, one.team) == (seen.auditor_id or "", seen.team or "")
        assert (one.said, one.cap) == (ranks[seen.auditor_grade], ranks[seen.cap])
        assert one.capped == ranks[seen.moderated_grade]
        assert one.contradictions == len(seen.contradictions)
        assert bool(one.alerts) == bool(seen.alerts)
        graded = {d: g for d, g in seen.domains.items() if g.auditor_grade}
        assert one.domains == {d: (ranks[g.auditor_grade], ranks[g.cap]) for d, g in graded.items()}
        assert bool(one.lowered_by) == (0 < one.cap < one.said)
    assert found.summary == view.summary
    assert found.quality == view.quality
