"""How far auditors and moderators agree: the matrix, the direction and size of changes, figures."""

from collections.abc import Iterator, Sequence

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
    Sum,
    Table,
)
from engine.reports.week.telling import MODERATED, GradeClass, Telling, Told, number, percent
from engine.statistics.agreement import Agreement
from engine.statistics.estimate import ENOUGH

ALL = MODERATED
MEANT = "The auditor's grade less the moderator's; above nought: generous"


def agreement_section(tell: Telling) -> Told | None:
    """Tell how auditors and moderators agree; nothing where nothing was moderated."""
    if not tell.facts.matrix.total:
        return None
    matrix = _matrix(tell)
    blocks: list[Block] = [
        Paragraph(
            (
                (
                    "Each moderator graded the file without knowing the auditor's grade. The table "
                    "counts "
                ),
                Count(tell.facts.matrix.total, ALL),
                " moderated files: the auditor's grade down, the moderator's across.",
            )
        ),
        Chart(
            "matrix_chart",
            ChartKind.MATRIX,
            matrix.title,
            "A table of the auditors' grades against moderators' grades; the darker a cell, the "
            "more files it holds. On the diagonal both gave the same grade.",
            matrix,
        ),
        Heading("Direction and size of changes"),
        _changes(tell),
        *_figures(tell),
    ]
    section = Section("agreement", "Auditors' and moderators' grades", tuple(blocks))
    return Told(section, tuple(_sums(tell)))


def cell_of(tell: Telling, said: GradeClass, found: GradeClass) -> Count:
    """Return how many moderated files an auditor put in one class and a moderator in another."""
    counts = tell.facts.matrix.counts
    total = sum(counts[s - 1][f - 1] for s in said.ranks for f in found.ranks)
    return Count(total, f"matrix.{said.id}.{found.id}")


def _matrix(tell: Telling) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (said.title, *(cell_of(tell, said, found) for found in tell.classes))
        for said in tell.classes
    ]
    columns = (Column(one.id, one.title, number=True) for one in tell.classes)
    return Table(
        "matrix",
        "Auditors' grades against moderators' grades",
        (Column("label", "Auditor's grade"), *columns),
        tuple(rows),
        note="Numbers of moderated files, as drawn. Files at risk were drawn more often, so the "
        "table is not yet that of all files; the figures below are.",
    )


def _steps(tell: Telling) -> Sequence[tuple[str, str, int]]:
    """Return (key, title, files) of each change; merged grades know only direction."""
    matrix = tell.facts.matrix
    if tell.published:
        good, below = tell.merged
        same = cell_of(tell, good, good).value + cell_of(tell, below, below).value
        title = tell.good
        return (
            ("over", f"Auditor {title}, moderator below", cell_of(tell, good, below).value),
            ("same", "Both on the same side", same),
            ("under", f"Auditor below, moderator {title}", cell_of(tell, below, good).value),
        )
    most = len(matrix.counts) - 1
    found = []
    for step in range(most, -most - 1, -1):
        word = "grade" if abs(step) == 1 else "grades"
        title = f"Auditor {abs(step)} {word} {'higher' if step > 0 else 'lower'}"
        key = "same" if not step else f"{'over' if step > 0 else 'under'}.{abs(step)}"
        found.append((key, "The same grade" if not step else title, matrix.at(step)))
    return found


def _changes(tell: Telling) -> Table:
    whole = Count(tell.facts.matrix.total, ALL)
    rows = []
    for key, title, files in _steps(tell):
        own = Count(files, _step_key(tell, key))
        rows.append((title, own, Share(own, whole)))
    return Table(
        "changes",
        "How far apart the two grades are",
        (
            Column("change", "Change"),
            Column("files", "Moderated files", number=True),
            Column("share", "Share", number=True),
        ),
        tuple(rows),
    )


def _step_key(tell: Telling, key: str) -> str:
    if tell.published and key != "same":
        good, below = (one.id for one in tell.merged)
        return f"matrix.{good}.{below}" if key == "over" else f"matrix.{below}.{good}"
    return f"change.{key}"


def _figures(tell: Telling) -> Iterator[Block]:
    facts = tell.facts
    whole, found = facts.whole.estimate, facts.agreement
    if whole is None:
        return
    yield Heading("Figures for all files")
    rows: list[tuple[Cell, ...]] = [("Mean gap", tell.gap(whole), MEANT)]
    if found is not None:
        rows += _told(found, tell.moderated(whole))
    yield Table(
        "agreement_figures",
        "Agreement, estimated for all files",
        (
            Column("figure", "Figure"),
            Column("estimate", "Estimate", number=True),
            Column("meaning", "What it says"),
        ),
        tuple(rows),
        note="The last two hide a leniency that all auditors share, so they are read after the "
        "gap, never alone."
        if found is not None
        else f"The other figures are given from {ENOUGH} moderated files on.",
    )


def _told(found: Agreement, base: Count) -> list[tuple[Cell, ...]]:
    kappa, ac2 = found.weighted_kappa, found.ac2
    return [
        ("The same grade", percent(found.exact, base), "Both gave the same grade"),
        ("Auditor higher", percent(found.over, base), "The auditor gave the better grade"),
        ("Auditor lower", percent(found.under, base), "The moderator gave the better grade"),
        (
            "Weighted kappa (quadratic)",
            None if kappa is None else number(kappa, base),
            "Agreement beyond chance; low where nearly all files have one grade",
        ),
        (
            "AC2 (quadratic)",
            None if ac2 is None else number(ac2, base),
            "Agreement beyond chance; steadier where nearly all files have one grade",
        ),
    ]


def _sums(tell: Telling) -> Iterator[Sum]:
    ids = [one.id for one in tell.classes]
    yield Sum(ALL, tuple(f"matrix.{said}.{found}" for said in ids for found in ids))
    steps = tuple(_step_key(tell, key) for key, _, _ in _steps(tell))
    yield Sum(ALL, steps)
    if tell.published:
        yield Sum("change.same", tuple(f"matrix.{one}.{one}" for one in ids))
        return
    ranks = {one.ranks[0]: one.id for one in tell.classes}
    for key, _, _ in _steps(tell):
        step = _step_of(key)
        cells = [
            f"matrix.{ranks[said]}.{ranks[said - step]}" for said in ranks if said - step in ranks
        ]
        yield Sum(f"change.{key}", tuple(cells))


def _step_of(key: str) -> int:
    direction, _, size = key.partition(".")
    return {"over": 1, "same": 0, "under": -1}[direction] * int(size or 0)
