"""What a person did where a YAML parser only says what it did not expect.

What the parser said, the place and the lines come in, a better place, message and help go out.
Nothing is guessed that the lines do not show; where none of this fits, the parser's words stand.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from engine.rulebook.frames import ticked

_SPACE = "\N{NO-BREAK SPACE}"
_KEY = r"['\"]?[\w-]+['\"]?"
_SMART = re.compile("[\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]")


class Slip(NamedTuple):
    """A mistake in words; `line` and `column` count from 1."""

    line: int
    column: int
    message: str
    help: str


def slip_of(
    said: str, at: tuple[int, int], began: tuple[int, int], lines: Sequence[str]
) -> Slip | None:
    """Return what was done wrong at a place, if it can be seen; `began`: where the part began.

    >>> slip_of("mapping values are not allowed", (2, 8), (2, 8), ("id: x", "  level: local"))[2]
    '`level` is indented further than the keys above it'
    """
    if hard := _hard_space(at, lines):
        return hard
    if "values are not allowed" in said or "unexpected ':'" in said:
        return _colon(at, lines)
    if "simple key" in said:
        return _no_colon(began, lines)
    if "',' or '" in said and began[0] != at[0]:
        return _not_closed(began, lines)
    if "expected key" in said or "expected <block end>" in said or "expected '-'" in said:
        return _out_of_line(said, at, lines) or _after_the_end(at, lines)
    return None


def _hard_space(at: tuple[int, int], lines: Sequence[str]) -> Slip | None:
    for number in (at[0], at[0] - 1):
        found = re.match(rf"(\s*(?:- )?(?:{_KEY}:)?){_SPACE}", _line(lines, number))
        if found:
            column = found[0].index(_SPACE) + 1
            said = "a non-breaking space stands where YAML wants an ordinary one"
            return Slip(number, column, said, "delete it and type a space")
    return None


def _colon(at: tuple[int, int], lines: Sequence[str]) -> Slip | None:
    line = _line(lines, at[0])
    before = line[: at[1] - 1]
    alone = re.fullmatch(rf"(\s+(?:- )?)({_KEY})", before)
    if alone:
        said = f"{ticked(alone[2])} is indented further than the keys above it"
        help_ = "move it in line with them; if it is text that goes on, the whole text needs quotes"
        return Slip(at[0], len(alone[1]) + 1, said, help_)
    key = re.match(rf"\s*(?:- )*({_KEY}):\s", before)
    if key is None:
        return None
    if _SMART.search(line):
        help_ = 'curly quotes are no quotes here: write straight ones (`"`) around the whole text'
    else:
        help_ = f'put the whole text in quotes: `{key[1]}: "…"`'
    return Slip(*at, "text that holds `: ` needs quotes", help_)


def _no_colon(began: tuple[int, int], lines: Sequence[str]) -> Slip | None:
    line = _line(lines, began[0])[began[1] - 1 :].rstrip()
    found = re.fullmatch(rf"({_KEY})( *[:=] *| +)(\S.*)", line)
    if not found or ("=" not in found[2] and ":" not in found[2] and " " in found[3]):
        return None
    help_ = f"write {ticked(f'{found[1]}: {found[3]}')}, with a space after the colon"
    return Slip(*began, f"{ticked(found[1])} has no `: ` after it", help_)


def _not_closed(began: tuple[int, int], lines: Sequence[str]) -> Slip | None:
    bracket = _line(lines, began[0])[began[1] - 1 : began[1]]
    close = {"{": "}", "[": "]"}.get(bracket)
    if close is None:
        return None
    return Slip(*began, f"this `{bracket}` is not closed", f"write `{close}` where it ends")


def _out_of_line(said: str, at: tuple[int, int], lines: Sequence[str]) -> Slip | None:
    line = _line(lines, at[0])
    if line[: at[1] - 1].strip():
        return None
    rest = line[at[1] - 1 :]
    if re.match(r"-(\s|$)", rest):
        if _items_above(at, lines):
            help_ = "give it as many spaces as the `- ` of the others has"
            return Slip(*at, "this list item is not in line with the others", help_)
        help_ = "take the `- ` away, or make every key of the group an item of a list"
        return Slip(*at, "a list item cannot stand among the keys of a group", help_)
    key = re.match(rf"({_KEY})\s*:(\s|$)", rest)
    if key is None:
        return None
    if "'-'" in said:
        help_ = "indent it to the keys of the item that it belongs to"
        return Slip(*at, f"{ticked(key[1])} stands among list items", help_)
    help_ = "keys of one group begin in the same column"
    return Slip(*at, f"{ticked(key[1])} is not in line with the keys above it", help_)


def _items_above(at: tuple[int, int], lines: Sequence[str]) -> bool:
    """Say whether the list that an item was meant for is the nearest thing further to the left."""
    for number in range(at[0] - 1, 0, -1):
        line = _line(lines, number)
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent + 1 < at[1] + 2 and re.match(r"\s*-\s", line):
            return True
        if line.strip() and indent + 1 < at[1]:
            return False
    return False


def _after_the_end(at: tuple[int, int], lines: Sequence[str]) -> Slip | None:
    line = _line(lines, at[0])
    before, rest = line[: at[1] - 1].rstrip(), line[at[1] - 1 :]
    last = before[-1:]
    if last == '"':
        help_ = "inside it write `\\\"`, or put single quotes (`'`) around the whole text"
        return Slip(*at, "the text in quotes ends before this", help_)
    if last == "'":
        help_ = "inside it write `''`, or put double quotes (`\"`) around the whole text"
        return Slip(*at, "the text in quotes ends before this", help_)
    if last in ("}", "]") and rest[:1] in ("}", "]"):
        return Slip(*at, f"one `{rest[:1]}` too many", "take it out")
    if last in ("}", "]"):
        first = "{" if last == "}" else "["
        help_ = f"text that starts with `{first}` needs quotes around all of it"
        return Slip(*at, f"nothing can follow this `{last}`", help_)
    return None


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
