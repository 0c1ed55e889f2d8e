"""A standard: one YAML file, what it asks, of whom, since when, and by what authority."""

from functools import cached_property
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
    """the day it began, such as `trigger.start_date`"""
    at_least: Duration
    """how long it has to last, such as `6 weeks`"""
    in_period: YesNo = True
    """`no` counts also the days before the audited period"""


class Trigger(Strict):
    """The rows that a standard is about; none: not applicable; several: the worst decides."""

    table: Name
    """the table whose rows the standard is about, such as `plans`"""
    where: Where = {}
    """which of those rows, such as `{kind: child_protection}`; all of them if left out"""
    open_for: OpenFor | None = None
    """only rows that have lasted so long"""


class Example(Strict):
    """A sentence about the standard that can be run: given this record, expect this outcome."""

    it: Text
    """a sentence that goes on from the title, such as `is met on the tenth working day`"""
    given: dict[str, Any]
    """the record: one `audits` row, and a list of rows for each other table"""
    as_of: Day | None = None
    """the day it is judged on; the end of its own period if left out"""
    expect: Outcome
    """the outcome that this record has to give"""


class Standard(Strict):
    """One standard, as its author wrote it.

    `learning_source` names the review whose lesson it carries. `exceptions` says what a declared
    exception does to a finding: `shown` beside it, or the standard is `not_applicable`.
    """

    id: Identifier
    """the number of the standard, such as `CP-05`; once given it never changes"""
    title: Text
    """what should be so, in one sentence, such as `Visits are often enough`"""
    status: Literal["draft", "live", "retired"]
    """`draft` while it is written, `live` when audits are scored by it, `retired` afterwards"""
    domain: Name
    """the section of the audit form that it counts in; they stand in rulebook.yaml"""
    area: Name
    """Ofsted's judgement area; they stand in rulebook.yaml"""
    level: Level
    """what it rests on: `regulation`, `guidance`, `local` practice, or `quality`"""
    severity: Severity
    """how much a miss weighs: `critical`, `major` or `minor`"""
    bottom_line: YesNo = False
    """`yes` if a miss caps the overall grade, whatever else is well"""
    why: Text
    """what goes wrong for the child when it is not done"""
    learning_source: str = ""
    """the review whose lesson it carries, if there is one"""
    silence: Literal["not_evidenced", "not_met"] = "not_evidenced"
    """what it means that the record holds nothing: `not_evidenced`, or `not_met`"""
    applies_to: Where = {}
    """which audits it is about, such as `{case_type: child_in_need}`; all if left out"""
    exceptions: dict[Name, Literal["shown", "not_applicable"]] = {}
    """what a declared exception does: `shown` beside the finding, or `not_applicable`"""
    trigger: Trigger
    """the rows that it is about; no such row in a file: it does not apply there"""
    measure: Measure
    """how it is tested: begin with `kind`"""
    versions: tuple[Version, ...] = ()
    """its limits, each from a day on and with its source, from the oldest to the newest"""
    because: Text
    """what a finding says, with values such as `{value}` and `{met}` filled in"""
    may_be_absent: tuple[str, ...] = ()
    """fields that the input need not have, as `table.field`; they then count as blank"""
    examples: tuple[Example, ...] = ()
    """records with the outcome that each has to give: met, not met and not evidenced"""

    @property
    def frees(self) -> tuple[str, ...]:
        """Return the kinds of declared exception that free a case of the standard."""
        return tuple(k for k, effect in self.exceptions.items() if effect == "not_applicable")

    def branches(self) -> tuple[Branch, ...]:
        """Return the branches of a choice; any other measure is one branch that always applies."""
        return self._branches

    @cached_property
    def _branches(self) -> tuple[Branch, ...]:
        if isinstance(self.measure, Choose):
            return self.measure.branches
        return (Branch.model_construct(name="", measure=self.measure, versions=self.versions),)

    def versions_of(self, branch: Branch) -> tuple[Version, ...]:
        """Return the versions in force for a branch: its own, or else the standard's."""
        return branch.versions or self.versions
