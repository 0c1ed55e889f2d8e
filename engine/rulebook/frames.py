"""How problems are worded and drawn: user text in backticks, parser talk in plain English, frames.

Words, problems and lines come in, text goes out. Nothing here knows where they came from.
"""

import re
import unicodedata
from typing import NamedTuple

from engine.errors import Problem

_LONGEST = 60
_LEFT, _RIGHT = 60, 100
# A text in quotes, or a plain one up to what ends it.
_VALUE = re.compile(
    r""""[^"]*"|'[^']*'|[^\s\[\]{},:#&*"'-][^,\[\]{}:#]*?(?=\s*(?:[,\[\]{}:#]|$))"""
)


def ticked(text: object) -> str:
    """Put the user's own words in backticks: one line, not too long, nothing unprintable.

    >>> print(ticked("hgih"), ticked("two" + chr(10) + "lines"))
    `hgih` `two lines`
    """
    if text == "`":
        return "a backtick"
    words = "".join(_seen(c) for c in " ".join(str(text)[: _LONGEST * 4].split())).replace("`", "'")
    return f"`{words}`" if len(words) <= _LONGEST else f"`{words[: _LONGEST - 1]}…`"


def frame(problem: Problem, line_text: str = "") -> str:
    """Draw a problem: place, code and message, then its line with a caret, then the help.

    Without the line (or a column) only the message and the help are left.

    >>> from engine.errors import Location
    >>> place = Location("a.yaml", line=3, column=9)
    >>> problem = Problem(place, "R001", "unknown key `knid`", "did you mean `kind`?")
    >>> print(frame(problem, "where: {knid: other}"))
    a.yaml:3:9: R001 unknown key `knid`
      |
    3 | where: {knid: other}
      |         ^^^^
      = help: did you mean `kind`?
    """
    place = problem.location
    parts = [headline(problem)]
    gutter = " " * len(str(place.line))
    if place.line and place.column and line_text:
        text, caret = _clipped(line_text, place.column - 1)
        width = _width(line_text[place.column - 1 :], problem.message)
        mark = _indent(text[:caret]) + "^" * max(1, min(width, len(text) - caret))
        parts += [f"{gutter} |", f"{place.line} | {text}", f"{gutter} | {mark}"]
    if problem.help:
        parts.append(f"{gutter} = help: {problem.help}")
    return "\n".join(parts)


def headline(problem: Problem) -> str:
    """Return a problem in one line: place, code, message, and that it is only a warning."""
    warned = "warning: " if problem.warning else ""
    return f"{problem.location}: {problem.code} {warned}{problem.message}"


def _clipped(line: str, caret: int) -> tuple[str, int]:
    """Cut a long line to a window around the caret, which moves with it."""
    start = max(0, caret - _LEFT) if len(line) > _LEFT + _RIGHT else 0
    window = line[start : start + _LEFT + _RIGHT]
    left = "…" if start else ""
    right = "…" if start + len(window) < len(line) else ""
    text = "".join(c if c == "\t" else _seen(c) for c in window)
    return f"{left}{text}{right}", caret - start + len(left)


def _width(rest: str, message: str) -> int:
    """Return how long the words are that the message quotes, where they stand at the caret.

    Where it quotes none that stand there, it is the word at the caret.
    """
    for quoted in re.findall(r"`([^`]+)`", message):
        if here := re.match(rf"""(["']?){re.escape(quoted)}\1""", rest):
            return len(here[0])
    value = _VALUE.match(rest)
    return len(value[0]) if value else 1


def _indent(text: str) -> str:
    return "".join(c if c == "\t" else " " for c in text)


def _seen(character: str) -> str:
    # Control and format characters could move the cursor or turn the text of a terminal round.
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character)[0] == "C" else character


class Words(NamedTuple):
    """What we say where PyYAML says one of `needles`, with its C library or without it."""

    needles: tuple[str, ...]
    message: str
    help: str
    at_context: bool = False  # the place is where the construct began, not where it broke
    code: str = "Y002"


_QUOTES = "put the whole text in quotes"

# The first row that fits counts; the last fits everything.
_PARSER_WORDS = (
    Words(("cannot start any token",), "text cannot start with {here}", _QUOTES),
    Words(("an alias", "an anchor"), "text cannot start with {here}", _QUOTES, at_context=True),
    Words(
        ("parsing a tag", "scanning a tag", "tag handle"),
        "a tag (`!name`) is not allowed",
        "text that starts with `!` needs quotes",
        at_context=True,
        code="Y005",
    ),
    Words(
        ("values are not allowed", "unexpected ':'"),
        "`:` is not expected here",
        "put text that holds `: ` in quotes, or check the indentation",
    ),
    Words(("keys are not allowed",), "text cannot start with `? `", _QUOTES),
    Words(
        ("entries are not allowed",),
        "a list item cannot start here",
        "start the list on a line of its own",
    ),
    Words(
        ("a simple key",),
        "this key has no `: ` after it",
        "write `key: value`; a text that goes on is indented",
        at_context=True,
    ),
    Words(("',' or ']'",), "`,` or `]` is missing before this", "the list starts on line {line}"),
    Words(("',' or '}'",), "`,` or `}}` is missing before this", "the group starts on line {line}"),
    Words(
        ("end of stream", "document indicator", "document separator"),
        "these quotes are not closed",
        "write the same quote mark at the end of the text",
        at_context=True,
    ),
    Words(("node content",), "a value is missing before this", "check commas and brackets"),
    Words(
        ("quoted scalar",),
        "YAML does not know this `\\` escape",
        "write `\\\\` for a backslash, or put the text in single quotes",
    ),
    Words(
        ("block scalar",),
        "only a comment may follow `|` or `>` on its line",
        "start the text on the next line, indented",
    ),
    Words(
        ("",),
        "this does not belong here",
        "check the indentation, and the quotes and brackets before it",
    ),
)


def parser_words(said: str) -> Words:
    """Return our words for what a YAML parser said.

    >>> parser_words("while scanning a quoted scalar: found unexpected end of stream").message
    'these quotes are not closed'
    """
    return next(row for row in _PARSER_WORDS if any(needle in said for needle in row.needles))
