"""What is said where the form and the records differ: an entry for each difference.

In: `joining.differences`. Out: `Noted`, with both values as they were written and their places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.records.joining_sides import Side, Sides
from engine.records.noted import Noted
from engine.records.staging import Fetched

DISAGREES = "record_disagrees"


@dataclass(frozen=True)
class _Difference:
    """A row of `joining.differences`."""

    field: str
    audit: str
    what: str
    f: int | None
    r: int | None
    f_value: str
    r_value: str


def disagreements(sides: Sides) -> tuple[Noted, ...]:
    """Return an entry for every difference between the form and the records, sorted."""
    found: dict[str, list[_Difference]] = defaultdict(list)
    for table, *rest in sides.con.execute("FROM joining.differences").fetchall():
        found[table].append(_Difference(*rest))
    return tuple(sorted(note for table in found for note in _of(sides, table, found[table])))


def _of(sides: Sides, table: str, found: Sequence[_Difference]) -> Iterator[Noted]:
    conflicts = [each for each in found if each.what == "conflict"]
    form = _rows(sides.form, table, [e.f for e in found if e.f is not None and e not in conflicts])
    wanted = [e.r for e in found if e.r is not None] + [e.f for e in conflicts if e.f is not None]
    record = _rows(sides.record, table, wanted)
    for each in found:
        if each.what == "conflict":
            yield _conflict(sides, table, each, record)
        elif each.f is None or each.r is None:
            yield _alone(sides, table, each, form if each.r is None else record)
        else:
            yield _differ(sides, table, each, (form[each.f], record[each.r]))


def _rows(side: Side, table: str, wanted: Sequence[int]) -> Mapping[int, Fetched]:
    if not wanted:
        return {}
    return {row[0]: row for row in side.batch.tables[table].fetch(sorted(set(wanted)))}


def _differ(sides: Sides, table: str, each: _Difference, rows: tuple[Fetched, Fetched]) -> Noted:
    form, record = rows
    name = each.field
    ours = form[2].get(name) or each.f_value or ""
    theirs = record[2].get(name) or each.r_value or ""
    trusted = sides.form_decides(table, name)
    decides = "the form decides" if trusted else "the records decide"
    said = f"`{name}` is `{theirs}` in the records and `{ours}` on the form; {decides}"
    if each.what == "turned":
        said = f"with the other side's day `{name}` would end before its start; {decides}"
    places = (record[1].at(name), form[1].at(name))
    return Noted(DISAGREES, table, name, each.audit, said, (theirs, ours), places)


def _alone(sides: Sides, table: str, each: _Difference, rows: Mapping[int, Fetched]) -> Noted:
    (row,) = (rows[at] for at in (each.f, each.r) if at is not None)
    words = _words(sides, table, row[2])
    if each.r is None:
        counts = "it counts, since the form is trusted" if sides.trust_form else "it does not count"
        said = f"the records have no such row of `{table}` as the form: {words}; {counts}"
    else:
        counts = "it does not count, since the form is trusted" if sides.trust_form else "it counts"
        said = f"the form has no such row of `{table}` as the records: {words}; {counts}"
    day = sides.fields.tables[table].date or ""
    return Noted(DISAGREES, table, "", each.audit, said, (words,), (row[1].at(day),))


def _conflict(sides: Sides, table: str, each: _Difference, rows: Mapping[int, Fetched]) -> Noted:
    found = [rows[at] for at in (each.f, each.r) if at is not None]
    values = tuple(_words(sides, table, row[2]) for row in found)
    said = f"audits of one child in the records tell a row of `{table}` differently; none counts"
    return Noted(
        DISAGREES, table, "", each.audit, said, values, tuple(row[1].at() for row in found)
    )


def _words(sides: Sides, table: str, cells: Mapping[str, str | None]) -> str:
    """Return a row's number, day and kind, or what it holds where it has none."""
    known = sides.fields.tables[table]
    names = [*known.key[1:], known.date, "kind", "given_by"]
    told = [cells[name] for name in names if name and cells.get(name)]
    told = told or [value for name, value in cells.items() if name != "audit_id" and value]
    return " ".join(f"`{value}`" for value in told[:3]) or "a row without a day"
