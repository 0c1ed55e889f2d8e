"""Which files of a folder are tables of the Standard Safeguarding Dataset, told by their headers.

In: a folder. Out: its sheets, a table of the dataset each, and their lines as text.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from engine.records.cells import MONTHS, clean, plain
from engine.records.delimited import DELIMITERS, Numbered, after, rows_of
from engine.records.dictionary import known_name
from engine.records.found import HEAD, Found
from engine.records.headers import SEARCHED
from engine.records.places import Fault, Layout, Part
from engine.records.readers.ssd_shapes import OTHER, Column, Table
from engine.records.readers.ssd_tables import TABLES
from engine.records.recognise import is_text
from engine.records.stage import Stage
from engine.records.text import utf8_of

LEAST = 2  # so many columns tell a table from a chance likeness

_COLUMNS: Mapping[str, tuple[Table, str]] = {
    name: (table, table.earlier.get(name, name))
    for table in TABLES
    for name in dict.fromkeys((*table.columns, *table.earlier))
}
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z][0-9]")
_FINE = re.compile(r"(\.[0-9]{6})[0-9]+$")
_NO_DAY = re.compile(r"(?:1900-01-01|0?1/0?1/1900)(?:[T ].*)?")
_MONTH_NAMED = re.compile(
    r"([a-z]{3}) +([0-9]{1,2}) +([0-9]{4}) +"
    r"([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2})?)(?::[0-9]+)? *([ap])m"
)


@dataclass(frozen=True)
class Heading:
    """The table that a file holds, how many rows with content stand above, and its header."""

    table: Table
    above: int
    titles: Sequence[str]
    delimiter: str

    @property
    def columns(self) -> Mapping[str, int]:
        """Return the position of each column of the table; the first where one stands twice."""
        named = {name: at for at, name in reversed([*enumerate(map(column_of, self.titles))])}
        return {name: at for name, at in named.items() if name in self.table.columns}


def column_of(title: str) -> str:
    """Return the column that a header writes, in whatever case; nothing for any other header."""
    known = known_name(title.rpartition(".")[2], _COLUMNS)
    return _COLUMNS[known][1] if known else ""


def heading_of(found: Found) -> Heading | None:
    """Return the heading of a file that holds a table of the dataset."""
    rows, delimiter = _first_rows(found)
    best: tuple[int, int] = (0, 0)
    chosen: Table | None = None
    for at, row in enumerate(rows):
        table, hits = _likeness(row)
        if (hits, -at) > best:
            best, chosen = (hits, -at), table
    if chosen is None or best[0] < LEAST:
        return None
    return Heading(chosen, -best[1], rows[-best[1]], delimiter)


def other_table(found: Found) -> str:
    """Return the table of the dataset that a file holds and that says nothing for us."""
    for row in _first_rows(found)[0]:
        starts = Counter(title.strip().lower()[:5] for title in row)
        for start, table in OTHER.items():
            if starts[f"{start}_"] >= LEAST:
                return table
    return ""


def _likeness(row: Sequence[str]) -> tuple[Table | None, int]:
    names = {known_name(title.rpartition(".")[2], _COLUMNS) for title in row if title.strip()}
    hits = Counter(_COLUMNS[name][0] for name in names if name)
    return max(hits.items(), key=lambda pair: pair[1], default=(None, 0))


def _first_rows(found: Found) -> tuple[list[list[str]], str]:
    if found.folder or not is_text(found):
        return [], ","
    text = _decoded(found.head)
    if len(found.head) == HEAD:
        text = text.rpartition("\n")[0]
    first = "".join(islice(io.StringIO(text), SEARCHED))
    delimiter = max(DELIMITERS, key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(row):
                rows.append(row)
            if len(rows) == SEARCHED:
                break
    except csv.Error:
        pass
    return rows, delimiter


def _decoded(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head and head[start::2].count(0) * 4 > len(head):
            return head.decode(encoding, errors="replace")
    return head.decode("utf-8", errors="replace")


class Line:
    """One line of a sheet: its number, and its cells by column."""

    __slots__ = ("_columns", "number", "row")

    def __init__(self, number: int, row: Sequence[str], columns: Mapping[str, int]) -> None:
        self.number, self.row, self._columns = number, row, columns

    def __getitem__(self, name: str) -> str | None:
        """Return the cell of a column as it is written; nothing where there is no such column."""
        at = self._columns.get(name)
        return clean(self.row[at]) if at is not None and at < len(self.row) else None

    def said(self, column: Column) -> str | None:
        """Return the text that a column gives for the field that it fills."""
        return _said(column, self[column.name])

    def yes(self, name: str) -> bool:
        """Say whether a flag is set."""
        return plain(self[name] or "") in ("y", "yes", "1", "true", "t")


@lru_cache(maxsize=65_536)  # the same words and days stand in many lines
def _said(column: Column, text: str | None) -> str | None:
    if text is None:
        return column.rest
    if column.day:
        return day_text(text)
    word = plain(text)
    if column.codes:
        code = _CODE.search(text.upper())
        return column.words.get(code[0], column.rest) if code else column.rest
    if word in column.words:
        return column.words[word]
    return text if column.rest is None else column.rest


@lru_cache(maxsize=65_536)
def day_text(text: str) -> str | None:
    """Return a day as our cells are written; the systems' 1 January 1900 stands for no day.

    >>> day_text("Mar  3 2024  2:05PM"), day_text("1900-01-01 00:00:00.000")
    ('2024-03-03 14:05', None)
    """
    if _NO_DAY.fullmatch(text):
        return None
    found = _MONTH_NAMED.fullmatch(text.lower())
    if found and found[1] in MONTHS:
        hour = int(found[4]) % 12 + (12 if found[6] == "p" else 0)
        month, day = MONTHS.index(found[1]) + 1, int(found[2])
        return f"{found[3]}-{month:02}-{day:02} {hour:02}{found[5]}"
    return _FINE.sub(r"\1", text)


class Sheet:
    """One file that holds rows of a table."""

    def __init__(self, found: Found, heading: Heading, stage: Stage) -> None:
        self.found, self.heading = found, heading
        self.path = utf8_of(found, stage)
        self.columns = heading.columns
        whole = rows_of(self.path, heading.delimiter)
        self.header_line = next(islice(whole, heading.above, None), (0, []))[0]

    def rows(self) -> Iterator[Numbered]:
        """Yield the rows below the header."""
        return after(rows_of(self.path, self.heading.delimiter), self.header_line)

    def lines(self) -> Iterator[Line]:
        """Yield the lines below the header."""
        return (Line(number, row, self.columns) for number, row in self.rows())

    def fault(self, line: Line) -> list[Fault]:
        """Return what is wrong with the shape of a line."""
        width, row = len(self.heading.titles), line.row
        if len(row) == width or (len(row) > width and not any(row[width:])):
            return []
        said = f"the row has {len(row)} cells and the header has {width}"
        return [Fault("", "B201", said, "put quotes around text that holds a comma or a line end")]

    def part(self, names: Mapping[str, str]) -> Part:
        """Return the file as a part of one of our tables, whose fields columns give by name."""
        at = {field: self.columns[name] for field, name in names.items() if name in self.columns}
        return Part(self.found.name, Layout.LINES, columns=at)
