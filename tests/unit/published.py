"""Documents to be masked, drawn: tables of teams and grades with margins, and what leans on them."""

from hypothesis import strategies as st

from engine.reports.week.document import (
    Audience,
    Block,
    Bullets,
    Cell,
    Chart,
    ChartKind,
    Column,
    Count,
    Document,
    Estimate,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)

Grid = list[list[int]]
COUNTS = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 9, 12, 20, 41, 97])


def document(*blocks: Block, sums: tuple[Sum, ...] = ()) -> Document:
    section = Section("summary", "Summary", blocks)
    return Document("Week", "January", Audience.PUBLISHED, "", (section,), sums)


def margins(name: str, grid: Grid) -> tuple[Table, tuple[Sum, ...]]:
    """Return a table with a total row and column named so, and its sums."""
    rows, columns = range(len(grid)), range(len(grid[0]))

    def key(row: int | str, column: int | str) -> str:
        return f"{name}.{row}.{column}"

    def line(row: int | str, values: list[int]) -> tuple[Cell, ...]:
        counts = [Count(v, key(row, c)) for c, v in enumerate(values)]
        return (
            f"Row {row}" if row != "all" else "All",
            *counts,
            Count(sum(values), key(row, "all")),
        )

    under = [sum(grid[r][c] for r in rows) for c in columns]
    sums = [Sum(key(r, "all"), tuple(key(r, c) for c in columns)) for r in [*rows, "all"]]
    sums += [Sum(key("all", c), tuple(key(r, c) for r in rows)) for c in [*columns, "all"]]
    heads = (Column("head", ""), *(Column(f"g{c}", f"G{c}", number=True) for c in columns))
    lines = (*(line(r, grid[r]) for r in rows), line("all", under))
    made = Table(name, name, (*heads, Column("all", "All", number=True)), lines)
    return made, tuple(sums)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    line = st.lists(COUNTS, min_size=columns, max_size=columns)
    return draw(st.lists(line, min_size=rows, max_size=rows))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return a document with a table, shares of it, a linked table, a chart and sentences."""
    grid = draw(grids())
    table, sums = margins("a", grid)
    blocks: list[Block] = [table]
    rows, columns = len(grid), len(grid[0])
    total = sum(map(sum, grid))
    all_ = Count(total, "a.all.all")
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    for r, c in draw(st.lists(st.sampled_from(cells), max_size=6)):
        whole = draw(st.sampled_from([all_, Count(sum(grid[r]), f"a.{r}.all")]))
        share = Share(Count(grid[r][c], f"a.{r}.{c}"), whole)
        blocks.append(Paragraph(("Of these ", share, " were so; all told ", all_)))
    if draw(st.booleans()):
        # another table of the same totals: by kind of case, for every grade
        under = [sum(row[c] for row in grid) for c in range(columns)]
        cuts = [draw(st.integers(0, n)) for n in under]
        other, more = margins("b", [cuts, [n - k for n, k in zip(under, cuts, strict=True)]])
        same = tuple(Sum(f"b.all.{c}", (f"a.all.{c}",)) for c in range(columns))
        blocks.append(_chart(other))
        sums = (*sums, *more, *same, Sum("b.all.all", ("a.all.all",)))
    if draw(st.booleans()):
        part = draw(st.integers(0, total))
        share = Share(Count(part, "heard"), all_)
        rate = Estimate(100 * part / total if total else 0.0, None, None, "percent", all_)
        blocks.append(Bullets((("Heard: ", share), ("That is ", rate))))
    return document(*blocks, sums=sums)


def _chart(table: Table) -> Chart:
    marks = {"centre": 1.0}
    return Chart(table.id, ChartKind.MATRIX, table.title, "", table, marks, {"up": ((1, 2),)})
