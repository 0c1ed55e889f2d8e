"""The facts of referrals, assessments, enquiries and visits."""

from peers.counting import Case
from peers.days import months_between

NO_LIMIT = frozenset(("early_help", "pathway_needs", "connected_carer", "other"))
CHILD_NOT_SEEN = frozenset(("pre_birth", "connected_carer"))
FIRST_MEETINGS = frozenset(("initial", "pre_birth"))
OLD_ENOUGH = 36  # months at which a child is to be seen alone


def referrals(case: Case) -> None:
    """FD-01: a referral is decided."""
    if "referrals" in case.unexamined:
        case.not_examined("fd01")
        return
    for received, decision in case.audit.rows["referrals"]:
        decided = case.happened(decision)
        if case.running(received, decided):
            case.timed("fd01", received, decided)


def assessments(case: Case) -> None:
    """AS-01: an assessment is authorised. AS-02: the child is seen, and alone."""
    if "assessments" in case.unexamined:
        case.not_examined("as01")
        case.not_examined("as02")
        return
    for kind, referral, start, authorisation, seen, alone in case.audit.rows["assessments"]:
        authorised = case.happened(authorisation)
        if not case.running(start, authorised):
            continue
        if kind not in NO_LIMIT:
            case.timed("as01", case.happened(referral), authorised)
        if case.unborn or kind in CHILD_NOT_SEEN:
            continue
        if case.old(start):
            case.add("as02_uncounted")
        else:
            case.add(f"as02_{seen_how(case, start, seen, alone)}")


def seen_how(case: Case, start: int | None, seen: bool | None, alone: bool | None) -> str:  # noqa: FBT001 - a cell
    """Say how a child was seen; one too young to be seen alone need not be."""
    if seen is None:
        return "unsaid"
    if not seen:
        return "not_seen"
    dated = start is not None and case.born is not None
    if dated and months_between(case.born, start) < OLD_ENOUGH:  # type: ignore[arg-type]
        return "seen"
    return "unsaid" if alone is None else "seen" if alone else "not_alone"


def enquiries(case: Case) -> None:
    """CP-01: a conference is held. SF-01: a return home only when it is agreed."""
    conferences = False
    for start, end, required, returned, home, assessed, agreed in case.audit.rows["enquiries"]:
        if not case.running(start, case.happened(end)):
            continue
        if required:
            conferences = True
            case.timed("cp01", *conference(case, start))
        if returned or (returned is None and case.happened(home) is not None):
            went_home(case, start, home, (case.happened(assessed), case.happened(agreed)))
    if "enquiries" in case.unexamined:
        case.not_examined("cp01")
        case.not_examined("sf01")
    elif conferences and case.unexamined & {"strategy_discussions", "conferences"}:
        case.not_examined("cp01")


def conference(case: Case, start: int | None) -> tuple[int | None, int | None]:
    """Return the day of the discussion that began an enquiry, and of the conference after it."""
    rows = case.audit.rows
    held = (day for (day,) in rows["strategy_discussions"] if day is not None)
    first = max((day for day in held if start is not None and day <= start), default=None)
    if first is None:
        return None, None
    days = (day for kind, day in rows["conferences"] if kind in FIRST_MEETINGS and day is not None)
    return first, min((day for day in days if first <= day <= case.cut), default=None)


def went_home(
    case: Case, start: int | None, home: int | None, before: tuple[int | None, int | None]
) -> None:
    if case.old(start):
        case.add("sf01_uncounted")
    elif home is None:
        case.add("sf01_blank")
    elif home > case.cut:
        case.add("sf01_ahead")
    elif any(day is not None and day > home for day in before):
        case.add("sf01_late")
    else:
        case.add("sf01_blank" if None in before else "sf01_agreed")


def visits(case: Case) -> None:
    """RC-01: a visit is recorded."""
    if "visits" in case.unexamined:
        case.not_examined("rc01")
        return
    for day, _seen, recorded in case.audit.rows["visits"]:
        if case.running(day, day):
            case.timed("rc01", day, case.happened(recorded))
