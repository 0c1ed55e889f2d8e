"""XML as it streams by: one wanted element after another, each with its lines and its paths.

In: a file. Out: `Element`s; `Stop` for a file that is broken or made to do harm. A document type is
refused, since entities are declared there; depth, size and number of everything are bounded, and
nothing is ever fetched. Prefixes and namespaces play no part. It must not know any return.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from engine.errors import Location, Stop
from engine.records.found import Found, stop
from engine.records.stage import Stage
from engine.records.text import is_utf8

CHUNK = 1 << 16
DEEPEST = 50
LONGEST_TEXT = 10_000  # letters in one element
LONGEST_TAG = 1 << 20  # bytes that the parser must hold at once
MOST_ATTRIBUTES = 100
MOST_ELEMENTS = 100_000  # within one wanted element

_SAYS_UTF16 = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']utf-?16""", re.IGNORECASE)
_SAYS_OTHER = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8)""", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"
_CUT_SHORT = ("no element found", "unclosed token", "partial character")


@dataclass(slots=True)
class Element:
    """One element: its name without prefix, where it begins, and what stands in it."""

    name: str
    line: int
    path: str
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Element"]:
        """Yield the elements of a name that stand directly in it."""
        return (inner for inner in self.inside if inner.name == name)

    def first(self, *names: str) -> "Element | None":
        """Return the first element at the end of a path of names."""
        found: Element | None = self
        for name in names:
            found = next(found.all(name), None) if found else None
        return found

    def __getitem__(self, name: str) -> str:
        """Return the text of the first element of a name, blank where there is none."""
        found = self.first(name)
        return found.text.strip() if found else ""

    def plain(self) -> dict[str, object]:
        """Return what stands in it as nested objects, to be listed where it is put aside."""
        found: dict[str, object] = {}
        for inner in self.inside:
            value = inner.plain() if inner.inside else inner.text.strip()
            if inner.name in found:
                before = found[inner.name]
                found[inner.name] = [*(before if isinstance(before, list) else [before]), value]
            else:
                found[inner.name] = value
        return found


Wanted = Callable[[tuple[str, ...]], bool]


class _Builder:
    """Takes the parser's calls and keeps what is wanted until it is asked for."""

    def __init__(self, found: Found, parser: expat.XMLParserType, wanted: Wanted) -> None:
        self.found, self.parser, self.wanted = found, parser, wanted
        self.above = 0  # blank lines before the first tag
        self.ready: list[Element] = []
        self.names: list[str] = []
        self.counts: list[Counter[str]] = [Counter()]
        self.paths: list[str] = [""]
        self.open: list[Element] = []
        self.held = self.letters = 0
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.letters_come
        parser.StartDoctypeDeclHandler = self.refuse
        parser.EntityDeclHandler = self.refuse

    def here(self) -> Location:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        return Location(self.found.name, line=line + self.above, column=column + 1)

    def refuse(self, *_: object) -> None:
        said = "the XML declares a document type or entities, which may do harm when they are read"
        way_out = "take the `<!DOCTYPE ...>` out; no return has one"
        raise stop(self.here(), "B010", said, way_out)

    def too_much(self, what: str) -> Stop:
        said = f"the XML holds {what}, more than can be read safely"
        return stop(self.here(), "B011", said, "no return looks like this: export it again")

    def start(self, raw: str, attributes: dict[str, str]) -> None:
        if len(attributes) > MOST_ATTRIBUTES:
            raise self.too_much(f"a tag with {len(attributes):,} attributes")
        if len(self.names) >= DEEPEST:
            raise self.too_much(f"elements in one another to a depth of {DEEPEST + 1}")
        name = raw.rpartition(":")[2]
        self.counts[-1][name] += 1
        number = self.counts[-1][name]
        step = name if len(self.names) < 2 and number == 1 else f"{name}[{number}]"  # noqa: PLR2004
        self.paths.append(f"{self.paths[-1]}/{step}")
        self.names.append(name)
        self.counts.append(Counter())
        if self.open or self.wanted(tuple(self.names)):
            self.hold(name)

    def hold(self, name: str) -> None:
        element = Element(name, self.parser.CurrentLineNumber + self.above, self.paths[-1])
        if self.open:
            self.open[-1].inside.append(element)
        else:
            self.held = 0
        self.held += 1
        self.letters = 0
        if self.held > MOST_ELEMENTS:
            raise self.too_much(f"an element with more than {MOST_ELEMENTS:,} others in it")
        self.open.append(element)

    def letters_come(self, text: str) -> None:
        if self.open:
            self.letters += len(text)
            if self.letters > LONGEST_TEXT:
                raise self.too_much(f"an element with more than {LONGEST_TEXT:,} letters")
            self.open[-1].text += text

    def end(self, _: str) -> None:
        self.names.pop()
        self.paths.pop()
        self.counts.pop()
        if self.open:
            element = self.open.pop()
            self.letters = 0
            if not self.open:
                self.ready.append(element)


def elements(found: Found, wanted: Wanted) -> Iterator[Element]:
    """Yield the outermost elements for whose path of names `wanted` says yes.

    Raises:
        Stop: the file is no sound XML, or holds what no return holds.
    """
    parser = expat.ParserCreate(encoding_of(found))
    builder = _Builder(found, parser, wanted)
    fed = 0
    try:
        for chunk in _chunks(found, builder):
            parser.Parse(chunk, False)  # noqa: FBT003 - it takes no names
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise builder.too_much(f"a tag or comment of more than {LONGEST_TAG >> 20} MB")
            yield from builder.ready
            builder.ready.clear()
        parser.Parse(b"", True)  # noqa: FBT003
        yield from builder.ready
    except expat.ExpatError as error:
        raise _broken(found, builder, expat.ErrorString(error.code) or "", error) from error
    except (ValueError, LookupError) as error:
        raise _broken(found, builder, "its encoding is not known", None) from error


def encoding_of(found: Found) -> str | None:
    """Return the encoding to read a file in, where it does not say the right one itself."""
    zeros = b"\0" in found.head[:200]
    if zeros or (_SAYS_OTHER.match(found.head) and not _SAYS_UTF16.match(found.head)):
        return None
    if is_utf8(found):
        # text that was saved as UTF-8 may still say UTF-16 above
        return "utf-8" if _SAYS_UTF16.match(found.head) else None
    return "windows-1252"


def say_encoding(found: Found, stage: Stage) -> None:
    """Warn of a file that is not in the encoding that it says."""
    if encoding_of(found) == "windows-1252":
        said = "the text is not UTF-8 and was read as Windows-1252"
        way_out = "write the encoding in the first line of the file"
        stage.warn(found.location, "B103", said, way_out)


def _chunks(found: Found, builder: _Builder) -> Iterator[bytes]:
    """Yield the bytes of a file from the first that is not blank."""
    begun = b"\0" in found.head[:200]
    for chunk in found.chunks(CHUNK):
        if begun:
            yield chunk
            continue
        rest = chunk.removeprefix(_UTF8_MARK).lstrip()
        builder.above += chunk[: len(chunk) - len(rest)].count(b"\n")
        if rest:
            begun = True
            yield rest


def _broken(found: Found, builder: _Builder, why: str, error: expat.ExpatError | None) -> Stop:
    where = found.location
    if error is not None:
        line = error.lineno + builder.above
        where = Location(found.name, line=line, column=error.offset + 1)
    said = f"the XML is broken here: {why}"
    if why in _CUT_SHORT:
        said = "the XML ends before it is complete"
    return stop(where, "B202", said, "export the file again, and send it whole")
