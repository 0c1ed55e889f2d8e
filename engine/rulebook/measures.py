"""How a standard is tested: one model for each kind of measure (design §4).

What each kind means is said in its docstring, here and nowhere else; `engine/findings/measures/`
compiles it, and `tests/differential/reference.py` says it again naively.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.rulebook.conditions import DayOf, Where
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Day, Duration, Name, Text, Whole, YesNo
from engine.terms import Unit

Counted = Literal["counted", "not_counted"]


class Window(Strict):
    """The days that are looked at, clipped to the audited period and always to the cut-off.

    `from` counts its own day and `after` does not. `clip: no` looks back before the period.
    """

    from_: DayOf | None = Field(default=None, alias="from")
    after: DayOf | None = None
    to: DayOf | None = None
    clip: YesNo = True

    @model_validator(mode="after")
    def _one_start(self) -> "Window":
        if (self.from_ is None) == (self.after is None):
            raise ValueError("a window begins either `from` a day or `after` it")
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
    start_day: Counted = "not_counted"
    end_day: Counted = "counted"


class Within(Counting):
    """Time from one day to another.

    Value: units from `from` to `to` (a completion before the start cannot be told).
    No completion: not yet due while no more than `grace` (else the met limit) has run at the
    cut-off; silent afterwards.
    """

    kind: Literal["within"]
    from_: DayOf = Field(alias="from")
    to: DayOf
    grace: Duration | None = None


class Phase(Strict):
    """A part of a series with a limit of its own, by the day on which a gap begins.

    `first_gap`: the gap from the day the series begins to the first event. `begins_before`: gaps
    that begin before that day, and whose limit runs out by then (a day that is not known lies in
    the future). Neither: all that are left.
    """

    name: Name
    first_gap: YesNo = False
    begins_before: DayOf | None = None


class LongestGap(Counting):
    """The longest time without an event, both ends of the window being points of the series.

    Value: units of the gap that is worst against its limit. No event at all: not yet due while no
    more than `grace` (else the met limit) has run; silent afterwards.
    """

    kind: Literal["longest_gap"]
    of: Name
    date: Name | None = None
    where: Where = {}
    window: Window
    grace: Duration | None = None
    phases: tuple[Phase, ...] = ()


class Every(Strict):
    """Rate: the per cent of full `period`s in the window that hold at least `count` events.

    Periods follow one another from the window's first day. No full period yet: not yet due.
    No event at all in the window: silent.
    """

    kind: Literal["every"]
    of: Name
    date: Name | None = None
    where: Where = {}
    window: Window
    period: Duration
    count: Whole = 1

    @model_validator(mode="after")
    def _of_days_or_months(self) -> "Every":
        if self.period.unit is Unit.WORKING_DAYS:
            raise ValueError("a period is so many days, weeks, months or years")
        return self


class _Rows(Strict):
    """Rows of a table that belong to the trigger row, all of them or those in a window."""

    join: tuple[Name, ...] = ()
    where: Where = {}
    date: Name | None = None
    window: Window | None = None

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
    of: Name
    satisfies: Where


class Count(_Rows):
    """The number of rows (joined on `join`, chosen by `where`, in the window).

    No rows where `at_least` is asked: not yet due within `grace`, silent afterwards.
    """

    kind: Literal["count"]
    of: Name
    grace: Duration | None = None

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
    of: Name | None = None
    grace: Duration | None = None
    fields: tuple[Name, ...] = ()
    satisfies: Where = {}
    partly: Where = {}

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


class RecordedWithin(Counting):
    """Time from the day of the trigger row to the day it was recorded.

    Not yet recorded: not yet due within the met limit, silent afterwards. Recorded before it
    happened: cannot be told.
    """

    kind: Literal["recorded_within"]
    date: Name | None = None


class Before(Strict):
    """All of `events` come before `day`. One that is later is not met; a blank is silent."""

    kind: Literal["before"]
    events: tuple[DayOf, ...] = Field(min_length=1)
    day: DayOf
    same_day: Counted = "counted"


Simple = (
    Within | LongestGap | Every | Share | Count | Present | AnswerMeasure | RecordedWithin | Before
)


class Age(Strict):
    """A child younger than `under` (years, or the name of a setting) on a day."""

    under: Whole | Name
    on: DayOf


class Threshold(Strict):
    """The limit of an outcome, in the measure's unit, in per cent, or by phase."""

    at_most: Whole | dict[Name, Duration] | None = None
    at_least: Whole | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> "Threshold":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a threshold says either `at_most` or `at_least`")
        return self


class SourceOf(Strict):
    """Where a threshold comes from, and the day somebody last checked it."""

    title: Text
    paragraph: str = ""
    url: str = ""
    checked: Day


class Version(Strict):
    """Thresholds from a day on, with their source."""

    from_: Day = Field(alias="from")
    met: Threshold | None = None
    partly_met: Threshold | None = None
    source: SourceOf
    note: str = ""


class Branch(Strict):
    """One regime of a choice: when it applies, and what then holds.

    `outcome: not_applicable` ends it; otherwise a measure, with versions and a message of its own
    or the standard's.
    """

    name: Text
    when: Where = {}
    age: Age | None = None
    outcome: Literal["not_applicable"] | None = None
    measure: Annotated[Simple, Field(discriminator="kind")] | None = None
    versions: tuple[Version, ...] = ()
    because: Text | None = None

    @model_validator(mode="after")
    def _outcome_or_measure(self) -> "Branch":
        if (self.outcome is None) == (self.measure is None):
            raise ValueError("a branch has either a `measure` or an `outcome`")
        return self


class Choose(Strict):
    """The first branch that applies; none: the standard does not bind this row."""

    kind: Literal["choose"]
    branches: tuple[Branch, ...] = Field(min_length=1)


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
