"""The plot of a run: what an audit costs, against how many there are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contenders import OURS, Contender
from extrapolated import Cost
from table import Found

Points = Sequence[tuple[Cost, bool]]
End = tuple[Cost, str, str]
APART = 1.35  # on a scale of logarithms, so that names stand under one another


def draw(found: Sequence[Found], chosen: Sequence[Contender], out: Path) -> None:
    """Draw processor microseconds an audit; what was extrapolated is dashed, its points hollow."""
    import matplotlib as mpl

    mpl.use("svg")
    # so that the same run gives the same file, and letters stay letters
    mpl.rcParams.update({"svg.hashsalt": "audit", "svg.fonttype": "none", "font.size": 10})
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(10, 7), layout="constrained")
    ends = []
    for one in chosen:
        costs = [each.cost(one.name) for each in found]
        points = [(cost, guessed) for cost, guessed in costs if cost]
        if not points:
            continue
        colour = colour_of(one)
        line(axes, points, colour, wide=one == OURS)
        ends.append((points[-1][0], one.title, colour))
    name(axes, ends)
    axes.set(xscale="log", yscale="log", xlabel="audits", ylabel="processor microseconds an audit")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(visible=True, which="major", color="0.9")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(out, metadata={"Date": None})
    plt.close(figure)


def colour_of(one: Contender) -> str:
    """Return the colour of a kind of contender; which one it is, its name says."""
    if one.peer:
        return "#9c3d00"
    if one.by_hand:
        return "#2f6499"
    return "#1b1b1b" if one.decides else "#2e7d32"


def line(axes: Any, points: Points, colour: str, *, wide: bool) -> None:  # noqa: ANN401 - no types
    """Draw the line of a contender."""
    across = [cost.audits for cost, _ in points]
    up = [each(cost) for cost, _ in points]
    width = 3.0 if wide else 1.5
    for place in range(1, len(points)):
        dash = ":" if points[place][1] else "-"
        near = slice(place - 1, place + 1)
        axes.plot(across[near], up[near], dash, color=colour, linewidth=width)
    for x, y, (_, guessed) in zip(across, up, points, strict=True):
        axes.plot(x, y, "o", color=colour, markerfacecolor="white" if guessed else colour)


def each(cost: Cost) -> float:
    return 1e6 * cost.cpu / cost.audits


def name(axes: Any, ends: Sequence[End]) -> None:  # noqa: ANN401 - no types
    """Write the name of each line at its right end, none over another."""
    last = 0.0
    furthest = max((cost.audits for cost, *_ in ends), default=1)
    for cost, title, colour in sorted(ends, key=lambda end: each(end[0])):
        last = max(each(cost), last * APART)
        told = f"  {title.replace('`', '')}"
        place = {"xytext": (furthest * 1.3, last), "va": "center", "color": colour}
        arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.5, "relpos": (0, 0.5)}
        axes.annotate(told, (cost.audits, each(cost)), **place, arrowprops=arrow)
