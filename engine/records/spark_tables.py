"""Read tables that stand in Spark, by the checks that files are read by.

In: data frames by name, and the dictionary. Out: the views `typed_<table>`, what the input holds,
and the rows that were put aside. Only rows that are put aside come to the driver: there they are
explained by the same code as the rows of files. A place in a file is not known of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from engine.errors import Location, Problem
from engine.records.batch import PUT_ASIDE, NothingRead, Presence
from engine.records.cells import Unreadable, Value, clean, identifier, read
from engine.records.column_sql import Column
from engine.records.dictionary import Dictionary, TableSpec
from engine.records.explain import faults
from engine.records.on_spark import OnSpark
from engine.records.places import Fault, Layout, Part, Place, Refusal
from engine.records.put_aside import MOST
from engine.records.relations import orphan, twice
from engine.records.settle import COLUMN, REASONS, ROWS
from engine.records.spark_cells import TYPES, column, quoted, text
from engine.records.stage import Stage
from engine.records.store import Scratch
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Texts = Sequence[str | None]


@dataclass
class Table:
    """One table on its way: its fields, the name that it came by, the view that holds it now."""

    spec: TableSpec
    title: str
    columns: Mapping[str, Column]
    view: str
    words: dict[str, Mapping[str, Value]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the fields that the table has."""
        return tuple(self.columns)

    @property
    def place(self) -> Place:
        """Return where all of its rows stand."""
        return Place(Part(self.title, Layout.LINES))

    def listed(self) -> str:
        """Return SQL of the fields."""
        return ", ".join(map(quoted, self.names))

    def texts(self, names: Iterable[str]) -> str:
        """Return SQL of some typed fields as texts, in one array."""
        listed = (
            f"array_join({quoted(n)}, ';')"
            if self.columns[n].spec.type is FieldType.LIST
            else f"CAST({quoted(n)} AS STRING)"
            for n in names
        )
        return f"array({', '.join(listed)})"


class SparkReading:
    """The reading of one batch."""

    def __init__(self, on: OnSpark, dictionary: Dictionary, scratch: Scratch) -> None:
        self.on = on
        self.stage = Stage(dictionary, scratch.path, duckdb.connect())
        self.put_aside = self.stage.put_aside
        self.tables: dict[str, Table] = {}

    def read(self, frames: "Mapping[str, DataFrame]") -> Presence:
        """Read all tables, and return what they hold.

        Raises:
            Stop: no audit can be read, or more rows are wrong than anybody could look at.
        """
        for title, frame in frames.items():
            self._take(title, frame)
        if AUDITS not in self.tables:
            raise self._stop(f"there is no table `{AUDITS}`", "B003", COLUMN)
        self._type()
        self._settle()
        for table in self.tables.values():
            self.on.view(f"typed_{table.spec.name}", self.on.run(f"SELECT * FROM {table.view}"))
        if not self.on.rows(f"SELECT 1 FROM {self.tables[AUDITS].view} LIMIT 1"):
            said = REASONS if self.put_aside.tables else ROWS
            raise self._stop("there is no audit that can be read", "B004", said)
        return self._presence()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is to be said of the batch."""
        return tuple(sorted({*self.stage.warnings, *self.put_aside.problems()}))

    def _stop(self, said: str, code: str, way_out: str) -> NothingRead:
        end = Problem(Location("tables"), code, said, way_out)
        return NothingRead((*self.problems, end), self.put_aside.rejected())

    def _take(self, title: str, frame: "DataFrame") -> None:
        known = self.stage.dictionary.table(title)
        if known is None or known in self.tables:
            self.stage.unknown_table(Location(title), title)
            return
        spec = self.stage.dictionary.tables[known]
        held = frame.schema.fields
        places: dict[str, int] = {}
        for at, each in enumerate(held):
            found = spec.field(each.name)
            if found is None or found in places:
                self.stage.unknown_field(Location(title), spec, each.name, again=found is not None)
            else:
                places[found] = at
        if AUDIT_ID not in places:
            self.stage.no_audit_id(Location(title), spec, [each.name for each in held])
            return
        kinds = [each.dataType.simpleString() for each in held]
        there = ((each, places[each.name]) for each in spec.fields if each.name in places)
        columns = {each.name: column(each, f"r.c{at}", kinds[at]) for each, at in there}
        # by their places: a table may have two columns of one name, in large and small letters too
        view = self.on.view(f"raw_{known}", frame.toDF(*(f"c{at}" for at, _ in enumerate(held))))
        self.tables[known] = Table(spec, title, columns, view)

    def _type(self) -> None:
        """Type every table: one look for texts to be looked up, and one for rows to be refused."""
        looks = {
            t: f"SELECT array({', '.join(map(_odd_texts, table.columns.values()))}) AS found "
            f"FROM {table.view} r"
            for t, table in self.tables.items()
        }
        for t, (found,) in self._each(looks):
            table = self.tables[t]
            for each, texts in zip(table.columns.values(), found, strict=True):
                table.words[each.spec.name] = _words(each, texts)
        bad = {}
        for table in self.tables.values():
            typed = self.on.make(f"read_{table.spec.name}", _typed(table))
            texts = ", ".join(quoted(f"raw:{n}") for n in table.names)
            bad[table.spec.name] = f"SELECT array({texts}) AS cells FROM {typed} WHERE bad"
            table.view = self.on.make(
                f"good_{table.spec.name}", f"SELECT {table.listed()} FROM {typed} WHERE NOT bad"
            )
        for t, (cells,) in self._wrong(bad):
            self._refuse(self.tables[t], cells)

    def _refuse(self, table: Table, cells: Texts) -> None:
        said = {n: cell for n, cell in zip(table.names, cells, strict=True) if cell is not None}
        if any(map(clean, said.values())):
            audit = identifier(said.get(AUDIT_ID))
            why = faults(table.spec, said)
            self.put_aside.take([Refusal(table.spec.name, table.place, audit, why, said)])

    def _settle(self) -> None:
        """Put aside what is at odds with other rows."""
        self._once([self.tables[AUDITS]])
        children = [table for t, table in self.tables.items() if t != AUDITS]
        self._orphans(children)
        self._once(children)

    def _orphans(self, children: Sequence[Table]) -> None:
        audits, lost = self.tables[AUDITS].view, self.put_aside.audits
        astray = {
            t.spec.name: f"SELECT {t.texts(t.names)} AS cells FROM {t.view} c "
            f"LEFT ANTI JOIN {audits} a ON c.{AUDIT_ID} = a.{AUDIT_ID}"
            for t in children
        }
        found = set()
        for t, (cells,) in self._wrong(astray):
            table = self.tables[t]
            row = _row(table, cells)
            fault = orphan(row[AUDIT_ID], lost, {})
            self._aside(table, fault, row)
            found.add(t)
        for t in sorted(found):
            table = self.tables[t]
            kept = f"SELECT c.* FROM {table.view} c LEFT SEMI JOIN {audits} a"
            table.view = self.on.make(f"known_{t}", f"{kept} ON c.{AUDIT_ID} = a.{AUDIT_ID}")

    def _once(self, tables: Sequence[Table]) -> None:
        """Put rows with one key aside: all where they differ, else all but one."""
        asked = {t.spec.name: _doubled(t) for t in tables if {*t.spec.key} <= {*t.names}}
        asked = {t: sql for t, sql in asked.items() if self.tables[t].spec.key}
        groups: dict[str, dict[tuple[str, ...], list[Texts]]] = {}
        for t, (key, cells) in self._wrong(asked):
            groups.setdefault(t, {}).setdefault(tuple(key), []).append(cells)
        for t, found in sorted(groups.items()):
            table = self.tables[t]
            for key, rows in sorted(found.items()):
                said = dict(zip(table.spec.key, key, strict=True))
                listed = [(at, repr(row)) for at, row in enumerate(rows)]
                for at, fault in twice(said, listed).items():
                    self._aside(table, fault, _row(table, rows[at]))
            table.view = self.on.make(f"once_{t}", _without_doubles(table))

    def _aside(self, table: Table, fault: Fault, row: Mapping[str, str]) -> None:
        audit, quiet = row.get(AUDIT_ID, ""), fault.code == "B405"
        refusal = Refusal(table.spec.name, table.place, audit, (fault,), row, quiet=quiet)
        self.put_aside.take([refusal])

    def _each(self, asked: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Any]]]:
        """Ask something of several tables at once."""
        if asked:
            each = (f"SELECT {text(t)} AS t, * FROM ({sql})" for t, sql in asked.items())
            for t, *found in self.on.rows(" UNION ALL ".join(each)):
                yield t, found

    def _wrong(self, asked: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Any]]]:
        """Fetch rows to be put aside, in an order that does not depend on the workers."""
        if not asked:
            return
        each = (f"SELECT {text(t)} AS t, * FROM ({sql})" for t, sql in asked.items())
        rows = self.on.rows(f"SELECT * FROM ({' UNION ALL '.join(each)}) LIMIT {MOST + 1}")
        for t, *found in sorted(rows, key=repr):
            yield t, found

    def _presence(self) -> Presence:
        not_examined: frozenset[str] = frozenset()
        if "not_examined" in self.tables[AUDITS].columns:
            listed = f"SELECT DISTINCT explode(not_examined) FROM {self.tables[AUDITS].view}"
            not_examined = frozenset(one for (one,) in self.on.rows(listed))
        self.on.make(f"typed_{PUT_ASIDE}", pairs_sql(self.put_aside.pairs, "table"))
        return Presence(
            {t: frozenset(table.names) for t, table in self.tables.items()},
            not_examined=not_examined,
            put_aside=frozenset(self.put_aside.tables),
        )


def pairs_sql(pairs: Iterable[tuple[str, str]], column: str) -> str:
    """Return SQL of pairs of an audit and something that is so of it."""
    listed = ", ".join(f"({text(audit)}, {text(what)})" for audit, what in sorted(pairs))
    source = f"VALUES {listed} AS p({AUDIT_ID}, {quoted(column)})"
    none = f"(SELECT '' AS {AUDIT_ID}, '' AS {quoted(column)}) WHERE FALSE"
    return f"SELECT * FROM {source if listed else none}"


def _odd_texts(column: Column) -> str:
    if column.slow:
        return "CAST(array() AS ARRAY<STRING>)"
    odd = f"{column.raw} IS NOT NULL AND NOT coalesce({column.quick}, FALSE)"
    return f"array_sort(collect_set(CASE WHEN {odd} THEN {column.raw} END))"


def _words(column: Column, texts: Iterable[str]) -> Mapping[str, Value]:
    # INVARIANT: what cannot be read is in no list of words, so its row is refused
    good: dict[str, Value] = {}
    for said in texts:
        with suppress(Unreadable):
            good[said] = read(said, column.spec)
    return good


def _typed(table: Table) -> str:
    """Return SQL of the typed fields, of the raw texts as `raw:<field>`, and of what is `bad`."""
    cells, bad = [], []
    for n, each in table.columns.items():
        words = table.words[n]
        known = f"{each.raw} IN ({', '.join(map(text, words))})" if words else "FALSE"
        cells += [f"{_value(each, words)} AS {quoted(n)}", f"{each.raw} AS {quoted(f'raw:{n}')}"]
        if not each.slow:
            plain = f"coalesce({each.quick}, FALSE)"
            bad.append(f"({each.raw} IS NOT NULL AND NOT {plain} AND NOT {known})")
    inner = f"SELECT {', '.join(cells)}, {' OR '.join(bad) or 'FALSE'} AS cell FROM {table.view} r"
    rows = [f"{quoted(f.name)} IS NULL" for f in table.spec.fields
            if f.required and f.name in table.columns]  # fmt: skip
    lacking = any(f.required and f.name not in table.columns for f in table.spec.fields)
    rows += ["TRUE"] if lacking else []
    for late, early in table.spec.order:
        if {late, early} <= {*table.names}:
            rows.append(f"coalesce({quoted(late)} < {quoted(early)}, FALSE)")
    return f"SELECT *, {' OR '.join(['cell', *rows])} AS bad FROM ({inner})"


def _value(each: Column, words: Mapping[str, Value]) -> str:
    if not words:
        return each.value if each.slow else _only(each, "NULL")
    whens = " ".join(
        f"WHEN {text(said)} THEN {_literal(value, each.spec.type)}" for said, value in words.items()
    )
    return _only(each, f"CASE {each.raw} {whens} END")


def _only(each: Column, other: str) -> str:
    kind = TYPES[each.spec.type]
    return f"CASE WHEN {each.quick} THEN {each.value} ELSE CAST({other} AS {kind}) END"


def _literal(value: Value, kind: FieldType) -> str:
    if value is None:
        return f"CAST(NULL AS {TYPES[kind]})"
    if isinstance(value, tuple):
        return f"array({', '.join(map(text, value))})"
    return f"CAST({text(str(value))} AS {TYPES[kind]})"


def _row(table: Table, cells: Texts) -> dict[str, str]:
    return {n: cell for n, cell in zip(table.names, cells, strict=True) if cell is not None}


def _key(table: Table) -> str:
    return ", ".join(map(quoted, table.spec.key))


def _filled(table: Table) -> str:
    return " AND ".join(f"{quoted(part)} IS NOT NULL" for part in table.spec.key)


def _doubled(table: Table) -> str:
    key = _key(table)
    again = f"SELECT {key} FROM {table.view} WHERE {_filled(table)} GROUP BY {key}"
    texts = table.texts(table.names)
    return (
        f"SELECT {table.texts(table.spec.key)} AS key, {texts} AS cells "
        f"FROM {table.view} LEFT SEMI JOIN ({again} HAVING count(*) > 1) USING ({key})"
    )


def _without_doubles(table: Table) -> str:
    over = f"PARTITION BY {_key(table)}"
    content = f"to_json(struct({table.listed()}))"
    numbered = (
        f"SELECT *, count(*) OVER ({over}) AS n, "
        f"row_number() OVER ({over} ORDER BY content) AS place, "
        f"min(content) OVER ({over}) = max(content) OVER ({over}) AS same "
        f"FROM (SELECT *, {content} AS content FROM {table.view})"
    )
    kept = f"n = 1 OR NOT ({_filled(table)}) OR (same AND place = 1)"
    return f"SELECT {table.listed()} FROM ({numbered}) WHERE {kept}"
