"""What has to be done, by whom and by when, as the ledger has it; a pure fold over its entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.moderation.entries import ActionClosed, ActionSet, Entry


@dataclass(frozen=True)
class Closed:
    """That an action was done: the day, and how that is known."""

    day: date
    evidence: str


@dataclass(frozen=True)
class Action:
    """Something that somebody has to do.

    `carried_from` names the action of an earlier week that it goes on with: its id, where that
    stands in this ledger; `carried_to` is the id of the one here that goes on with it.
    """

    id: str
    what: str
    owner: str
    due: date
    week: str = ""
    audit_id: str | None = None
    standard: str = ""
    carried_from: str = ""
    carried_to: str = ""
    closed: Closed | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be done, and no other goes on with it."""
        return self.closed is None and not self.carried_to

    def overdue(self, as_of: date) -> bool:
        """Return whether it should have been done before a day and is still to be done."""
        return self.open and self.due < as_of


def actions(entries: Iterable[Entry]) -> tuple[Action, ...]:
    """Return the actions in the order in which they were set."""
    found: dict[str, Action] = {}
    for entry in entries:
        body = entry.body
        if isinstance(body, ActionSet) and body.action not in found:
            found[body.action] = _set(body, entry.audit_id)
            if (carried := found.get(body.carried_from)) is not None and carried.open:
                found[carried.id] = replace(carried, carried_to=body.action)
        elif isinstance(body, ActionClosed) and body.action in found:
            action = found[body.action]
            if action.closed is None:
                found[body.action] = replace(action, closed=Closed(body.day, body.evidence))
    return tuple(found.values())


def next_id(known: Sequence[Action], after: int = 0) -> str:
    """Return the id of the next action: A1, A2, …; `after` so many that are about to be set."""
    numbers = (int(one.id[1:]) for one in known if one.id[:1] == "A" and one.id[1:].isdecimal())
    return f"A{max(numbers, default=0) + 1 + after}"


def _set(body: ActionSet, audit_id: str | None) -> Action:
    return Action(
        id=body.action,
        what=body.what,
        owner=body.owner,
        due=body.due,
        week=body.week,
        audit_id=audit_id,
        standard=body.standard,
        carried_from=body.carried_from,
    )
