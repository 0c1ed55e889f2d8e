"""Change since the week before: the same few figures of both weeks."""

from collections.abc import Iterator

from engine.reports.week.document import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Count,
    Estimate,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)
from engine.reports.week.earlier import Headline
from engine.reports.week.telling import MODERATED, Telling, Told, grades, percent

KEYS = ("before", "now")


def change(tell: Telling) -> Told | None:
    """Tell what changed since the earlier week; nothing where none was given."""
    facts = tell.facts
    if facts.asked.previous is None or facts.earlier is None:
        return None
    before, now = facts.earlier, facts.now
    if not before.files or now is None or not now.files:
        said = "One of the two ledgers holds no draw, so the weeks cannot be compared."
        return Told(Section("change", "Change since the last week", (Paragraph((said,)),)))
    weeks = ((_name(before), before, KEYS[0]), (facts.asked.week, now, KEYS[1]))
    rows = tuple(_row(name, one, key) for name, one, key in weeks)
    columns = (
        Column("label", "Week"),
        Column("files", "Files", number=True),
        Column("moderated", "Moderated", number=True),
        Column("said", f"Auditors: {tell.good}", number=True),
        Column("value", f"Estimate: {tell.good}", number=True),
        Column("gap", "Mean gap in grades", number=True),
        Column("exact", "Same grade, of those moderated", number=True),
    )
    # Beside merged grades, how many have exactly the same one would tell too much; and how many
    # files were in the draw, how many had no grade.
    apart = {"files", "said", "exact"} if tell.published else set[str]()
    kept = [place for place, one in enumerate(columns) if one.id not in apart]
    table = Table(
        "change",
        "The last week and this one",
        tuple(columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
        note="Worked out from the two ledgers: files that were in each draw.",
    )
    blocks: list[Block] = [Paragraph((_said(before, now),)), table]
    if all(one.estimate is not None for one in (before, now)):
        blocks.append(_run(tell, table))
    section = Section("change", "Change since the last week", tuple(blocks))
    return Told(section, tuple(_sums(tell, now)))


def _sums(tell: Telling, now: Headline) -> Iterator[Sum]:
    """Yield how this week's counts hang together with those that other sections tell of it.

    They are worked out from the ledger, those from the batch, so that they are nearly the same
    files: what lies between is a small number that anybody could work out by subtraction.
    """
    facts, key = tell.facts, KEYS[1]
    graded, outside = sum(facts.whole.said[1:]), facts.outside
    if graded == now.files + outside:
        yield Sum("all.said.graded", (f"{key}.files", *(("outside",) if outside else ())))
    elif graded > now.files:
        yield Sum("all.said.graded", (f"{key}.files", f"{key}.files.not"))
    if facts.moderated >= now.moderated:
        yield Sum("moderated", (f"{key}.moderated", f"{key}.moderated.not"))
    resting = now.estimate.moderated if now.estimate is not None else 0
    if facts.matrix.total >= resting > 0:
        yield Sum(MODERATED, (f"{key}.resting", f"{key}.resting.not"))


def _name(one: Headline) -> str:
    return one.week or "The week before"


def _row(name: str, one: Headline, key: str) -> tuple[Cell, ...]:
    found = one.estimate
    total = Count(one.matrix.total, f"{key}.matrix.all")
    same = Share(Count(one.matrix.at(0), f"{key}.change.same"), total)
    files = Count(one.files, f"{key}.files")
    moderated = Count(one.moderated, f"{key}.moderated")
    if found is None:
        return (name, files, moderated, None, None, None, same)
    base = Count(found.moderated, f"{key}.resting")
    return (
        name,
        files,
        moderated,
        Estimate(100 * found.said, None, None, "percent", files),
        percent(found.at_least, base),
        grades(found.gap, base),
        same,
    )


def _said(before: Headline, now: Headline) -> str:
    if before.estimate is None or now.estimate is None:
        return "Too few files were moderated in one of the weeks to say whether anything changed."
    old, new = before.estimate.at_least, now.estimate.at_least
    if new.low > old.high:
        return "The estimate is higher than it was: the ranges are apart."
    if new.high < old.low:
        return "The estimate is lower than it was: the ranges are apart."
    return (
        "The ranges of the two weeks overlap, so the estimates give no ground to say that practice "
        "is better or worse than it was."
    )


def _run(tell: Telling, table: Table) -> Chart:
    places = [[one.id for one in table.columns].index(id_) for id_ in ("label", "value")]
    rows = tuple(tuple(row[place] for place in places) for row in table.rows)
    columns = tuple(table.columns[place] for place in places)
    title = f"Estimated share {tell.good}, by week"
    own = Table("change_run", title, columns, rows)
    described = "A dot for each week at the estimated share, with its 95 per cent interval."
    return Chart("change_chart", ChartKind.RUN, title, described, own)
