"""Fill a stage from the files of a system, as a mapping says.

In: a mapping and a source. Out: a filled stage. Every problem stands at its cell in the system's
own file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, zip_longest

from engine.errors import Location
from engine.records.cells import clean, identifier, plain
from engine.records.found import Found
from engine.records.headers import SEARCHED
from engine.records.mapping.children import MappedChildren
from engine.records.mapping.filling import Columns, Filling, columns_of, fillings, matches
from engine.records.mapping.model import Mapped, MappingFile
from engine.records.mapping.sources import SourceTable, source_tables
from engine.records.places import Fault, Layout, Part, Place, Refusal
from engine.records.readers.reader import Reader
from engine.records.sheets import SheetRow
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS

NAMED = 12  # so many columns are named in one warning


def mapped(mapping: MappingFile) -> Reader:
    """Return the reader of a system."""

    def read(found: Found, stage: Stage) -> None:
        _Reading(mapping, stage).read(found)

    return Reader(f"{mapping.system}, by its mapping", lambda _: True, read)


@dataclass
class _Reading:
    """The state of reading one source."""

    mapping: MappingFile
    stage: Stage
    children: MappedChildren | None = None
    used: set[int] = field(default_factory=set)

    def read(self, found: Found) -> None:
        """Read every file and sheet that the mapping names, and say what was left."""
        if self.mapping.reads == "children":
            self.children = MappedChildren(self.stage)
        for source in source_tables(found, self.stage):
            self._source(source)
        for at, table in enumerate(self.mapping.tables):
            if at not in self.used:
                named = ", ".join(f"`{name}`" for name in table.from_)
                said = f"there is no file or sheet {named}, which the mapping reads"
                way_out = f"`{table.table}` has no rows from it; check the name after `from:`"
                self.stage.warn(found.location, "B244", said, way_out)
        if self.children is not None and self.used:
            self.children.write()

    def _source(self, source: SourceTable) -> None:
        tables = [
            (at, table)
            for at, table in enumerate(self.mapping.tables)
            if matches(source.title, table.from_)
        ]
        if not tables:
            if not matches(source.title, self.mapping.ignore or ("",)):
                said = f"`{source.title}` is in no line of the mapping and was not read"
                way_out = "map it, or write its name after `ignore:`"
                self.stage.warn(source.location, "B243", said, way_out)
            return
        self.used.update(at for at, _ in tables)
        first = list(islice(source.rows, SEARCHED))
        above = _header([table for _, table in tables], first)
        if above is None:
            said = "no column that the mapping names was found in the first rows"
            self.stage.warn(source.location, "B240", said, "check the names of the columns")
            return
        header = _Header(source, first[above])
        self._warn(header, [table for _, table in tables])
        fillers = [f for _, table in tables for f in self._fillers(header, table)]
        for row in chain(first[above + 1 :], source.rows):
            self._row(header, fillers, row)

    def _warn(self, header: "_Header", tables: Sequence[Mapped]) -> None:
        """Say which columns the mapping names in vain, and which it does not name."""
        wanted = [name for table in tables for name in _columns(table)]
        for name in dict.fromkeys(wanted):
            if plain(name) not in header.columns:
                said = f"there is no column `{name}`, which the mapping names"
                way_out = "what it would fill counts as absent; check the name"
                self.stage.warn(header.where(), "B241", said, way_out)
        known = {plain(n) for n in (*wanted, *(n for table in tables for n in table.ignore))}
        left = [t for t in header.row.cells if clean(t) and plain(t or "") not in known]
        if left:
            shown = ", ".join(f"`{clean(title)}`" for title in left[:NAMED])
            more = f" and {len(left) - NAMED:,} more" if len(left) > NAMED else ""
            said = f"columns that the mapping does not name were not read: {shown}{more}"
            self.stage.warn(header.where(), "B242", said, "write them after `ignore:` if you like")

    def _fillers(self, header: "_Header", table: Mapped) -> Iterator["_Filler"]:
        spec = self.stage.dictionary.tables[table.table]
        if table.holds == "latest_only":
            self.stage.latest_only.add(table.table)
        for filling in fillings(table, spec, header.columns, self.mapping.dates):
            part = Part(*header.named, columns=filling.places)
            if filling.whose not in filling.places:
                self._nobodys(header, filling)
                continue
            if self.children is None or table.table != AUDITS:
                staged = self.stage.rows(table.table)
                staged.present.update(cell.spec.name for cell in filling.cells)
            yield _Filler(filling, part)

    def _nobodys(self, header: "_Header", filling: Filling) -> None:
        """Put a table aside, once, in which no column says whose its rows are."""
        whose = filling.table.child or filling.table.fields[AUDIT_ID].column or ()
        if filling.table.table == AUDITS:
            self.stage.rows(AUDITS)
        said = f"there is no column {' or '.join(f'`{n}`' for n in whose)}, and no row was read"
        fault = Fault("", "B301", said, "put the name of the column right in the mapping")
        place = Place(Part(*header.named), header.row.number)
        refusal = Refusal(
            filling.table.table, place, "", [fault], [*filter(None, header.row.cells)]
        )
        self.stage.put_aside.take([refusal])

    def _row(self, header: "_Header", fillers: Sequence["_Filler"], row: SheetRow) -> None:
        shape = header.shape(row)
        for filler in fillers:
            if not shape and not filler.filling.wants(row):
                continue
            made = filler.filling.row(row)
            if made is None:
                continue
            place = Place(filler.part, row.number)
            table = filler.filling.table
            faults = [*shape, *made.faults]
            if self.children is not None and not faults:
                faults += self._named(place, table, made.cells, self.children)
            if faults:
                named = {**header.named_cells(row), AUDIT_ID: made.cells.get(AUDIT_ID)}
                self.stage.rows(table.table).refuse(place, named, faults)
            elif self.children is None or table.table != AUDITS:
                names = filler.filling.spec.names
                self.stage.rows(table.table).add(place, [made.cells.get(n) for n in names])

    def _named(
        self, place: Place, table: Mapped, cells: Mapping[str, str], children: MappedChildren
    ) -> list[Fault]:
        """Take what a row says of its child; return what is wrong if it names none."""
        child = identifier(cells.get(AUDIT_ID))
        if not child:
            return [Fault(AUDIT_ID, "B301", "no child is named, and one must be")]
        children.take(child, place, table, cells)
        return []


def _columns(table: Mapped) -> Iterator[str]:
    """Yield the columns that a table of the mapping names."""
    yield from table.child or ()
    yield from table.where
    for fields in (table.fields, *table.each):
        for filled in fields.values():
            yield from filled.column or ()


def _header(tables: Sequence[Mapped], rows: Sequence[SheetRow]) -> int | None:
    """Return which of the first rows names the most columns of the mapping."""
    wanted = {plain(name) for table in tables for name in _columns(table)}
    counts = [len({plain(c) for c in row.cells if c} & wanted) for row in rows]
    return counts.index(max(counts)) if any(counts) else None


@dataclass(frozen=True)
class _Filler:
    """Rows of one table, and how their places are named."""

    filling: Filling
    part: Part


class _Header:
    """The header of a file or sheet."""

    def __init__(self, source: SourceTable, row: SheetRow) -> None:
        self.source, self.row = source, row
        self.columns: Columns = columns_of(row.cells)
        where = source.location
        self.named = (where.file, source.layout, where.sheet)

    def where(self) -> Location:
        """Return the place of the header."""
        if self.source.layout is Layout.SHEET:
            return replace(self.source.location, cell=f"A{self.row.number}")
        return replace(self.source.location, line=self.row.number)

    def named_cells(self, row: SheetRow) -> dict[str, str | None]:
        """Return the cells of a row that are filled, by the column as the system names it."""
        pairs = zip_longest(self.row.cells, row.cells, fillvalue="")
        return {clean(title) or "": cell for title, cell in pairs if cell}

    def shape(self, row: SheetRow) -> list[Fault]:
        """Return what is wrong with a row of a text that has cells too many or too few."""
        width, found = len(self.row.cells), len(row.cells)
        if self.source.layout is Layout.SHEET or found == width:
            return []
        if found > width and not any(row.cells[width:]):
            return []
        said = f"the row has {found} cells and the header has {width}"
        return [Fault("", "B201", said, "put quotes around text that holds a comma or a line end")]
