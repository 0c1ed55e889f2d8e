"""From a YAML source to a pydantic model, with every mistake at its place and in plain words.

A model and a `Source` come in; the model's value or Problems go out. Nothing here knows what the
models mean: what is allowed is read off the models themselves.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from engine.errors import Location, Problem, nearest
from engine.rulebook.frames import ticked
from engine.rulebook.model import meanings
from engine.rulebook.scalars import Fault
from engine.rulebook.source import Source
from engine.rulebook.unfilled import unfilled

MODEL_CODES: dict[str, str] = {
    "R001": "a key is not known here",
    "R002": "a key is missing",
    "R003": "a value is of the wrong kind",
    "R004": "a value is not one of those allowed",
    "R005": "values do not fit together",
}

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]


def validate(
    model: type[M], source: Source, path: Sequence[str | int] = ()
) -> tuple[M | None, tuple[Problem, ...]]:
    """Read the value at a path of the source as a model; all its problems come back sorted.

    >>> from engine.rulebook.source import read_source
    >>> class Visit(BaseModel, extra="forbid"):
    ...     kind: Literal["home", "school"]
    >>> source, _ = read_source("kind: hoem", "visit.yaml")
    >>> print(*validate(Visit, source)[1])
    visit.yaml:1:7: R004 `hoem` is not allowed for `kind`
      help: did you mean `home`? allowed: `home`, `school`
    """
    start = tuple(path)
    if left := unfilled(source):
        return None, left
    if not source.has(start):
        return None, (Problem(source.key_at(start), "R002", f"missing key {ticked(start[-1])}"),)
    try:
        # what a key is called in the code (`from_`) is not a second way of writing it
        value = source.value_at(start)
        return model.model_validate(value, by_alias=True, by_name=False), ()
    except ValidationError as error:
        entries = [_Entry(model, source, start, each) for each in error.errors()]
        kept = [entry for entry in _closest(entries) if not entry.follows()]
        misspelt = {meant for entry in kept for meant in entry.misspells()}
        problems = {entry.problem() for entry in kept if entry.lacks() not in misspelt}
        return None, tuple(sorted(problems))


class _Trail(NamedTuple):
    """Where a pydantic location leads: the path in the source and the type found there."""

    path: Path
    type: Any
    choices: tuple[tuple[Path, str], ...]
    on_key: bool = False


class _Entry:
    """One entry of a pydantic error, and the problem that it is."""

    def __init__(self, model: type[BaseModel], source: Source, start: Path, entry: Any) -> None:
        self.entry, self.source = entry, source
        self.kind, self.context = entry["type"], entry.get("ctx", {})
        self.loc: Path = entry["loc"]
        self.about_key = self.kind in ("extra_forbidden", "missing")
        self.trail = _follow(model, self.loc[:-1] if self.about_key else self.loc)
        self.path = _existing(source, start, self.trail.path)
        if self.kind == "union_tag_invalid":
            self.path = (*self.path, self.context["discriminator"].strip("'"))

    def follows(self) -> bool:
        """Say whether other problems explain this one: a list is short once its items fail."""
        if self.kind != "too_short":
            return False
        return bool(len(self.entry["input"]) >= self.context["min_length"])

    def lacks(self) -> Path | None:
        """Return the path of the key that is missing, if that is what is wrong."""
        return (*self.path, self.loc[-1]) if self.kind == "missing" else None

    def misspells(self) -> Iterator[Path]:
        """Yield the key that was meant by one that is not known: it is not missing as well."""
        if self.kind == "extra_forbidden":
            meant = re.search("`(.*)`", nearest(str(self.loc[-1]), _keys(self.trail.type)))
            if meant:
                yield (*self.path, meant[1])

    def problem(self) -> Problem:
        if self.kind == "extra_forbidden":
            return self.unknown_key(str(self.loc[-1]))
        if self.kind in ("missing", "union_tag_not_found"):
            return self.missing_key()
        if self.kind in ("value_error", "assertion_error"):
            return self.raised(self.context["error"])
        if self.kind in ("enum", "literal_error", "union_tag_invalid"):
            return self.not_allowed()
        if self.kind in _LIMITS:
            limit = _LIMITS[self.kind].format(**self.context)
            return self.make("R004", f"{self.subject()} must {limit}")
        return self.wrong_kind(self.entry["input"])

    def unknown_key(self, key: str) -> Problem:
        known = _keys(self.trail.type)
        help_ = nearest(key, known) or (f"known keys: {_listed(known)}" if known else "")
        place = self.source.key_at((*self.path, key))
        kinds = _literals(self.trail.type, "kind")
        of = f" for `{kinds[0]}`" if kinds else ""
        return Problem(place, "R001", f"unknown key {ticked(key)}{of}", help_)

    def missing_key(self) -> Problem:
        tagged = self.kind == "union_tag_not_found"
        key = self.context["discriminator"].strip("'") if tagged else str(self.loc[-1])
        allowed = _tags(self.trail.type, key) if tagged else ()
        told = _told(self.trail.type, key)
        help_ = f"allowed: {_listed(allowed)}" if allowed else told and f"`{key}`: {told}"
        return Problem(self.source.key_at(self.path), "R002", f"missing key {ticked(key)}", help_)

    def raised(self, error: Exception) -> Problem:
        if isinstance(error, Fault):
            path = _existing(self.source, self.path, error.at)
            return self.make(error.code, error.message, error.help, path)
        coded = re.match(r"([A-Z][0-9]{3}) (.*)", str(error), re.DOTALL)
        code, message = (coded[1], coded[2]) if coded else ("R005", str(error))
        return self.make(code, message)

    def not_allowed(self) -> Problem:
        value = self.path[-1] if self.trail.on_key else self.source.value_at(self.path)
        expected = self.context.get("expected") or self.context["expected_tags"]
        allowed = re.findall("'([^']*)'", expected)
        if not isinstance(value, str):
            return replace(self.wrong_kind(value, "text"), help=f"allowed: {_listed(allowed)}")
        use = "as a key" if self.trail.on_key else f"for {self.subject()}"
        noun = _noun(self.trail.type) or f"allowed {use}"
        help_ = f"{nearest(value, allowed)} allowed: {_listed(allowed)}".strip()
        return self.make("R004", f"{ticked(value)} is not {noun}", help_)

    def wrong_kind(self, value: object, wanted: str = "") -> Problem:
        wanted = wanted or self.context.get("wanted") or _WANTED.get(self.kind, "")
        if value is None or self.kind == "no_value":
            return self.make("R003", f"{self.subject()} has no value", self.to_fill(wanted))
        if not wanted:
            words = self.entry["msg"].removeprefix("Input should be").strip()
            return self.make("R003", f"{self.subject()} must be {words[:1].lower()}{words[1:]}")
        if isinstance(value, dict | list):
            found = "a list" if isinstance(value, list) else "a group of keys"
            help_ = _INSTEAD.get((wanted, found), "")
            if wanted == "text" and self.starts_with_a_bracket():
                help_ = "text that starts with a bracket needs quotes"
            return self.make("R003", f"{self.subject()} must be {wanted}, not {found}", help_)
        help_ = _SHAPES.get(wanted, "")
        return self.make("R003", f"{ticked(value)} is not {wanted}", help_)

    def to_fill(self, wanted: str) -> str:
        place = self.source.at(self.path)
        rest = self._line(place)[max(place.column - 1, 0) :]
        if rest.lstrip().startswith("#"):
            return "what follows ` #` is a comment; text with ` #` in it needs quotes"
        fill = _SHAPES.get(wanted, f"write {wanted or 'text'}")
        return f"{fill}; or take the line out" if wanted in _SHAPES else fill

    def starts_with_a_bracket(self) -> bool:
        place = self.source.at(self.path)
        return self._line(place)[place.column - 1 :].startswith(("[", "{"))

    def _line(self, place: Location) -> str:
        """Return the line of a place; an overlay's lines are not held here."""
        held = place.file == self.source.file
        return self.source.line_text(place.line) if held else ""

    def subject(self) -> str:
        if not self.path:
            return "the file"
        return ticked(self.path[-1]) if isinstance(self.path[-1], str) else "this item"

    def make(self, code: str, message: str, help_: str = "", path: Path | None = None) -> Problem:
        path = self.path if path is None else path
        on_key = self.trail.on_key
        place = self.source.key_at(path) if on_key else self.source.at(path)
        return Problem(place, code, message, help_)


def _closest(entries: list[_Entry]) -> Iterable[_Entry]:
    """Keep, of the members of each union, only the one that the value came closest to.

    pydantic reports what is wrong for every member; what lies deepest is in the member that was
    meant, and of equals the first is the one that the author of the model put first.
    """
    best: dict[Path, tuple[int, str]] = {}
    for entry in entries:
        for union, member in entry.trail.choices:
            if union not in best or len(entry.loc) > best[union][0]:
                best[union] = (len(entry.loc), member)
    for entry in entries:
        if all(best[union][1] == member for union, member in entry.trail.choices):
            yield entry


def _existing(source: Source, start: Path, rest: Iterable[str | int]) -> Path:
    """Leave out of a path what the source does not have: short forms that a model filled in."""
    path = start
    for element in rest:
        if source.has((*path, element)):
            path = (*path, element)
    return path


def _follow(model: type[BaseModel], loc: Path) -> _Trail:
    """Walk the types of a model along a pydantic location, and tell labels from keys."""
    here: Any = model
    path: Path = ()
    choices: list[tuple[Path, str]] = []
    for depth, element in enumerate(loc):
        members = _members(here)
        if element == "[key]":
            return _Trail(path, Any, tuple(choices), on_key=True)
        if len(members) > 1:
            choices.append((loc[:depth], str(element)))
            here = _member(members, str(element))
        else:
            path, here = (*path, element), _child(members[0], element)
    members = _members(here)
    return _Trail(path, members[0] if len(members) == 1 else here, tuple(choices))


def _members(annotation: Any) -> tuple[Any, ...]:
    """Return the members of a union, None left out; of any other type, the bare type alone."""
    annotation = getattr(annotation, "__value__", annotation)
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return _members(members[0]) if len(members) == 1 else tuple(members)
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _members(annotation.model_fields["root"].annotation)
    return (annotation,)


def _member(members: tuple[Any, ...], label: str) -> Any:
    """Return the member of a union that a label names: by its tag, or else by its type."""
    for member in members:
        for bare in _members(member):
            name = getattr(get_origin(bare) or bare, "__name__", "")
            if label.split("[", 1)[0] == name or label in _literals(bare):
                return bare
    return Any


def _child(annotation: Any, element: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        return next((f.annotation for name, f in fields if element in (f.alias, name)), Any)
    arguments = [each for each in get_args(annotation) if each is not Ellipsis]
    return arguments[-1] if arguments else Any


def _keys(annotation: Any) -> tuple[str, ...]:
    fields = getattr(annotation, "model_fields", {}).items()
    return tuple(field.alias or name for name, field in fields)


def _told(annotation: Any, key: str) -> str:
    """Return what a field of a model is for, in its author's words."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return ""
    fields = annotation.model_fields.items()
    named = next((name for name, f in fields if key in (f.alias, name)), "")
    return meanings(annotation).get(named, "")


def _literals(annotation: Any, key: str = "") -> tuple[str, ...]:
    """Return the values of the literal fields of a model (or of one), which tag it in a union."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return ()
    fields = annotation.model_fields.items()
    literal = [f for name, f in fields if key in ("", name) and get_origin(f.annotation) is Literal]
    return tuple(str(value) for field in literal for value in get_args(field.annotation))


def _tags(annotation: Any, key: str) -> tuple[str, ...]:
    bare = [each for member in _members(annotation) for each in _members(member)]
    return tuple(tag for member in bare for tag in _literals(member, key))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _noun(annotation: Any) -> str:
    """Return what a value of an enumeration is called, with its article; else an empty string."""
    if not (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return ""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", annotation.__name__).lower()
    return f"{'an' if re.match('[aeio]', words) else 'a'} {words}"


_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "`yes` or `no`",
    "bool_parsing": "`yes` or `no`",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a group of keys",
    "mapping_type": "a group of keys",
    "model_type": "a group of keys",
    "model_attributes_type": "a group of keys",
    "date_type": "a date",
    "date_parsing": "a date",
    "date_from_datetime_parsing": "a date",
    "none_required": "left empty",
}

_SHAPES = {
    "a list": "write `[one, two]`, or each item on its own line after `- `",
    "a group of keys": "write `key: value`, each on its own line and indented",
}

# What is wanted and what is there → what to do.
_INSTEAD = {
    ("a group of keys", "a list"): "write `key: value`, without the `- ` before it",
    ("a list", "a group of keys"): "begin each item with `- `",
}

_LIMITS = {
    "greater_than": "be more than {gt}",
    "greater_than_equal": "be at least {ge}",
    "less_than": "be less than {lt}",
    "less_than_equal": "be at most {le}",
    "too_short": "hold at least {min_length}",
    "too_long": "hold at most {max_length}",
    "string_too_short": "have at least {min_length} characters",
    "string_too_long": "have at most {max_length} characters",
}
