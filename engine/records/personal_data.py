"""Look for personal data in the free text and the ids of a batch; it changes no finding.

In: typed tables. Out: an entry of data quality for each find, masked and with its place, and one
warning a table. The database, or a look at few rows, leaves the texts that may hold something;
`personal_patterns` decides about those. Sources of its rules stand there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

import duckdb

from engine.errors import Problem
from engine.records import sql
from engine.records.held import Held
from engine.records.noted import Noted
from engine.records.personal_few import (
    BIRTH_MONTH,
    Births,
    Born,
    born_of_few,
    may_hold,
    suspects_of_few,
)
from engine.records.personal_patterns import (
    MARKS,
    MAYBE,
    MAYBE_DATE,
    MAYBE_ID,
    TEN,
    Kind,
    hits,
    id_kind,
    masked,
)
from engine.records.staging import RowStage
from engine.records.typed import Typed
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType

CHECK = "personal_data"
CODE = "B190"
SHOWN = 500  # so many finds of a table are noted with their places; the warning counts all
ASKED = 10_000  # so many ids of a column say whether its ten digits are NHS numbers
_MAYBE = f"{MAYBE}|{MAYBE_DATE}"


@dataclass(frozen=True)
class Find:
    """One find: in which row and field, what, its mask, and how a message says where it stands."""

    rowid: int
    audit_id: str
    field: str
    kind: Kind
    mask: str
    whole: bool


@dataclass
class Finds:
    """What was found in one table: all of it counted, the first of it kept."""

    counts: Counter[Kind] = field(default_factory=Counter)
    first: list[Find] = field(default_factory=list)

    def add(self, find: Find) -> None:
        """Count a find."""
        self.counts[find.kind] += 1
        if len(self.first) < SHOWN:
            self.first.append(find)


def personal_data(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Typed]
) -> tuple[tuple[Noted, ...], tuple[Problem, ...]]:
    """Return an entry for each find, and a warning for each table that holds any."""
    noted: list[Noted] = []
    problems: list[Problem] = []
    births = _births(tables[AUDITS])
    # an id that tells the rows of one file apart numbers a thing and no person
    things = {name for one in tables.values() for name in one.spec.key if name != AUDIT_ID}
    for table in tables.values():
        columns = _Columns.of(table, things)
        if not columns.maybe(con, table):
            continue
        finds = Finds()
        for find in columns.finds(con, table, births):
            finds.add(find)
        if finds.first:
            told, warning = _told(table, finds)
            noted += told
            problems.append(warning)
    return tuple(sorted(noted)), tuple(problems)


def _births(audits: Typed) -> Births:
    """Return the month of birth of each audit's child, unless it was a baby then."""
    if BIRTH_MONTH not in audits.columns:
        return Births() if audits.held is None else Births("", {})
    held = [name for name in ("audit_date", "period_end") if name in audits.columns]
    # a visit in the month of birth is no birthday where a baby is what the audit is about
    baby = f"greatest({', '.join(held)}) < {BIRTH_MONTH} + INTERVAL 1 YEAR" if held else "false"
    return Births(
        f"SELECT {AUDIT_ID}, CASE WHEN coalesce({baby}, false) THEN NULL ELSE {BIRTH_MONTH} END "
        f"AS born FROM {sql.typed(AUDITS)}",
        born_of_few(audits.held, held) if audits.held is not None else None,
    )


@dataclass(frozen=True)
class _Columns:
    """The columns of a table in which personal data may stand."""

    texts: tuple[str, ...]
    ids: tuple[str, ...]

    @classmethod
    def of(cls, table: Typed, things: AbstractSet[str]) -> "_Columns":
        held = [spec for spec in table.spec.fields if spec.name in table.columns]
        ids = (s.name for s in held if s.type is FieldType.ID and s.name not in things)
        return cls(
            tuple(spec.name for spec in held if spec.type is FieldType.TEXT),
            # the audit of a row is looked at where the audit stands
            tuple(name for name in ids if name != AUDIT_ID or table.spec.name == AUDITS),
        )

    def maybe(self, con: duckdb.DuckDBPyConnection, table: Typed) -> bool:
        """Say whether anything may be found, as quickly as can be."""
        if not self.texts and not self.ids:
            return False
        if isinstance(table.staged, RowStage) and not table.staged.many:
            return self._maybe_few(table.staged)
        suspects = self._unknown(con, table).suspects()
        if not suspects:
            return False
        held = f"SELECT 1 FROM {sql.typed(table.spec.name)} WHERE {suspects} LIMIT 1"
        return bool(con.execute(held).fetchall())

    def _unknown(self, con: duckdb.DuckDBPyConnection, table: Typed) -> "_Columns":
        """Return the columns without those whose texts are few and known to hold nothing."""
        words = table.facts.words if table.facts else {}
        clear = {
            name for name in self.texts if name in words and not _held_in(con, words[name], _MAYBE)
        }
        return _Columns(tuple(name for name in self.texts if name not in clear), self.ids)

    def _maybe_few(self, staged: RowStage) -> bool:
        at = [staged.spec.index[name] for name in (*self.texts, *self.ids)]
        return any(may_hold(str(row[i])) for row in staged.buffer for i in at if row[i])

    def suspects(self) -> str:
        """Return SQL that is true of a row which may hold something; nothing for no columns."""
        texts = (f"({_has(name, MARKS)} AND {_has(name, _MAYBE)})" for name in self.texts)
        return " OR ".join((*texts, *(self._odd_id(name) for name in self.ids)))

    def _odd_id(self, name: str) -> str:
        return _has(name, MAYBE_ID)

    def finds(self, con: duckdb.DuckDBPyConnection, table: Typed, births: Births) -> Iterator[Find]:
        """Yield what is found, by row."""
        names = (*self.texts, *self.ids)
        if table.held is not None and births.few is not None:
            yield from self._of_few(con, table, table.held, births.few)
            return
        shown = ", ".join(f"s.{sql.name(name)}" for name in names)
        suspects = f"SELECT *, rowid AS _row FROM {table.numbered()} WHERE {self.suspects()}"
        born = f"LEFT JOIN ({births.sql}) b ON b.{AUDIT_ID} = s.{AUDIT_ID} " if births.sql else ""
        asked = self._asked(con, table)
        with con.cursor() as cursor:
            cursor.execute(
                f"SELECT s._row, s.{AUDIT_ID}, {'b.born' if births.sql else 'NULL'}, {shown} "
                f"FROM ({suspects}) s {born}{self._sure(births.sql)}ORDER BY s._row"
            )
            while rows := cursor.fetchmany(10_000):
                for rowid, audit, birth, *cells in rows:
                    own = _Row(rowid, audit, birth, asked)
                    yield from own.finds(dict(zip(names, cells, strict=True)), self.texts)

    def _of_few(
        self, con: duckdb.DuckDBPyConnection, table: Typed, held: Held, born: Born
    ) -> Iterator[Find]:
        few = suspects_of_few(held, self.texts, self.ids, born)
        asked = self._asked(con, table) if few else frozenset()
        for rowid, audit, birth, cells in few:
            yield from _Row(rowid, audit, birth, asked).finds(cells, self.texts)

    def _sure(self, births: str) -> str:
        """Return SQL that leaves out texts with no more than days of other years than birth."""
        names = [f"s.{sql.name(name)}" for name in (*self.texts, *self.ids)]
        sure = [f"regexp_matches({name}, {sql.literal(MAYBE)})" for name in names]
        if births:
            sure += [f"contains({name}, strftime(b.born, '%Y'))" for name in names]
        return f"WHERE {' OR '.join(sure)} "

    def _asked(self, con: duckdb.DuckDBPyConnection, table: Typed) -> frozenset[str]:
        """Return the columns of ids whose ten digits are NHS numbers more often than by chance.

        One number of ten digits in eleven has the right check digit, whatever it numbers.
        """
        return frozenset(name for name in self.ids if self._are_nhs_numbers(con, table, name))

    def _are_nhs_numbers(self, con: duckdb.DuckDBPyConnection, table: Typed, name: str) -> bool:
        column = sql.name(name)
        rows = con.execute(
            f"SELECT DISTINCT {column} FROM {sql.typed(table.spec.name)} "
            f"WHERE {_has(name, f'^{TEN}$')} ORDER BY 1 LIMIT {ASKED}"
        ).fetchall()
        right = sum(id_kind(value) is Kind.NHS for (value,) in rows)
        return 2 * right > len(rows)


@dataclass(frozen=True)
class _Row:
    rowid: int
    audit_id: str
    born: date | None
    asked: frozenset[str]

    def finds(self, cells: Mapping[str, str | None], texts: Sequence[str]) -> Iterator[Find]:
        for name, text in cells.items():
            if text is None:
                continue
            if name in texts:
                for hit in hits(text, self.born):
                    mask = masked(text, hit)
                    yield Find(self.rowid, self.audit_id, name, hit.kind, mask, whole=False)
            elif found := self._of_id(name, text):
                mask = re.sub("[^ @./-]", "*", text)
                # an audit whose number is such a thing is not named
                audit = "" if name == AUDIT_ID else self.audit_id
                yield Find(self.rowid, audit, name, found, mask, whole=True)

    def _of_id(self, name: str, text: str) -> Kind | None:
        kind = id_kind(text, self.born)
        return None if kind is Kind.PHONE or (kind is Kind.NHS and name not in self.asked) else kind


def _has(name: str, pattern: str) -> str:
    return f"coalesce(regexp_matches({sql.name(name)}, {sql.literal(pattern)}), false)"


def _held_in(con: duckdb.DuckDBPyConnection, words: Sequence[str], pattern: str) -> bool:
    listed = "(SELECT unnest(?::VARCHAR[]) AS word)"
    query = f"SELECT coalesce(bool_or(regexp_matches(word, ?)), false) FROM {listed}"
    return bool(con.execute(query, [pattern, [*words]]).fetchall()[0][0])


def _told(table: Typed, finds: Finds) -> tuple[list[Noted], Problem]:
    wanted = {find.rowid for find in finds.first}
    fetch = table.staged.fetch if table.base is None else table.fetch
    places = {at: place for at, place, _ in fetch(wanted)}
    noted = [
        Noted(
            CHECK,
            table.spec.name,
            find.field,
            find.audit_id,
            _message(find),
            (find.mask,),
            (places[find.rowid].at(find.field),),
        )
        for find in finds.first
    ]
    said = ", ".join(_counted(n, kind) for kind, n in sorted(finds.counts.items()))
    first = finds.first[0]
    return noted, Problem(
        places[first.rowid].at(first.field),
        CODE,
        f"`{table.spec.name}` holds what looks like personal data, first here: {said}",
        "take it out at its source; `audit pseudonymise` makes a batch without ids and free text",
        warning=True,
    )


def _message(find: Find) -> str:
    verb = "is" if find.whole else "holds"
    article = "an" if find.kind in (Kind.EMAIL, Kind.NHS) else "a"
    return f"`{find.field}` {verb} what looks like {article} {find.kind}"


def _counted(number: int, kind: Kind) -> str:
    irregular = {Kind.BIRTH: "dates of birth", Kind.EMAIL: "e-mail addresses"}
    return f"1 {kind}" if number == 1 else f"{number:,} {irregular.get(kind, f'{kind}s')}"
