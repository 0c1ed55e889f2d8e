"""What `audit ledger show` prints: the entries of a ledger in plain English, one after another.

In: entries. Out: lines without line ends, that cannot steer a terminal. While moderators still
grade an audit blind, what they are not to see is not printed: neither the auditor's grade and the
cap, nor the grades of another moderator.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from engine.moderation.entries import (
    ActionClosed,
    ActionSet,
    Appeal,
    AppealDecided,
    Assigned,
    Blind,
    Body,
    Confirmed,
    Draw,
    Entry,
    Graded,
    Included,
    Inclusions,
    Override,
    Panel,
    Reaudited,
    Rescored,
    Response,
    Revealed,
    Safe,
    Standing,
    WeekReported,
)
from engine.reports.screen import shown
from engine.reports.wording import counted

WIDTH = 100
INDENT = 6
SEALED = "sealed until all who grade it blind have done so"
DECISIONS: Mapping[type[Body], str] = {
    Confirmed: "confirmed the grade",
    Panel: "the panel decided",
    AppealDecided: "the appeal was answered",
    Rescored: "a fact was corrected and it was scored again",
}
"""what is said of a decision whose grades are sealed"""


def told(entries: Iterable[Entry], audit_id: str | None, sealed: frozenset[str]) -> Iterator[str]:
    """Return the entries in words; those of `audit_id`, or all.

    `sealed` are the audits that are still graded blind, as `still_blind` finds them.
    """
    for one in entries:
        about = "" if audit_id or not one.audit_id else f"audit {shown(one.audit_id)}: "
        hidden = one.audit_id in sealed or (audit_id in sealed)
        if isinstance(one.body, Inclusions):
            said = _inclusions(one.body, audit_id, hidden=hidden)
        elif isinstance(one.body, Blind) and hidden:
            said = (
                f"sealed the blind grades of {shown(one.body.moderator)}, {one.body.turn} moderator"
            )
            said = f"{said}: {SEALED}"
        elif hidden and type(one.body) in DECISIONS:
            said = f"{DECISIONS[type(one.body)]}: {SEALED}"
        else:
            said = WORDS[one.body.kind](one.body)
        first = f"{one.seq:>4}  {one.at:%Y-%m-%d %H:%M} UTC, {shown(one.by)}: {about}{said}"
        yield from textwrap.wrap(
            first, WIDTH, subsequent_indent=" " * INDENT, break_on_hyphens=False
        )


def still_blind(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the audits of which somebody still grades blind, or which nobody was shown yet."""
    waiting: dict[str, set[str]] = {}
    shown_to_nobody: set[str] = set()
    for one in entries:
        body = one.body
        if isinstance(body, Inclusions):
            shown_to_nobody.update(each.audit_id for each in body.audits if each.drawn)
        elif one.audit_id is None:
            continue
        elif isinstance(body, Assigned):
            waiting.setdefault(one.audit_id, set()).add(body.moderator)
            shown_to_nobody.add(one.audit_id)
        elif isinstance(body, Blind):
            waiting.setdefault(one.audit_id, set()).discard(body.moderator)
        elif isinstance(body, Revealed):
            shown_to_nobody.discard(one.audit_id)
    return frozenset(shown_to_nobody | {audit for audit, who in waiting.items() if who})


def _grade(grade: str | None) -> str:
    return "none" if grade is None else shown(grade.replace("_", " "))


def _quoted(before: str, text: str) -> str:
    return f'{before}"{shown(text)}"' if text.strip() else ""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(shown, words))


def _graded(graded: Graded) -> str:
    said = _grade(graded.grade)
    if graded.domains:
        each = (f"{shown(one)} {_grade(grade)}" for one, grade in graded.domains.items())
        said += f" ({'; '.join(each)})"
    if graded.reasons:
        said += f", for {_listed(graded.reasons)}"
    return said + _quoted(", with the words ", graded.note)


def _override(override: Override | None) -> str:
    if override is None:
        return ""
    return f"; above the cap, with {shown(override.second)}" + _quoted(": ", override.reason)


def _draw(body: Draw) -> str:
    said = (
        f"drew {body.drawn} of {body.audits} audits (draw {shown(body.draw)}, budget {body.budget}"
    )
    said += f", seed {body.seed}, as at {body.as_of})"
    return f"{said} for {_listed(body.moderators)}" if body.moderators else said


def _inclusions(body: Inclusions, audit_id: str | None, *, hidden: bool) -> str:
    if audit_id is None:
        drawn = sum(one.drawn for one in body.audits)
        said = f"entered {counted(len(body.audits), 'audit')} of draw {shown(body.draw)}"
        return f"{said}, {drawn} of them drawn"
    mine = (one for one in body.audits if one.audit_id == audit_id)
    return "; ".join(_included(body, one, hidden=hidden) for one in mine)


def _included(body: Inclusions, one: Included, *, hidden: bool) -> str:
    if one.tier == "added":
        said = f"added it to draw {shown(body.draw)}"
    else:
        said = "drew it" if one.drawn else "did not draw it"
        said += f" in draw {shown(body.draw)}, with a chance of {one.inclusion:.3f}"
    if hidden and one.tier != "added":  # chance and reason tell of the auditor's grade and the cap
        did = "drew it" if one.drawn else "did not draw it"
        return f"{did} in draw {shown(body.draw)}; why, and where it stood, is {SEALED}"
    said += f" ({shown(one.reason)})"
    return f"{said}; where it stood is {SEALED}" if hidden else f"{said}; {_stood(one.overall)}"


def _stood(standing: Standing) -> str:
    said = f"the auditor's grade was {_grade(standing.auditor_grade)}"
    return f"{said}, the cap {_grade(standing.cap)}"


def _assigned(body: Assigned) -> str:
    return f"gave it to {shown(body.moderator)} as {body.turn} moderator (draw {shown(body.draw)})"


def _blind(body: Blind) -> str:
    who = f"{shown(body.moderator)}, {body.turn} moderator"
    return f"sealed the blind grades of {who}: {_graded(body.graded)}"


def _revealed(body: Revealed) -> str:
    return f"showed {shown(body.moderator)} the auditor's grades and the caps"


def _confirmed(body: Confirmed) -> str:
    said = f"confirmed the grade of {shown(body.moderator)}: {_graded(body.graded)}"
    return said + _override(body.override)


def _panel(body: Panel) -> str:
    said = f"the panel ({_listed(body.members)}) decided: {_graded(body.graded)}"
    return said + _override(body.override)


def _response(body: Response) -> str:
    verb = "accepts" if body.accepts else "does not accept"
    said = f"the auditor {shown(body.auditor)} {verb} the moderated grade"
    return said + _quoted(", with the words ", body.note)


def _appeal(body: Appeal) -> str:
    return f"the auditor {shown(body.auditor)} appealed" + _quoted(": ", body.grounds)


def _appeal_decided(body: AppealDecided) -> str:
    said = f"{shown(body.by)} {'upheld' if body.upheld else 'dismissed'} the appeal"
    said += _quoted(": ", body.note)
    said += f"; the grade is {_graded(body.graded)}" if body.graded else ""
    return said + _override(body.override)


def _rescored(body: Rescored) -> str:
    said = f"{shown(body.by)} corrected a fact and it was scored again"
    return f"{said}{_quoted(': ', body.correction)}; {_changes(body.before, body.after)}"


def _changes(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> str:
    none = Standing()
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    said = [
        f"the cap of {shown(name)} was {_grade(before.get(name, none).cap)} and is "
        f"{_grade(after.get(name, none).cap)}"
        for name in sorted(names)
    ]
    return "; ".join(said) or "no cap changed"


def _safe(body: Safe) -> str:
    said = f"{shown(body.by)} confirmed on {body.day} that the child is safe"
    return f"{said} (alert of {body.alerted})" + _quoted(": ", body.how)


def _action_set(body: ActionSet) -> str:
    said = f"set action {shown(body.action)} for {shown(body.owner)}, due {body.due}"
    said += _quoted(": ", body.what)
    said += f"; standard {shown(body.standard)}" if body.standard else ""
    said += f"; for {shown(body.week)}" if body.week else ""
    return said + (f"; carried on from {shown(body.carried_from)}" if body.carried_from else "")


def _action_closed(body: ActionClosed) -> str:
    return f"closed action {shown(body.action)} on {body.day}" + _quoted(": ", body.evidence)


def _reaudited(body: Reaudited) -> str:
    said = f"the case was audited again, as audit {shown(body.again)}"
    return said + (f" (action {shown(body.action)})" if body.action else "")


def _week_reported(body: WeekReported) -> str:
    said = f"made the report of {shown(body.week)} for {shown(body.audience)}"
    return f"{said}, at head {shown(body.head)}"


# each takes the body of its kind, which a mapping by kind cannot say
WORDS: dict[str, Callable[[Any], str]] = {
    Draw.kind: _draw,
    Assigned.kind: _assigned,
    Blind.kind: _blind,
    Revealed.kind: _revealed,
    Confirmed.kind: _confirmed,
    Panel.kind: _panel,
    Response.kind: _response,
    Appeal.kind: _appeal,
    AppealDecided.kind: _appeal_decided,
    Rescored.kind: _rescored,
    Safe.kind: _safe,
    ActionSet.kind: _action_set,
    ActionClosed.kind: _action_closed,
    Reaudited.kind: _reaudited,
    WeekReported.kind: _week_reported,
}
