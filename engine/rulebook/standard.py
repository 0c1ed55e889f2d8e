"""A standard: one YAML file, what it asks, of whom, since when, and by what authority."""

from typing import Any, Literal

from pydantic import Field

from engine.rulebook.conditions import DayOf, Where
from engine.rulebook.measures import Branch, Choose, Measure, Version
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Duration, Identifier, Name, Text, YesNo
from engine.terms import Level, Outcome, Severity

# The table in which a file declares why something could not be done as it should.
EXCEPTIONS = "exceptions"


class OpenFor(Strict):
    """The trigger has lasted at least so long at the cut-off, within the audited period.

    `in_period: no` counts from `from` itself, even before the period.
    """

    from_: DayOf = Field(alias="from")
    at_least: Duration
    in_period: YesNo = True


class Trigger(Strict):
    """The rows that a standard is about; none: not applicable; several: the worst decides."""

    table: Name
    where: Where = {}
    open_for: OpenFor | None = None


class Example(Strict):
    """A sentence about the standard that can be run: given this record, expect this outcome."""

    it: Text
    given: dict[str, Any]
    as_of: Day | None = None
    expect: Outcome


class Standard(Strict):
    """One standard, as its author wrote it.

    `learning_source` names the review whose lesson it carries. `exceptions` says what a declared
    exception does to a finding: `shown` beside it, or the standard is `not_applicable`.
    """

    id: Identifier
    title: Text
    status: Literal["draft", "live", "retired"]
    domain: Name
    area: Name
    level: Level
    severity: Severity
    bottom_line: YesNo = False
    why: Text
    learning_source: str = ""
    silence: Literal["not_evidenced", "not_met"] = "not_evidenced"
    applies_to: Where = {}
    exceptions: dict[Name, Literal["shown", "not_applicable"]] = {}
    trigger: Trigger
    measure: Measure
    versions: tuple[Version, ...] = ()
    because: Text
    may_be_absent: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def frees(self) -> tuple[str, ...]:
        """Return the kinds of declared exception that free a case of the standard."""
        return tuple(k for k, effect in self.exceptions.items() if effect == "not_applicable")

    def branches(self) -> tuple[Branch, ...]:
        """Return the branches of a choice; any other measure is one branch that always applies."""
        if isinstance(self.measure, Choose):
            return self.measure.branches
        return (Branch.model_construct(name="", measure=self.measure, versions=self.versions),)

    def versions_of(self, branch: Branch) -> tuple[Version, ...]:
        """Return the versions in force for a branch: its own, or else the standard's."""
        return branch.versions or self.versions
