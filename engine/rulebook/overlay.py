"""An overlay (`overlay.yaml`): what a council does otherwise than the book beneath, and why.

In: the YAML, as text in lists and mappings. Out: frozen models. How they are laid over a book is
in `merge.py`, and which book lies beneath in `stack.py`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.rulebook.book import Entry
from engine.rulebook.fields import Field as FieldOf
from engine.rulebook.judgement import Rule, RuleId, Yes
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Fault, Identifier, Name, Text, Whole, YesNo

TARGETS = ("standard", "rule", "settings", "judgement")
ACTIONS: dict[str, tuple[str, ...]] = {
    "standard": ("set", "remove", "add_version", "add_examples", "drop_examples", "retire"),
    "rule": ("set", "remove", "retire"),
    "settings": (),
    "judgement": (),
}
# which of a standard is meant: one of its branches, one of its dated versions
WHERE = ("branch", "version_from")


def _a_path(value: str) -> str:
    if not all(value.split(".")):
        raise Fault(f"`{value}` is no key", "join keys by one dot: `measure.grace`")
    return value


Key = Annotated[Text, AfterValidator(_a_path)]


class Change(Strict):
    """One thing that is otherwise than in the book beneath, and the reason.

    It names a `standard` (with `branch` and `version_from`, if they are meant), a `rule` of
    judgement, `settings`, or a grade of `judgement`. `set` replaces what stands at each key;
    `measure.grace` is the key `grace` of `measure`. What is not named stays as it is.
    """

    standard: Identifier | None = None
    branch: Text | None = None
    version_from: Day | None = None
    rule: RuleId | None = None
    settings: dict[Name, Whole] = {}
    judgement: dict[Literal["compliance_earns_at_most"], Name] = {}
    set: dict[Key, Any] = {}
    remove: tuple[Key, ...] = ()
    add_version: dict[str, Any] = {}
    add_examples: tuple[dict[str, Any], ...] = ()
    drop_examples: tuple[Text, ...] = ()
    retire: Yes | None = None
    reason: Text

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        targets = [name for name in TARGETS if getattr(self, name)]
        if len(targets) != 1:
            what = "names two things" if targets else "does not say what it changes"
            help_ = "name one of `standard`, `rule`, `settings` or `judgement`"
            raise Fault(f"the change {what}", help_, at=tuple(targets[1:2]))
        self._actions(targets[0], ACTIONS[targets[0]])
        return self

    def _actions(self, target: str, done: tuple[str, ...]) -> None:
        """Refuse actions that do not go with what is changed, or with one another."""
        listed = ", ".join(f"`{name}`" for name in done)
        if done and not any(getattr(self, name) for name in done):
            raise Fault("the change does not say what is otherwise", f"say one of {listed}")
        known = {*done, *(WHERE if target == "standard" else ()), target, "reason"}
        for name in sorted(self.model_fields_set - known):
            help_ = f"it takes {listed}" if done else "it takes `reason` alone"
            raise Fault(f"`{name}` does not go with `{target}`", help_, at=(name,))
        if self.version_from and not (self.set or self.remove):
            help_ = "it says which version `set` and `remove` are about"
            raise Fault("`version_from` needs `set` or `remove`", help_, at=("version_from",))
        if self.retire and len({*done} & self.model_fields_set) > 1:
            help_ = "leave the rest out"
            raise Fault("what is retired needs no other change", help_, at=("retire",))


class KeepOnly(Strict):
    """The standards beneath that stay; all others are retired, also those still to come."""

    standards: tuple[Identifier, ...] = Field(min_length=1)
    reason: Text


class Adds(Strict):
    """What is added to the lists of the rulebook."""

    domains: tuple[Entry, ...] = ()
    areas: tuple[Entry, ...] = ()
    stages: tuple[Entry, ...] = ()
    exceptions: tuple[Entry, ...] = ()
    moderation_reasons: tuple[Entry, ...] = ()
    settings: dict[Name, Whole] = {}


class Overlay(Strict):
    """`overlay.yaml`: who the overlay is, which book it lies over, and what it changes.

    `decided` is the day on which these choices were made. It stands, with the title and the
    reason, as the source of a limit that names no source of its own.
    """

    id: Name
    title: Text
    version: Text
    over: Name
    decided: Day
    keep_only: KeepOnly | None = None
    adds: Adds = Adds()
    changes: tuple[Change, ...] = ()


class RulesAdded(Strict):
    """`judgement.yaml` of an overlay: the rules that it adds to those beneath."""

    domain: tuple[Rule, ...] = ()
    overall: tuple[Rule, ...] = ()
    route: tuple[Rule, ...] = ()


class TableAdded(Strict):
    """A table that is new, or the fields that are added to one beneath."""

    meaning: Text | None = None
    key: tuple[Name, ...] = ()
    date: Name | None = None
    until: Name | None = None
    months_before_birth: Whole = 0
    after_death: YesNo = False
    context: tuple[Name, ...] = ()
    fields: dict[Name, FieldOf]


class FieldsAdded(Strict):
    """`fields.yaml` of an overlay: the tables and fields that it adds to those beneath."""

    tables: dict[Name, TableAdded]
