"""The facts of supervision and management oversight."""

from peers.counting import Case
from peers.days import Y2015, between, greatest
from peers.visited import actions_of, gaps


def supervision(case: Case) -> None:
    """SU-01: how often the worker is supervised."""
    start = greatest(case.allocated, case.opens)
    if start is None:
        case.add("su01_undated")
        return
    case.facts["su01_open"] = case.cut - start
    if "supervisions" in case.unexamined or start < Y2015:
        case.add("su01_uncounted")
    elif case.cut >= start:
        days = (day for _, day, _ in case.audit.rows["supervisions"] if day is not None)
        gaps(case, "su01", [start, *sorted(d for d in days if start <= d <= case.cut), case.cut])


def reflection(case: Case) -> None:
    """SU-02: supervision is reflective, its actions are owned and dated."""
    if "supervisions" in case.unexamined:
        case.not_examined("su02")
        return
    actions = actions_of(case, "supervision_actions")
    reached = False
    for key, day, reflective in case.audit.rows["supervisions"]:
        if case.running(day, day):
            reached = True
            case.add(f"su02_{reflected(case, day, reflective, actions.get(key))}")
    if reached and "supervision_actions" in case.unexamined:
        case.not_examined("su02")


def reflected(case: Case, day: int | None, reflective: bool | None, good: list[bool] | None) -> str:  # noqa: FBT001 - a cell
    if case.old(day):
        return "uncounted"
    if reflective is None or not good:
        return "bare" if reflective is not False else "unreflective"
    if not reflective:
        return "unreflective"
    return "kept" if all(good) else "lacking"


def oversight(case: Case) -> None:
    """OV-01: a manager keeps oversight of the case after it is allocated."""
    open_for = None if case.allocated is None else between(case.allocated, case.cut)
    case.facts["ov01_open"] = -1 if open_for is None else open_for
    if open_for is None or case.allocated is None:
        return
    first = greatest(case.allocated + 1, case.opens) or 0
    if "oversight" in case.unexamined:
        case.add("ov01_uncounted")
    elif case.cut < first:
        case.add("ov01_over")
    elif first < Y2015:
        case.add("ov01_uncounted")
    else:
        days = (day for (day,) in case.audit.rows["oversight"] if day is not None)
        case.facts["ov01_entries"] = sum(first <= day <= case.cut for day in days)
