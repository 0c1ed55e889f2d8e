"""A standard as it holds, each value with the place it came from; or all that an overlay changes.

A rulebook and a name come in; lines of text or plain values go out. What comes from an overlay is
marked, with what it was before and why it no longer is.
"""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from engine.errors import Location
from engine.rulebook.book import Edit, Layer, Rulebook
from engine.rulebook.parts import Part
from engine.rulebook.source import Source
from engine.rulebook.standard import Standard

WIDTH = 100
# "+", the number of a line, two blanks
MARGIN = 8
Path = tuple[str | int, ...]


def show_standard(standard: Standard, rulebook: Rulebook) -> Iterator[str]:
    """Yield a standard as lines that read like its file, the lines of that file in the margin."""
    source, edits = rulebook.sources[standard.id], rulebook.edits_of(standard.id)
    home = rulebook.file_of(standard)
    yield f"{standard.id}: {standard.title}"
    yield f"  {home}: the numbers in the margin are its lines ({_layer_of(home, rulebook)})"
    for layer in rulebook.layers:
        if any(edit.layer == layer.id for edit in edits):
            yield f"+ {layer.folder}/overlay.yaml: marked with + below ({layer.id} {layer.version})"
    yield ""
    lines = _Lines(home, {edit.place: edit for edit in edits})
    for key, part in source.root.children.items():
        if key != "examples":
            yield from lines.member(str(key), part, source.root.keys[key].line, 0)
    yield from _examples(source, lines)
    gone = [edit for edit in edits if edit.place not in lines.told and edit.was is not None]
    if gone:
        yield ""
        yield "Taken out by an overlay:"
        for edit in gone:
            yield from told(edit)


def show_overlay(layer: Layer, rulebook: Rulebook) -> Iterator[str]:
    """Yield every change of an overlay, in its order."""
    edits = [edit for edit in rulebook.edits if edit.layer == layer.id]
    yield f"{layer.id} {layer.version}: {layer.title}"
    yield f"  {layer.folder}/overlay.yaml, {len(edits)} values"
    own = [s.id for s in rulebook.standards if rulebook.folders[s.id] == layer.folder]
    if own:
        yield f"  standards of its own: {', '.join(own)}"
    yield ""
    for edit in edits:
        yield from told(edit)


def told(edit: Edit) -> Iterator[str]:
    """Yield what an edit did, where, and why."""
    group, _, sentence = edit.key.partition(".")
    if group == "examples":
        done = "adds" if edit.was is None else "drops"
        said = f"{edit.target} {done} the example `{sentence}`"
    else:
        was = f", was {_inline(edit.was)}" if edit.was is not None else ""
        said = f"{edit.target} {edit.key}".strip() + was
    yield from textwrap.wrap(f"+ {edit.place}: {said}", WIDTH, subsequent_indent="    ")
    yield from textwrap.wrap(edit.reason, WIDTH, initial_indent="    ", subsequent_indent="    ")


def as_json(standard: Standard, rulebook: Rulebook) -> str:
    """Return every value of a standard with its place, and what overlays changed, as JSON."""
    source = rulebook.sources[standard.id]
    layers = {f"{layer.folder}/overlay.yaml": layer.id for layer in rulebook.layers[1:]}
    values = [
        {
            "key": ".".join(map(str, path)),
            "value": part.value,
            **_place(Location(file, line=part.start.line, column=part.start.column)),
            "overlay": layers.get(file),
        }
        for path, part, file in _leaves(source.root, (), source.file)
    ]
    edits = [
        {"overlay": edit.layer, "key": edit.key, "was": edit.was, "reason": edit.reason,
         **_place(edit.place)}
        for edit in rulebook.edits_of(standard.id)
    ]  # fmt: skip
    books = [vars(layer) for layer in rulebook.layers]
    shown = {"id": standard.id, "stage": rulebook.stage_of(standard), "books": books,
             "standard": source.value, "values": values, "changes": edits}  # fmt: skip
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _leaves(part: Part, path: Path, file: str) -> Iterator[tuple[Path, Part, str]]:
    file = part.file or file
    if not part.children:
        yield path, part, file
    for key, child in part.children.items():
        yield from _leaves(child, (*path, key), file)


def _place(place: Location) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _layer_of(file: str, rulebook: Rulebook) -> str:
    layer = next(one for one in reversed(rulebook.layers) if file.startswith(f"{one.folder}/"))
    return f"{layer.id} {layer.version}"


def _examples(source: Source, lines: "_Lines") -> Iterator[str]:
    examples = source.find(("examples",))
    if not examples.depth or not examples.part.children:
        return
    yield f"{'':{MARGIN}}examples:"
    for example in examples.part.children.values():
        it, expect = (example.children[key].value for key in ("it", "expect"))
        text = textwrap.shorten(str(it), WIDTH - 30, placeholder=" …")
        yield from lines.line(f"  - {text}: {expect}", example, example.start.line)


class _Lines:
    """Draws the parts of a tree as lines, and remembers which edits it has told of."""

    def __init__(self, home: str, edits: dict[Location, Edit]) -> None:
        self.home, self.edits = home, edits
        self.told: set[Location] = set()

    def member(self, key: str, part: Part, line: int, depth: int) -> Iterator[str]:
        """Yield a key with its value, on one line if it is short and all from one file."""
        inline = f"{'  ' * depth}{key}: {_inline(part.value)}"
        if not part.children or (len(inline) < WIDTH - 30 and not _mixed(part)):
            yield from self.line(inline, part, line)
            return
        yield from self.line(f"{'  ' * depth}{key}:", part, line)
        yield from self.inside(part, depth + 1)

    def inside(self, part: Part, depth: int) -> Iterator[str]:
        """Yield what a group or a list holds."""
        listed = isinstance(part.value, list)
        for name, child in part.children.items():
            key = "-" if listed else str(name)
            line = child.start.line if listed else part.keys[name].line
            within = child if not part.file or child.file else child._replace(file=part.file)
            yield from (
                self.item(within, line, depth) if listed else self.member(key, within, line, depth)
            )

    def item(self, part: Part, line: int, depth: int) -> Iterator[str]:
        """Yield an item of a list."""
        inline = f"{'  ' * depth}- {_inline(part.value)}"
        if not part.children or (len(inline) < WIDTH - 30 and not _mixed(part)):
            yield from self.line(inline, part, line)
            return
        first, *rest = self.inside(part, depth + 1)
        at = MARGIN + 2 * depth
        yield f"{first[:at]}- {first[at + 2 :]}"
        yield from self.comment(part, depth + 1)
        yield from rest

    def line(self, text: str, part: Part, line: int) -> Iterator[str]:
        """Yield a line with its margin; below it, if an overlay changed it, what it was and why."""
        mark = "+" if part.file and part.file != self.home else " "
        depth = (len(text) - len(text.lstrip())) // 2
        indent = "  " * (depth + 1)
        first, *rest = textwrap.wrap(
            text, WIDTH - MARGIN, subsequent_indent=indent, drop_whitespace=False
        ) or [text]
        yield f"{mark}{line:>5}  {first}".rstrip()
        yield from (f"{'':{MARGIN}}{one}".rstrip() for one in rest)
        yield from self.comment(part, depth + 1)

    def comment(self, part: Part, depth: int) -> Iterator[str]:
        """Yield what a value was before an overlay changed it, and why, once."""
        place = Location(part.file, line=part.start.line, column=part.start.column)
        edit = self.edits.get(place)
        if edit is None or place in self.told:
            return
        self.told.add(place)
        was = f"was {_inline(edit.was)}; " if edit.was is not None else ""
        margin = " " * (MARGIN + 2 * depth)
        said = f"# {edit.place}: {was}{edit.reason}"
        yield from textwrap.wrap(
            said, WIDTH, initial_indent=margin, subsequent_indent=f"{margin}#   "
        )


def _mixed(part: Part) -> bool:
    """Say whether something inside comes from another file than the part itself."""
    return any(child.file or _mixed(child) for child in part.children.values())


def _inline(value: object) -> str:
    """Return a value on one line, as it could be written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return "" if value is None else str(value)
