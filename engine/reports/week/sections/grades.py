"""Grades before and after moderation, with the estimate for all files: overall and by part."""

from collections.abc import Iterator

from engine.reports.week.document import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Count,
    Heading,
    Paragraph,
    Section,
    Share,
    Table,
)
from engine.reports.week.facts import Part
from engine.reports.week.measured import PART_FEWEST
from engine.reports.week.telling import NONE, Telling, Told, falls, sums_across, sums_of
from engine.statistics.estimate import ENOUGH

GRADE_COLUMNS = (
    Column("label", "Grade"),
    Column("before", "Auditors", number=True),
    Column("before_share", "Auditors, share", number=True),
    Column("after", "After moderation", number=True),
    Column("after_share", "After moderation, share", number=True),
    Column("estimate", "Estimate for all files", number=True),
)
OF_DOMAINS = (
    "After moderation a domain has the grade that was decided for it last; where a panel or an "
    "appeal named none, the moderator's; where nobody did, the proposed one."
)
PART_TITLES = {"domain": "Domain", "case_type": "Case type", "team": "Team"}


def grades_section(tell: Telling) -> Told:
    """Tell the grades before and after moderation."""
    facts = tell.facts
    blocks: list[Block] = [*_overall(tell)]
    sums = [*sums_of(tell, "all"), *falls(tell, ("all",))]
    for kind in ("domain", "case_type") if tell.published else ("domain", "case_type", "team"):
        parts = facts.parts[kind]
        if not parts:
            continue
        table = part_table(tell, kind)
        drawn = kind == "domain" and any(part.estimate for part in parts.values())
        blocks.append(Heading(f"By {PART_TITLES[kind].lower()}"))
        if kind == "domain":
            blocks.append(Paragraph((OF_DOMAINS,)))
        blocks += [_dots(table) if drawn else table]
        keys = [f"{kind}.{name}" for name in parts]
        sums += [one for key in keys for one in sums_of(tell, key)]
        sums += falls(tell, keys)
        if kind != "domain":
            sums += sums_across(tell, "all", keys)
    return Told(Section("grades", "Grades before and after moderation", tuple(blocks)), tuple(sums))


def _overall(tell: Telling) -> Iterator[Block]:
    facts = tell.facts
    one = facts.whole.estimate
    share = tell.share(facts.whole, "all", "said")
    if one is not None:
        yield Paragraph(
            (
                "Auditors said ",
                share,
                f" of files were {tell.good}; we estimate ",
                tell.at_least(one),
                " if moderators had graded all of them.",
            ),
            "lead",
        )
        yield Paragraph((_how(tell, one.moderated),))
    else:
        after = tell.share(facts.whole, "all", "after")
        yield Paragraph(
            (
                "Auditors said ",
                share,
                f" of files were {tell.good}; as grades stand after caps and decisions, it is ",
                after,
                ".",
            ),
            "lead",
        )
        yield Paragraph(("Too few files were moderated to estimate anything of all files.",))
    table = grade_table(tell, "grades", "Grades before and after moderation", facts.whole, "all")
    described = (
        "Two bars for each grade: the share of files that auditors gave it, and the share after "
        "moderation."
    )
    if any(row[-1] is not None for row in table.rows):
        described += " A line shows the estimate for all files with its 95 per cent interval."
    yield Chart("grades_chart", ChartKind.PAIRED_BARS, table.title, described, table)


def _how(tell: Telling, moderated: int) -> str:
    said = (
        "In brackets: the range in which the figure for all files lies with 95 per cent "
        "confidence. It is an estimate of what these moderators would grade, no better or worse "
        "than they are."
    )
    if moderated < ENOUGH:
        said += (
            f" With fewer than {ENOUGH} moderated files only the share {tell.good} and the mean "
            "gap are estimated."
        )
    return said


def grade_table(tell: Telling, id_: str, title: str, part: Part, key: str) -> Table:
    """Return a row for each grade, the best first, with counts, shares and the estimate."""
    if tell.published:
        return _halves(tell, id_, title, part, key)
    said_all = Count(sum(part.said[1:]), f"{key}.said.graded")
    after_all = Count(sum(part.after[1:]), f"{key}.after.graded")
    rows: list[tuple[Cell, ...]] = []
    for kind in tell.classes:
        said = tell.count(part.said, kind, f"{key}.said")
        after = tell.count(part.after, kind, f"{key}.after")
        found = tell.estimate(kind, part.estimate, "" if key == "all" else key)
        rows.append(
            (kind.title, said, Share(said, said_all), after, Share(after, after_all), found)
        )
    merged = tell.merged[0]
    said = tell.count(part.said, merged, f"{key}.said")
    after = tell.count(part.after, merged, f"{key}.after")
    found = tell.at_least(part.estimate, "" if key == "all" else key)
    title_ = f"Together: {merged.title.lower()}"
    rows.append((title_, said, Share(said, said_all), after, Share(after, after_all), found))
    note = ""
    if part.said[0] or part.after[0]:
        none = (
            Count(part.said[0], f"{key}.said.{NONE}"),
            Count(part.after[0], f"{key}.after.{NONE}"),
        )
        rows.append(("No grade", none[0], None, none[1], None, None))
        note = "Shares are of the files that have a grade."
    return Table(id_, title, GRADE_COLUMNS, tuple(rows), note)


def _halves(tell: Telling, id_: str, title: str, part: Part, key: str) -> Table:
    """Return what is published: the files at the bar or better, and all others."""
    whole, good = tell.files(part, key), tell.merged[0]
    rows: list[tuple[Cell, ...]] = []
    for kind in tell.halves:
        said = tell.count(part.said, kind, f"{key}.said")
        after = tell.count(part.after, kind, f"{key}.after")
        found = tell.at_least(part.estimate) if kind == good else None
        rows.append((kind.title, said, Share(said, whole), after, Share(after, whole), found))
    return Table(id_, title, GRADE_COLUMNS, tuple(rows), "Shares are of all files audited.")


def part_table(tell: Telling, kind: str) -> Table:
    """Return a row for each part of a kind: files, good or better before and after, the gap."""
    good = tell.good
    rows: list[tuple[Cell, ...]] = []
    for name, part in tell.facts.parts[kind].items():
        key = f"{kind}.{name}"
        said, after = (tell.share(part, key, when) for when in ("said", "after"))
        rows.append((
            tell.title(name) if kind != "team" else name or "Not named",
            tell.files(part, key),
            said.part,
            said,
            after.part,
            after,
            tell.at_least(part.estimate, key),
            tell.gap(part.estimate, key),
        ))  # fmt: skip
    columns: tuple[Column, ...] = (
        Column("label", PART_TITLES[kind]),
        Column("files", "Files", number=True),
        Column("said", "Auditors", number=True),
        Column("said_share", "Auditors, share", number=True),
        Column("after", "After moderation", number=True),
        Column("after_share", "After moderation, share", number=True),
        Column("estimate", "Estimate for all files", number=True),
        Column("gap", "Mean gap in grades", number=True),
    )
    note = (
        "Mean gap: the auditors' grade less the moderators', in grades, for all files of the "
        "row; above nought auditors are the more generous. Blank: fewer "
        f"than {PART_FEWEST} files of the row were moderated, too few to say anything of the rest."
    )
    if not any(row[-1] for row in rows):
        rows, columns = [row[:-2] for row in rows], columns[:-2]
        note = f"No row has {PART_FEWEST} moderated files, so nothing is estimated of any."
    title = f"Files {good}, by {PART_TITLES[kind].lower()}"
    return Table(f"by_{kind}", title, columns, tuple(rows), note)


def _dots(table: Table) -> Chart:
    """Return the gaps of a table's rows as dots."""
    described = (
        "A dot for each domain at the mean gap between auditors and moderators, with its 95 per "
        "cent interval; nought is no gap."
    )
    title = "Mean gap by domain"
    return Chart("gap_by_domain_chart", ChartKind.DOTS, title, described, table, {"zero": 0.0})
