"""What is left to do about an audit, and by whom; pure, from its case."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.moderation.cases import Case
from engine.moderation.people import same

ANYBODY = "a moderator"
PANEL = "a panel"
OTHER = "somebody who has not decided on it"


@dataclass(frozen=True)
class Task:
    """Something that a person has to do about an audit; `command` is how it is told."""

    who: str
    what: str
    command: str


def tasks(case: Case) -> tuple[Task, ...]:
    """Return what is left to do, the next first; nothing where an audit is settled."""
    return tuple(_tasks(case))


def _tasks(case: Case) -> Iterator[Task]:
    own = f"audit moderate {{}} {case.audit_id}"
    if case.under_appeal:
        yield Task(OTHER, "answer the appeal", own.format("appeal-decide"))
    elif case.needs_panel:
        yield Task(PANEL, "decide the grade", own.format("panel"))
    elif case.final is not None:
        if case.answer is None and case.appeal is None:
            yield Task(case.auditor or "the auditor", "accept or not", own.format("respond"))
    else:
        yield from _moderators(case, own)
    yield from _second(case, own)


def _moderators(case: Case, own: str) -> Iterator[Task]:
    """Yield what the moderator of the first copy has to do, as far as the grade is not decided."""
    first = next((one.moderator for one in case.blind if one.turn == "first"), None)
    if first is None:
        if case.drawn:
            who = next((one.moderator for one in case.assigned if one.turn == "first"), ANYBODY)
            yield Task(who, "grade it blind", own.format("record"))
    elif not case.shown_to(first):
        yield Task(first, "see the auditor's grade", own.format("reveal"))
    else:
        what = "confirm it again: the cap has changed" if case.reopened else "confirm the grade"
        yield Task(first, what, own.format("confirm"))


def _second(case: Case, own: str) -> Iterator[Task]:
    if case.second is not None:
        return
    for one in case.assigned:
        graded = any(same(blind.moderator, one.moderator) for blind in case.blind)
        if one.turn == "second" and not graded:
            yield Task(one.moderator, "grade the second copy blind", own.format("record"))
