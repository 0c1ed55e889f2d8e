"""Random standards as authors write them: plain dictionaries that the model accepts."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

Written = dict[str, Any]
Drawn = st.SearchStrategy[Any]

PLAIN = {
    "title": "A standard", "status": "live", "domain": "visits", "area": "help_and_protection",
    "level": "local", "severity": "minor", "why": "It helps.", "because": "So it is.",
}  # fmt: skip
SOURCE = {"title": "A source", "checked": "2025-01-01"}
LONG = ("5 days", "2 weeks", "1 month", "2 months")
WAITS = (*LONG, "3 working days", "10 working days")
STARTS = ("2014-01-01", "2014-01-01", "2015-01-02", "2025-02-01", "2025-04-21")
LIMITS = (0, 1, 2, 3, 5, 10, 14, 20, 30, 60)
DATES = {
    "audits": ("allocated_date", "period_start", "audit_date", "cut_off"),
    "plans": ("start_date", "end_date"),
    "plan_actions": ("due_date", "completed_date"),
    "visits": ("visit_date",),
    "reviews": ("held_date", "due_date"),
    "missing_episodes": ("missing_at", "returned_at", "interview_at"),
}
CHOICES = {
    "audits": ("case_type", ("front_door", "early_help", "assessment")),
    "plans": ("kind", ("child_in_need", "child_protection", "care")),
    "plan_actions": ("owner", ("said",)),
    "visits": ("kind", ("child_protection", "child_in_need", "child_in_care")),
    "reviews": ("kind", ("child_in_need", "child_protection", "child_in_care")),
    "missing_episodes": ("accepted", ("yes", "no")),
}
FLAGS = {
    "audits": "unborn",
    "plans": "shared_with_family",
    "plan_actions": "outcome_measure",
    "visits": "child_seen",
    "reviews": "participation",
    "missing_episodes": "independent",
}
YES_NO = ("unborn", "shared_with_family", "child_seen", "independent")
EXCEPTIONS: tuple[dict[str, str], ...] = (
    {},
    {},
    {"child_missing": "not_applicable", "child_abroad": "shown"},
    {"child_missing": "not_applicable", "child_abroad": "not_applicable"},
)
TRIGGERS = ("audits", "plans", "plans", "visits", "reviews", "missing_episodes", "plan_actions")
SERIES = ("visits", "visits", "reviews", "missing_episodes")


@cache
def maybe(value: Drawn) -> Drawn:
    """Return nothing or a value, with nothing as the simplest."""
    return st.one_of(st.none(), value)


@cache
def mostly(usual: Drawn, odd: Drawn, times: int) -> Drawn:
    """Return the usual so many times for each odd one; `one_of` takes equal ones for one."""
    return st.sampled_from((*[usual] * times, odd)).flatmap(lambda strategy: strategy)


def part(**keys: Drawn) -> Drawn:
    """Return a dictionary of drawn values, without those that are nothing."""
    return st.fixed_dictionaries(keys).map(
        lambda drawn: {k.rstrip("_"): v for k, v in drawn.items() if v is not None and v != {}}
    )


@cache
def fields_of(trigger: str) -> Drawn:
    """Return the name of a day of the trigger row, if there is one, or of the audit."""
    own = tuple(f"trigger.{name}" for name in DATES.get(trigger, ()) if name != "cut_off")
    return st.sampled_from((*own, *own, "audit.allocated_date", "audit.period_start"))


@cache
def plain_days(trigger: str) -> Drawn:
    """Return a day that is a field, at times moved."""
    later = part(field=fields_of(trigger), plus=st.sampled_from(LONG))
    earlier = part(field=fields_of(trigger), minus=st.sampled_from(("1 day", "2 weeks")))
    return mostly(fields_of(trigger), later | earlier, 3)


@cache
def tests(table: str, trigger: str) -> Drawn:
    """Return a condition on one field: its name and what it must be."""
    choice, values = CHOICES[table]
    flag, yes_no = FLAGS[table], st.sampled_from(("yes", "no"))
    day = st.sampled_from([name for name in DATES[table] if name != "cut_off"])
    two = st.permutations(values).map(lambda shuffled: list(shuffled)[:2])
    later = part(on_or_after=plain_days(trigger)) | part(on_or_before=plain_days(trigger))
    number = part(at_least=st.integers(0, 3)) | part(at_most=st.integers(0, 3))
    told = yes_no if flag in YES_NO else part(present=yes_no)
    return st.one_of(
        st.tuples(st.just(flag), told),
        st.tuples(st.just(flag), part(present=yes_no)),
        st.tuples(st.just(choice), two),
        st.tuples(st.just(choice), st.just({"not": values[0]})),
        st.tuples(day, later),
        st.tuples(day, part(present=yes_no)),
        st.tuples(st.just("audit.case_type"), st.just(CHOICES["audits"][1][1])),
        st.tuples(st.just("audit.caseload"), number),
    )


@cache
def wheres(table: str, trigger: str) -> Drawn:
    """Return conditions on the rows of a table: mostly none or one."""
    some = st.lists(tests(table, trigger), min_size=1, max_size=2).map(dict)
    return mostly(st.just({}), some, 2)


@cache
def day_ofs(trigger: str) -> Drawn:
    """Return a day: a field, or the first or last row of a table."""
    return st.one_of(plain_days(trigger), looked_up(trigger))


@cache
@st.composite
def looked_up(draw: st.DrawFn, trigger: str) -> Written:
    """Draw a day that is looked up in a table."""
    table = draw(st.sampled_from(SERIES))
    drawn: Written = draw(
        part(
            table=st.just(table),
            date=maybe(st.sampled_from(DATES[table])),
            where=wheres(table, trigger),
            pick=maybe(st.just("last")),
            on_or_after=maybe(plain_days(trigger)),
            on_or_before=maybe(plain_days(trigger)),
            plus=maybe(st.sampled_from(LONG)),
        )
    )
    return drawn


@cache
def starts(trigger: str) -> Drawn:
    """Return the day on which a clock starts: mostly the trigger row's own."""
    own = DATES[trigger][0]
    usual = st.just(f"{'audit' if trigger == 'audits' else 'trigger'}.{own}")
    return mostly(usual, day_ofs(trigger), 2)


@cache
@st.composite
def windows(draw: st.DrawFn, trigger: str) -> Written:
    """Draw a window."""
    begins = draw(st.sampled_from(("from", "from", "after")))
    ends = maybe(mostly(st.just(f"trigger.{DATES[trigger][-1]}"), day_ofs(trigger), 2))
    window: Written = draw(part(to=ends, clip=maybe(st.just("no"))))
    return {begins: draw(starts(trigger)), **window}


COUNTING = {
    "unit": maybe(st.sampled_from(("working_days", "months"))),
    "start_day": maybe(st.just("counted")),
    "end_day": maybe(st.just("not_counted")),
}


@cache
def most() -> Drawn:
    """Return limits from above, met narrower than partly met."""
    limits = st.tuples(st.sampled_from(LIMITS), maybe(st.sampled_from(LIMITS)))
    return limits.map(lambda pair: limited("at_most", pair[0], pair[1]))


@cache
def least(top: int) -> Drawn:
    """Return limits from below, met narrower than partly met."""
    limits = st.tuples(st.integers(1, top), maybe(st.integers(0, top)))
    return limits.map(lambda p: limited("at_least", p[0], p[1] and -min(p[1], p[0] - 1)))


def limited(how: str, met: int, further: int | None) -> Written:
    """Return the thresholds of a version."""
    partly = {"partly_met": {how: met + further}} if further else {}
    return {"met": {how: met}, **partly}


@cache
@st.composite
def versions(draw: st.DrawFn, limits: Drawn) -> list[Written]:
    """Draw one to three dated versions."""
    starts = sorted({draw(st.sampled_from(STARTS)), *draw(st.sets(st.sampled_from(STARTS)))})
    return [{"from": start, "source": SOURCE, **draw(limits)} for start in starts]


def measured(limits: Drawn, **keys: Drawn) -> Drawn:
    """Return a measure with its versions."""
    return st.fixed_dictionaries({"measure": part(**keys), "versions": versions(limits)})


@cache
def within(trigger: str) -> Drawn:
    """Return a `within`."""
    grace = maybe(st.sampled_from(WAITS))
    return measured(most(), kind=st.just("within"), from_=starts(trigger), to=day_ofs(trigger),
                    grace=grace, **COUNTING)  # fmt: skip


@cache
@st.composite
def longest_gap(draw: st.DrawFn, trigger: str) -> Written:
    """Draw a `longest_gap` without phases."""
    of = draw(st.sampled_from(SERIES))
    return draw(
        measured(most(), kind=st.just("longest_gap"), of=st.just(of), where=wheres(of, trigger),
                 date=maybe(st.sampled_from(DATES[of])), window=windows(trigger),
                 grace=maybe(st.sampled_from(WAITS)), **COUNTING)
    )  # fmt: skip


@cache
@st.composite
def phased_gap(draw: st.DrawFn, trigger: str) -> Written:
    """Draw a `longest_gap` with phases."""
    first: Written = {"name": "opening", "first_gap": "yes"}
    early = {"name": "early", "begins_before": draw(day_ofs(trigger))}
    phases = [p for p in (first, early) if draw(st.booleans())] + [{"name": "later"}]
    drawn = draw(longest_gap(trigger))
    for version in drawn["versions"]:
        for threshold in ("met", "partly_met"):
            if threshold in version:
                limits = {p["name"]: draw(st.sampled_from(LONG)) for p in phases}
                version[threshold] = {"at_most": limits}
    measure = {k: v for k, v in drawn["measure"].items() if k not in COUNTING}
    return {**drawn, "measure": {**measure, "phases": phases}}


@cache
@st.composite
def every(draw: st.DrawFn, trigger: str) -> Written:
    """Draw an `every`."""
    of = draw(st.sampled_from(SERIES))
    return draw(
        measured(least(100), kind=st.just("every"), of=st.just(of), where=wheres(of, trigger),
                 date=maybe(st.sampled_from(DATES[of])), window=windows(trigger),
                 period=st.sampled_from(LONG), count=maybe(st.integers(1, 2)))
    )  # fmt: skip


@cache
@st.composite
def related(draw: st.DrawFn, trigger: str, kind: str) -> Written:
    """Draw a `share`, `count` or `present` of related rows."""
    of = draw(st.sampled_from((*SERIES, "plan_actions", "plan_actions")))
    keys: dict[str, Drawn] = {
        "kind": st.just(kind),
        "of": st.just(of),
        "where": wheres(of, trigger),
    }
    if {of, trigger} <= {"plans", "plan_actions"}:
        keys["join"] = maybe(st.just(["plan_id"]))
    window = draw(maybe(windows(trigger)))
    keys["window"] = st.just(window)
    named = st.sampled_from(DATES[of])
    if window:
        keys["date"] = named if of == "plan_actions" else maybe(named)
    if window and kind != "share":
        keys["grace"] = maybe(st.sampled_from(WAITS))
    if kind == "share":
        keys["satisfies"] = tests(of, trigger).map(lambda test: dict([test]))
    counted = st.one_of(least(3), most()) if kind == "count" else least(100)
    return draw(measured(st.just({}) if kind == "present" else counted, **keys))


@cache
@st.composite
def in_the_row(draw: st.DrawFn, trigger: str) -> Written:
    """Draw a `present` of the trigger row."""
    names = st.lists(
        st.sampled_from((*DATES[trigger][:1], FLAGS[trigger])), min_size=1, unique=True
    )
    drawn = draw(
        measured(st.just({}), kind=st.just("present"), fields=maybe(names),
                 satisfies=wheres(trigger, trigger), partly=wheres(trigger, trigger))
    )  # fmt: skip
    if drawn["measure"].keys() == {"kind"}:
        drawn["measure"]["fields"] = [FLAGS[trigger]]
    return dict(drawn)


@cache
def answer(_: str) -> Drawn:
    """Return an `answer`."""
    return measured(st.just({}), kind=st.just("answer"))


@cache
def recorded_within(trigger: str) -> Drawn:
    """Return a `recorded_within`."""
    date = st.sampled_from(DATES[trigger])
    named = date if trigger == "plan_actions" else maybe(date)
    return measured(most(), kind=st.just("recorded_within"), date=named, **COUNTING)


@cache
def before(trigger: str) -> Drawn:
    """Return a `before`."""
    events = st.lists(day_ofs(trigger), min_size=1, max_size=2)
    return measured(st.just({}), kind=st.just("before"), events=events, day=day_ofs(trigger),
                    same_day=maybe(st.just("not_counted")))  # fmt: skip


SIMPLE: dict[str, Any] = {
    "within": within,
    "longest_gap": longest_gap,
    "phases": phased_gap,
    "every": every,
    "share": lambda trigger: related(trigger, "share"),
    "count": lambda trigger: related(trigger, "count"),
    "present": lambda trigger: related(trigger, "present"),
    "in_the_row": in_the_row,
    "answer": answer,
    "recorded_within": recorded_within,
    "before": before,
}
KINDS = (*SIMPLE, "choose")


@cache
@st.composite
def choose(draw: st.DrawFn, trigger: str) -> Written:
    """Draw a choice of two or three branches."""
    branches = []
    for n in range(draw(st.integers(2, 3))):
        kinds = [k for k in SIMPLE if trigger != "audits" or k != "recorded_within"]
        drawn = draw(SIMPLE[draw(st.sampled_from(kinds))](trigger))
        body = draw(mostly(st.just(drawn), st.just({"outcome": "not_applicable"}), 3))
        age = part(under=st.sampled_from((1, 3, "seen_alone_from_age")), on=plain_days(trigger))
        head = draw(part(when=wheres(trigger, trigger), age=maybe(age)))
        branches.append({"name": f"Branch {n}", **head, **body})
    return {"measure": {"kind": "choose", "branches": branches}, "versions": []}


@cache
@st.composite
def written_standards(draw: st.DrawFn, kind: str) -> Written:
    """Draw a standard of a kind, as its author wrote it (without an id)."""
    tables = [t for t in TRIGGERS if kind != "recorded_within" or t != "audits"]
    table = draw(st.sampled_from(tables))
    open_for = part(from_=day_ofs(table), at_least=st.sampled_from(WAITS),
                    in_period=maybe(st.just("no")))  # fmt: skip
    trigger = part(table=st.just(table), where=mostly(st.just({}), wheres(table, table), 2),
                   open_for=mostly(st.none(), open_for, 6))  # fmt: skip
    may = ("plans.end_date", "visits.child_seen", "reviews.due_date", "audits.allocated_date")
    measure = draw((SIMPLE | {"choose": choose})[kind](table))
    return {
        **PLAIN,
        "trigger": draw(trigger),
        "exceptions": draw(st.sampled_from(EXCEPTIONS)),
        "silence": draw(st.sampled_from(("not_evidenced", "not_met"))),
        "applies_to": draw(mostly(st.just({}), wheres("audits", ""), 2)),
        "may_be_absent": sorted(draw(st.sets(st.sampled_from(may)))),
        **measure,
    }
