"""`audit moderate import`: moderators' workbooks, read back into the ledger.

All blind grades first, then the confirmed ones. A workbook is taken whole or not at all; what
stands in the ledger already is passed over, so that a workbook may be given again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import say, show, tell
from engine.cli.moderating import Desk, Draws, Place
from engine.errors import Exit, Location, Problem, Stop
from engine.moderation.cases import Case, after, cases
from engine.moderation.decide import refusals, turn_of
from engine.moderation.entries import Blind, Body, Confirmed, Draft, Graded, Revealed
from engine.reports.screen import shown

if TYPE_CHECKING:
    from engine.moderation.ledger import Held
    from engine.moderation.returned import Returned, Said

TOLD = 20
"""tasks that are told after an import; `audit moderate list` has them all"""


@dataclass(frozen=True)
class Book:
    """A workbook that was read: its path, and what it says."""

    path: Path
    returned: "Returned"


@dataclass
class Taken:
    """What became of one workbook."""

    drafts: list[Draft] = field(default_factory=list)
    graded: int = 0
    again: int = 0
    problems: list[Problem] = field(default_factory=list)


def run_import_books(paths: Sequence[Path], place: Place, at: datetime | None = None) -> Exit:
    """Take what moderators' workbooks say; return the exit code."""
    desk = Desk.open(place, "", at)
    books, refused = _read(paths, desk)
    for stage in ("blind", "confirm"):
        for book in books:
            if book.returned.stage == stage and not _take(book, desk):
                refused += 1
    if refused == len(paths):
        return Exit.USAGE
    return Exit.PUT_ASIDE if refused else Exit.DONE


def _read(paths: Iterable[Path], desk: Desk) -> tuple[list[Book], int]:
    """Return the workbooks without a mistake, and how many have some, which are told."""
    from engine.moderation.returned import read_back

    books, refused = [], 0
    for path in paths:
        try:
            returned = read_back(path, desk.rulebook, desk.lists.reasons)
            problems = returned.problems
        except Stop as stop:
            problems = stop.problems
        if problems:
            refused += 1
            _refuse(path, problems)
        else:
            books.append(Book(path, returned))
    return books, refused


def _take(book: Book, desk: Desk) -> bool:
    """Write what a workbook says, or nothing of it; return whether it was taken."""
    with desk.ledger.writing() as held:
        taken = _weighed(book, desk, held)
        if not taken.problems:
            held.append(taken.drafts)
    if taken.problems:
        _refuse(book.path, sorted(taken.problems))
        return False
    show(_told(book, taken))
    return True


def _weighed(book: Book, desk: Desk, held: "Held") -> Taken:
    """Return what of a workbook is to be written, and what stands in the way."""
    seen = Draws()
    known = cases(seen(held.entries()), desk.rulebook.grades)
    said, taken = book.returned, Taken()
    if said.draw and said.draw not in seen.found:
        where = Location(book.path.as_posix())
        wrong = f"the workbook belongs to the draw `{said.draw}`, which is not in this ledger"
        help_ = "name the ledger that the sample was drawn into: --ledger"
        taken.problems.append(Problem(where, "M232", wrong, help_))
        return taken
    named = [known[one.audit_id] for one in said.rows if one.audit_id in known]
    desk.same_book(seen.found, named, said.draw or None)
    for row in said.rows:
        case = known.get(row.audit_id) or Case(row.audit_id, desk.rulebook.grades)
        bodies = tuple(_bodies(case, row, said))
        taken.graded += bool(bodies)
        taken.again += not bodies
        for body in bodies:
            taken.problems += refusals(case, body, desk.lists, row.at)
            case = after(case, body)
            taken.drafts.append(Draft(body, said.moderator, desk.at, row.audit_id))
    return taken


def _bodies(case: Case, row: "Said", said: "Returned") -> Iterator[Body]:
    """Yield what a row adds to the ledger; nothing, if all of it is there."""
    name = said.moderator
    sealed = case.blind_of(name)
    if said.stage == "blind":
        if sealed is None or sealed.graded != row.graded:
            yield Blind(moderator=name, turn=turn_of(case, name), graded=row.graded)
        return
    body = _confirmed(row, name, sealed.graded if sealed else None)
    if body in (case.confirmed, *case.earlier):
        return
    if sealed is not None and not case.shown_to(name):
        yield Revealed(moderator=name)  # the workbook showed it
    yield body


def _confirmed(row: "Said", name: str, sealed: Graded | None) -> Confirmed:
    """Return the confirmed grade of a row; what is left blank is as it was graded blind."""
    said = row.graded
    if sealed is not None:
        said = Graded(
            grade=said.grade,
            domains={**sealed.domains, **said.domains},
            reasons=said.reasons or sealed.reasons,
            note=said.note or sealed.note,
        )
    return Confirmed(moderator=name, graded=said, override=row.override)


def _told(book: Book, taken: Taken) -> Iterator[str]:
    said = book.returned
    who, what = shown(said.moderator), "sealed" if said.stage == "blind" else "confirmed"
    if not taken.drafts and taken.again:
        yield f"{book.path.name}: nothing new; all that {who} says is in the ledger already"
    elif not taken.drafts:
        yield f"{book.path.name}: {who} has graded nothing yet"
    else:
        grades = "1 grade" if taken.graded == 1 else f"{taken.graded} grades"
        again = f", {taken.again} in the ledger already" if taken.again else ""
        yield f"{book.path.name}: {grades} of {who} {what}{again}"
    if said.not_done:
        some = ", ".join(map(shown, said.not_done[:TOLD]))
        more = f" and {len(said.not_done) - TOLD} more" if len(said.not_done) > TOLD else ""
        yield f"  not done yet: {some}{more}"


def _refuse(path: Path, problems: Sequence[Problem]) -> None:
    tell(problems)
    say(f"{path.name}: nothing of it was taken; put this right and import it again")
