"""What may be written next about actions: set, close, carry on; each refusal with a way out."""

from collections.abc import Sequence
from datetime import date

from engine.errors import Location, Problem, nearest
from engine.moderation.actions import Action, next_id
from engine.moderation.entries import ActionSet
from engine.moderation.people import person

HERE = "audit actions list"


def may_set(what: str, owner: str, where: Location) -> tuple[Problem, ...]:
    """Return what is missing from an action that is to be set."""
    given = (("what is to be done", what), ("the owner", owner))
    help_ = "an action without either is nobody's"
    return tuple(
        Problem(where, "M206", f"{name} is missing", help_)
        for name, text in given
        if not text.strip()
    )


def may_close(
    known: Sequence[Action], action: str, evidence: str, day: date, today: date
) -> tuple[Problem, ...]:
    """Return what stands in the way of closing an action."""
    where = Location(f"action {action}")
    found = next((one for one in known if one.id == action), None)
    if found is None:
        return (missing(known, action),)
    problems = []
    if found.closed is not None:
        said = f"`{action}` was closed on {found.closed.day}"
        problems.append(Problem(where, "M241", said, "nothing needs to be done"))
    elif found.carried_to:
        said = f"`{action}` goes on as `{found.carried_to}`"
        problems.append(Problem(where, "M241", said, f"close `{found.carried_to}`"))
    if not evidence.strip():
        said = "how it is known that the action was done is missing"
        problems.append(Problem(where, "M206", said, "give it with --evidence"))
    if day > today:
        problems.append(Problem(where, "M227", f"{day} lies in the future", "check --day"))
    return tuple(problems)


def missing(known: Sequence[Action], action: str) -> Problem:
    """Return that there is no such action."""
    help_ = nearest(action, tuple(one.id for one in known)) or f"`{HERE}` shows them"
    return Problem(Location(f"action {action}"), "M240", f"there is no action `{action}`", help_)


def carried(
    old: Sequence[Action], known: Sequence[Action], week: str, ledger: str | None
) -> tuple[tuple[Action, ActionSet], ...]:
    """Return the open actions of an earlier week, each with what goes on with it.

    `ledger` is what the other ledger is called, None where it is this one: then those of the week
    itself stay as they are. What was carried before is left out.
    """
    done = {(person(one.carried_from), one.what) for one in known if one.carried_from}
    open_ = [one for one in old if one.open and (ledger is not None or one.week != week)]
    found: list[tuple[Action, ActionSet]] = []
    for one in open_:
        link = one.id if ledger is None else f"{one.id} of {one.week or ledger}"
        if (person(link), one.what) not in done:
            found.append((one, _carries_on(one, next_id(known, len(found)), week, link)))
    return tuple(found)


def _carries_on(one: Action, action: str, week: str, link: str) -> ActionSet:
    return ActionSet(
        action=action,
        what=one.what,
        owner=one.owner,
        due=one.due,
        week=week,
        standard=one.standard,
        carried_from=link,
    )
