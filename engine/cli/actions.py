"""`audit actions`: set, list, close and carry what is to be done; link what was audited again."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from engine.cli.common import open_rulebook, say, show
from engine.cli.moderate import Who, table
from engine.cli.moderating import Place
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.moderation.acting import carried, may_close, may_set, missing
from engine.moderation.actions import Action, Closed, actions, next_id
from engine.moderation.entries import ActionClosed, ActionSet, Draft, Inclusions, Reaudited
from engine.reports.screen import shown

if TYPE_CHECKING:
    from engine.moderation.ledger import Held, Ledger

HEADINGS = ("Action", "What", "Owner", "Due", "Stands")
WIDEST = 60


@dataclass(frozen=True)
class Added:
    """An action that is to be set."""

    what: str
    owner: str
    due: date
    audit: str | None = None
    standard: str = ""
    week: str = ""


def run_add(added: Added, place: Place, by: str, at: datetime | None = None) -> Exit:
    """Set an action; the ledger is begun where there is none."""
    name = _name(by)
    _stop(may_set(added.what, added.owner, Location("actions add")))
    standard = _standard(added.standard, place) if added.standard else ""
    with _ledger(place, create=True).writing() as held:
        if added.audit is not None:
            _known_audit(held, added.audit)
        action = next_id(actions(held.entries()))
        body = ActionSet(
            action=action,
            what=added.what.strip(),
            owner=_tidy(added.owner),
            due=added.due,
            week=_tidy(added.week),
            standard=standard,
        )
        (entry,) = held.append([Draft(body, name, _now(at), added.audit)])
    show([f"{action}: {shown(body.owner)}, by {body.due}: {shown(body.what)} (entry {entry.seq})"])
    show([f"next: `audit actions close {action} --evidence …{place.told}`, once it is done"])
    return Exit.DONE


def run_list(place: Place, as_of: date, week: str | None, *, overdue: bool, as_json: bool) -> Exit:
    """List actions."""
    found = actions(_ledger(place).entries())
    chosen = [
        one
        for one in found
        if (not overdue or one.overdue(as_of)) and (week is None or one.week == _tidy(week))
    ]
    if as_json:
        data = [_data(one, as_of) for one in chosen]
        show([json.dumps(data, ensure_ascii=False, indent=2)])
    else:
        show(_lines(found, chosen, as_of))
    return Exit.DONE


def run_close(place: Place, action: str, done: Closed, by: str, at: datetime | None = None) -> Exit:
    """Close an action."""
    name, now, wanted = _name(by), _now(at), action.strip().upper()
    evidence, day = done.evidence, done.day
    with _ledger(place).writing() as held:
        known = actions(held.entries())
        _stop(may_close(known, wanted, evidence, day, now.astimezone().date()))
        found = next(one for one in known if one.id == wanted)
        body = ActionClosed(action=wanted, evidence=evidence.strip(), day=day)
        (entry,) = held.append([Draft(body, name, now, found.audit_id)])
    left = sum(one.open for one in known) - 1
    show([f"{wanted}: closed on {day} (entry {entry.seq}); {left} left open"])
    return Exit.DONE


def run_carry(
    place: Place, other: str | None, week: str, by: str, at: datetime | None = None
) -> Exit:
    """Carry open actions to the next week."""
    name, now = _name(by), _now(at)
    if not week.strip():
        _stop((Problem(Location("--week"), "M206", "the week is missing", "give its title"),))
    source = _ledger(Place(other)) if other is not None else None
    ledger = _ledger(place, create=source is not None)
    if source is not None and source.head() == ledger.head():
        source = None  # this very ledger under another name
    old = actions(source.entries()) if source else None
    with ledger.writing() as held:
        known = actions(held.entries())
        called = source.name if source else None
        pairs = carried(known if old is None else old, known, _tidy(week), called)
        held.append([Draft(body, name, now, one.audit_id) for one, body in pairs])
    if not pairs:
        show(["nothing is carried: no action is open, or all were carried before"])
        return Exit.DONE
    show(
        f"{body.action}: goes on with {shown(body.carried_from)}: {shown(one.what)}, "
        f"{shown(one.owner)}, by {one.due}"
        for one, body in pairs
    )
    say(f"{len(pairs)} carried to {shown(_tidy(week))}")
    return Exit.DONE


def run_reaudit(who: Who, again: str, action: str) -> Exit:
    """Link an audit to its follow-up."""
    desk = who.desk()
    _name(who.by)
    wanted = action.strip().upper()
    if wanted:
        known = actions(desk.ledger.entries())
        if all(one.id != wanted for one in known):
            _stop((missing(known, wanted),))
    body = Reaudited(again=again.strip(), action=wanted)
    written = desk.decide(who.audit, lambda _case: body)
    asked = f", as {wanted} asked" if wanted else ""
    line = f"{shown(who.audit)}: audited again as {shown(body.again)}{asked}"
    show([f"{line} (entry {written.entry.seq})"])
    return Exit.DONE


def _ledger(place: Place, *, create: bool = False) -> "Ledger":
    from engine.moderation.ledger import open_ledger

    return open_ledger(place.where, create=create)


def _standard(text: str, place: Place) -> str:
    rulebook, name = open_rulebook(place.rules, examples=False), text.strip().upper()
    if name not in rulebook.by_id:
        said = f"there is no standard `{shown(text)}`"
        help_ = nearest(name, tuple(rulebook.by_id)) or "`audit rules list` lists them"
        _stop((Problem(Location("--standard"), "U012", said, help_),))
    return name


def _known_audit(held: "Held", audit: str) -> None:
    """Stop if a sample was drawn and the audit is in none; without one, any audit may be named."""
    bodies = (one.body for one in held.entries())
    ids = {a.audit_id for one in bodies if isinstance(one, Inclusions) for a in one.audits}
    if ids and audit not in ids:
        said = f"the ledger holds no audit `{audit}`"
        help_ = nearest(audit, tuple(sorted(ids)[:10_000])) or "check the id"
        _stop((Problem(Location("--audit"), "M201", said, help_),))


def _stop(problems: Sequence[Problem]) -> None:
    if problems:
        raise Stop(Exit.USAGE, tuple(problems))


def _name(by: str) -> str:
    if not by.strip():
        where = Location("--as")
        _stop((Problem(where, "M206", "a name is missing", "give it with --as"),))
    return _tidy(by)


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _now(at: datetime | None) -> datetime:
    return at or datetime.now(UTC)


def _data(one: Action, as_of: date) -> dict[str, object]:
    closed = one.closed
    return {
        "action": one.id,
        "what": one.what,
        "owner": one.owner,
        "due": one.due.isoformat(),
        "week": one.week,
        "audit_id": one.audit_id,
        "standard": one.standard,
        "carried_from": one.carried_from,
        "carried_to": one.carried_to,
        "closed": closed.day.isoformat() if closed else None,
        "evidence": closed.evidence if closed else None,
        "overdue": one.overdue(as_of),
    }


def _lines(found: Sequence[Action], chosen: Sequence[Action], as_of: date) -> Iterator[str]:
    if chosen:
        yield from table((HEADINGS, *(_row(one, as_of) for one in chosen)))
        yield ""
    open_ = sum(one.open for one in found)
    late = sum(one.overdue(as_of) for one in found)
    total = "1 action" if len(found) == 1 else f"{len(found)} actions"
    yield f"{total}: {open_} open, {late} overdue on {as_of}"


def _row(one: Action, as_of: date) -> tuple[str, ...]:
    what = shown(one.what)
    if len(what) > WIDEST:
        what = f"{what[: WIDEST - 1]}…"
    return one.id, what, shown(one.owner), one.due.isoformat(), _stands(one, as_of)


def _stands(one: Action, as_of: date) -> str:
    if one.closed is not None:
        return f"closed {one.closed.day}"
    if one.carried_to:
        return f"goes on as {one.carried_to}"
    late = (as_of - one.due).days
    if one.overdue(as_of):
        return f"overdue by {late} {'day' if late == 1 else 'days'}"
    return "open"
