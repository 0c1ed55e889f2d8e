"""Data quality: how full a batch is, and what in it cannot be right or is worth a question.

In: a batch, the dictionary, declared outages, and the day. Out: a `Quality`. Nothing here is ever
held against the practice of a case. It must not know standards or reports.

Adding a check: `ROWWISE` (rowwise.py) for one that looks at a row, `groups` (twice.py) for one that
looks at several, and a line in `CHECKS` (result.py).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from engine.records.batch import Batch
from engine.records.noted import Noted
from engine.records.quality.at_once import MANY, look_at_once
from engine.records.quality.believable import believable, rows_left_out
from engine.records.quality.lives import lives
from engine.records.quality.looking import (
    Hit,
    audits,
    counted,
    entries,
    grouped,
    hits,
    number_of_audits,
)
from engine.records.quality.profile import profile
from engine.records.quality.result import CHECKS, Check, Counted, Filled, Quality, check_of, weight
from engine.records.quality.rowwise import ROWWISE, Looked, conditions
from engine.records.quality.sweep import Swept, all_of, sweep
from engine.records.quality.twice import Group, bulk, groups, suspects
from engine.rulebook.fields import Fields
from engine.rulebook.outages import Outage

__all__ = [
    "CHECKS",
    "MOST",
    "Check",
    "Counted",
    "Filled",
    "Quality",
    "Seen",
    "believable",
    "check_of",
    "complete",
    "examine",
    "look",
    "seen_of",
]

# so many entries of one check and table are kept, unless somebody asks for more
MOST = 1_000


@dataclass(frozen=True)
class Seen:
    """What single rows show: counts, and the conditions that some row meets.

    `audits` is how many have such a row or a note; nobody counted them where it is nothing.
    """

    quality: Quality
    hits: tuple[Hit, ...]
    audits: int | None = None


def look(batch: Batch, fields: Fields, outages: tuple[Outage, ...], as_of: date) -> Seen:
    """Count what single rows show, in one pass over each table.

    Few audits are looked at in all tables at once first, to see which are worth a question.
    """
    known, many = lives(batch, fields), batch.audit_count > MANY
    swept = all_of(batch, as_of) if many else sweep(batch, fields, as_of)
    checked = {
        table: conditions(Looked(batch, fields, outages, known, swept.known_until, table), checks)
        for table, checks in _checks(batch, fields, swept)
    }
    late, touched = fields.quality.late_after, None
    if many:
        found, touched = look_at_once(batch, checked, late)
    else:
        found = hits(batch, checked)
    counts = _summed([*counted(found), *_noted(batch)])
    left = rows_left_out(batch, found)
    told = Quality(as_of, swept.known_until, counts=counts, rows_left_out=left, whole=False)
    return Seen(told, found, touched)


def seen_of(batch: Batch, seen: Seen) -> Quality:
    """Return what was counted, with the profile: all that is told of a large batch."""
    touched = seen.audits
    if touched is None:
        touched = number_of_audits(batch, seen.hits, _noted_of(batch))
    noted = tuple(sorted(batch.noted, key=_order))
    return replace(seen.quality, profile=profile(batch), audits=touched, entries=noted)


def complete(batch: Batch, fields: Fields, seen: Seen, most: int = MOST) -> Quality:
    """Make the other checks too, and keep at most so many entries of each check and table."""
    touched, counts = _touched(batch, seen), [*seen.quality.counts]
    kept = [*entries(batch, seen.hits, most), *batch.noted]
    for check, group in _groups(batch, fields):
        number, within, noted = grouped(batch, check, group, most)
        if number:
            counts.append(Counted(check, group.table, number))
            kept += noted
            touched |= within
    return replace(
        seen.quality,
        profile=profile(batch),
        counts=_summed(counts),
        entries=tuple(sorted(kept, key=_order)),
        audits=len(touched),
        whole=True,
    )


def examine(
    batch: Batch, fields: Fields, outages: tuple[Outage, ...], as_of: date, most: int = MOST
) -> Quality:
    """Make every check of a batch."""
    return complete(batch, fields, look(batch, fields, outages, as_of), most)


def _touched(batch: Batch, seen: Seen) -> set[str]:
    return {*audits(batch, seen.hits), *_noted_of(batch)}


def _noted_of(batch: Batch) -> frozenset[str]:
    return frozenset(one.audit_id for one in batch.noted if one.audit_id)


def _order(one: Noted) -> tuple[tuple[int, str], Noted]:
    return weight(one.check), one


def _checks(batch: Batch, fields: Fields, swept: Swept) -> Iterator[tuple[str, list[str]]]:
    """Yield the checks that are asked of each table."""
    for table in batch.presence.columns:
        needed = {"missing_context"} if fields.tables[table].context else set()
        suspect = {check for of, check in swept.suspect if of == table} | needed
        yield table, [check for check in ROWWISE if check in suspect]


def _groups(batch: Batch, fields: Fields) -> Iterator[tuple[str, Group]]:
    many = (bulk(batch, fields, table) for table in batch.presence.columns)
    asked = [("duplicate", group) for group in groups(batch, fields)]
    asked += [("bulk_entered", group) for group in many if group is not None]
    worth = suspects(batch, (group for _, group in asked))
    return ((check, group) for check, group in asked if group in worth)


def _noted(batch: Batch) -> Iterator[Counted]:
    found = Counter((one.check, one.table) for one in batch.noted)
    return (Counted(check, table, number) for (check, table), number in found.items())


def _summed(counts: list[Counted]) -> tuple[Counted, ...]:
    found: dict[tuple[str, str], Counted] = {}
    for one in counts:
        so_far = found.get((one.check, one.table), Counted(one.check, one.table, 0))
        found[one.check, one.table] = replace(
            so_far,
            entries=so_far.entries + one.entries,
            in_outage=so_far.in_outage + one.in_outage,
        )
    return tuple(sorted(found.values(), key=lambda one: (weight(one.check), one)))
