"""Pseudonyms: keyed hashes in the place of ids, and a mark in the place of free text.

In: a batch and a key. Out: the same batch with other ids; what was put aside is left out of it.
A pseudonym is HMAC-SHA-256 of the kind and the id, so that nobody without the key can try ids one
after another, and no child's is a worker's. The same key gives the same pseudonyms, whatever the
format and the order of the input.
It must not know files, and it tells the key to nobody.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import duckdb

from engine.records import sql
from engine.records.batch import Batch, Presence
from engine.rulebook.fields import AUDIT_ID, Field, Fields, FieldType

# 80 bits: among ten million ids of a kind, two share a pseudonym once in 24 thousand million times
BYTES = 10
LEFT_OUT = "(text left out)"
DOMAIN = b"practice-audit pseudonym 1"
PUT_ASIDE = "put_aside"
CHUNK = 50_000
_ALPHABET = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    b"0123456789abcdefghjkmnpqrstvwxyz",  # no letter that is taken for another
)


@dataclass(frozen=True)
class Choices:
    """What is replaced beside the ids: units by name (`team`, `provider`), and free text or not."""

    hashed: frozenset[str] = frozenset()
    keep_text: bool = False


@dataclass(frozen=True)
class Replaced:
    """What was replaced: how many ids of each kind, and how many texts of each field were left out.

    `kept` are fields of text that stayed as they were and hold anything.
    """

    ids: Mapping[str, int]
    texts: Mapping[str, int]
    kept: Mapping[str, int]


def pseudonym(key: bytes, kind: str, value: str) -> str:
    """Return the pseudonym of an id: its kind, and 16 letters and digits.

    >>> pseudonym(bytes(32), "child", "C1") == pseudonym(bytes(32), "child", "C1")
    True
    >>> pseudonym(bytes(32), "child", "C1")[:6], len(pseudonym(bytes(32), "child", "C1"))
    ('child-', 22)
    """
    said = b"\0".join((DOMAIN, kind.encode(), value.encode("utf-8", "surrogatepass")))
    digest = hmac.digest(key, said, "sha256")[:BYTES]
    return f"{kind}-{base64.b32encode(digest).translate(_ALPHABET).decode()}"


def kind_of(name: str, field: Field) -> str:
    """Return the kind of thing that an id or a unit's name names; nothing for free text.

    >>> kind_of("plan_id", Field(type=FieldType.ID, meaning="The plan"))
    'plan'
    """
    if field.names or field.type is not FieldType.ID:
        return field.names or ""
    return name.removesuffix("_id")


def units(fields: Fields) -> frozenset[str]:
    """Return the kinds of units whose names are texts, such as `team`."""
    each = (field for table in fields.tables.values() for field in table.fields.values())
    return frozenset(f.names for f in each if f.names and f.type is FieldType.TEXT)


def pseudonymise(
    batch: Batch, fields: Fields, key: bytes, choices: Choices
) -> tuple[Batch, Replaced]:
    """Return a batch in which nothing names a person, and what was replaced.

    The tables of the batch that is given are replaced too, for both share a connection. The
    batch that is returned is there to be written: it has no hash and its rows have no places.
    """
    work = _Work(batch.con, batch.presence, fields, choices)
    counts = {kind: work.name(kind, key) for kind in work.kinds()}
    texts, kept = work.texts()
    for table in (*batch.presence.columns, PUT_ASIDE):
        work.replace(table)
    other = replace(batch, problems=(), rejected=(), noted=(), sources=(), input_hash="")
    return other, Replaced(counts, texts, kept)


@dataclass(frozen=True)
class _Work:
    con: duckdb.DuckDBPyConnection
    presence: Presence
    fields: Fields
    choices: Choices

    def columns(self, table: str) -> tuple[str, ...]:
        held = self.presence.columns[table]
        return tuple(name for name in self.fields.tables[table].fields if name in held)

    def _each(self) -> Iterator[tuple[str, str, Field]]:
        for table in self.presence.columns:
            for name in self.columns(table):
                yield table, name, self.fields.tables[table].fields[name]

    def _kind(self, name: str, field: Field) -> str:
        """Return the kind of pseudonym that a field gets; nothing where it gets none."""
        kind = kind_of(name, field)
        return kind if field.type is FieldType.ID or kind in self.choices.hashed else ""

    def kinds(self) -> tuple[str, ...]:
        found = (self._kind(name, field) for _, name, field in self._each())
        return tuple(sorted({kind for kind in found if kind}))

    def name(self, kind: str, key: bytes) -> int:
        """Make the table of the pseudonyms of a kind; return how many there are."""
        wanted = " UNION ALL ".join(
            f"SELECT {sql.name(name)} AS value FROM {sql.typed(table)}"
            for table, name, field in self._each()
            if self._kind(name, field) == kind
        )
        named = _named(kind)
        self.con.execute(f"CREATE OR REPLACE TABLE {named} (value VARCHAR, pseudonym VARCHAR)")
        count = 0
        with self.con.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT value FROM ({wanted}) WHERE value IS NOT NULL")
            while rows := cursor.fetchmany(CHUNK):
                values = [value for (value,) in rows]
                self.con.execute(
                    f"INSERT INTO {named} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                    [values, [pseudonym(key, kind, value) for value in values]],
                )
                count += len(values)
        return count

    def texts(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return how many texts are left out, and how many are kept, by field."""
        out: dict[str, int] = {}
        kept: dict[str, int] = {}
        for table, name, field in self._each():
            if field.type is not FieldType.TEXT or self._kind(name, field):
                continue
            held = f"SELECT count({sql.name(name)}) FROM {sql.typed(table)}"
            ((count,),) = self.con.execute(held).fetchall()
            stays = kind_of(name, field) or self.choices.keep_text
            if count:
                (kept if stays else out)[f"{table}.{name}"] = count
        return out, kept

    def replace(self, table: str) -> None:
        """Put a table with pseudonyms in the place of a typed one."""
        names = (AUDIT_ID, "table") if table == PUT_ASIDE else self.columns(table)
        cells, joins = [], []
        for at, name in enumerate(names):
            column = sql.name(name)
            field = self._field(table, name)
            kind = self._kind(name, field) if field else ""
            if kind:
                joins.append(f"LEFT JOIN {_named(kind)} p{at} ON p{at}.value = s.{column}")
                cells.append(f"p{at}.pseudonym AS {column}")
            elif field and self._is_left_out(name, field):
                mark = sql.literal(LEFT_OUT)
                cells.append(f"CASE WHEN s.{column} IS NOT NULL THEN {mark} END AS {column}")
            else:
                cells.append(f"s.{column}")
        # a view: a large batch is not held in memory a second time
        before = f"{table} before"
        self.con.execute(
            f"ALTER {self._what(table)} {sql.typed(table)} RENAME TO {sql.name(before)}"
        )
        self.con.execute(
            f"CREATE VIEW {sql.typed(table)} AS SELECT {', '.join(cells)} "
            f"FROM {sql.typed(before)} s {' '.join(joins)}"
        )

    def _field(self, table: str, name: str) -> Field | None:
        if table == PUT_ASIDE:
            return self.fields.tables["audits"].fields.get(name)
        return self.fields.tables[table].fields[name]

    def _is_left_out(self, name: str, field: Field) -> bool:
        text = field.type is FieldType.TEXT and not kind_of(name, field)
        return text and not self.choices.keep_text

    def _what(self, table: str) -> str:
        ((kind,),) = self.con.execute(
            "SELECT table_type FROM information_schema.tables "
            "WHERE table_schema = 'typed' AND table_name = ?",
            [table],
        ).fetchall()
        return "VIEW" if kind == "VIEW" else "TABLE"


def _named(kind: str) -> str:
    return sql.name(f"pseudonyms_of_{kind}")
