"""Bytes as text: UTF-8 with or without a mark, UTF-16, else Windows-1252, said in a warning."""

import codecs
from dataclasses import dataclass
from typing import TextIO

from engine.records.found import Found
from engine.records.stage import Stage

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SHOWN = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}


@dataclass(frozen=True)
class Text:
    """A file and the encoding of its text."""

    found: Found
    encoding: str

    def open(self) -> TextIO:
        """Open the text with its line ends as they are; what cannot be read is shown as `�`."""
        return self.found.path.open(encoding=self.encoding, errors="replace", newline="")


def text_of(found: Found, stage: Stage) -> Text:
    """Return the text of a file, with a warning where it is not UTF-8."""
    encoding = _encoding(found)
    if encoding in _SHOWN:
        stage.warn(found.location, "B103", f"the text is not UTF-8 and was read as {_SHOWN[encoding]}",
                   "save it as CSV UTF-8 to be sure of accents and dashes")
    return Text(found, encoding)


def _encoding(found: Found) -> str:
    for mark, encoding in _MARKS:
        if found.head.startswith(mark):
            return encoding
    if found.head[1::2].count(0) * 2 > len(found.head) // 2 > 0:
        return "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for line in found.lines():
            decoder.decode(line)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
