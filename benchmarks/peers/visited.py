"""The facts of plans and placements, and of the visits inside them."""

from collections import defaultdict
from itertools import pairwise
from operator import itemgetter

from peers.counting import Case
from peers.days import Y2011, Y2015, between, counted, greatest, least, months_on

PLANS = ("cn01", "cp05", "cp06", "pl01", "pl02")
IN_NEED, PROTECTED = "child_in_need", "child_protection"
ANY = "any"
# what a standard on plans of some kind reads besides
READS = (
    ("pl01", frozenset((ANY,)), "plan_actions"),
    ("cn01", frozenset((IN_NEED,)), "visits"),
    ("cp05", frozenset((PROTECTED,)), "visits"),
    ("cp06", frozenset((PROTECTED,)), "visits"),
)
REVIEWED = frozenset(("regulation_24", "regulation_19"))
NO_VISITS = frozenset(("private_fostering", "family_arrangement", "care_leaver_accommodation"))
Dated = list[tuple[int, bool | None]]


def plans(case: Case) -> None:
    """CN-01, CP-05, CP-06: visits. PL-01: actions are owned and dated. PL-02: a contingency."""
    if "plans" in case.unexamined:
        for name in PLANS:
            case.not_examined(name)
        return
    actions = actions_of(case, "plan_actions")
    rows = ((day, seen) for day, seen, _ in case.audit.rows["visits"] if day is not None)
    visits = sorted(rows, key=itemgetter(0))
    reached: set[str] = set()
    for plan, kind, own, ended, contingency in case.audit.rows["plans"]:
        end = case.happened(ended)
        if case.running(own, end):
            reached |= {kind, ANY}
            written(case, own, actions.get(plan), contingency)
            visited(case, kind, (own, end), visits)
    for name, kinds, table in READS:
        if table in case.unexamined and kinds & reached:
            case.not_examined(name)


def visited(case: Case, kind: str, days: tuple[int | None, int | None], visits: Dated) -> None:
    if kind == IN_NEED:
        in_need(case, *days, visits)
    elif kind == PROTECTED:
        protected(case, *days, visits)


def actions_of(case: Case, table: str) -> dict[str, list[bool]]:
    """Return whether each action is owned and dated, by what it belongs to."""
    found: dict[str, list[bool]] = defaultdict(list)
    for key, owner, due in case.audit.rows[table]:
        if key is not None:
            found[key].append(owner is not None and due is not None)
    return found


def written(case: Case, own: int | None, good: list[bool] | None, contingency: str | None) -> None:
    if case.old(own):
        case.add("pl01_uncounted")
        case.add("pl02_uncounted")
        return
    case.add("pl02_blank" if contingency is None else "pl02_written")
    if not good:
        case.add("pl01_bare")
    else:
        share = 100 * sum(good) // len(good)
        case.facts["pl01_share"] = min(case.facts["pl01_share"], share)


def born_since(case: Case, own: int | None) -> int | None:
    """Return the first of the month after the birth, if the plan had begun by then.

    Until the birth it is the mother who is visited.
    """
    if case.unborn or case.born is None or own is None:
        return None
    month_after = months_on(case.born, 1)
    return month_after if own <= month_after else None


def inside(case: Case, visits: Dated, first: int, last: int) -> list[int]:
    """Return the days of the visits in a window at which the child was seen."""
    return [day for day, seen in visits if (seen or case.unborn) and first <= day <= last]


def in_need(case: Case, own: int | None, end: int | None, visits: Dated) -> None:
    first = greatest(born_since(case, own) or own, case.opens)
    last = least(end, case.cut) or case.cut
    if first is None:
        case.add("cn01_undated")
    elif last >= first:
        if first < Y2015:
            case.add("cn01_uncounted")
        else:
            gaps(case, "cn01", [first, *inside(case, visits, first, last), last])


def gaps(case: Case, name: str, days: list[int]) -> None:
    """Count the longest time between days that follow one another; two alone are a wait."""
    longest = max(later - day for day, later in pairwise(days))
    case.most(f"{name}_longest" if len(days) > 2 else f"{name}_waiting", longest)


def protected(case: Case, own: int | None, end: int | None, visits: Dated) -> None:
    after = born_since(case, own)
    first = greatest(after or own, case.opens)
    last = least(end, case.cut) or case.cut
    if first is None:
        case.add("cp05_undated")
    elif last >= first:
        days = [counted(day) for day in (first, *inside(case, visits, first, last), last)]
        known = [day for day in days if day is not None]
        if first < Y2015 or len(known) < len(days):
            case.add("cp05_uncounted")
        else:
            gaps(case, "cp05", known)
    if own is None:
        case.add("cp06_undated")
    elif last >= own:
        at_all(case, own, last, visits, mother=case.unborn or after is not None)


def at_all(case: Case, own: int, last: int, visits: Dated, *, mother: bool) -> None:
    waiting = between(own, last)
    if own < Y2015:
        case.add("cp06_uncounted")
    elif any((seen is not False or mother) and own <= day <= last for day, seen in visits):
        case.add("cp06_visited")
    elif waiting is None:
        case.add("cp06_uncounted")
    else:
        case.most("cp06_unvisited", waiting)


def placements(case: Case) -> None:
    """CC-01: a child in care is visited as often as regulation 28 says."""
    if "placements" in case.unexamined:
        case.not_examined("cc01")
        return
    for own, ended, arrangement, regime, lasting in case.audit.rows["placements"]:
        end = case.happened(ended)
        if case.running(own, end) and arrangement not in NO_VISITS:
            how = kept(case, own, end, (regime or "", bool(lasting)))
            if how:
                case.add(f"cc01_{how}")


def kept(case: Case, own: int | None, end: int | None, how: tuple[str, bool]) -> str | None:
    """Say how the visits of a placement were kept; none if it lies outside the period.

    A gap has to end by the day it is `due`.
    """
    regime, lasting = how
    first, last = greatest(own, case.opens), least(end, case.cut) or case.cut
    if case.unexamined & ({"visits", "reviews"} if regime in REVIEWED else {"visits"}):
        return "uncounted"
    if first is None:
        return "undated"
    if last < first:
        return None
    if first < Y2011:
        return "uncounted"
    until = phase_ends(case, own, regime, lasting=lasting)
    days = sorted(day for day, seen, _ in case.audit.rows["visits"]
                  if seen and day is not None and first <= day <= last)  # fmt: skip
    limits = [due((regime, lasting, own, until), first, opening=True)]
    limits += [due((regime, lasting, own, until), day, opening=False) for day in days]
    late = any(day > limit for day, limit in zip((*days, last), limits, strict=True))
    return ("late" if late else "kept") if days else "overdue" if late else "waiting"


def phase_ends(case: Case, own: int | None, regime: str, *, lasting: bool) -> int | None:
    """Return the day that the first phase of a placement ends: a review, or its first year."""
    if own is None:
        return None
    if regime not in REVIEWED:
        return months_on(own, 12) if lasting else None
    held = (day for kind, day in case.audit.rows["reviews"] if kind == "child_in_care" and day)
    return min((day for day in held if own <= day <= case.cut), default=None)


def due(of: tuple[str, bool, int | None, int | None], begins: int, *, opening: bool) -> int:
    """Return the day by which a gap of visits to a child in care has to end."""
    regime, lasting, own, until = of
    if regime in REVIEWED:
        if until is None or begins + 7 <= until:
            return begins + 7
        return begins + (28 if regime == "regulation_24" else 42)
    if opening and begins == own:
        return begins + 7
    if lasting and until is not None and begins + 42 > until:
        return months_on(begins, 3)
    return begins + 42
