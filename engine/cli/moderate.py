"""`audit moderate record`, `reveal` and `confirm`: what one moderator does about one audit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.cli.common import show
from engine.cli.moderating import Desk, Place, Typed, override_of
from engine.errors import Exit
from engine.moderation.cases import OVERALL, Case, after
from engine.moderation.decide import known_as, turn_of
from engine.moderation.entries import (
    Blind,
    Body,
    Confirmed,
    Draft,
    Graded,
    Override,
    Revealed,
    Standing,
)
from engine.reports.screen import shown

HEADINGS = ("", "Yours, blind", "Auditor's", "Cap", "Auditor above you")


@dataclass(frozen=True)
class Who:
    """Which audit, who decides on it, in which ledger, and when (now, unless it is given)."""

    audit: str
    by: str
    place: Place
    at: datetime | None = None

    def desk(self, *, create: bool = False) -> Desk:
        """Open the ledger; `create`: begin it where there is none."""
        return Desk.open(self.place, self.by, self.at, create=create)


def run_record(who: Who, typed: Typed) -> Exit:
    """Seal a moderator's blind grade."""
    desk = who.desk()
    graded = typed.graded(desk.lists)

    def make(case: Case) -> Body:
        name = known_as(case, desk.by)
        return Blind(moderator=name, turn=turn_of(case, name), graded=graded)

    written = desk.decide(who.audit, make)
    sealed = f"{shown(who.audit)}: {desk.title(graded.grade)}, the blind grade of {shown(desk.by)}"
    show([f"{sealed}, is sealed (entry {written.entry.seq})", *desk.next(written.case)])
    return Exit.DONE


def run_reveal(who: Who) -> Exit:
    """Show the auditor's grades and the caps to a moderator whose grade is sealed."""
    desk = who.desk()
    with desk.ledger.writing() as held:
        case = desk.case(held, who.audit)
        body = Revealed(moderator=known_as(case, desk.by))
        desk.check(case, body, held)
        if not case.shown_to(desk.by):
            held.append([Draft(body, desk.by, desk.at, who.audit)])
            case = after(case, body)
    show([*revealed(desk, case, desk.by), "", *desk.next(case)])
    return Exit.DONE


def revealed(desk: Desk, case: Case, name: str) -> Iterator[str]:
    """Yield what a moderator sees after the reveal: grades, caps and differences."""
    sealed = case.blind_of(name)
    if sealed is None:
        return
    yield f"{shown(case.audit_id)}, as seen by {shown(name)}"
    yield ""
    yield from table((HEADINGS, *_rows(desk, case, sealed.graded)))
    yield ""
    for where, grade, cap in case.breaches(sealed.graded):
        of = "overall" if where == OVERALL else desk.title(where)
        yield (
            f"your {desk.title(grade)} ({of}) is above the cap, {desk.title(cap)}: to confirm it "
            "takes --override-reason and --second, another moderator who agrees"
        )
    stands = after(case, Confirmed(moderator=name, graded=sealed.graded))
    if case.confirmed is None and stands.routed:
        yield "your grade, if you confirm it, goes to a panel: it is far from the auditor's"


def run_confirm(who: Who, typed: Typed, reason: str | None, second: str | None) -> Exit:
    """Write the grade that a moderator stands by; what is not given is as it was graded blind."""
    desk = who.desk()
    override = override_of(reason, second)

    def make(case: Case) -> Body:
        return confirmed(desk, case, known_as(case, desk.by), typed, override)

    written = desk.decide(who.audit, make)
    show([*_confirmed(desk, written.case, written.entry.seq), *desk.next(written.case)])
    return Exit.DONE


def confirmed(
    desk: Desk, case: Case, name: str, typed: Typed, override: Override | None
) -> Confirmed:
    """Return the confirmed grade, which goes on from the blind one."""
    sealed = case.blind_of(name)
    graded = typed.graded(desk.lists, sealed.graded if sealed else None)
    return Confirmed(moderator=name, graded=graded, override=override)


def _confirmed(desk: Desk, case: Case, seq: int) -> Iterator[str]:
    if case.confirmed is None:
        return
    grade = desk.title(case.confirmed.graded.grade)
    audit, by = shown(case.audit_id), shown(desk.by)
    if case.needs_panel:
        said = desk.title(case.auditor_grade)
        yield f"{audit}: {grade}, confirmed by {by} (entry {seq}); it is not final"
        yield f"the auditor's grade is {said}: a panel decides"
    else:
        yield f"{audit}: {grade}, confirmed by {by} (entry {seq}), is the final grade"


def _rows(desk: Desk, case: Case, graded: Graded) -> Iterator[tuple[str, ...]]:
    own = {OVERALL: graded.grade, **graded.domains}
    domains = [d for d in desk.rulebook.domains if d in own or d in case.standing]
    for name in (OVERALL, *domains):
        stands = case.standing.get(name, Standing())
        said, given = case.rank(stands.auditor_grade), case.rank(own.get(name))
        gap = f"{said - given:+d}".replace("+0", "0") if said and given else ""
        yield (
            "Overall" if name == OVERALL else desk.title(name),
            desk.title(own[name]) if name in own else "-",
            desk.title(stands.auditor_grade) if stands.auditor_grade else "-",
            desk.title(stands.cap) if stands.cap else "-",
            gap,
        )


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines, their columns below each other."""
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(size) for cell, size in zip(row, sizes, strict=True))
        yield "  ".join(cells).rstrip()
