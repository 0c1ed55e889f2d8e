"""Strict YAML with the place of every part.

Bytes or text come in; a `Source` and Problems go out, whatever the bytes are. Every scalar stays
the text that was written (`yes`, `014`, `2015-01-01`): the field's type settles what it means,
never YAML's guess. Nothing here knows what a rule is.

The tree is built from the parser's events, not by `yaml.compose`: composing deep input recurses
in C and crashes the interpreter, while the event parser keeps its own stack.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from engine.errors import Location, Problem
from engine.rulebook.frames import parser_words, ticked
from engine.rulebook.parts import NONE, Found, Mark, Part, made_mark, made_part
from engine.rulebook.slips import slip_of

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

YAML_CODES: dict[str, str] = {
    "Y001": "the file is not text, or holds a character that text cannot hold",
    "Y002": "the file is not valid YAML",
    "Y003": "lists and groups of keys lie too deep inside one another",
    "Y004": "an alias, an anchor or a merge key is used",
    "Y005": "a tag (`!name`) is used",
    "Y006": "a key is written twice in one group",
    "Y007": "a key is not plain text",
    "Y008": "the file holds more than one document",
    "Y009": "the file is too large",
    "Y010": "the file is empty",
    "Y011": "a line starts with `%`",
    "Y012": "a list item is read as part of the text above it",
}

# After these the tree is still what the author meant, so later checks can go on from it.
_TREE_STANDS = frozenset({"Y006", "Y012"})

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_DIRECTIVE = re.compile("(?:^|[\r\n\x85\u2028\u2029])%")
_FILL = "write the file, or take it out of the folder"
_ZIPPED = b"PK\x03\x04"
_WRITE_OUT = "write the value out in full; text that starts with `&` or `*` needs quotes"


@dataclass(frozen=True)
class Source:
    r"""A YAML document with the place of each of its parts.

    `value` is made of dict, list, str and None only: every scalar is the text as it was written,
    except that an empty one, `~` and `null` without quotes are None.

    >>> source, _ = read_source("visits:\n  - {seen: yes}\n", "a.yaml")
    >>> source.value
    {'visits': [{'seen': 'yes'}]}
    >>> str(source.at(["visits", 0, "seen"])), str(source.key_at(["visits", 0, "seen"]))
    ('a.yaml:2:12', 'a.yaml:2:6')
    """

    file: str
    value: object
    root: Part = field(repr=False)
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Return the lines of the text; they are wanted only where something is told of it."""
        return tuple(_BREAK.split(self.text))

    def has(self, path: Sequence[str | int]) -> bool:
        """Say whether there is a value at the path."""
        return self.find(path).depth == len(path)

    def at(self, path: Sequence[str | int]) -> Location:
        """Return the place of the value at the path, or of its nearest ancestor that exists."""
        found = self.find(path)
        return _place(found.file, found.part.start)

    def end_at(self, path: Sequence[str | int]) -> Location:
        """Return the place just after the value at the path, or after its nearest ancestor."""
        found = self.find(path)
        return _place(found.file, found.part.end)

    def key_at(self, path: Sequence[str | int]) -> Location:
        """Return the place of the key at the path, or of its nearest ancestor's; an item's own."""
        found = self.find(path)
        return _place(found.file, found.key)

    def value_at(self, path: Sequence[str | int]) -> object:
        """Return the value at the path, or of its nearest ancestor that exists."""
        return self.find(path).part.value

    def line_text(self, number: int) -> str:
        """Return a line of the text, counting from 1; outside it, an empty string."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def word_at(self, path: Sequence[str | int], word: str) -> Location:
        """Return the place of a word inside the value at the path, or else of that value."""
        start, end = self.at(path), self.end_at(path)
        if start.file != self.file:  # an overlay's lines are not held here
            return start
        for number in range(start.line, end.line + 1):
            first = start.column - 1 if number == start.line else 0
            column = self.line_text(number).find(word, first)
            if column >= 0:
                return Location(self.file, line=number, column=column + 1)
        return start

    def find(self, path: Sequence[str | int]) -> Found:
        """Return what lies at the path, or its nearest ancestor that exists."""
        part, key, depth, file = self.root, self.root.start, 0, self.file
        for element in path:
            child = part.children.get(element)
            if child is None:
                break
            part, key, depth = child, part.keys.get(element, child.start), depth + 1
            file = part.file or file
        return Found(part, key, depth, file)


def _place(file: str, mark: Mark) -> Location:
    return Location(file, line=mark.line, column=mark.column)


def read_source(
    data: bytes | str, file: str, *, max_bytes: int = MAX_BYTES
) -> tuple[Source | None, tuple[Problem, ...]]:
    r"""Read one YAML document; all its problems come back sorted, and nothing is raised.

    There is a source where the tree is whole: without problems, or with only such problems as
    leave no doubt about what is meant (a duplicate key: its first value counts).

    >>> read_source("a: 1\na: 2\n", "a.yaml")[1][0].message
    'duplicate key `a`'
    """
    tree = _Tree(file)
    try:
        text = tree.text(data, max_bytes)
        root = tree.document(text)
    except _HaltError as halt:
        return None, tuple(sorted([*tree.problems, halt.problem]))
    problems = tuple(sorted(tree.problems))
    if any(problem.code not in _TREE_STANDS for problem in problems):
        return None, problems
    return Source(file, root.value, root, tree.read), problems


def text_lines(data: bytes) -> tuple[str, ...]:
    r"""Return the lines of a file as problems count them, whatever its bytes are.

    >>> text_lines("a: 1\r\nb: 2".encode())
    ('a: 1', 'b: 2')
    """
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data[:MAX_BYTES].decode("utf-16" if utf16 else "utf-8", "replace")
    return tuple(_BREAK.split(text.removeprefix("\ufeff")))


class _HaltError(Exception):
    """Reading cannot go on; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Tree:
    """Builds the tree of one document and collects its problems on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.read = ""
        self.events: Iterator[Any] = iter(())

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(_BREAK.split(self.read))

    def text(self, data: bytes | str, max_bytes: int) -> str:
        if len(data) > max_bytes:
            raise self.halt("Y009", f"the file is larger than {max_bytes:,} bytes", "split it")
        text = data if isinstance(data, str) else self.decoded(data)
        text = self.read = text.removeprefix("\ufeff")
        if wrong := _FORBIDDEN.search(text):
            raise self.wrong_character(wrong[0], self.mark_of(text, wrong.start()))
        # Before parsing: the parser takes time with the square of the number of directives.
        if "%" in text and (wrong := _DIRECTIVE.search(text)):
            mark = self.mark_of(text, wrong.end() - 1)
            raise self.halt(
                "Y011", "a line cannot start with `%`", "take it out, or put text in quotes", mark
            )
        return text

    def decoded(self, data: bytes) -> str:
        utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        try:
            return data.decode("utf-16" if utf16 else "utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-16" if utf16 else "utf-8", "replace")
            mark = self.mark_of(before, len(before))
            if data.startswith(_ZIPPED):
                message = "the file is a workbook or a Word document, not text"
                help_ = "rule files are written in a plain text editor"
                raise self.halt("Y001", message, help_) from None
            byte = b"\0" if utf16 else data[error.start : error.start + 1]
            raise self.not_utf8(byte, mark) from None

    def not_utf8(self, byte: bytes, mark: Mark) -> _HaltError:
        # What Windows writes where it is not told otherwise; a few bytes mean nothing even there.
        character = byte.decode("cp1252", "replace")
        known = character.isprintable() and character != "\N{REPLACEMENT CHARACTER}"
        said = f": {ticked(character)} stands here" if known else ""
        help_ = "save the file as UTF-8 (in Notepad: Save as, Encoding)"
        return self.halt("Y001", f"the file is not text in UTF-8{said}", help_, mark)

    def document(self, text: str) -> Part:
        try:
            # a generator of our own would take as long again as the parser does
            self.events = iter(_LOADER(text).get_event, None)
            return self.whole()
        # The parser without the C library raises its own errors on odd escapes.
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            raise self.syntax(error) from None

    def whole(self) -> Part:
        next(self.events)  # the stream starts
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise self.halt("Y010", "the file is empty", _FILL)
        root = self.part(next(self.events), 1)
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            help_ = "keep one document in each file; take out the line `---`"
            raise self.halt("Y008", "a second document starts here", help_, _mark(after.start_mark))
        if root.value is None and not self.problems:
            self.add("Y010", "the file is empty", _FILL, root.start)
        return root

    def part(self, event: Any, depth: int) -> Part:
        start = _mark(event.start_mark)
        kind = type(event)
        if kind is yaml.AliasEvent:
            self.add("Y004", f"alias {ticked(f'*{event.anchor}')}", _WRITE_OUT, start)
            return Part(None, start, _mark(event.end_mark))
        if event.anchor is not None:
            self.add("Y004", f"anchor {ticked(f'&{event.anchor}')}", _WRITE_OUT, start)
        if event.tag is not None:
            self.tag(event.tag, start)
        if kind is yaml.ScalarEvent:
            return self.scalar(event, start)
        if depth > MAX_DEPTH:
            help_ = "are brackets missing that close a list or a group?"
            raise self.halt("Y003", f"nested deeper than {MAX_DEPTH} levels", help_, start)
        build = self.mapping if kind is yaml.MappingStartEvent else self.sequence
        return build(start, depth)

    def scalar(self, event: Any, start: Mark) -> Part:
        plain, text, end = event.implicit[0], event.value, _mark(event.end_mark)
        if plain:
            if end[0] > start[0]:
                self.swallowed_items(start.line, end.line)
            if text in _NULLS:
                return Part(None, start, end)
        elif wrong := _FORBIDDEN.search(text):  # written as an escape: the text was searched
            self.problems.append(self.wrong_character(wrong[0], start).problem)
        return made_part((text, start, end, NONE, NONE, ""))

    def swallowed_items(self, first: int, last: int) -> None:
        for number in range(first + 1, last + 1):
            line = self.lines[number - 1] if number <= len(self.lines) else ""
            if line.lstrip().startswith("- "):
                help_ = "line the item up with the others, or put the whole text in quotes"
                mark = Mark(number, len(line) - len(line.lstrip()) + 1)
                self.add("Y012", "this list item is read as part of the text above", help_, mark)

    def sequence(self, start: Mark, depth: int) -> Part:
        items: list[Part] = []
        while type(event := next(self.events)) is not yaml.SequenceEndEvent:
            items.append(self.part(event, depth + 1))
        value = [item.value for item in items]
        return Part(value, start, _mark(event.end_mark), dict(enumerate(items)))

    def mapping(self, start: Mark, depth: int) -> Part:
        children: dict[str | int, Part] = {}
        keys: dict[str | int, Mark] = {}
        value: dict[str, object] = {}
        while type(event := next(self.events)) is not yaml.MappingEndEvent:
            name, place = self.key(event, depth + 1)
            child = self.part(next(self.events), depth + 1)
            if name in keys:
                first = f"first set on line {keys[name].line}"
                self.add("Y006", f"duplicate key {ticked(name)}", first, place)
            elif name is not None:
                children[name], keys[name], value[name] = child, place, child.value
        return made_part((value, start, _mark(event.end_mark), children, keys, ""))

    def key(self, event: Any, depth: int) -> tuple[str | None, Mark]:
        """Return the text of a key, or None with a problem where it has none, and its place."""
        place = self.part(event, depth).start
        if type(event) is not yaml.ScalarEvent or not event.value:
            if type(event) is not yaml.AliasEvent:
                inner = type(event) is yaml.MappingStartEvent
                help_ = "take the inner brackets away" if inner else "write `key: value`"
                self.add("Y007", "a key must be plain text", help_, place)
            return None, place
        if event.value == "<<" and event.implicit[0]:
            self.add("Y004", "merge key `<<`", "write the keys out in full", place)
            return None, place
        return event.value, place

    def tag(self, tag: str, mark: Mark) -> None:
        written = tag.replace("tag:yaml.org,2002:", "!!")
        help_ = "take the tag out; text that starts with `!` needs quotes"
        self.add("Y005", f"tag {ticked(written)}", help_, mark)

    def add(self, code: str, message: str, help_: str, mark: Mark) -> None:
        self.problems.append(self.halt(code, message, help_, mark).problem)

    def halt(
        self, code: str, message: str, help_: str = "", mark: Mark | None = None
    ) -> _HaltError:
        line, column = mark or (0, 0)
        place = Location(self.file, line=line, column=column)
        return _HaltError(Problem(place, code, message, help_))

    def wrong_character(self, character: str, mark: Mark) -> _HaltError:
        message = f"the character U+{ord(character):04X} cannot stand in text"
        return self.halt("Y001", message, "take it out; is this a text file?", mark)

    def mark_of(self, text: str, offset: int) -> Mark:
        before = _BREAK.split(text[:offset])
        return Mark(len(before), len(before[-1]) + 1)

    def syntax(self, error: Exception) -> _HaltError:
        mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        said = f"{getattr(error, 'context', '')}: {getattr(error, 'problem', '')}"
        words = parser_words(said)
        known = context if words.at_context and context else mark
        place = _mark(known) if known else None
        here = self.character_at(place)
        if here == "\t" or "tab character" in said:
            help_ = "delete it and type spaces: as many as the lines around it have"
            return self.halt("Y002", "a tab stands where YAML wants spaces", help_, place)
        broke, began = mark or context, context or mark
        if broke and began:
            slip = slip_of(said, _mark(broke), _mark(began), self.lines)
            if slip:
                return self.halt("Y002", slip.message, slip.help, Mark(slip.line, slip.column))
        fill = {"here": ticked(here), "line": context.line + 1 if context else 0}
        return self.halt(words.code, words.message.format(**fill), words.help.format(**fill), place)

    def character_at(self, place: Mark | None) -> str:
        if not place or place.line > len(self.lines):
            return ""
        return self.lines[place.line - 1][place.column - 1 : place.column]


def _mark(mark: Any) -> Mark:
    return made_mark((mark.line + 1, mark.column + 1))
