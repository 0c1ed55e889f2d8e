"""How a standard is tested: one model for each kind of measure (design §4).

What each kind means is said in its docstring, here and nowhere else; `engine/findings/measures/`
compiles it, and `tests/differential/reference.py` says it again naively.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from engine.rulebook.conditions import DayOf, Where
from engine.rulebook.frames import ticked
from engine.rulebook.meant import number_meant
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Duration, Fault, Name, Text, Whole, YesNo
from engine.terms import Unit

Counted = Literal["counted", "not_counted"]


class Window(Strict):
    """The days that are looked at, clipped to the audited period and always to the cut-off.

    `from` counts its own day and `after` does not. `clip: no` looks back before the period.
    """

    from_: DayOf | None = Field(default=None, alias="from")
    """the first day looked at, such as `trigger.start_date`"""
    after: DayOf | None = None
    """the day before the first day looked at"""
    to: DayOf | None = None
    """the last day looked at; the cut-off if it is left out or blank"""
    clip: YesNo = True
    """`no` looks also at the days before the audited period"""

    @model_validator(mode="after")
    def _one_start(self) -> "Window":
        if (self.from_ is None) == (self.after is None):
            said = "a window begins either `from` a day or `after` it"
            raise Fault(said, "write one of the two: `{from: trigger.start_date}`")
        return self

    @property
    def start(self) -> DayOf:
        """Return the day the window begins, whichever way it was written."""
        start = self.from_ or self.after
        assert start is not None  # noqa: S101 - the validator above saw to it
        return start


class Counting(Strict):
    """How days are counted: the unit, and whether the first and last day count."""

    unit: Unit = Unit.DAYS
    """what is counted: `days`, `working_days` or `months`"""
    start_day: Counted = "not_counted"
    """whether the first day counts"""
    end_day: Counted = "counted"
    """whether the last day counts"""


class Within(Counting):
    """Time from one day to another.

    Value: units from `from` to `to` (a completion before the start cannot be told).
    No completion: not yet due while no more than `grace` (else the met limit) has run at the
    cut-off; silent afterwards.
    """

    kind: Literal["within"]
    """time from one day to another"""
    from_: DayOf = Field(alias="from")
    """the day the clock starts, such as `trigger.received_date`"""
    to: DayOf
    """the day that ends it, such as `trigger.decision_date`"""
    grace: Duration | None = None
    """not yet due before this, such as `10 working days`; the `met` limit if left out"""


class Phase(Strict):
    """A part of a series with a limit of its own, by the day on which a gap begins.

    `first_gap`: the gap from the day the series begins to the first event. `begins_before`: gaps
    that begin before that day, and whose limit runs out by then (a day that is not known lies in
    the future). Neither: all that are left.
    """

    name: Name
    """the name that the limits of each version are written under"""
    first_gap: YesNo = False
    """`yes`: the gap from the first day of the series to the first event"""
    begins_before: DayOf | None = None
    """gaps that begin before this day"""


class LongestGap(Counting):
    """The longest time without an event, both ends of the window being points of the series.

    Value: units of the gap that is worst against its limit. No event at all: not yet due while no
    more than `grace` (else the met limit) has run; silent afterwards.
    """

    kind: Literal["longest_gap"]
    """the longest time without an event"""
    of: Name
    """the table whose rows are the events, such as `visits`"""
    date: Name | None = None
    """the day of each event; the table's own day if left out"""
    where: Where = {}
    """which rows count, such as `{child_seen: yes}`"""
    window: Window
    """the days looked at"""
    grace: Duration | None = None
    """not yet due before this, such as `10 working days`; the `met` limit if left out"""
    phases: tuple[Phase, ...] = ()
    """parts of the series with limits of their own"""


class Every(Strict):
    """Rate: the per cent of full `period`s in the window that hold at least `count` events.

    Periods follow one another from the window's first day. No full period yet: not yet due.
    No event at all in the window: silent.
    """

    kind: Literal["every"]
    """how many full periods hold an event, in per cent"""
    of: Name
    """the table whose rows are the events, such as `supervisions`"""
    date: Name | None = None
    """the day of each event; the table's own day if left out"""
    where: Where = {}
    """which rows count"""
    window: Window
    """the days looked at"""
    period: Duration
    """how often, such as `1 month`"""
    count: Whole = 1
    """how many events each period needs"""

    @model_validator(mode="after")
    def _of_days_or_months(self) -> "Every":
        if self.period.unit is Unit.WORKING_DAYS:
            raise ValueError("a period is so many days, weeks, months or years")
        return self


class _Rows(Strict):
    """Rows of a table that belong to the trigger row, all of them or those in a window."""

    join: tuple[Name, ...] = ()
    """fields that are the same in the row and in the trigger row, such as `[plan_id]`"""
    where: Where = {}
    """which rows count"""
    date: Name | None = None
    """which day of a row has to lie in the `window`"""
    window: Window | None = None
    """the days looked at; all if left out"""

    @property
    def start(self) -> DayOf | None:
        """Return the day the window begins, if there is one."""
        return self.window.start if self.window else None

    @model_validator(mode="after")
    def _a_date_is_for_a_window(self) -> "_Rows":
        if self.date and not self.window:
            raise ValueError("`date` says which day must lie in the `window`, and there is none")
        return self


class Share(_Rows):
    """The per cent of rows (joined on `join`, chosen by `where`) that satisfy `satisfies`.

    No rows: silent. Compared exactly, never rounded.
    """

    kind: Literal["share"]
    """the share of rows that are as they should be, in per cent"""
    of: Name
    """the table whose rows are looked at, such as `plan_actions`"""
    satisfies: Where
    """what each row should be, such as `{owner: {present: yes}}`"""


class Count(_Rows):
    """The number of rows (joined on `join`, chosen by `where`, in the window).

    No rows where `at_least` is asked: not yet due within `grace`, silent afterwards.
    """

    kind: Literal["count"]
    """how many rows there are"""
    of: Name
    """the table whose rows are counted"""
    grace: Duration | None = None
    """not yet due before this, from the first day of the `window`"""

    @model_validator(mode="after")
    def _grace_is_for_a_window(self) -> "Count":
        if self.grace and not self.window:
            raise ValueError("`grace` runs from the first day of a `window`, and there is none")
        return self


class Present(_Rows):
    """Something is there.

    With `of`: one row (joined, chosen, in the window) is met; none is not yet due within `grace`,
    silent afterwards. Without: the trigger row has every one of `fields` filled and `satisfies`
    is true (met) or false (partly met if `partly` is true, else not met); a blank is silent.
    """

    kind: Literal["present"]
    """something is there: a row `of` a table, or filled `fields` of the trigger row"""
    of: Name | None = None
    """the table in which there has to be a row"""
    grace: Duration | None = None
    """not yet due before this, from the first day of the `window`"""
    fields: tuple[Name, ...] = ()
    """fields of the trigger row that have to be filled, such as `[contingency]`"""
    satisfies: Where = {}
    """what the trigger row has to be"""
    partly: Where = {}
    """what makes it partly met where `satisfies` is not so"""

    @model_validator(mode="after")
    def _one_of_two_shapes(self) -> "Present":
        row = bool(self.fields or self.satisfies or self.partly)
        rows = bool(self.of or self.join or self.where or self.window or self.grace)
        if row == rows or (rows and not self.of) or (self.grace and not self.window):
            raise ValueError(
                "`present` looks either for a row `of` a table (with a `window` if there is "
                "`grace`) or at `fields` and `satisfies` of the trigger row"
            )
        return self


class AnswerMeasure(Strict):
    """The auditor's own answer on this standard; no answer is silent."""

    kind: Literal["answer"]
    """the auditor's own answer"""


class RecordedWithin(Counting):
    """Time from the day of the trigger row to the day it was recorded.

    Not yet recorded: not yet due within the met limit, silent afterwards. Recorded before it
    happened: cannot be told.
    """

    kind: Literal["recorded_within"]
    """time from the day of the trigger row to the day it was recorded"""
    date: Name | None = None
    """the day it happened; the table's own day if left out"""


class Before(Strict):
    """All of `events` come before `day`. One that is later is not met; a blank is silent."""

    kind: Literal["before"]
    """things that have to come before a day"""
    events: tuple[DayOf, ...] = Field(min_length=1)
    """the days that come first, such as `[trigger.risk_assessment_date]`"""
    day: DayOf
    """the day that they come before"""
    same_day: Counted = "counted"
    """whether the day itself is early enough"""


Simple = (
    Within | LongestGap | Every | Share | Count | Present | AnswerMeasure | RecordedWithin | Before
)


class Age(Strict):
    """A child younger than `under` (years, or the name of a setting) on a day."""

    under: Whole | Name
    """years, or the name of a setting in rulebook.yaml"""
    on: DayOf
    """the day on which the child is so young, such as `trigger.start_date`"""


class Threshold(Strict):
    """The limit of an outcome, in the measure's unit, in per cent, or by phase."""

    at_most: Whole | dict[Name, Duration] | None = None
    """no more than this, in the measure's unit; or a time for each phase"""
    at_least: Whole | None = None
    """no less than this; per cent for `every` and `share`"""

    @model_validator(mode="before")
    @classmethod
    def _says_which_way(cls, data: Any) -> Any:
        if isinstance(data, str):
            number = number_meant(data) or data if data[:1].isalnum() else "10"
            help_ = f"write `{{at_most: {number}}}` or `{{at_least: {number}}}`"
            raise Fault(f"{ticked(data)} does not say whether more or less is better", help_)
        limit = data.get("at_most") if isinstance(data, dict) else None
        if isinstance(limit, str) and number_meant(limit) and limit[:1].isdigit():
            help_ = f"write `{number_meant(limit)}` alone; the unit stands in the measure as `unit`"
            said = f"{ticked(limit)} is not a whole number"
            raise Fault(said, help_, code="R003", at=("at_most",))
        return data

    @model_validator(mode="after")
    def _one_limit(self) -> "Threshold":
        if (self.at_most is None) == (self.at_least is None):
            said = "a threshold says either `at_most` or `at_least`"
            raise Fault(said, "write one of the two: `{at_most: 10}`")
        return self


class SourceOf(Strict):
    """Where a threshold comes from, and the day somebody last checked it."""

    title: Text
    """what it is called, such as `Working Together to Safeguard Children`"""
    paragraph: str = ""
    """where in it, such as `Regulation 28` or `paragraph 45`"""
    url: str = ""
    """its address, beginning with `https://`"""
    checked: Day
    """the day somebody last looked at it, such as `2026-11-22`"""


class Version(Strict):
    """Thresholds from a day on, with their source."""

    from_: Day = Field(alias="from")
    """the first day it is in force, such as `2015-01-01`"""
    met: Threshold | None = None
    """the limit of met, such as `{at_most: 10}`"""
    partly_met: Threshold | None = None
    """the limit of partly met, looser than that of met"""
    source: SourceOf
    """where the limits come from: title, paragraph, url, checked"""
    note: str = ""
    """what a reader should know about it"""


class Branch(Strict):
    """One regime of a choice: when it applies, and what then holds.

    `outcome: not_applicable` ends it; otherwise a measure, with versions and a message of its own
    or the standard's.
    """

    name: Text
    """what the regime is called"""
    when: Where = {}
    """when it applies, such as `{audit.unborn: yes}`; always if left out"""
    age: Age | None = None
    """only for children so young"""
    outcome: Literal["not_applicable"] | None = None
    """`not_applicable`: nothing is asked of these"""
    measure: Annotated[Simple, Field(discriminator="kind")] | None = None
    """how these are tested: begin with `kind`"""
    versions: tuple[Version, ...] = ()
    """limits of their own; those of the standard if left out"""
    because: Text | None = None
    """what a finding says here, in place of the standard's own `because`"""

    @model_validator(mode="after")
    def _outcome_or_measure(self) -> "Branch":
        if (self.outcome is None) == (self.measure is None):
            said = "a branch has either a `measure` or an `outcome`"
            raise Fault(said, "add `measure:` or `outcome: not_applicable`")
        return self


class Choose(Strict):
    """The first branch that applies; none: the standard does not bind this row."""

    kind: Literal["choose"]
    """different measures for different regimes"""
    branches: tuple[Branch, ...] = Field(min_length=1)
    """the regimes; the first that applies counts"""


Measure = Annotated[
    Within
    | LongestGap
    | Every
    | Share
    | Count
    | Present
    | AnswerMeasure
    | RecordedWithin
    | Before
    | Choose,
    Field(discriminator="kind"),
]
