"""Data quality as every format shows it: checks with their counts, entries, completeness.

In: a `Quality`. Out: plain values and sentences. It must not know which format will show them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.records.noted import Noted
from engine.records.quality import Check, Quality, check_of
from engine.reports.places import in_batch
from engine.reports.wording import counted

NOTE = "An entry of data quality is never held against the practice of a case."
ENTRY = ("code", "check", "table", "field", "audit_id", "entries", "message", "values", "places")

Entry = tuple[str, str, str, str, str, int, str, str, str]


@dataclass(frozen=True)
class Total:
    """A check with its entries in all tables, and by table."""

    name: str
    check: Check
    entries: int
    in_outage: int
    tables: Mapping[str, int]


def totals(quality: Quality) -> tuple[Total, ...]:
    """Return the checks that have entries, the most important first."""
    tables: dict[str, dict[str, int]] = defaultdict(dict)
    out: Counter[str] = Counter()
    for one in quality.counts:
        tables[one.check][one.table] = one.entries
        out[one.check] += one.in_outage
    return tuple(
        Total(name, check_of(name), number, out[name], tables[name])
        for name, number in quality.by_check().items()
    )


def headline(quality: Quality) -> str:
    """Say in a sentence or two how the data are."""
    number = sum(one.entries for one in quality.counts)
    if not number:
        return "Nothing in the rows that were read looks wrong."
    kinds = len(quality.by_check())
    of = f"{counted(kinds, 'kind')} in {counted(quality.audits, 'audit')}"
    said = f"{counted(number, 'entry')} of {of}."
    if quality.rows_left_out:
        left = counted(quality.rows_left_out, "row")
        said += f" Standards are tested without {left} whose day cannot be right."
    return said


def place_texts(one: Noted, batch: str) -> list[str]:
    """Return where an entry stands, told from the batch."""
    return [str(in_batch(place, batch)) for place in one.places]


def rows(quality: Quality, batch: str) -> Iterator[Entry]:
    """Yield every entry as `ENTRY` names its cells; those that are not listed are counted."""
    listed = Counter((one.check, one.table) for one in quality.entries)
    last: dict[tuple[str, str], int] = {}
    shown: list[Entry] = []
    for one in quality.entries:
        last[one.check, one.table] = len(shown)
        shown.append((
            check_of(one.check).code, one.check, one.table, one.field, one.audit_id, 1,
            one.message, "; ".join(one.values), "; ".join(place_texts(one, batch)),
        ))  # fmt: skip
    rest = {(c.check, c.table): c.entries - listed[c.check, c.table] for c in quality.counts}
    more: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for key, number in rest.items():
        if number > 0:
            more[last.get(key, -1)].append(key)
    for place in range(-1, len(shown)):
        if place >= 0:
            yield shown[place]
        for check, table in more[place]:
            said = "not listed here; `audit quality` with --out lists them"
            yield (check_of(check).code, check, table, "", "", rest[check, table], said, "", "")


def object_of(quality: Quality, batch: str | None = None) -> dict[str, Any]:
    """Return the data quality as an object; with the name of the batch, entries have places.

    `results.json` has none: the same batch in another format gives the same results.
    """
    tables: dict[str, dict[str, Any]] = {}
    for one in quality.profile:
        table = tables.setdefault(one.table, {"rows": one.rows, "filled": {}})
        table["filled"][one.field] = one.filled
    return {
        "known_until": quality.known_until.isoformat(),
        "whole": quality.whole,
        "audits": quality.audits,
        "rows_left_out": quality.rows_left_out,
        "checks": [
            {
                "check": one.name,
                "code": one.check.code,
                "title": one.check.title,
                "query": one.check.query,
                "entries": one.entries,
                "in_outage": one.in_outage,
                "tables": dict(one.tables),
            }
            for one in totals(quality)
        ],
        "completeness": tables,
        "entries": [
            {
                "check": one.check,
                "table": one.table,
                "field": one.field,
                "audit_id": one.audit_id,
                "message": one.message,
                "values": list(one.values),
                **({} if batch is None else {"places": place_texts(one, batch)}),
            }
            for one in quality.entries
        ],
    }
