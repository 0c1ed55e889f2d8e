"""What a file is, by its content.

In: a file. Out: yes or no for each kind, or the end of the run for a file that nothing here can
open. Names play no part, save that they name the tables in a folder, and that an ending settles
what the content leaves open.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from engine.records.found import Found, stop

ZIP, OLE, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
WORKBOOK_PART = "xl/workbook.xml"
LARGEST = 1 << 30  # a workbook may unpack to so many bytes
LARGEST_RATIO, RATIO_FROM = 250, 100 << 20  # and from that size on, to so many times its own

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AUDIT_KEY = re.compile(r"""(?i)audit[ _-]?id["']?\s*:""")
_SECTION = re.compile(r"\[+\s*[A-Za-z_][^\[\]{}]*\]+\s*(?:[#;].*)?")  # of a TOML or INI file
_UNQUOTED = re.compile(r"[\[{]+\s*[^\s\[\]{}\"]")
_FIRST = 4_096  # so many bytes are looked at for the first tag
_TAG = re.compile(r"\s*<(?:\?xml|!|[A-Za-z_][\w.:-]*[\s/>])")
YAML_ENDINGS = (".yaml", ".yml")
TABLE_ENDINGS = (".csv", ".tsv")


def is_parquet(found: Found) -> bool:
    """Say whether a file is a Parquet file."""
    return found.head.startswith(PARQUET)


def is_workbook(found: Found) -> bool:
    """Say whether a file is an Excel workbook; stop at one that must not or cannot be opened."""
    if found.head.startswith(OLE):
        raise _old_or_protected(found)
    return found.head.startswith(ZIP) and _holds_workbook(found)


def is_text(found: Found) -> bool:
    """Say whether a file may be text."""
    if found.folder or found.head.startswith((ZIP, OLE, PARQUET)):
        return False
    return found.head.startswith(_UTF16) or b"\0" not in found.head or _every_other(found.head)


def is_xml(found: Found) -> bool:
    """Say whether a file begins as XML does."""
    if not is_text(found):
        return False
    encoding = "utf-16" if found.head.startswith(_UTF16) else "utf-8-sig"
    head = found.head[:_FIRST].replace(b"\0", b"") if encoding != "utf-16" else found.head[:_FIRST]
    return bool(_TAG.match(head.decode(encoding, "replace")))


def is_json_lines(found: Found) -> bool:
    """Say whether a file holds one JSON object a line, however many of them are broken."""
    first = list(islice(lines_of(found), 100)) if is_text(found) else []
    if not first or not first[0].startswith("{") or _is_flow(found, first[0]):
        return False
    return _closes(first[0]) or 2 * sum(line.startswith("{") for line in first) > len(first)


def is_json(found: Found) -> bool:
    """Say whether a file holds one JSON object or list."""
    first = next(lines_of(found), "") if is_text(found) else ""
    if not first.startswith(("{", "[")) or _SECTION.fullmatch(first) or _is_flow(found, first):
        return False
    return not is_json_lines(found)


def is_yaml(found: Found) -> bool:
    """Say whether a file is other text that gives an `audit_id`."""
    first = next(lines_of(found), "") if is_text(found) else ""
    if not first or first.startswith(("{", "[")):
        return _is_flow(found, first)
    if ending(found) in TABLE_ENDINGS:  # a text in a table may well speak of an `Audit ID:`
        return False
    return any(_AUDIT_KEY.search(line) for line in lines_of(found))


def lines_of(found: Found) -> Iterator[str]:
    """Yield the lines of a text that are not blank, as far as they can be read."""
    encoding = "utf-16" if found.head.startswith(_UTF16) else "utf-8-sig"
    with found.path.open(encoding=encoding, errors="replace") as file:
        yield from (line.strip() for line in file if line.strip())


def ending(found: Found) -> str:
    """Return the ending of a file's name."""
    return PurePosixPath(found.name).suffix.lower()


def _is_flow(found: Found, first: str) -> bool:
    # YAML may stand in brackets too; JSON has quotes around its keys
    return ending(found) in YAML_ENDINGS and bool(_UNQUOTED.match(first))


def _closes(line: str) -> bool:
    # enough to tell a whole object from the first line of an indented one
    return line.endswith("}") and line.count("{") <= line.count("}")


def _every_other(head: bytes) -> bool:
    half = len(head) // 2
    return any(head[start::2].count(0) * 2 > half for start in (0, 1))


def _holds_workbook(found: Found) -> bool:
    try:
        with ZipFile(found.path) as archive:
            parts = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        said = f"`{found.name}` is damaged and cannot be opened"
        raise stop(found.location, "B009", said, "save it again, or ask for it again") from error
    if WORKBOOK_PART not in {part.filename for part in parts}:
        return False
    size = sum(part.file_size for part in parts)
    if size > LARGEST or (size > RATIO_FROM and size > LARGEST_RATIO * max(found.size, 1)):
        said = f"`{found.name}` unpacks to {size >> 20} MB, more than can be read safely"
        raise stop(found.location, "B007", said, "give the tables as a folder of CSV files")
    return True


def _old_or_protected(found: Found) -> Exception:
    if "EncryptedPackage".encode("utf-16-le") in found.content():
        said = f"`{found.name}` is protected by a password or a sensitivity label"
        return stop(found.location, "B005", said, "remove the sensitivity label or password")
    said = f"`{found.name}` is in a format of Excel before 2007"
    return stop(found.location, "B006", said, "save it as an Excel workbook (.xlsx)")
