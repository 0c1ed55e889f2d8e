"""Rules that changed most grades: by rule of judgement, and by the standards behind them."""

from collections import Counter

from engine.reports.week.document import (
    Block,
    Column,
    Count,
    Heading,
    Paragraph,
    Section,
    Share,
    Table,
)
from engine.reports.week.telling import Telling, Told
from engine.rulebook.judgement import STRATA

SHOWN = 10


def rules(tell: Telling) -> Told:
    """Tell which rules took auditors' overall grades down, and for which standards."""
    facts = tell.facts
    lowered = [one for one in facts.gathered.audits if one.lowered_by]
    by_rule = tell.large(Counter(r for one in lowered for r in dict(one.lowered_by)))
    by_standard = Counter(
        s for one in lowered for s in {s for _, standards in one.lowered_by for s in standards}
    )
    by_standard = tell.large(by_standard)
    number = Count(len(lowered), "lowered")
    whole = tell.files(facts.whole, "all")
    blocks: list[Block] = [
        Paragraph(
            (
                "What the record shows took the auditor's overall grade down in ",
                number,
                " of ",
                whole,
                f" {tell.plural(whole.value, 'file')} (",
                Share(number, whole),
                "). A file may fall under several rules.",
            )
        )
    ]
    if lowered:
        book = facts.rulebook.judgement
        titles = {rule.id: rule.title for s in STRATA for rule in book.rules(s)}
        standards = {one.id: one.title for one in facts.rulebook.live}
        blocks += [
            _table(
                "rules",
                "Rules that changed most grades",
                "Rule",
                by_rule,
                titles,
                number,
                named=tell.published,
            ),
            Heading("Standards behind them"),
            _table(
                "rule_standards",
                "Standards that changed most grades",
                "Standard",
                by_standard,
                {s: f"{s}  {title}" for s, title in standards.items()},
                number,
                named=tell.published,
            ),
        ]
    return Told(Section("rules", "Rules that changed grades", tuple(blocks)))


def _table(  # noqa: PLR0913, PLR0917 - the parts of a table
    id_: str,
    title: str,
    first: str,
    counts: Counter[str],
    titles: dict[str, str],
    whole: Count,
    *,
    named: bool,
) -> Table:
    """Return a row for each, by number of files; by name if their places may tell nothing."""
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]
    if named:
        ranked.sort()
    rows = []
    for name, files in ranked:
        own = Count(files, f"{id_}.{name}")
        rows.append((titles.get(name, name), own, Share(own, whole)))
    columns = (
        Column("name", first),
        Column("files", "Files", number=True),
        Column("share", "Of the grades changed", number=True),
    )
    return Table(id_, title, columns, tuple(rows))
