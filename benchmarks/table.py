"""The tables of a run, as Markdown."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from contenders import Contender
from extrapolated import Cost, cost_of
from measure import Taken, medians

BUDGET = 1.5
# how many times as fast as other rule engines this one is to be at 1,000,000 audits
AHEAD, AHEAD_OF_ALL = {"zen": 100}, 50


@dataclass(frozen=True)
class Found:
    """What was found at one size: by contender, what it took and how its results compare."""

    size: int
    taken: dict[str, Taken]
    compared: dict[str, dict[str, Any]]
    # the contender of ours among them, if it ran
    ours: str
    # what it would have taken those that were spared this size, or did not get through all of it
    guessed: dict[str, Cost]

    def cost(self, name: str) -> tuple[Cost | None, bool]:
        """Return what a contender took, or would have taken, and whether that is extrapolated."""
        if name in self.guessed:
            return self.guessed[name], True
        taken = self.taken.get(name)
        return (cost_of(taken, self.size) if taken and taken.wall else None), False

    @property
    def differing(self) -> bool:
        """Say whether any result differs."""
        return any(one["differing"] for one in self.compared.values())


def report(found: Sequence[Found], chosen: Sequence[Contender]) -> str:
    """Return the tables."""
    parts = [machine(found), speed(found, chosen), *budget(found, chosen), *targets(found, chosen)]
    parts.append(equality(found, chosen))
    return "\n\n".join([*parts, *phases(found)])


def machine(found: Sequence[Found]) -> str:
    versions: dict[str, str] = {}
    for one in found:
        for taken in one.taken.values():
            versions |= taken.versions
    return machine_line(versions)


def machine_line(versions: dict[str, str]) -> str:
    """Return what a run stood on."""
    versions = {"Python": platform.python_version(), **versions}
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} CPUs, {memory:.0f} GiB of memory, {platform.system()}; {listed}."


def speed(found: Sequence[Found], chosen: Sequence[Contender]) -> str:
    titles = ("audits", "", "rounds", "seconds", "least", "CPU seconds", "audits a second",
              "audits a CPU second", "peak MiB", "time by ours", "CPU time by ours")  # fmt: skip
    rows = [row for one in found for contender in chosen if (row := speed_row(one, contender))]
    told = "Seconds are medians. ≈: extrapolated, since all of these audits would take too long."
    return f"{markdown(titles, rows, left=(1,))}\n\n{told}"


def speed_row(found: Found, contender: Contender) -> Sequence[str]:
    """Return the row of a contender at a size; nothing if nothing is known of it."""
    cost, guessed = found.cost(contender.name)
    taken = found.taken.get(contender.name) or Taken()
    size = f"{found.size:,}"
    if cost is None:
        return (size, contender.title, "failed", *[""] * 8) if taken.failed else ()
    ours, _ = found.cost(found.ours)
    ratios = (
        [f"{cost.wall / ours.wall:.2f} ×", f"{cost.cpu / ours.cpu:.2f} ×"] if ours else ["", ""]
    )
    about = "≈ " if guessed else ""
    return (
        size,
        contender.title,
        str(len(taken.wall)) if not guessed else "",
        f"{about}{cost.wall:,.2f}",
        f"{min(taken.wall):,.2f}" if not guessed else "",
        f"{about}{cost.cpu:,.2f}",
        f"{about}{found.size / cost.wall:,.0f}",
        f"{about}{found.size / cost.cpu:,.0f}",
        f"{max(taken.peak) / 2**20:,.0f}" if taken.peak else "",
        *(f"{about}{ratio}" for ratio in ratios),
    )


def budget(found: Sequence[Found], chosen: Sequence[Contender]) -> Iterator[str]:
    """Yield a sentence for each size on what ours takes beside those by hand."""
    bare = [one.name for one in chosen if one.by_hand and not one.checks]
    checking = [one.name for one in chosen if one.by_hand and one.checks]
    for one in found:
        if one.ours not in one.taken:
            continue
        parts = []
        if bare:
            parts.append(f"{beside(one, bare)} × the faster by hand that checks nothing")
        if checking:
            parts.append(f"{beside(one, checking)} × the script by hand that checks as well")
        if parts:
            ends = f"; the budget of the first at 1,000,000 is {BUDGET} ×." if bare else "."
            yield f"{one.size:,} audits: this engine takes {', '.join(parts)}{ends}"


def targets(found: Sequence[Found], chosen: Sequence[Contender]) -> Iterator[str]:
    """Yield how far ahead of the other rule engines ours is at the largest size, and should be."""
    largest = max(found, key=lambda one: one.size)
    ours, _ = largest.cost(largest.ours)
    if ours is None:
        return
    ahead = [
        (one, cost, guessed)
        for one in chosen
        if one.peer
        for cost, guessed in [largest.cost(one.name)]
        if cost
    ]
    if ahead:
        rows = [
            (
                one.title,
                f"{'≈ ' if guessed else ''}{cost.wall / ours.wall:,.1f} ×",
                f"{'≈ ' if guessed else ''}{cost.cpu / ours.cpu:,.1f} ×",
                f"{AHEAD.get(one.name, AHEAD_OF_ALL)} ×",
            )
            for one, cost, guessed in ahead
        ]
        titles = (f"ahead at {largest.size:,} audits of", "in time", "in CPU time", "the aim")
        yield markdown(titles, rows, left=(0,))


def beside(found: Found, names: Sequence[str]) -> str:
    """Return our time by the fastest of these: of the medians, and of the least times."""
    ratios = [
        of(found.taken[found.ours].wall) / min(of(found.taken[name].wall) for name in names)
        for of in (median, min)
    ]
    return f"{ratios[0]:.2f} (least times: {ratios[1]:.2f})"


def equality(found: Sequence[Found], chosen: Sequence[Contender]) -> str:
    titles = ("audits", "compared with this engine", "values compared", "values that differ", "in")
    shown = {one.name: one.title for one in chosen}
    rows = []
    for one in found:
        for name, result in one.compared.items():
            differing = result["differing"]
            where = ", ".join(f"{column} {number:,}" for column, number in differing.items())
            number = f"{sum(differing.values()):,}"
            rows.append((f"{one.size:,}", shown[name], f"{result['compared']:,}", number, where))
    return markdown(titles, rows, left=(1, 4))


def phases(found: Sequence[Found]) -> Iterator[str]:
    """Yield where ours spends its time at the largest size, and its workers theirs."""
    largest = max(found, key=lambda one: one.size)
    taken = largest.taken.get(largest.ours)
    if taken is None:
        return
    title = f"phase of this engine, {largest.size:,} audits"
    yield shares((title, "seconds", "share"), medians(taken.phases))
    # workers are at it side by side, so that these may come to more than the phase itself
    title = "stage inside “all slices”"
    yield shares((title, "seconds of all workers", "share of these"), medians(taken.stages))


def shares(titles: Sequence[str], seconds: dict[str, float]) -> str:
    whole = sum(seconds.values())
    rows = [(name, f"{each:.2f}", f"{100 * each / whole:.0f} %") for name, each in seconds.items()]
    return markdown(titles, rows, left=(0,))


def markdown(titles: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int]) -> str:
    """Return a Markdown table; columns of words are set left, figures right."""
    rule = ["---" if place in left else "---:" for place in range(len(titles))]
    lines = (titles, rule, *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
