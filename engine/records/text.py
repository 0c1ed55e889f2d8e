"""Bytes as text: UTF-8 with or without a mark, UTF-16, else Windows-1252, said in a warning.

In: a file. Out: the same text as a file of UTF-8, with its line ends as they are.
"""

import codecs
from pathlib import Path
from typing import TextIO

from engine.records.found import Found
from engine.records.stage import Stage

CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHOWN = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}


def utf8_of(found: Found, stage: Stage) -> Path:
    """Return the text of a file as UTF-8; a warning says where it was written otherwise."""
    encoding = _encoding(found)
    if encoding == "utf-8":
        return found.path
    if encoding in _SHOWN:
        said = f"the text is not UTF-8 and was read as {_SHOWN[encoding]}"
        stage.warn(
            found.location, "B103", said, "save it as `CSV UTF-8` to be sure of every letter"
        )
    kept = stage.scratch / f"{found.path.name}.utf8"
    with (
        found.path.open(encoding=encoding, errors="replace", newline="") as read,
        kept.open("w", encoding="utf-8", errors="replace", newline="") as write,
    ):
        while text := read.read(CHUNK):
            write.write(text)
    return kept


def open_text(path: Path) -> TextIO:
    """Open text as `utf8_of` left it."""
    return path.open(encoding="utf-8", newline="")


def _encoding(found: Found) -> str:
    for mark, encoding in _MARKS:
        if found.head.startswith(mark):
            return encoding if encoding != "utf-8-sig" or is_utf8(found) else "cp1252"
    # plain text in UTF-16 has a NUL in every other byte, even without a mark
    half = len(found.head) // 2
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and found.head[start::2].count(0) * 2 > half:
            return encoding
    return "utf-8" if is_utf8(found) else "cp1252"


def is_utf8(found: Found) -> bool:
    """Say whether the whole of a file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in found.chunks(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
