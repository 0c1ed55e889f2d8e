"""What the commands of moderation share: the ledger, the lists of the rulebook, one decision.

A decision is written while the ledger is held, so that what it rests on is still so: of two
moderators at once only one can do what only one may.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, open_rulebook, tell
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.moderation.cases import Case, after, cases
from engine.moderation.decide import Lists, refusals
from engine.moderation.entries import Body, Draft, Draw, Entry, Graded, Inclusions, Override
from engine.moderation.people import person
from engine.moderation.routes import Task, tasks
from engine.reports.screen import shown
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from engine.moderation.ledger import Held, Ledger

LEDGER = "audit-ledger.sqlite"
NEAR = 10_000
"""ids among which one is looked for that is like a misspelt one"""


@dataclass(frozen=True)
class Place:
    """Where the ledger is: as given, beside the batch, or in the folder of the user; and rules."""

    ledger: str | None = None
    batch: str | None = None
    rules: Given = None

    @property
    def where(self) -> str:
        """Return the file or address of the ledger."""
        if self.ledger is not None:
            return self.ledger
        if self.batch is not None and self.batch != "-":
            return str(Path(self.batch).resolve().parent / LEDGER)
        return LEDGER

    @property
    def told(self) -> str:
        """Return how a command that comes next names the ledger; empty for that of the folder."""
        if self.ledger is not None:
            from engine.moderation.ledger_where import without_password

            return f" --ledger {quoted(without_password(self.ledger))}"
        return f" --batch {quoted(self.batch)}" if self.batch is not None else ""


@dataclass(frozen=True)
class Desk:
    """An open ledger and the rulebook, for somebody who decides at a time."""

    place: Place
    ledger: "Ledger"
    rulebook: Rulebook
    lists: Lists
    by: str
    at: datetime

    @classmethod
    def open(
        cls, place: Place, by: str = "", at: datetime | None = None, *, create: bool = False
    ) -> "Desk":
        """Open both; `create`: begin the ledger where there is none.

        Raises:
            Stop: the ledger or the rulebook cannot be read.
        """
        from engine.moderation.ledger import open_ledger

        rulebook = open_rulebook(place.rules, examples=False)
        ledger = open_ledger(place.where, create=create)
        now = at or datetime.now(UTC)
        return cls(place, ledger, rulebook, lists_of(rulebook), " ".join(by.split()), now)

    def decide(self, audit_id: str, make: Callable[[Case], Body]) -> "Written":
        """Write what is decided of an audit, if the rules allow it.

        Raises:
            Stop: they do not, or the ledger cannot be written; nothing was written.
        """
        with self.ledger.writing() as held:
            case = self.case(held, audit_id)
            body = make(case)
            self.check(case, body, held)
            (entry,) = held.append([Draft(body, self.by, self.at, audit_id)])
        return Written(case, after(case, body), entry)

    def check(self, case: Case, body: Body, held: "Held") -> None:
        """Stop if something stands in the way."""
        problems = refusals(case, body, self.lists, Location(f"audit {case.audit_id}"))
        if problems and case.included is None:
            problems = tuple(_nearer(one, case.audit_id, held) for one in problems)
        if problems:
            raise Stop(Exit.USAGE, problems)

    def case(self, held: "Held", audit_id: str) -> Case:
        """Return the case of one audit, after telling where the books differ."""
        seen = Draws()
        found = cases(seen(held.entries()), self.rulebook.grades, only=audit_id)
        case = found.get(audit_id) or Case(audit_id, self.rulebook.grades)
        self.same_book(seen.found, (case,), case.draw)
        return case

    def same_book(
        self, draws: Mapping[str, Draw], found: Iterable[Case], draw: str | None = None
    ) -> None:
        """Tell if the ledger was begun with another rulebook; stop if its grades are others."""
        own = [one for id_, one in draws.items() if draw in (None, id_)]
        here = self.rulebook.book.version, self.rulebook.hash
        others = {(one.rulebook_version, one.rulebook_hash) for one in own} - {here}
        tell(map(self._other_book, sorted(others)))
        strange = sorted({g for case in found for g in grades_of(case)} - {*self.rulebook.grades})
        if strange:
            raise Stop(Exit.USAGE, tuple(map(self._strange, strange)))

    def _other_book(self, other: tuple[str, str]) -> Problem:
        version, hash_ = other
        said = (
            f"the sample was drawn with version `{version}` of the rulebook ({hash_[:12]}), "
            f"and this is `{self.rulebook.book.version}` ({self.rulebook.hash[:12]})"
        )
        help_ = "grades are held against each other by their names; `--rules` gives another book"
        return Problem(Location(self.ledger.name), "M230", said, help_, warning=True)

    def _strange(self, grade: str) -> Problem:
        said = f"the ledger holds the grade `{grade}`, which the rulebook does not have"
        help_ = "give the rulebook that the sample was drawn with: --rules"
        return Problem(Location(self.ledger.name), "M229", said, help_)

    def next(self, case: Case) -> Iterator[str]:
        """Yield what is left to do about an audit, with the command."""
        for task in tasks(case):
            yield f"next: {self.told(task)}"
        if not tasks(case):
            yield "nothing is left to do"

    def told(self, task: Task) -> str:
        """Return a task as a line."""
        command = f"{task.command}{self.place.told}"
        return f"{shown(task.who)}: {task.what} (`{command} …`)"

    def title(self, name: str | None) -> str:
        """Return the words on screen for a grade or domain."""
        return self.lists.title(name)


@dataclass(frozen=True)
class Written:
    """An entry that was written, and the case before and after."""

    before: Case
    case: Case
    entry: Entry


@dataclass
class Draws:
    """The draws among entries that are on their way elsewhere."""

    found: dict[str, Draw] = field(default_factory=dict)

    def __call__(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Hand entries on, and keep the draws."""
        for entry in entries:
            if isinstance(entry.body, Draw):
                self.found[entry.body.draw] = entry.body
            yield entry


def all_cases(desk: Desk) -> Mapping[str, Case]:
    """Return every case of the ledger, after telling where the books differ."""
    seen = Draws()
    found = cases(seen(desk.ledger.entries()), desk.rulebook.grades)
    desk.same_book(seen.found, found.values())
    return found


def lists_of(rulebook: Rulebook) -> Lists:
    """Return the lists that decisions are made of."""
    book = rulebook.book
    grades, domains, reasons = (
        {entry.id: entry.title for entry in entries}
        for entries in (book.grades, book.domains, book.moderation_reasons)
    )
    return Lists(grades, domains, reasons)


def grades_of(case: Case) -> Iterator[str]:
    """Yield every grade that the ledger names in a case."""
    for standing in case.standing.values():
        yield from filter(None, (standing.auditor_grade, standing.cap))
    for one in (*case.blind, case.decision):
        if one is not None and one.graded is not None:
            yield from (one.graded.grade, *one.graded.domains.values())


@dataclass(frozen=True)
class Typed:
    """Grades as a user typed them: ids or titles, with the reasons."""

    grade: str | None = None
    domains: Sequence[str] = ()
    reasons: Sequence[str] = ()
    note: str | None = None

    def graded(self, lists: Lists, before: Graded | None = None) -> Graded:
        """Return them as grades; what is not given is as `before`.

        Raises:
            Stop: a domain's grade is not written as such.
        """
        base = before or Graded(grade="")
        domains = dict(_pair(text, lists) for text in self.domains)
        return Graded(
            grade=named(self.grade, lists.grades) if self.grade is not None else base.grade,
            domains={**base.domains, **domains},
            reasons=tuple(dict.fromkeys(named(one, lists.reasons) for one in self.reasons))
            or base.reasons,
            note=self.note if self.note is not None else base.note,
        )


def override_of(reason: str | None, second: str | None) -> Override | None:
    """Return the override that was given, or part of one; nothing if none was."""
    if reason is None and second is None:
        return None
    return Override(reason=reason or "", second=" ".join((second or "").split()))


def named(text: str, known: Mapping[str, str]) -> str:
    """Return the id that a text names by id or title; the text itself where it names none.

    >>> named("requires  Improvement", {"requires_improvement": "Requires improvement"})
    'requires_improvement'
    """
    words = person(text)
    for id_, title in known.items():
        if words in (id_, person(title), id_.replace("_", " "), id_.replace("_", "-")):
            return id_
    return text.strip()


def _pair(text: str, lists: Lists) -> tuple[str, str]:
    domain, sign, grade = text.partition("=")
    if not sign or not domain.strip() or not grade.strip():
        said = f"`{shown(text)}` is no domain with its grade"
        help_ = "write the two with `=` between them: --domain visits=good"
        raise Stop(Exit.USAGE, (Problem(Location("--domain"), "M231", said, help_),))
    return named(domain, lists.domains), named(grade, lists.grades)


def _nearer(problem: Problem, audit_id: str, held: "Held") -> Problem:
    """Name the audit of the ledger that a misspelt id is most like."""
    bodies = (one.body for one in held.entries())
    ids = (a.audit_id for one in bodies if isinstance(one, Inclusions) for a in one.audits)
    near = nearest(audit_id, tuple(islice(ids, NEAR))) if problem.code == "M201" else ""
    return Problem(problem.location, problem.code, problem.message, near or problem.help)


def quoted(text: str) -> str:
    """Return a word of a command, in quotes if it has blanks."""
    return f'"{text}"' if " " in text else text
