"""Read a mapping file and hold it against the dictionary.

In: a path and the dictionary. Out: a `MappingFile`, or every problem that it has at its place.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.errors import Exit, Location, Problem, Stop, nearest, reason
from engine.records.cells import Spec, Unreadable, read
from engine.records.dictionary import Dictionary, TableSpec
from engine.records.mapping.model import BLANK, Filled, Mapped, MappingFile
from engine.rulebook.fields import AUDIT_ID, AUDITS, FieldType
from engine.rulebook.source import Source, read_source
from engine.rulebook.validate import validate

DATED = frozenset({FieldType.DATE, FieldType.DATETIME, FieldType.MONTH})
Steps = tuple[str | int, ...]


def load_mapping(path: Path, dictionary: Dictionary) -> MappingFile:
    """Return a checked mapping.

    Raises:
        Stop: there is no such file, or it has errors, with all of them.
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "no such path"
        said = f"the mapping cannot be opened ({why})"
        help_ = "give the path of a mapping; `audit mapping new` makes one"
        problem = Problem(Location(path.as_posix()), "M001", said, help_)
        raise Stop(Exit.USAGE, (problem,)) from None
    mapping, problems = parse_mapping(data, path.as_posix(), dictionary)
    if mapping is None:
        raise Stop(Exit.USAGE, problems)
    return mapping


def parse_mapping(
    data: bytes | str, name: str, dictionary: Dictionary
) -> tuple[MappingFile | None, tuple[Problem, ...]]:
    """Return a mapping that stands in a text, or all its problems."""
    source, problems = read_source(data, name)
    if source is None or problems:
        return None, problems
    mapping, problems = validate(MappingFile, source)
    if mapping is None:
        return None, problems
    problems = tuple(sorted(set(_Check(mapping, source, dictionary).problems())))
    return (None, problems) if problems else (mapping, ())


class _Check:
    """A mapping held against the dictionary."""

    def __init__(self, mapping: MappingFile, source: Source, dictionary: Dictionary) -> None:
        self.mapping, self.source, self.dictionary = mapping, source, dictionary
        self.children = mapping.reads == "children"

    def problems(self) -> Iterator[Problem]:
        """Yield what does not fit."""
        for at, table in enumerate(self.mapping.tables):
            yield from self._table(table, ("tables", at))
        if not self.children and all(table.table != AUDITS for table in self.mapping.tables):
            help_ = "fill the table `audits`, or write `reads: children` for an extract of children"
            where = self.source.key_at(("tables",))
            yield Problem(where, "M010", "no part of it fills the table `audits`", help_)

    def _table(self, table: Mapped, at: Steps) -> Iterator[Problem]:
        spec = self.dictionary.tables.get(table.table)
        if spec is None:
            help_ = nearest(table.table, tuple(self.dictionary.tables))
            said = f"`{table.table}` is no table"
            yield Problem(self.source.at((*at, "table")), "M002", said, help_)
            return
        yield from self._whose(table, at)
        yield from self._fields(spec, table.fields, (*at, "fields"))
        for number, fields in enumerate(table.each):
            yield from self._fields(spec, fields, (*at, "each", number))
            for name in fields.keys() & table.fields.keys():
                said = f"`{name}` is filled for every row already"
                place = self.source.key_at((*at, "each", number, name))
                yield Problem(place, "M008", said, "take it out of one of the two")

    def _whose(self, table: Mapped, at: Steps) -> Iterator[Problem]:
        where = self.source.key_at((*at, "table"))
        if self.children:
            if table.child is None:
                help_ = "add `child:` with the column of the child's number"
                yield Problem(where, "M004", "nothing says which child a row is about", help_)
            if AUDIT_ID in table.fields:
                said = "a mapping that reads children gives no `audit_id`: each child becomes one"
                place = self.source.key_at((*at, "fields", AUDIT_ID))
                yield Problem(place, "M009", said, "write the column after `child:` instead")
            if table.work is not None:
                yield from self._work(table.work, (*at, "work"))
            return
        if AUDIT_ID not in table.fields:
            help_ = "add `audit_id:` with the column of the audit's number"
            yield Problem(where, "M004", "nothing says which audit a row belongs to", help_)
        for key in ("child", "work"):
            if getattr(table, key) is not None:
                said = f"`{key}` is of use only where the mapping reads children"
                help_ = "add `reads: children`, or take it out"
                yield Problem(self.source.key_at((*at, key)), "M009", said, help_)

    def _work(self, work: str, at: Steps) -> Iterator[Problem]:
        audits = self.dictionary.audits
        yield from self._value(audits.fields[audits.index["case_type"]], work, at)

    def _fields(
        self, spec: TableSpec, fields: Mapping[str, Filled], at: Steps
    ) -> Iterator[Problem]:
        for name, filled in fields.items():
            if name not in spec.index:
                help_ = nearest(name, spec.names) or f"its fields are: {', '.join(spec.names)}"
                said = f"`{name}` is no field of `{spec.name}`"
                yield Problem(self.source.key_at((*at, name)), "M003", said, help_)
            else:
                yield from self._field(spec.fields[spec.index[name]], filled, (*at, name))

    def _field(self, field: Spec, filled: Filled, at: Steps) -> Iterator[Problem]:
        if filled.dates and field.type not in DATED:
            said = f"`{field.name}` holds no dates"
            yield Problem(self.source.key_at((*at, "dates")), "M007", said, "take `dates` out")
        if filled.always is not None:
            yield from self._value(field, filled.always, (*at, "always"))
        if filled.otherwise not in (None, BLANK):
            yield from self._value(field, str(filled.otherwise), (*at, "otherwise"))
        for theirs, ours in filled.values.items():
            if ours is not None:
                yield from self._value(field, ours, (*at, "values", theirs))

    def _value(self, field: Spec, value: str, at: Steps) -> Iterator[Problem]:
        try:
            read(value, field)
        except Unreadable as fault:
            yield Problem(self.source.at(at), "M005", fault.message, fault.help)
