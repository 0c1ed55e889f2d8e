"""Leniency and consistency by auditor: for conversation and further sampling, never a league."""

from collections.abc import Iterator, Mapping
from math import isfinite

import numpy as np

from engine.reports.week.document import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Count,
    Estimate,
    Heading,
    Paragraph,
    Section,
    Sum,
    Table,
)
from engine.reports.week.measured import FEWEST, Auditors
from engine.reports.week.telling import Telling, Told
from engine.statistics.funnel import Funnel
from engine.statistics.leniency import MARGIN as TOLERANCE

LIMITS = ("99.8% low", "95% low", "95% high", "99.8% high")


def auditors(tell: Telling) -> Told | None:
    """Tell how generous each auditor is; nothing of it is published."""
    found = tell.facts.by_auditor
    if tell.published or found is None:
        return None
    blocks = [*_opening(tell, found), *_leniency(tell, found)]
    blocks += [*_funnel(tell, found), *_consistency(tell, found)]
    names = tell.facts.auditors
    keys = tuple(f"auditor.{_label(tell, place)}.files" for place in range(len(names)))
    sums = (Sum("auditors.files", keys),)
    return Told(Section("auditors", "Leniency and consistency of auditors", tuple(blocks)), sums)


def _label(tell: Telling, place: int) -> str:
    return tell.auditor(tell.facts.auditors[place])


def _opening(tell: Telling, found: Auditors) -> Iterator[Block]:
    flagged = int(found.leniency.flagged.sum())
    told = int(found.leniency.told.sum())
    yield Paragraph(
        (
            (
                "Leniency is an auditor's grades less what moderators would have "
                "given the same files, "
                "in grades, estimated over all files of the auditor. It asks "
                "for a conversation and "
                "for more files to be moderated. It changes no grade and is no "
                "judgement of a person. "
            ),
            Count(told, "auditors.told"),
            f" {tell.plural(told, 'auditor')} had at least {FEWEST} files moderated; ",
            (
                f"{flagged or 'none'} of them {'lies' if flagged <= 1 else 'lie'} far enough above "
                "the others to be talked with."
            ),
        )
    )
    if not tell.panel:
        yield Paragraph(("Auditors are named A1, A2 and so on; the numbers follow no order.",))


def _leniency(tell: Telling, found: Auditors) -> Iterator[Block]:
    lenient = found.leniency
    places = [place for place in range(len(tell.facts.auditors)) if lenient.told[place]]
    places.sort(key=lambda place: (-round(float(lenient.value[place]), 9), _label(tell, place)))
    median = float(lenient.median)
    rows = tuple(_row(tell, found, place) for place in places)
    columns = (
        Column("label", "Auditor"),
        Column("leniency", "Leniency in grades", number=True),
        Column("moderated", "Moderated", number=True),
        Column("files", "Files", number=True),
        Column("shrunk", "Steadied towards the others", number=True),
        Column("asks", "What it asks for"),
    )
    left = len(tell.facts.auditors) - len(places)
    note = (
        f"Median of {len(places)}: {median:+.2f}. A conversation where the steadied figure is more "
        f"than {TOLERANCE} above it; ↑ where the interval lies above it too."
    )
    if left:
        note += (
            f" {left} more had fewer than {FEWEST} files moderated: not enough yet to say anything "
            "of them."
        )
    table = Table("leniency", "Leniency by auditor, with intervals", columns, rows, note)
    if rows and isfinite(median):
        marks = {"zero": 0.0, "median": median, "tolerance": TOLERANCE}
        yield Chart(
            "leniency_chart",
            ChartKind.CATERPILLAR,
            table.title,
            "A dot for each auditor at the estimated leniency, the most generous first, with its "
            "95 per cent interval and the number of moderated files. Lines stand at nought and at "
            "the median; the band round the median is a quarter of a grade either way.",
            table,
            marks,
        )
    else:
        yield table


def _row(tell: Telling, found: Auditors, place: int) -> tuple[Cell, ...]:
    lenient, name = found.leniency, _label(tell, place)
    base = Count(int(lenient.moderated[place]), f"auditor.{name}.moderated")
    value, low, high = (float(one[place]) for one in (lenient.value, lenient.low, lenient.high))
    asks = "Conversation; more files" if lenient.flagged[place] else ""
    if lenient.above[place]:
        asks += " ↑"
    return (
        name,
        Estimate(value, low, high, "grades", base),
        base,
        Count(int(lenient.files[place]), f"auditor.{name}.files"),
        Estimate(float(lenient.shrunk[place]), None, None, "grades", base),
        asks,
    )


def _funnel(tell: Telling, found: Auditors) -> Iterator[Block]:
    one = found.funnel
    told = found.leniency.told
    places = [place for place in range(len(one.gap)) if told[place] and isfinite(one.gap[place])]
    if len(places) < FEWEST or not isfinite(one.spread):
        return
    names = {place: _label(tell, place) for place in places}
    places.sort(key=lambda place: (len(names[place]), names[place]))
    rows = []
    for place in places:
        base = Count(int(one.moderated[place]), f"auditor.{names[place]}.moderated")
        rows.append((
            names[place], base, Estimate(float(one.gap[place]), None, None, "grades", base)
        ))  # fmt: skip
    table = Table(
        "funnel",
        "Mean gap against the number of moderated files",
        (
            Column("label", "Auditor"),
            Column("moderated", "Moderated", number=True),
            Column("gap", "Mean gap in grades", number=True),
        ),
        tuple(rows),
        note="The fewer files, the further a gap may lie from the others' by chance alone.",
    )
    yield Heading("What chance alone would give")
    yield Chart(
        "funnel_chart",
        ChartKind.FUNNEL,
        table.title,
        "A dot for each auditor: across the number of moderated files, up the mean gap. Curves "
        "stand at the limits between which chance alone keeps 95 and 99.8 of 100 auditors.",
        table,
        {"centre": one.centre},
        _curves(one, int(max(one.moderated[place] for place in places))),
    )


def _curves(one: Funnel, most: int) -> Mapping[str, tuple[tuple[float, float], ...]]:
    across = np.arange(1, most + 1, dtype=np.int64)
    found = one.limits(across)
    return {
        name: tuple((float(x), float(y)) for x, y in zip(across, ys, strict=True))
        for name, ys in zip(LIMITS, found, strict=True)
    }


def _consistency(tell: Telling, found: Auditors) -> Iterator[Block]:
    one = found.consistency
    places = [place for place, shown in enumerate(one.shown) if shown]
    yield Heading("Consistency")
    if not places:
        yield Paragraph(
            (
                (
                    "How steady an auditor is shows only from 20 moderated "
                    "files on; no auditor has "
                    "as many yet."
                ),
            )
        )
        return
    rows = []
    for place in sorted(places, key=lambda p: (len(_label(tell, p)), _label(tell, p))):
        name = _label(tell, place)
        base = Count(int(one.moderated[place]), f"auditor.{name}.moderated")
        exact = Estimate(100 * float(one.exact[place]), None, None, "percent", base)
        spread = Estimate(float(one.spread[place]), None, None, "number", base)
        rows.append((name, base, exact, spread))
    yield Table(
        "consistency",
        "How steady auditors are",
        (
            Column("label", "Auditor"),
            Column("moderated", "Moderated", number=True),
            Column("exact", "Same grade as the moderator", number=True),
            Column("spread", "Spread of the gap in grades", number=True),
        ),
        tuple(rows),
        note="Not a ranking: even with 20 files the spread says as much of chance as of the "
        "auditor.",
    )
