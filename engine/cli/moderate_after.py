"""`audit moderate panel`, `respond`, `appeal`, `appeal-decide`: after a grade is given."""

from collections.abc import Iterable, Iterator

from engine.cli.common import show
from engine.cli.moderate import Who
from engine.cli.moderating import Desk, Typed, Written, override_of
from engine.errors import Exit
from engine.moderation.cases import Case
from engine.moderation.entries import Appeal, AppealDecided, Graded, Override, Panel, Response
from engine.reports.screen import shown


def run_panel(
    who: Who, members: tuple[str, ...], typed: Typed, reason: str | None, second: str | None
) -> Exit:
    """Write what a panel decided."""
    desk = who.desk()
    names = tuple(" ".join(name.split()) for name in members)
    graded = typed.graded(desk.lists)
    agreed = second if second is not None or reason is None else (*names[1:2], "")[0]
    override = override_of(reason, agreed)
    body = Panel(members=names, graded=graded, override=override)
    written = desk.decide(who.audit, lambda _case: body)
    whole = f"{desk.title(graded.grade)}, decided by the panel ({', '.join(map(shown, names))})"
    _told(desk, written, f"{whole}, is the final grade", domains_told(desk, written.case))
    return Exit.DONE


def run_respond(who: Who, *, accepts: bool, note: str) -> Exit:
    """Write what the auditor says of the moderated grade."""
    desk = who.desk()
    body = Response(auditor=desk.by, accepts=accepts, note=note)
    written = desk.decide(who.audit, lambda _case: body)
    said = "accepts the grade" if accepts else "does not accept the grade; it stands"
    _told(desk, written, f"{shown(desk.by)} {said}")
    if not accepts:
        show([f"the auditor may appeal: `audit moderate appeal {who.audit} --grounds …`"])
    return Exit.DONE


def run_appeal(who: Who, grounds: str) -> Exit:
    """Write an appeal of the auditor."""
    desk = who.desk()
    body = Appeal(auditor=desk.by, grounds=grounds)
    written = desk.decide(who.audit, lambda _case: body)
    _told(desk, written, f"{shown(desk.by)} appeals; no grade is final until it is answered")
    return Exit.DONE


def run_appeal_decide(
    who: Who, *, upheld: bool, note: str, typed: Typed, override: Override | None
) -> Exit:
    """Write the answer to an appeal."""
    desk = who.desk()
    graded: Graded | None = typed.graded(desk.lists) if typed.grade is not None else None
    body = AppealDecided(by=desk.by, upheld=upheld, note=note, graded=graded, override=override)
    written = desk.decide(who.audit, lambda _case: body)
    final = written.case.final
    grade = desk.title(final.grade if final else None)
    said = "upheld" if upheld else "dismissed"
    whole = f"the appeal is {said} by {shown(desk.by)}; the final grade is {grade}"
    _told(desk, written, whole, domains_told(desk, written.case) if upheld else ())
    return Exit.DONE


def domains_told(desk: Desk, case: Case) -> Iterator[str]:
    """Yield which grades of domains stand beside the overall one of a panel or an appeal."""
    if case.final is None:
        return
    graded = [name for name, one in case.standing.items() if one.auditor_grade]
    rest = [one for one in desk.rulebook.domains if one in {*graded, *case.final_domains}]
    for whose, grades, sealed in (
        ("as decided", case.final.domains, False),
        ("as the moderator confirmed them", case.final_domains, case.graded_blind),
    ):
        named = [one for one in rest if one in grades]
        rest = [one for one in rest if one not in named]
        if named:
            given = {one: "(sealed)" if sealed else desk.title(grades[one]) for one in named}
            told = ", ".join(f"{desk.title(one)} {given[one]}" for one in named)
            yield f"domains {whose}: {told}"
    if rest:
        told = ", ".join(map(desk.title, rest))
        yield f"no grade is decided for {told}: there the proposed grade stands; --domain gives one"


def _told(desk: Desk, written: Written, said: str, more: Iterable[str] = ()) -> None:
    first = f"{shown(written.case.audit_id)}: {said} (entry {written.entry.seq})"
    show([first, *more, *desk.next(written.case)])
