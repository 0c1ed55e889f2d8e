"""Contradictions: which answers auditors over-state most."""

from engine.reports.week.document import (
    Block,
    Cell,
    Column,
    Count,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)
from engine.reports.week.telling import Telling, Told
from engine.reports.wording import COMPARISON_NOTE

SHOWN = 12
COLUMNS = (
    Column("standard", "Standard"),
    Column("over", "Answer better than the record", number=True),
    Column("compared", "Answers compared", number=True),
    Column("share", "Share", number=True),
    Column("unsupported", "Record silent", number=True),
    Column("harsher", "Answer worse than the record", number=True),
)


def answers(tell: Telling) -> Told | None:
    """Tell on which standards auditors say more than the record shows."""
    facts, summary = tell.facts, tell.facts.gathered.summary
    compared = facts.gathered.answers
    if not sum(compared.values()):
        return None
    titles = {one.id: one.title for one in facts.rulebook.live}
    ranked = sorted(
        (s for s in titles if summary.by_standard[s]["contradictions"] >= tell.least),
        key=lambda s: (-summary.by_standard[s]["contradictions"], s),
    )
    shown = sorted(ranked[:SHOWN]) if tell.published else ranked[:SHOWN]
    rest = [s for s in titles if s not in shown]
    rows = [_row(tell, s, f"{s}  {titles[s]}", [s]) for s in shown]
    rows.append(_row(tell, "other", "All other standards", rest))
    rows.append(_row(tell, "all", "All standards", list(titles)))
    whole = tell.files(facts.whole, "all")
    contradicted = Count(summary.contradicted, "contradicted")
    blocks: list[Block] = [
        Paragraph(
            (
                "In ",
                contradicted,
                " of ",
                whole,
                f" {tell.plural(whole.value, 'file')} (",
                Share(contradicted, whole),
                ") at least one answer of the auditor is better than the record shows.",
            )
        ),
        Table(
            "answers",
            "Answers that auditors over-state most",
            COLUMNS,
            tuple(rows),
            COMPARISON_NOTE,
        ),
    ]
    parts = (*shown, "other")
    kinds = ("over", "compared", "unsupported", "harsher")
    sums = [Sum(f"answers.all.{k}", tuple(f"answers.{p}.{k}" for p in parts)) for k in kinds]
    sums += [
        Sum(f"answers.{p}.compared", tuple(f"answers.{p}.{k}" for k in (*kinds_of(), "agrees")))
        for p in (*parts, "all")
    ]
    sums.append(Sum("all.audits", ("contradicted", "not_contradicted")))
    return Told(
        Section("answers", "Answers that the record does not bear out", tuple(blocks)), tuple(sums)
    )


def kinds_of() -> tuple[str, ...]:
    """Return the ways in which an answer may differ from the record."""
    return ("over", "unsupported", "harsher")


def _row(tell: Telling, key: str, title: str, standards: list[str]) -> tuple[Cell, ...]:
    by = tell.facts.gathered.summary.by_standard
    over, silent, harsher = (
        Count(sum(by[s][kind] for s in standards), f"answers.{key}.{short}")
        for kind, short in (
            ("contradictions", "over"),
            ("unsupported", "unsupported"),
            ("harsher", "harsher"),
        )
    )
    number = sum(tell.facts.gathered.answers.get(s, 0) for s in standards)
    compared = Count(number, f"answers.{key}.compared")
    return (title, over, compared, Share(over, compared), silent, harsher)
