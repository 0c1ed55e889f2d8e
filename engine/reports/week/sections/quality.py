"""Data quality, and what could not be assessed: the limits of all that stands before."""

from collections import Counter

from engine.records.quality import check_of
from engine.reports.quality import totals
from engine.reports.week.document import (
    Block,
    Cell,
    Column,
    Count,
    Heading,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)
from engine.reports.week.telling import Telling, Told

SHOWN = 15


def quality(tell: Telling) -> Told:
    """Tell what is wrong in the data and which standards could not be assessed."""
    found, summary = tell.facts.gathered.quality, tell.facts.gathered.summary
    entries = sum(one.entries for one in found.counts)
    whole = tell.files(tell.facts.whole, "all")
    audits = Count(found.audits, "quality.audits")
    blocks: list[Block] = [
        Paragraph(
            (
                Count(entries, "quality.all"),
                f" {tell.plural(entries, 'entry')} of data quality in ",
                audits,
                " of ",
                whole,
                f" {tell.plural(whole.value, 'file')}; ",
                Count(summary.put_aside, "quality.put_aside") if summary.put_aside else "none",
                (
                    " of the input's rows had to be put aside because they could "
                    "not be read. None of it is held against the practice of a case."
                ),
            )
        )
    ]
    kinds = totals(found)
    if kinds:
        rows = [
            (check_of(one.name).title, Count(one.entries, f"quality.{one.name}")) for one in kinds
        ]
        columns = (Column("check", "What"), Column("entries", "Entries", number=True))
        blocks.append(Table("quality", "Entries of data quality", columns, tuple(rows)))
    blocks += _gaps(tell)
    sums = [Sum("all.audits", ("quality.audits", "quality.none"))]
    if kinds:
        sums.append(Sum("quality.all", tuple(f"quality.{one.name}" for one in kinds)))
    sums.append(Sum("gaps.all", (*(f"gaps.{s}" for s in _first(tell)), "gaps.other")))
    return Told(
        Section("quality", "Data quality and what could not be assessed", tuple(blocks)),
        tuple(sums),
    )


def _first(tell: Telling) -> list[str]:
    gaps = tell.large(Counter(tell.facts.gathered.summary.data_gaps))
    first = sorted(gaps, key=lambda s: (-gaps[s], s))[:SHOWN]
    # Where small numbers are hidden, the order of rows tells of them.
    return sorted(first) if tell.published else first


def _gaps(tell: Telling) -> list[Block]:
    gaps = tell.facts.gathered.summary.data_gaps
    if not gaps:
        return [Paragraph(("Every standard could be assessed on every file that it binds.",))]
    whole = tell.files(tell.facts.whole, "all")
    titles = {one.id: one.title for one in tell.facts.rulebook.live}
    shown = _first(tell)
    rows: list[tuple[Cell, ...]] = []
    for standard in shown:
        own = Count(gaps[standard], f"gaps.{standard}")
        rows.append((f"{standard}  {titles.get(standard, '')}", own, Share(own, whole)))
    left = sum(gaps.values()) - sum(gaps[s] for s in shown)
    if left:
        rows.append(("All other standards", Count(left, "gaps.other"), None))
    rows.append(("All standards", Count(sum(gaps.values()), "gaps.all"), None))
    columns = (
        Column("standard", "Standard"),
        Column("files", "Files on which it could not be assessed", number=True),
        Column("share", "Share", number=True),
    )
    note = "The input cannot tell: a table or column is not there, or was not looked at."
    return [
        Heading("What could not be assessed"),
        Table("gaps", "Standards that could not be assessed", columns, tuple(rows), note),
    ]
