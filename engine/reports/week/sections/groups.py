"""Grade gap by group: whether some children's files are graded lower than others'."""

from collections.abc import Iterator

from engine.reports.week.document import (
    HIDDEN,
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
from engine.reports.week.telling import BELOW, GOOD, GRADED, NONE, REST, Telling, Told, falls
from engine.reports.wording import plain

LEAST = 6
KINDS = {
    "case_type": "Case type",
    "age": "Age",
    "interpreter_needed": "Interpreter",
    "provider": "Provider",
    "sample_type": "How the file was chosen",
}
ORDER = {"under 5": 0, "5 to 9": 1, "10 to 15": 2, "16 and over": 3}
NOT_SAID = "Not recorded"


def groups(tell: Telling) -> Told:
    """Tell the share of good or better by group, before and after moderation."""
    blocks: list[Block] = [
        Paragraph(
            (
                (
                    "Groups are compared to ask questions, not to answer them: "
                    "children differ in more "
                    f"than one way. Groups of fewer than {LEAST} graded files are not compared."
                ),
            )
        )
    ]
    sums: list[Sum] = []
    for kind, title in KINDS.items():
        if kind == "provider" and tell.published:  # it names an organisation
            continue
        if any(kind in one.groups for one in tell.facts.gathered.audits):
            blocks += [Heading(title), _table(tell, kind, title)]
            sums += _sums(tell, kind)
    return Told(Section("groups", "Grades by group", tuple(blocks)), tuple(sums))


def _names(tell: Telling, kind: str) -> list[str]:
    names = {one.groups.get(kind, "") for one in tell.facts.gathered.audits}
    return sorted(names, key=lambda name: (not name, ORDER.get(name, 9), name))


def _table(tell: Telling, kind: str, title: str) -> Table:
    rows = tuple(_row(tell, kind, name) for name in _names(tell, kind))
    return Table(
        f"group_{kind}",
        f"Files {tell.good}, by {title[0].lower()}{title[1:]}",
        (
            Column("group", title),
            Column("files", "Files", number=True),
            Column("said", "Auditors", number=True),
            Column("said_share", "Auditors, share", number=True),
            Column("after", "After moderation", number=True),
            Column("after_share", "After moderation, share", number=True),
            *((Column("fall", "Auditors less after, points", number=True),) * (not tell.published)),
        ),
        rows,
    )


def _row(tell: Telling, kind: str, name: str) -> tuple[Cell, ...]:
    facts = tell.facts
    pairs = [
        (one.said, stand.rank)
        for one, stand in zip(facts.gathered.audits, facts.standings, strict=True)
        if one.groups.get(kind, "") == name
    ]
    # of case types the same numbers stand under the grades
    key = f"{kind}.{name}" if kind == "case_type" else f"group.{kind}.{name or 'none'}"
    good = tell.merged[0].ranks
    cells: list[Share] = []
    for when, ranks in (("said", [s for s, _ in pairs]), ("after", [a for _, a in pairs])):
        part = Count(sum(rank in good for rank in ranks), f"{key}.{when}.good_or_better")
        graded = Count(sum(rank > 0 for rank in ranks), f"{key}.{when}.graded")
        cells.append(Share(part, Count(len(pairs), f"{key}.audits") if tell.published else graded))
    title = (tell.title(name) if kind == "case_type" else plain(name)) or NOT_SAID
    if kind == "provider":
        title = name or "None named"
    files = Count(len(pairs), f"{key}.audits")
    said, after = cells
    if not tell.published and min(said.whole.value, after.whole.value) < LEAST:
        return (title, files, *[HIDDEN] * 5)
    found = (title, files, said.part, said, after.part, after)
    return found if tell.published else (*found, _fall(said, after))


def _fall(said: Share, after: Share) -> Cell:
    """Return by how many points the share falls; not published, for it tells of both shares."""
    if said.percent is None or after.percent is None:
        return None
    return round(said.percent - after.percent)


def _sums(tell: Telling, kind: str) -> Iterator[Sum]:
    names = _names(tell, kind)
    keys = [
        f"{kind}.{name}" if kind == "case_type" else f"group.{kind}.{name or 'none'}"
        for name in names
    ]
    ends = ["audits"]
    for when in ("said", "after"):
        ends += [f"{when}.{end}" for end in (GRADED, NONE, GOOD, BELOW)]
        ends += [f"{when}.{REST}"] if tell.published else []
    for end in ends:
        yield Sum(f"all.{end}", tuple(f"{key}.{end}" for key in keys))
    yield from falls(tell, keys)
    for key in keys:
        for when in ("said", "after"):
            own = f"{key}.{when}"
            yield Sum(f"{key}.audits", (f"{own}.{GRADED}", f"{own}.{NONE}"))
            yield Sum(f"{own}.{GRADED}", (f"{own}.{GOOD}", f"{own}.{BELOW}"))
            if tell.published:
                yield Sum(f"{key}.audits", (f"{own}.{GOOD}", f"{own}.{REST}"))
