"""`batch.json`: what a batch folder says of itself beyond its tables.

In: a folder. Out: a `BatchNote`, or the end of the run where the file is not as it should be: what
an extract could not tell would then seem to be told. It must not know how tables are read.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn, TypeVar

from engine.errors import Location, nearest
from engine.records.found import Found, stop
from engine.records.json_text import Broken, parse
from engine.rulebook.fields import AUDITS

if TYPE_CHECKING:
    from engine.records.batch import Batch
    from engine.records.stage import Stage

NAME = "batch.json"
REJECTED = "rejected.csv"
FAMILY, SCHEMA = "audit-batch/", "audit-batch/1"
LARGEST = 256 << 20  # bytes; a pair of an audit and a table takes some 30
WRITE_AGAIN = "make the batch again with `audit import`"

T = TypeVar("T")


@dataclass(frozen=True)
class BatchNote:
    """What tables alone do not tell of a batch.

    `format` names what it was made from, `source` what its reasons call a return (blank for the
    project's own shapes). `latest_only` are the tables of which the source holds the
    latest row only. `put_aside` gives, by audit (empty: none that is in the batch), each table that
    lost a row. `apostrophes`: a text that a spreadsheet would take for a formula, or that begins
    with apostrophes before one, has one apostrophe more.
    """

    format: str = ""
    source: str = ""
    latest_only: frozenset[str] = frozenset()
    put_aside: frozenset[tuple[str, str]] = frozenset()
    apostrophes: bool = False

    @classmethod
    def of(cls, batch: "Batch") -> "BatchNote":
        """Return what is to be said of a batch."""
        pairs = batch.con.execute('SELECT audit_id, "table" FROM typed.put_aside').fetchall()
        held = {(audit, table) for audit, table in pairs}
        others = batch.presence.put_aside - {table for _, table in held}
        lost = frozenset({*held, *(("", table) for table in others)})
        return cls(batch.format, batch.presence.source, batch.presence.latest_only, lost)

    def text(self) -> str:
        """Return it as JSON: the same text for the same batch."""
        said = {
            "schema": SCHEMA,
            "format": self.format,
            "source": self.source,
            "latest_only": sorted(self.latest_only),
            "put_aside": sorted(map(list, self.put_aside)),
            "apostrophes": self.apostrophes,
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"

    def tell(self, stage: "Stage", found: Found) -> None:
        """Hand over to a stage what the tables do not tell; warn of tables that there are not."""
        for table in sorted(self.latest_only | {table for _, table in self.put_aside}):
            if table not in stage.dictionary.tables:
                near = nearest(table, tuple(stage.dictionary.tables))
                where = Location(f"{found.name.rstrip('/')}/{NAME}")
                stage.warn(where, "B183", f"`{table}` is no table", near)
        stage.source = self.source
        stage.apostrophes = self.apostrophes
        stage.latest_only |= self.latest_only
        stage.put_aside.pairs |= self.put_aside
        stage.put_aside.tables |= {table for _, table in self.put_aside}


def noted(found: Found) -> tuple[Found, BatchNote | None]:
    """Return what was found without what stands beside its tables, and what that says."""
    note = _note(found)
    return (found, None) if note is None else (replace(found, beside={NAME, REJECTED}), note)


def _note(found: Found) -> BatchNote | None:
    inside = found.inside if found.folder else ()
    file = next((one for one in inside if one.path.name == NAME and not one.folder), None)
    if file is None or len(inside) == 1:  # alone it can only be a batch in JSON
        return None
    if file.size > LARGEST:
        said = f"`{file.name}` is larger than {LARGEST >> 20} MB and was not read"
        raise stop(file.location, "B180", said, WRITE_AGAIN)
    try:
        value = parse(file.content())
    except Broken as broken:
        where = Location(file.name, line=broken.line, column=broken.column)
        raise stop(where, "B180", broken.message, WRITE_AGAIN) from None
    if isinstance(value, dict) and str(value.get("schema")).startswith(FAMILY):
        return _Reading(file, value).note()
    if found.named(AUDITS):
        said = f"`{file.name}` does not say what the batch lacks: it has no `schema` `{SCHEMA}`"
        raise stop(file.location, "B180", said, "take it out of the folder if it is another thing")
    return None


class _Reading:
    """One `batch.json` as it is read; the first thing wrong ends the run."""

    def __init__(self, file: Found, value: Mapping[str, object]) -> None:
        self.file, self.value = file, value

    def note(self) -> BatchNote:
        """Return what it says."""
        schema = self.value["schema"]
        if schema != SCHEMA:
            said = f"`{schema}` is not a form of batch that is read here; it is `{SCHEMA}`"
            raise stop(self.file.location, "B181", said, "use the version of `audit` that wrote it")
        known = {"schema", *BatchNote.__dataclass_fields__}
        for key in sorted(self.value.keys() - known):
            self._wrong(f"`{key}` is no key of it", nearest(key, tuple(known)))
        return BatchNote(
            format=self._taken("format", _text, "a text"),
            source=self._taken("source", _text, "a text"),
            latest_only=self._taken("latest_only", _names, "a list of tables"),
            put_aside=self._taken("put_aside", _pairs, "a list of pairs of an audit and a table"),
            apostrophes=self._taken(
                "apostrophes", lambda v: v if isinstance(v, bool) else None, "`true` or `false`"
            ),
        )

    def _taken(self, key: str, read: "Callable[[object], T | None]", wanted: str) -> T:
        if key not in self.value:
            self._wrong(f"the key `{key}` is missing", "")
        found = read(self.value[key])
        if found is None:
            self._wrong(f"`{key}` must be {wanted}", "")
        return found

    def _wrong(self, said: str, help_: str) -> NoReturn:
        raise stop(self.file.location, "B182", said, help_ or WRITE_AGAIN)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _names(value: object) -> frozenset[str] | None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return None
    return frozenset(value)


def _pairs(value: object) -> frozenset[tuple[str, str]] | None:
    found: set[tuple[str, str]] = set()
    for pair in value if isinstance(value, list) else (None,):
        match pair:
            case [str(audit), str(table)]:
                found.add((audit, table))
            case _:
                return None
    return frozenset(found)
