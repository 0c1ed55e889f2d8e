"""JSON as readers need it: numbers stay as written, a key that stands twice is seen, places count.

In: bytes or text. Out: text, truth, nothing, lists and objects; or `Broken` with its place.
"""

import json
import re
from typing import Any

from engine.records.nested import Doubled, sound

DEEPEST = 40


class Broken(Exception):  # noqa: N818 - it is an answer, not an error in the program
    """Why a text is not JSON, and where."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


def parse(raw: bytes) -> object:
    """Return the value of a JSON text, or raise `Broken`."""
    try:
        value = _DECODER.decode(raw.decode("utf-8-sig"))
        return sound(value) if _HALF.search(raw) else value
    except json.JSONDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        raise Broken(f"not well-formed JSON: {message}", error.lineno, error.colno) from error
    except UnicodeDecodeError as error:
        raise _broken("the text is not UTF-8", raw, error.start) from error
    except RecursionError as error:
        raise Broken("not read: lists and objects stand too deep in one another", 1, 1) from error
    except ValueError as error:
        constant = _CONSTANT.search(raw)
        raise _broken(str(error), raw, constant.start() if constant else 0) from error


def _broken(message: str, raw: bytes, at: int) -> Broken:
    before = raw[:at].decode("utf-8", "replace")
    column = len(before) - before.rfind("\n")
    return Broken(f"not well-formed JSON: {message}", before.count("\n") + 1, column)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled, seen = Doubled(found), set()
    for key, _ in pairs:
        if key in seen:
            doubled.key = key
            break
        seen.add(key)
    return doubled


def _no_number(word: str) -> str:
    raise ValueError(f"`{word}` is no number")


_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # half of a character, perhaps without the other half
_CONSTANT = re.compile(rb"\b(?:NaN|-?Infinity)\b")
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=_no_number
)
