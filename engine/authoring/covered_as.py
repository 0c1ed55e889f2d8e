"""What was reached, for people and for programs: first the gaps, then a table; JSON; CSV.

Coverage and its rulebook come in, lines go out.
"""

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterator

from engine.authoring.coverage import Coverage, Item
from engine.reports.books import as_data, overlaid
from engine.rulebook.book import Rulebook
from engine.terms import Outcome

WIDTH = 100
COLUMNS = {
    Outcome.MET: "met",
    Outcome.PARTLY_MET: "partly",
    Outcome.NOT_MET: "not met",
    Outcome.NOT_EVIDENCED: "silent",
    Outcome.NOT_YET_DUE: "not due",
    Outcome.NOT_APPLICABLE: "n/a",
    Outcome.NOT_ASSESSABLE: "no data",
}
CELL = 9
KINDS = {
    "outcome": "Outcomes",
    "version": "Dated versions",
    "branch": "Branches",
    "limit": "Limits that no example stands on",
}


def full(coverage: Coverage, rulebook: Rulebook, what: str) -> Iterator[str]:
    """Yield the gaps, then how often each outcome and rule was reached."""
    yield from _gaps(coverage, rulebook)
    yield from _matrix(coverage)
    yield from _rules(coverage, rulebook)
    yield ""
    number = len(coverage.reached)
    yield (
        f"{what}: {number - len(coverage.gaps)} of {number} {_asked(coverage)} and "
        f"rules reached ({coverage.percent} %)."
    )
    yield from textwrap.wrap(overlaid(rulebook), WIDTH)


def _asked(coverage: Coverage) -> str:
    limits = any(item.kind == "limit" for item in coverage.reached)
    return f"outcomes, versions, branches{', limits' if limits else ''}"


def _gaps(coverage: Coverage, rulebook: Rulebook) -> Iterator[str]:
    if not coverage.gaps:
        yield "Everything is reached."
        return
    yield "Never reached"
    for kind, title in KINDS.items():
        missing = _missing(coverage, kind)
        if missing:
            yield f"  {title}"
        for standard, names in missing.items():
            yield from _wrapped(f"{standard}: {', '.join(names)}", "    ")
    titles = _titles(rulebook)
    rules = [item for item in coverage.gaps if item.kind == "rule"]
    if rules:
        yield f"  Rules of judgement{coverage.limits}"
    for item in rules:
        yield from _wrapped(f"{item.name} ({item.of}): {titles[item.name]}", "    ")


def _missing(coverage: Coverage, kind: str) -> dict[str, list[str]]:
    """Return what of a kind was never reached, by standard.

    Where a branch was never reached, its versions are not told as well.
    """
    branches = {(item.of, f"({item.name})") for item in coverage.gaps if item.kind == "branch"}
    missing: dict[str, list[str]] = {}
    for item in coverage.gaps:
        _, _, branch = item.name.partition(" ")
        if item.kind != kind or (kind == "version" and (item.of, branch) in branches):
            continue
        name = item.name.replace("_", " ") if kind == "outcome" else item.name
        missing.setdefault(item.of, []).append(name)
    return missing


def _matrix(coverage: Coverage) -> Iterator[str]:
    times = {**coverage.extra, **coverage.reached}
    standards = list(dict.fromkeys(i.of for i in coverage.reached if i.kind == "outcome"))
    if not standards:
        return
    yield ""
    yield "How often (0: never; a dot: it cannot be, or need not)"
    yield f"{'':<8}" + "".join(f"{title:>{CELL}}" for title in COLUMNS.values())
    for standard in standards:
        cells = (times.get(Item(standard, "outcome", outcome)) for outcome in COLUMNS)
        yield f"{standard:<8}" + "".join(f"{_figure(number):>{CELL}}" for number in cells)


def _figure(number: int | None) -> str:
    return "·" if number is None else f"{number:,}"


def _rules(coverage: Coverage, rulebook: Rulebook) -> Iterator[str]:
    titles = _titles(rulebook)
    rules = [(item, times) for item, times in coverage.reached.items() if item.kind == "rule"]
    if rules:
        yield ""
        yield "Rules of judgement, and how often each fired"
    for item, times in rules:
        yield f"{times:>{CELL - 1},}  {item.of:<8} {item.name}: {titles[item.name]}"


def _titles(rulebook: Rulebook) -> dict[str, str]:
    judgement = rulebook.judgement
    return {r.id: r.title for r in (*judgement.domain, *judgement.overall, *judgement.route)}


def _wrapped(text: str, lead: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=lead + "  ")


def as_json(coverage: Coverage, rulebook: Rulebook, what: str) -> Iterator[str]:
    """Yield everything as one JSON object."""
    said = {
        "rulebook": as_data(rulebook),
        "of": what,
        "cases": coverage.cases,
        "percent": coverage.percent,
        "items": [
            {"of": item.of, "kind": item.kind, "name": item.name, "times": times}
            for item, times in coverage.reached.items()
        ],
    }
    yield json.dumps(said, indent=2, ensure_ascii=False)


def as_csv(coverage: Coverage, _rulebook: Rulebook, _what: str) -> Iterator[str]:
    """Yield a row for each thing to be reached."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("of", "kind", "name", "times"))
    for item, times in coverage.reached.items():
        writer.writerow((item.of, item.kind, item.name, times))
    yield from text.getvalue().splitlines()


FORMATS: dict[str, Callable[[Coverage, Rulebook, str], Iterator[str]]] = {
    "full": full,
    "json": as_json,
    "csv": as_csv,
}
