"""What a published week keeps to itself beside its small counts: nothing is told by other means."""

from dataclasses import replace

from engine.reports.week.build import build, unmasked, whole
from engine.reports.week.document import (
    Audience,
    Column,
    Count,
    Document,
    Estimate,
    Hidden,
    Section,
    Share,
    Table,
)
from engine.reports.week.facts import Facts
from engine.reports.week.masking import mask
from engine.reports.week.moderated import Stand
from engine.reports.week.quantities import cells
from tests.unit.attacker import worked_out
from tests.unit.test_week_report import table
from tests.unit.weeks import Said, facts, many, rulebook, scored

PUBLISHED = Audience.PUBLISHED


def begun(unconfirmed: int, late: int = 0) -> Facts:
    """Return a week of 120 audits, 60 graded blind; some of these unconfirmed, some audits late."""
    audits = [replace(one, cap=0, lowered_by=()) for one in many(120 + late)]
    ledger, before = Said(), Said()
    known = audits[:120]
    ids = [one.audit_id for one in known[::2]]
    ledger.draw(known, ids)
    for place, one in enumerate(known[::2]):
        ledger.moderate(one.audit_id, one.said, confirm=place >= unconfirmed)
    before.draw(known, ids, "d0")
    return facts(audits, ledger, before)


def seen(document: Document) -> set[str]:
    """Return the keys of the counts that can be read."""
    shares = [cell for cell in cells(document) if isinstance(cell, Share)]
    counts = {cell.key for cell in cells(document) if isinstance(cell, Count)}
    return counts | {end.key for one in shares for end in (one.part, one.whole)}


def test_moderated_files_less_confirmed_ones_do_not_tell_the_unconfirmed() -> None:
    week = begun(3)
    before, after = unmasked(week, PUBLISHED), build(week, PUBLISHED)
    assert week.moderated - week.stands[Stand.CONFIRMED] == 3
    assert not {"moderated", "stand.confirmed"} <= seen(after)
    assert not {"all.audits", "stand.confirmed", "stand.not_moderated"} <= seen(after)
    assert worked_out(before, after) == {}


def test_files_of_the_batch_less_files_of_the_draw_do_not_tell_the_late_ones() -> None:
    week = begun(0, late=3)
    before, after = unmasked(week, PUBLISHED), build(week, PUBLISHED)
    assert week.outside == 3
    assert "now.files" in seen(whole(week, Audience.LEADERS))
    assert not {"all.said.graded", "now.files"} & seen(before)
    assert worked_out(before, after) == {}


def test_places_in_a_published_list_do_not_tell_which_number_is_larger() -> None:
    audits = [
        replace(one, lowered_by=((rule, ("CN-01",)),))
        for rule, number in (("b-rule", 12), ("a-rule", 11), ("c-rule", 14))
        for one in [scored(place, 3, 2) for place in range(number)]
    ]
    audits = [replace(one, audit_id=f"C{place:03}") for place, one in enumerate(audits)]
    week = facts(audits)
    summary = week.gathered.summary
    by_standard = {one: dict(found) for one, found in summary.by_standard.items()}
    gaps: dict[str, int] = {}
    answers = dict(week.gathered.answers)
    live = [one.id for one in rulebook().live][:5]
    for place, standard in enumerate(live):
        by_standard[standard] |= {"met": 37 - 9 - 4 * place, "not_met": 9 + 4 * place}
        by_standard[standard] |= {"contradictions": 7 + place}
        gaps[standard] = 8 + place
        answers[standard] = 37
    summary = replace(summary, by_standard=by_standard, data_gaps=gaps)
    week = replace(week, gathered=replace(week.gathered, summary=summary, answers=answers))
    found = unmasked(week, PUBLISHED)
    assert names(found, "rules") == sorted(names(found, "rules"))
    assert names(found, "gaps")[:-2] == sorted(names(found, "gaps")[:-2])
    assert names(found, "answers")[:-2] == sorted(names(found, "answers")[:-2])
    weights = {one.id: list("cm").index(one.severity[0]) for one in rulebook().live}
    areas = {one.area for one in rulebook().live if one.id in live}
    for area in areas:
        ids = [name.split()[0] for name in names(found, f"concerns_{area}")]
        assert ids == sorted(ids, key=lambda id_: (weights[id_], id_))
    assert names(unmasked(week, Audience.LEADERS), "rules")[0] == "c-rule"


def names(document: Document, id_: str) -> list[str]:
    return [str(row[0]) for row in table(document, id_).rows]


def test_per_cents_of_one_base_do_not_leave_the_small_rest_of_a_hundred() -> None:
    """Of 60 files 33 alike, 25 over, 2 under: with 55 % and 42 %, two is all that is left."""
    base = Count(60, "matrix.all")
    parts = [Estimate(100 * n / 60, None, None, "percent", base) for n in (33, 25, 2)]
    other = Estimate(55.0, None, None, "percent", Count(90, "else"))
    columns = (Column("what", "What"), Column("estimate", "Estimate", number=True))
    rows = tuple((f"Row {place}", one) for place, one in enumerate((*parts, other)))
    made = Document(
        "Week", "January", PUBLISHED, "",
        (Section("s", "S", (Table("t", "T", columns, rows),)),),
    )  # fmt: skip
    found = [row[1] for row in table(mask(made, PUBLISHED), "t").rows]
    assert [isinstance(cell, Hidden) for cell in found] == [True, True, True, False]


def test_before_less_after_does_not_tell_how_many_the_record_took_down() -> None:
    """Where nobody has decided anything, grades only fall: 60 good before and 57 after are three."""
    audits = [scored(place, 3 if place < 60 else 2, 2 if place < 3 else 0) for place in range(120)]
    audits = [
        replace(one, lowered_by=(("bottom-line-missed", ("CN-01",)),)) if one.cap else one
        for one in audits
    ]
    week = facts(audits)
    before, after = unmasked(week, PUBLISHED), build(week, PUBLISHED)
    both = {"all.said.good_or_better", "all.after.good_or_better"}
    assert both <= seen(before)
    assert not both <= seen(after)
    assert worked_out(before, after) == {}
