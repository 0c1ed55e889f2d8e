"""The sums of the hashes of rows that are held, as the database would give them.

In: rows as Python holds them. Out: how many, and the sums of both halves of their hashes; nothing
where a text holds what the database writes in a way of its own. A test holds the two together.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence

from engine.records import sql
from engine.records.held import Held, Wire
from engine.rulebook.fields import FieldType

_HALF = (1 << 64) - 1
# characters of which the database writes the number with capital letters
_OTHERWISE = re.compile("[\x0b\x0e\x0f\x1a-\x1f]")


def sums_of(held: Held) -> tuple[str, str, str] | None:
    """Return the sums of a table, or nothing where only the database can tell."""
    if any(_is_otherwise(held.wires(name), held.kind(name)) for name in held.names):
        return None
    columns = [
        _written(f"{',' if at else '{'}{json.dumps(name)}:", held.wires(name), held.kind(name))
        for at, name in enumerate(held.names)
    ]
    low = high = 0
    for row in zip(*columns, strict=True):
        made = hashlib.md5(f"{''.join(row)}}}".encode(), usedforsecurity=False).digest()
        number = int.from_bytes(made, "little")
        low, high = low + (number & _HALF), high + (number >> 64)
    return str(held.count), str(low), str(high)


def _is_otherwise(wires: Sequence[Wire], kind: FieldType) -> bool:
    if kind is FieldType.LIST:  # known words, with a mark of our own between them
        return False
    return any(wire is not None and _OTHERWISE.search(wire) for wire in wires)


def _written(begins: str, wires: Sequence[Wire], kind: FieldType) -> Sequence[str]:
    write = _WRITTEN.get(kind, _text)
    known = {wire: begins + ("null" if wire is None else write(wire)) for wire in {*wires}}
    return [known[wire] for wire in wires]


def _text(wire: str) -> str:
    return json.dumps(wire, ensure_ascii=False)


def _as_it_is(wire: str) -> str:
    return wire


def _moment(wire: str) -> str:
    whole, dot, part = wire.partition(".")
    part = part.rstrip("0")
    return f'"{whole}{dot}{part}"' if part else f'"{whole}"'


def _list(wire: str) -> str:
    return f"[{','.join(map(_text, wire.split(sql.LIST_MARK)))}]"


_WRITTEN: Mapping[FieldType, Callable[[str], str]] = {
    FieldType.DATETIME: _moment,
    FieldType.YES_NO: _as_it_is,
    FieldType.NUMBER: _as_it_is,
    FieldType.LIST: _list,
}
