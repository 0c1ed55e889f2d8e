"""A naive joiner of forms and records: docs/reference/joining.md, row by row in plain Python.

Rows are mappings of texts; a blank is None. Periods, latest-only tables and rows put aside are
told in tests of their own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Row = dict[str, str | None]
Entry = tuple[str, str, str]  # table, field, audit
OWN = {"plans": "plan_id"}
LINK = {"plan_actions": "plan_id"}
DAY = {"plans": "start_date", "visits": "visit_date"}
UNTIL = {"plans": "end_date", "plan_actions": "completed_date"}
JUDGED = {"contingency", "purpose"}
TEXT = {"contingency", "purpose", "action"}


@dataclass
class Child:
    """What one side holds of one audit: its number there, and its rows by table."""

    audit: str
    child: str
    tables: Mapping[str, Sequence[Row]]


@dataclass
class Side:
    """One side: its children, and the columns of each table that it has."""

    children: Sequence[Child]
    columns: Mapping[str, Sequence[str]]

    def kinds(self, table: str) -> set[str | None]:
        return {row.get("kind") for child in self.children for row in child.tables[table]}

    def last_day(self) -> str:
        rows = ((t, row) for child in self.children for t in DAY for row in child.tables[t])
        return max((day for table, row in rows if (day := row.get(DAY[table]))), default="")


@dataclass
class Joined:
    """Rows of each table as (column, value) pairs, and entries, each as often as it is there."""

    rows: Counter[tuple[str, frozenset[tuple[str, str | None]]]] = field(default_factory=Counter)
    entries: Counter[Entry] = field(default_factory=Counter)


def join(forms: Side, records: Side, *, trust_form: bool) -> Joined:
    joined = Joined()
    for ours in forms.children:
        theirs = next((c for c in records.children if c.child == ours.child), None)
        numbers: dict[tuple[str, str | None], str | None] = {}
        for table in ("plans", "visits", "plan_actions"):
            _table(joined, (forms, records), (ours, theirs), table, numbers, trust_form)
    return joined


def _table(  # noqa: C901, PLR0913, PLR0917 - all that is done with a table, in one place
    joined: Joined,
    sides: tuple[Side, Side],
    children: tuple[Child, Child | None],
    table: str,
    numbers: dict[tuple[str, str | None], str | None],
    trust_form: bool,
) -> None:
    ours, theirs = children
    form = _renumbered(ours.tables[table], table, "form", numbers)
    record = _renumbered(theirs.tables[table] if theirs else (), table, "record", numbers)
    shared = [c for c in sides[0].columns[table] if c in sides[1].columns[table]]
    names = sorted({*sides[0].columns[table], *sides[1].columns[table]})

    def keep(row: Row) -> None:
        pairs = frozenset((name, row.get(name)) for name in names)
        joined.rows[table, frozenset({("audit_id", ours.audit), *pairs})] += 1

    def note(name: str) -> None:
        joined.entries[table, name, ours.audit] += 1

    pairs = _pairs(form, record, table, shared)
    for f, r in pairs:
        keep(_merged(form[f], record[r], table, names, trust_form))
        for name in _compared(table, shared):
            first, second = _plain(form[f], name), _plain(record[r], name)
            if first and second and first != second:
                note(name)
        if own := OWN.get(table):
            final = _merged(form[f], record[r], table, names, trust_form)[own]
            numbers["form", form[f].get(own)] = final
            numbers["record", record[r].get(own)] = final
    for f in set(range(len(form))) - {f for f, _ in pairs}:
        contradicted = theirs is not None and _contradicts(sides[1], table, form[f])
        if contradicted:
            note("")
        if trust_form or not contradicted:
            keep(form[f])
    for r in set(range(len(record))) - {r for _, r in pairs}:
        unseen = bool(form) and bool(record[r].get(DAY.get(table, "")))
        if unseen:
            note("")
        if not trust_form or not unseen:
            keep(record[r])


def _renumbered(
    rows: Iterable[Row],
    table: str,
    side: str,
    numbers: Mapping[tuple[str, str | None], str | None],
) -> list[Row]:
    link = LINK.get(table)
    if not link:
        return [dict(row) for row in rows]
    return [
        {**row, link: numbers.get((side, row[link]), row[link])} if row.get(link) else dict(row)
        for row in rows
    ]


def _contradicts(records: Side, table: str, row: Row) -> bool:
    day, kinds = row.get(DAY.get(table, "")), records.kinds(table)
    known = bool(kinds) and (row.get("kind") is None or bool({row.get("kind"), None} & kinds))
    return bool(day) and known and str(day) <= records.last_day()


def _compared(table: str, shared: Sequence[str]) -> list[str]:
    return [n for n in shared if n not in (OWN.get(table), LINK.get(table))]


def _plain(row: Row, name: str) -> str | None:
    value = row.get(name)
    return " ".join(value.lower().split()) if value and name in TEXT else value


def _merged(form: Row, record: Row, table: str, names: Iterable[str], trust_form: bool) -> Row:
    def pick(name: str, *, alone: bool = False) -> str | None:
        first, second = form, record
        if not trust_form and name not in JUDGED:
            first, second = record, form
        return first.get(name) or (None if alone else second.get(name))

    merged = {name: pick(name) for name in names}
    end, start = UNTIL.get(table, ""), DAY.get(table, "")
    if merged.get(end) and merged.get(start) and str(merged[end]) < str(merged[start]):
        merged |= {name: pick(name, alone=True) for name in (end, start)}
    return merged


def _pairs(  # noqa: C901 - the steps of the page, one after another
    form: Sequence[Row], record: Sequence[Row], table: str, shared: Sequence[str]
) -> list[tuple[int, int]]:
    day, own = DAY.get(table, ""), OWN.get(table, "")
    compared = _compared(table, shared)
    found: list[tuple[int, int]] = []

    def left(side: int) -> list[int]:
        taken = {pair[side] for pair in found}
        return [at for at in range(len((form, record)[side])) if at not in taken]

    def step(ident: Callable[[int, Row], object]) -> None:
        groups: dict[object, tuple[list[int], list[int]]] = {}
        for side, rows in enumerate((form, record)):
            columns = compared + sorted({n for row in rows for n in row} - {*compared})
            for at in sorted(left(side), key=lambda at: _order(rows[at], columns)):
                if (same := ident(side, rows[at])) is not None:
                    groups.setdefault(same, ([], []))[side].append(at)
        for ours, theirs in groups.values():
            found.extend(zip(ours, theirs, strict=False))

    if own in shared:
        step(lambda _, row: row.get(own))
    step(lambda _, row: (row.get(day), row.get("kind"), tuple(_plain(row, n) for n in compared),
                         None if row.get(day) else row.get(LINK.get(table, ""))))  # fmt: skip
    step(lambda _, row: (row.get(day), row.get("kind")) if row.get(day) else None)
    for blank in (0, 1):
        step(lambda side, row: None if side == blank and row.get("kind") else row.get(day))  # noqa: B023

    def only_ones(close: Callable[[str | None, str | None], bool]) -> None:
        near = [
            (f, r)
            for f in left(0)
            for r in left(1)
            if close(form[f].get(day), record[r].get(day))
            and (form[f].get("kind") or record[r].get("kind"))
            == (record[r].get("kind") or form[f].get("kind"))
        ]
        ours, theirs = Counter(f for f, _ in near), Counter(r for _, r in near)
        found.extend((f, r) for f, r in near if ours[f] == theirs[r] == 1)

    only_ones(_near)
    same = [n for n in shared if n not in (UNTIL.get(table), own) and n not in JUDGED]
    step(lambda _, row: None if row.get(day) else tuple(_plain(row, n) for n in same))
    if day:
        only_ones(lambda first, second: bool(first) != bool(second))
    return found


def _order(row: Row, columns: Sequence[str]) -> list[tuple[bool, str]]:
    values = [_plain(row, name) for name in columns]
    return [(value is None, value or "") for value in values]


def _near(first: str | None, second: str | None) -> bool:
    if not (first and second):
        return False
    return abs((date.fromisoformat(first) - date.fromisoformat(second)).days) <= 2
