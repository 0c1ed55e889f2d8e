"""Workbooks in plain form, which calamine reads as openpyxl does, in a tenth of the time.

In: a workbook. Out: its sheets, or nothing where any part of it might be read differently by the
two, or is damaged; `plain_form.py` says what is plain. A test holds the two together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from engine.records.plain_form import (
    MAIN,
    are_few,
    are_strings,
    errors_of,
    is_sheet,
    is_text,
    lengths_of,
    styles_of_days,
)
from engine.records.recognise import WORKBOOK_PART

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# larger parts are left to openpyxl, which need not hold them
LARGEST = 200_000_000
TYPES = "[Content_Types].xml"
NAMES, STRINGS, STYLES = "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"
_SHEET = re.compile(r"xl/worksheets/[A-Za-z0-9_-]+\.xml")
_DOCUMENT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_VISIBLE = "visible"


@dataclass(frozen=True)
class PlainSheet:
    """A sheet in plain form; its errors by row and column, both from 1."""

    title: str
    hidden: bool
    book: "CalamineWorkbook"
    errors: Mapping[int, Mapping[int, str]]

    def rows(self) -> Iterator[Sequence[object]]:
        """Yield the values of each row from the first; raise ValueError at a damaged one."""
        from python_calamine import CalamineError

        try:
            sheet = self.book.get_sheet_by_name(self.title)
        except CalamineError as error:
            raise ValueError from error
        before: list[object] = [None] * (sheet.start[1] if sheet.start else 0)
        for number, row in enumerate(sheet.iter_rows(), start=1):
            values = before + [None if value == "" else value for value in row]
            for column, shown in self.errors.get(number, {}).items():
                values += [None] * (column - len(values))
                values[column - 1] = shown
            yield values


def plain_sheets(file: IO[bytes], archive: ZipFile) -> list[PlainSheet] | None:
    """Return the sheets of a workbook in plain form; nothing of any other.

    What a broken one raises is not told here: openpyxl reads it next.
    """
    try:
        parts = _Parts(archive)
        listed = parts.sheets()
        if not listed:
            return None
        errors = [parts.errors(part) for _, _, part in listed]
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(file)
        if not {title for title, _, _ in listed} <= {*book.sheet_names}:
            return None
    except Exception:  # noqa: BLE001 - of a hostile file it may be anything
        return None
    return [
        PlainSheet(title, hidden, book, found)
        for (title, hidden, _), found in zip(listed, errors, strict=True)
    ]


class _NotPlain(Exception):  # noqa: N818 - it is an answer, not an error in the program
    """A part that might be read differently."""


class _Parts:
    """The parts of a workbook, each of which has to be plain."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.sizes = {part.filename: part.file_size for part in archive.infolist()}
        if not _are_told_apart(archive.infolist()):
            raise _NotPlain
        self.days = self._days()
        self.lengths = self._lengths()

    def sheets(self) -> list[tuple[str, bool, str]]:
        """Return the title of each sheet, whether it is hidden, and the name of its part."""
        book, names = self._tree(WORKBOOK_PART), self._tree(NAMES)
        kinds = {one.get("Id"): _kind(one) for one in names.iter(_RELATION)}
        if not (_one_list(book) and self._are_named() and _usual(kinds.values())):
            raise _NotPlain
        found = []
        for sheet in book.iter(f"{MAIN}sheet"):
            kind, part = kinds[sheet.get(f"{_DOCUMENT}id")]
            if kind == "worksheet":
                title, state = sheet.attrib["name"], sheet.get("state", _VISIBLE)
                found.append((title, state != _VISIBLE, part))
        if len({title for title, _, _ in found}) < len(found):
            raise _NotPlain
        return found

    def errors(self, part: str) -> Mapping[int, Mapping[int, str]]:
        """Return the errors in a sheet that is plain."""
        data = self._read(part)
        if not (is_sheet(data, self.days) and are_few(data, self.lengths)):
            raise _NotPlain
        return errors_of(data)

    def _are_named(self) -> bool:
        """Say whether the workbook says that its parts are where both look for them."""
        kinds: dict[str, set[str]] = {}
        for part in self._tree(TYPES).iter(_OVERRIDE):
            kind = part.attrib["ContentType"].rpartition(".")[2]
            kinds.setdefault(kind, set()).add(part.attrib["PartName"])
        texts = {f"/{STRINGS}"} if STRINGS in self.sizes else set()
        return kinds.get("sharedStrings+xml", set()) == texts and kinds.get("main+xml", set()) <= {
            f"/{WORKBOOK_PART}"
        }

    def _lengths(self) -> list[int]:
        if STRINGS not in self.sizes:
            return []
        strings = self._read(STRINGS)
        if not are_strings(strings):
            raise _NotPlain
        return lengths_of(strings)

    def _days(self) -> frozenset[int]:
        days = styles_of_days(self._read(STYLES)) if STYLES in self.sizes else frozenset[int]()
        if days is None:
            raise _NotPlain
        return days

    def _tree(self, part: str) -> ET.Element:
        data = self._read(part)
        if not is_text(data):
            raise _NotPlain
        return ET.fromstring(data)  # noqa: S314 - it has no entities

    def _read(self, part: str) -> bytes:
        if self.sizes[part] > LARGEST:
            raise _NotPlain
        return self.archive.read(part)


def _are_told_apart(parts: Sequence[ZipInfo]) -> bool:
    """Say whether both find the same part by a name, and can unpack it.

    calamine takes names that differ in the case of letters or by a backslash for one name.
    """
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    own = {one.lower(): one for one in (WORKBOOK_PART, NAMES, STRINGS, STYLES)}
    return len(names) == len(parts) and all(
        part.compress_type in (ZIP_STORED, ZIP_DEFLATED)
        and b"up" not in part.extra  # another name, which not both read
        and part.filename == own.get(part.filename.replace("\\", "/").lower(), part.filename)
        for part in parts
    )


def _one_list(book: ET.Element) -> bool:
    """Say whether a workbook lists its sheets once, and counts days from 1900."""
    listed = book.findall(f"{MAIN}sheets")
    named = [one for one in book.iter() if one.tag.endswith("}sheet")]
    eras = (one.get("date1904", "0") for one in book.iter() if one.tag.endswith("}workbookPr"))
    return (
        len(listed) == 1
        and named == listed[0].findall(f"{MAIN}sheet")
        and all(era in ("0", "false") for era in eras)
    )


def _kind(relation: ET.Element) -> tuple[str, str]:
    """Return what a part is to the workbook, and its name."""
    if relation.get("TargetMode", "Internal") != "Internal":
        raise _NotPlain
    target = relation.attrib["Target"]
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return relation.attrib["Type"].rpartition("/")[2], part


def _usual(kinds: Iterable[tuple[str, str]]) -> bool:
    """Say whether parts have the names that both look for, so that no other is read unseen."""
    own = {"sharedStrings": STRINGS, "styles": STYLES}
    return all(
        bool(_SHEET.fullmatch(part)) if kind == "worksheet" else own.get(kind, part) == part
        for kind, part in kinds
    )
