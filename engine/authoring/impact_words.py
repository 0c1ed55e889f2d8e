"""The sentences of an impact, which every format of it shares.

An `Impact` comes in, British English goes out. It must not know which format will print it.
"""

from collections.abc import Iterator

from engine.authoring.impact import NO_GRADE, Changed, Edits, Fired, Impact, Side, Stood, Turned
from engine.reports.books import named
from engine.reports.view import OVERALL
from engine.reports.wording import ROUTE_TITLES, counted, long_date, plural

NOT_IN_FORCE = "not in force"


def headline(impact: Impact) -> str:
    """Say in one sentence how many grades the edit changes."""
    total = impact.total
    if not total.changed and not impact.findings_changed:
        audits = counted(total.audits, "audit")
        return f"Nothing changes: {audits}, each with the findings, grade and next step it had."
    graded = total.worse + total.better + _between_none(impact)
    of = f"{graded:,} of {counted(total.audits, 'audit')}"
    return (
        f"{of} would have another moderated grade: {total.worse:,} worse, {total.better:,} better."
    )


def _between_none(impact: Impact) -> int:
    """Count the audits that gain or lose a grade: they are neither better nor worse."""
    pairs = impact.grades.items()
    return sum(number for pair, number in pairs if NO_GRADE in pair and pair[0] != pair[1])


def totals(impact: Impact) -> Iterator[str]:
    """Yield what else changes."""
    total, alone = impact.total, impact.findings_alone
    if not total.changed and not impact.findings_changed:
        return
    yield f"{counted(total.caps, 'cap')} and {counted(total.routes, 'next step')} change."
    new, gone = total.alerts_new, total.alerts_gone
    alerts = (
        f"{counted(new, 'alert')} {plural(new, 'is')} new, "
        f"{counted(gone, 'alert')} {plural(gone, 'is')} no longer raised."
    )
    yield alerts if new or gone else "No alert is new, and none is gone."
    yield (
        f"{counted(impact.findings_changed, 'finding')} {_changes(impact.findings_changed)}; "
        f"in {counted(alone, 'audit')} findings change and nothing that rests on them does."
    )


def _changes(number: int) -> str:
    return "changes" if number == 1 else "change"


def differences(edits: Edits) -> Iterator[str]:
    """Yield what differs between the rulebooks."""
    parts = {
        "Standards that are new": edits.new,
        "Standards no longer in force": edits.gone,
        "Standards that differ": edits.standards,
        "Rules of judgement that differ": edits.rules,
        "Also different": edits.other,
    }
    for title, ids in parts.items():
        if ids:
            yield f"{title}: {', '.join(ids)}."
    if not any(parts.values()):
        yield "The two rulebooks do the same: they differ in examples and comments at most."


def books(impact: Impact) -> tuple[str, str]:
    """Name both rulebooks, so that the comparison can be repeated."""
    return f"Before: {_book(impact.before)}.", f"Now: {_book(impact.now)}."


def _book(side: Side) -> str:
    return named(side.books)


def scored(impact: Impact) -> Iterator[str]:
    """Yield as at which day, and where the rulebooks did not read the batch alike."""
    yield f"Both as of {long_date(impact.as_of)}."
    before, now = impact.before, impact.now
    if (before.put_aside, before.audits) != (now.put_aside, now.audits):
        yield (
            f"The rulebooks do not read the batch alike: {before.audits:,} audits and "
            f"{counted(before.put_aside, 'row')} put aside before, {now.audits:,} and "
            f"{counted(now.put_aside, 'row')} now. Only audits that both scored are compared."
        )


def left_out(impact: Impact) -> str:
    """Say how many audits change and are not shown; nothing if all are."""
    left = impact.total.changed - len(impact.shown)
    if left <= 0:
        return ""
    return (
        f"{counted(left, 'more audit')} {_changes(left)}: "
        "--show N shows more, --output-format csv lists all."
    )


def grade(impact: Impact, name: str | None) -> str:
    """Return a grade as it is shown."""
    return impact.titles.get(name, name) if name and name != NO_GRADE else "No grade"


def grade_rows(impact: Impact) -> tuple[str, ...]:
    """Return the grades of the table, best first; no grade only where some audit has none."""
    used = {name for pair in impact.grades for name in pair}
    known = tuple(reversed(impact.grade_order))
    other = sorted(used - {*known, NO_GRADE})
    return (*known, *other, *([NO_GRADE] if NO_GRADE in used else []))


def steps(impact: Impact, one: Changed) -> Iterator[str]:
    """Yield how an audit stands before and now, where that differs."""
    before, now = one.before, one.now
    if before.moderated != now.moderated:
        yield _to(grade(impact, before.moderated), grade(impact, now.moderated))
    else:
        yield f"{grade(impact, now.moderated)} as before"
    if before.cap != now.cap:
        yield f"cap {_to(_cap(impact, before), _cap(impact, now))}"
    if before.route != now.route:
        yield f"next step {_to(ROUTE_TITLES[before.route], ROUTE_TITLES[now.route])}"
    if before.alert != now.alert:
        yield "a new alert" if now.alert else "no alert any more"


def _cap(impact: Impact, stood: Stood) -> str:
    return grade(impact, stood.cap) if stood.cap else "none"


def _to(before: str, now: str) -> str:
    return f"{before} -> {now}"


def finding(one: Turned) -> str:
    """Say how a finding changes, and what the record shows."""
    said = f"{one.standard} {turned(one.before, one.now)}."
    return f"{said} {one.because}" if one.because else said


def turned(before: str | None, now: str | None) -> str:
    """Say from which outcome to which.

    >>> turned("not_met", None)
    'not met -> not in force'
    """
    return _to(_outcome(before), _outcome(now))


def _outcome(name: str | None) -> str:
    return name.replace("_", " ") if name else NOT_IN_FORCE


def rules(impact: Impact, one: Changed) -> Iterator[str]:
    """Yield the rules that follow, and those that no longer do."""
    gone = {(fired.scope, fired.rule): fired for fired in one.rules_gone}
    for fired in one.rules:
        was = gone.pop((fired.scope, fired.rule), None)
        before = f" (before: {_does(impact, was)})" if was else ""
        yield f"so rule {fired.rule}: {_does(impact, fired)}{before}"
    for fired in gone.values():
        yield f"no longer rule {fired.rule}: {_does(impact, fired)}"
    if not (one.findings or one.rules or one.rules_gone):
        yield "no finding or cap changes: the rules under `route` decide"


def _does(impact: Impact, fired: Fired) -> str:
    scope = "the overall grade" if fired.scope == OVERALL else impact.titles[fired.scope]
    does = [
        f"{scope} capped at {grade(impact, fired.cap)}" if fired.cap else "",
        f"the overall grade capped at {grade(impact, fired.overall_cap)}"
        if fired.overall_cap
        else "",
        "alert" if fired.alert else "",
        f"next step {ROUTE_TITLES[fired.route].lower()}" if fired.route else "",
    ]
    return ", ".join(part for part in does if part)
