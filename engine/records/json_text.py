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
        raise Broken(
            f"not well-formed JSON: {_said(error.msg)}", error.lineno, error.colno
        ) from error
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, error.start - raw.rfind(b"\n", 0, error.start)
        raise Broken("not well-formed JSON: the text is not UTF-8", line, column) from error
    except RecursionError as error:
        raise Broken("not read: lists and objects stand too deep in one another", 1, 1) from error


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
    raise json.JSONDecodeError(f"`{word}` is no number", word, 0)


def _said(message: str) -> str:
    return message[:1].lower() + message[1:]


_HALF = re.compile(rb"\\\\u[dD][89a-fA-F]")  # half of a character, perhaps without the other half
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=_no_number
)
