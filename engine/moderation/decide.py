"""What may be written next about an audit: the rules of moderation, each refusal with a way out.

In: a case, the entry that somebody wants to write, the lists of the rulebook. Out: what stands in
the way; nothing, if it may be written. Pure: whoever asks holds the ledger, so that the answer is
still true when the entry is written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import Location, Problem, nearest
from engine.moderation.cases import OVERALL, Case
from engine.moderation.entries import (
    Appeal,
    AppealDecided,
    Blind,
    Body,
    Confirmed,
    Graded,
    Override,
    Panel,
    Reaudited,
    Rescored,
    Response,
    Revealed,
    Safe,
)
from engine.moderation.people import among, person, same

Refusal = tuple[str, str, str]
"""A code, what is wrong, and the way out."""
Refusals = Iterator[Refusal]
Turn = Literal["first", "second"]
AT_LEAST = 2
"""members of a panel"""


@dataclass(frozen=True)
class Lists:
    """The rulebook's grades (from the worst to the best), domains and reasons, with their titles.

    Reasons are not checked against an empty list: an older book has none.
    """

    grades: Mapping[str, str]
    domains: Mapping[str, str]
    reasons: Mapping[str, str]

    def title(self, name: str | None) -> str:
        """Return the words on screen for a grade or domain, or for overall."""
        if name is None:
            return "none"
        return self.grades.get(name) or self.domains.get(name) or name


def refusals(case: Case, body: Body, lists: Lists, where: Location) -> tuple[Problem, ...]:
    """Return what stands in the way of writing an entry about an audit, in order of the codes."""
    found = sorted(set(RULES[type(body)](case, body, lists)))
    return tuple(Problem(where, *one) for one in found)


def turn_of(case: Case, name: str) -> Turn:
    """Return which of the two copies a moderator grades: the one given to them, else a free one."""
    given = next((one.turn for one in case.assigned if same(one.moderator, name)), None)
    taken = {one.turn for one in case.blind}
    return "second" if given == "second" or "first" in taken else "first"


def known_as(case: Case, name: str) -> str:
    """Return a moderator's name as it was written when the audit was given to them."""
    names = (*(one.moderator for one in case.assigned), *(one.moderator for one in case.blind))
    return next((one for one in names if same(one, name)), name)


def _blind(case: Case, body: Blind, lists: Lists) -> Refusals:
    audit, name = case.audit_id, body.moderator
    yield from _person(name)
    yield from _graded(body.graded, lists)
    yield from _drawn(case)
    if case.audited_by(name):
        said = f"`{name}` audited `{audit}` and cannot moderate it"
        yield "M207", said, "another moderator has to grade it"
    elif team := case.of_team(name):
        said = f"`{name}` is of `{team}`, the team of `{audit}`, and cannot moderate it"
        yield "M234", said, "a moderator of another team has to grade it"
    elif (sealed := case.blind_of(name)) is not None:
        said = f"`{name}` has graded `{audit}` already ({lists.title(sealed.graded.grade)})"
        help_ = f"a sealed grade stays; `audit moderate reveal {audit}` comes next, and then the "
        yield "M208", said, help_ + "grade that is confirmed may be another"
    elif case.shown_to(name):
        said = f"`{name}` has seen the auditor's grade of `{audit}` and cannot grade it blind"
        yield "M209", said, "somebody who has not seen it has to grade it"
    elif any(one.turn == body.turn for one in case.blind):
        names = " and ".join(f"`{one.moderator}`" for one in case.blind)
        said = f"`{audit}` needs no further blind grade: {names} graded it"
        yield "M210", said, "if the grades are in doubt, a panel decides"


def _revealed(case: Case, body: Revealed, _lists: Lists) -> Refusals:
    yield from _person(body.moderator)
    yield from _drawn(case)
    if case.blind_of(body.moderator) is None:
        said = f"`{body.moderator}` has not graded `{case.audit_id}`, so nothing is revealed"
        yield "M211", said, f"grade it first: `audit moderate record {case.audit_id} --grade …`"


def _confirmed(case: Case, body: Confirmed, lists: Lists) -> Refusals:
    audit, name = case.audit_id, body.moderator
    yield from _person(name)
    yield from _drawn(case)
    yield from _undecided(case)
    if case.blind_of(name) is None:
        said = f"`{name}` has not graded `{audit}` blind, so there is nothing to confirm"
        yield "M211", said, f"grade it first: `audit moderate record {audit} --grade …`"
    elif not case.shown_to(name):
        said = f"the auditor's grade of `{audit}` was not shown to `{name}` yet"
        yield "M212", said, f"see it first: `audit moderate reveal {audit} --as {_quoted(name)}`"
    else:  # not before: it tells of the cap and of the auditor's grade
        yield from _held_against(case, body, lists)


def _held_against(case: Case, body: Confirmed, lists: Lists) -> Refusals:
    yield from _graded(body.graded, lists)
    yield from _capped(case, body.graded, body.override, (body.moderator,), lists)
    if _silent(case, body.graded):
        given, auditors = lists.title(body.graded.grade), lists.title(case.auditor_grade)
        said = f"{given} differs from the auditor's {auditors}, and no reason is given"
        help_ = f"give --reason (one of {_listed(lists.reasons)}) or --note"
        yield "M216", said, help_


def _panel(case: Case, body: Panel, lists: Lists) -> Refusals:
    yield from _graded(body.graded, lists)
    if case.confirmed is None:
        said = f"no grade of `{case.audit_id}` is confirmed, so there is nothing for a panel"
        yield "M217", said, _next_of_moderator(case)
    elif case.under_appeal:
        help_ = f"`audit moderate appeal-decide {case.audit_id} …` answers it"
        yield "M217", f"an appeal about `{case.audit_id}` waits for its answer", help_
    elif case.panel is not None or case.upheld is not None:
        yield from _undecided(case)
    if len({*map(person, body.members)} - {""}) < AT_LEAST:
        said = "a panel has at least two members"
        yield "M218", said, "name each with --member; the moderator may be one of them"
    for member in filter(case.audited_by, body.members):
        said = f"`{member}` audited `{case.audit_id}` and cannot sit on its panel"
        yield "M218", said, "name other members"
    if case.confirmed is not None:  # not before: it tells of the cap
        yield from _capped(case, body.graded, body.override, body.members[:1], lists)


def _response(case: Case, body: Response, _lists: Lists) -> Refusals:
    yield from _auditor(case, body.auditor, "answers for")
    yield from _final(case)


def _appeal(case: Case, body: Appeal, _lists: Lists) -> Refusals:
    yield from _auditor(case, body.auditor, "appeals about")
    yield from _said(body.grounds, "the grounds of an appeal", "--grounds")
    if case.appeal is None:
        yield from _final(case)
    elif case.appeal.decided is None:
        said = f"an appeal about `{case.audit_id}` waits for its answer"
        yield "M221", said, f"`audit moderate appeal-decide {case.audit_id} …` answers it"
    else:
        said = f"an appeal about `{case.audit_id}` was answered by `{case.appeal.decided.by}`"
        help_ = f"only a corrected fact opens it again: `audit moderate rescore {case.audit_id} …`"
        yield "M221", said, help_


def _appeal_decided(case: Case, body: AppealDecided, lists: Lists) -> Refusals:
    yield from _person(body.by)
    yield from _said(body.note, "why an appeal is upheld or dismissed", "--note")
    if not case.under_appeal:
        said = f"no appeal about `{case.audit_id}` waits for an answer"
        yield "M223", said, f"the auditor appeals with `audit moderate appeal {case.audit_id} …`"
    if case.audited_by(body.by):
        said = f"`{body.by}` audited `{case.audit_id}` and cannot answer the appeal"
        yield "M222", said, "somebody who has not decided on it has to answer"
    elif among(body.by, case.deciders):
        said = f"`{body.by}` has decided on `{case.audit_id}` before"
        yield "M222", said, "somebody who has not decided on it has to answer"
    yield from _answered(case, body, lists)


def _answered(case: Case, body: AppealDecided, lists: Lists) -> Refusals:
    """Refuse an answer that is at odds with itself, or above the cap."""
    if body.upheld and body.graded is None:
        said = "an appeal that is upheld needs the grade that follows"
        yield "M224", said, "give it with --grade"
    elif not body.upheld and body.graded is not None:
        said = "an appeal that is dismissed leaves the grade as it is"
        yield "M224", said, "leave --grade out, or uphold the appeal"
    elif not body.upheld and body.override is not None:
        said = "an appeal that is dismissed leaves the grade as it is, so nothing is overridden"
        yield "M224", said, "leave --override-reason and --second out, or uphold the appeal"
    elif body.graded is not None:
        yield from _graded(body.graded, lists)
        if case.under_appeal:  # not before: it tells of the cap
            yield from _capped(case, body.graded, body.override, (body.by,), lists)


def _rescored(case: Case, body: Rescored, _lists: Lists) -> Refusals:
    yield from _person(body.by)
    yield from _said(body.correction, "what was corrected", "--reason")
    yield from _known(case)
    last = case.rescored[-1] if case.rescored else None
    if last and (last.input_hash, last.rulebook_hash) == (body.input_hash, body.rulebook_hash):
        said = f"`{case.audit_id}` was scored from this batch already"
        yield "M226", said, f"`audit ledger show {case.audit_id}` shows what that changed"


def _safe(case: Case, body: Safe, _lists: Lists) -> Refusals:
    yield from _person(body.by)
    yield from _said(body.how, "how it is known that the child is safe", "--how")
    if body.day < body.alerted:
        said = f"the child was found safe on {body.day}, before the alert of {body.alerted}"
        yield "M227", said, "check --day and --alerted"
    if any(one.alerted == body.alerted for one in case.safe):
        said = f"`{case.audit_id}` was confirmed as safe after the alert of {body.alerted}"
        yield "M228", said, "a later alert has another day: give it with --alerted"


def _reaudited(case: Case, body: Reaudited, _lists: Lists) -> Refusals:
    yield from _said(body.again, "the later audit", "--again")
    yield from _known(case)
    if body.again == case.audit_id:
        yield "M243", f"`{body.again}` cannot be the follow-up of itself", "give the later audit"
    elif any(one.again == body.again for one in case.reaudited):
        said = f"`{body.again}` stands already as the follow-up of `{case.audit_id}`"
        yield "M228", said, "nothing needs to be done"


def _person(name: str) -> Refusals:
    yield from _said(name, "a name", "--as")


def _said(text: str, what: str, option: str) -> Refusals:
    if not text.strip():
        yield "M206", f"{what} is missing", f"give it with {option}"


def _known(case: Case) -> Refusals:
    if case.included is None:
        said = f"the ledger holds no audit `{case.audit_id}`"
        yield "M201", said, "check the id; `audit moderate list` shows those that were drawn"


def _drawn(case: Case) -> Refusals:
    yield from _known(case)
    if case.included is not None and not case.drawn:
        said = f"`{case.audit_id}` was not drawn for moderation"
        yield "M202", said, f"add it first: `audit sample BATCH --add {case.audit_id} --because …`"


def _graded(graded: Graded, lists: Lists) -> Refusals:
    for grade in (graded.grade, *graded.domains.values()):
        if grade not in lists.grades:
            help_ = nearest(grade, tuple(lists.grades)) or f"grades: {_listed(lists.grades)}"
            yield "M203", f"`{grade}` is no grade of the rulebook", help_
    for domain in graded.domains:
        if domain not in lists.domains:
            help_ = nearest(domain, tuple(lists.domains)) or f"domains: {_listed(lists.domains)}"
            yield "M204", f"`{domain}` is no domain of the rulebook", help_
    for reason in graded.reasons:
        if lists.reasons and reason not in lists.reasons:
            help_ = nearest(reason, tuple(lists.reasons)) or f"reasons: {_listed(lists.reasons)}"
            yield "M205", f"`{reason}` is no reason of the rulebook", help_


def _undecided(case: Case) -> Refusals:
    """Refuse a decision where one holds."""
    audit = case.audit_id
    if case.upheld is not None or (case.appeal is not None and not case.under_appeal):
        help_ = f"only a corrected fact opens it again: `audit moderate rescore {audit} …`"
        yield "M213", f"the grade of `{audit}` was decided on appeal", help_
    elif case.panel is not None:
        help_ = f"the auditor may appeal: `audit moderate appeal {audit} …`"
        yield "M213", f"the grade of `{audit}` was decided by a panel", help_
    elif case.confirmed is not None:
        help_ = f"a panel may decide otherwise: `audit moderate panel {audit} …`"
        yield "M213", f"`{case.confirmed.moderator}` has confirmed the grade of `{audit}`", help_


def _capped(
    case: Case, graded: Graded, override: Override | None, by: Sequence[str], lists: Lists
) -> Refusals:
    """Refuse a grade above the cap that nobody answers for, or the wrong person does."""
    for name, grade, cap in case.breaches(graded) if override is None else ():
        of = "overall" if name == OVERALL else lists.title(name)
        said = f"{lists.title(grade)} ({of}) is above the cap, {lists.title(cap)}"
        help_ = "give a grade within the cap, or both the reason and a second moderator who agrees"
        where = " (--override-reason and --second, or their columns in the workbook)"
        yield "M214", f"{said}, and no override is given", help_ + where
    if override is None:
        return
    yield from _said(override.reason, "the reason of the override", "--override-reason")
    yield from _said(override.second, "the second moderator of the override", "--second")
    if among(override.second, tuple(by)):
        said = f"`{override.second}` cannot agree to their own override"
        yield "M215", said, "name another person with --second"
    if case.audited_by(override.second):
        said = f"`{override.second}` audited `{case.audit_id}` and cannot agree to an override"
        yield "M215", said, "name another person with --second"


def _silent(case: Case, graded: Graded) -> bool:
    """Return whether a grade differs from the auditor's without a reason in code or words."""
    differs = case.auditor_grade is not None and graded.grade != case.auditor_grade
    return differs and not graded.reasons and not graded.note.strip()


def _auditor(case: Case, name: str, does: str) -> Refusals:
    yield from _person(name)
    if case.auditor is not None and name.strip() and not same(name, case.auditor):
        said = f"`{name}` is not the auditor of `{case.audit_id}`, who alone {does} it"
        yield "M219", said, f"name the auditor as the batch does: --as {_quoted(case.auditor)}"


def _final(case: Case) -> Refusals:
    if case.final is None:
        said = f"`{case.audit_id}` has no final grade yet"
        help_ = "the panel decides first" if case.needs_panel else _next_of_moderator(case)
        yield "M220", said, help_


def _next_of_moderator(case: Case) -> str:
    if not case.blind:
        return f"a moderator grades it first: `audit moderate record {case.audit_id} --grade …`"
    return f"its moderator confirms it first: `audit moderate confirm {case.audit_id} …`"


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(names)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


RULES: dict[type[Body], Callable[[Case, Any, Lists], Refusals]] = {
    Blind: _blind,
    Revealed: _revealed,
    Confirmed: _confirmed,
    Panel: _panel,
    Response: _response,
    Appeal: _appeal,
    AppealDecided: _appeal_decided,
    Rescored: _rescored,
    Safe: _safe,
    Reaudited: _reaudited,
}
