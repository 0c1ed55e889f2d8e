"""Put parts of one tree into another, every part keeping the file and place it came from.

Parts come in, new parts go out: nothing is changed in place. Nothing here knows what a rule is.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.rulebook.parts import Mark, Part

Path = tuple[str | int, ...]


def text(value: str, at: Part, file: str) -> Part:
    """Return a text that stands for nothing written, at the place of what it was made from."""
    return Part(value, at.start, at.end, file=file)


def group(children: Mapping[str | int, Part], at: Part, file: str) -> Part:
    """Return a group of keys made of parts, at the place of what it was made from."""
    keys: dict[str | int, Mark] = {name: child.start for name, child in children.items()}
    value = {name: child.value for name, child in children.items()}
    return Part(value, at.start, at.end, {**children}, keys, file)


def put(root: Part, path: Path, part: Part, key: Mark) -> Part:
    """Return a tree with a part at a path, in the place of what was there or added to a group."""
    if not path:
        return part
    name, rest = path[0], path[1:]
    inner = put(root.children[name], rest, part, key) if rest else part
    keys = root.keys if rest or isinstance(root.value, list) else {**root.keys, name: key}
    return _rebuilt(root, {**root.children, name: inner}, keys)


def drop(root: Part, path: Path) -> Part:
    """Return a tree without what stands at a path."""
    name, rest = path[0], path[1:]
    if rest:
        return _rebuilt(root, {**root.children, name: drop(root.children[name], rest)}, root.keys)
    kept = {key: child for key, child in root.children.items() if key != name}
    if isinstance(root.value, list):
        return items(root, tuple(kept.values()))
    return _rebuilt(root, kept, {key: mark for key, mark in root.keys.items() if key != name})


def items(root: Part, parts: Sequence[Part]) -> Part:
    """Return a list with these items."""
    return _rebuilt(root, dict(enumerate(parts)), MappingProxyType({}))


def _rebuilt(
    root: Part, children: Mapping[str | int, Part], keys: Mapping[str | int, Mark]
) -> Part:
    listed = isinstance(root.value, list)
    value: object = (
        [child.value for child in children.values()]
        if listed
        else {name: child.value for name, child in children.items()}
    )
    return root._replace(value=value, children=children, keys=keys)
