"""What an edit of the rules does to a batch: two rulebooks, the same audits, the same day.

Two scorings come in, an `Impact` goes out. Both are scored in parts, without evidence, into
Parquet that is then compared, so that the batch may be of any size; evidence is found only for
the audits that are shown.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from engine.authoring.compared import Compared, Row
from engine.pipeline import Progress, Scoring, no_progress, score_in_parts, some_audits
from engine.rulebook.book import Layer, Rulebook
from engine.rulebook.judgement import STRATA, Rule

NO_GRADE = "none"
Table = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Side:
    """One of the two rulebooks, and what it made of the batch."""

    rulebook_id: str
    version: str
    hash: str
    books: tuple[Layer, ...]
    audits: int
    put_aside: int


@dataclass(frozen=True)
class Edits:
    """What differs between the two rulebooks, by id."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    standards: tuple[str, ...]
    rules: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True)
class Stood:
    """How an audit stands under one rulebook."""

    moderated: str | None
    cap: str | None
    route: str
    alert: bool


@dataclass(frozen=True)
class Turned:
    """A finding that changes; an outcome of None: the standard is not in force."""

    standard: str
    before: str | None
    now: str | None
    because: str = ""


@dataclass(frozen=True)
class Fired:
    """A rule of judgement that fires under one rulebook only: on what, and what it then does."""

    rule: str
    scope: str
    cap: str | None = None
    overall_cap: str | None = None
    alert: bool = False
    route: str | None = None


@dataclass(frozen=True)
class Changed:
    """An audit that stands otherwise, with what changed below."""

    audit_id: str
    team: str
    auditor_grade: str | None
    before: Stood
    now: Stood
    findings: tuple[Turned, ...]
    rules: tuple[Fired, ...]
    rules_gone: tuple[Fired, ...]


@dataclass(frozen=True)
class Counts:
    """Audits of a team: all, those whose moderated grade gets worse or better, and the rest."""

    audits: int = 0
    worse: int = 0
    better: int = 0
    caps: int = 0
    routes: int = 0
    alerts_new: int = 0
    alerts_gone: int = 0
    changed: int = 0


@dataclass(frozen=True)
class ByStandard:
    """Findings of one standard that change, and in how many audits whose grade changes."""

    standard: str
    title: str
    turned: Table
    graded: int

    @property
    def total(self) -> int:
        """Return how many findings change."""
        return sum(self.turned.values())


@dataclass(frozen=True)
class Impact:
    """What an edit does: counts of all audits, and some of those that change, with reasons.

    `changed`: the moderated grade, the cap, the next step or the alert is another. `grades` has
    an entry for each pair of moderated grades, from and to, that some audit has.
    `findings_alone`: audits in which findings change, and nothing that rests on them.
    """

    before: Side
    now: Side
    as_of: date
    edits: Edits
    titles: Mapping[str, str]
    grade_order: tuple[str, ...]
    total: Counts
    by_team: Mapping[str, Counts]
    grades: Table
    by_standard: tuple[ByStandard, ...]
    findings_changed: int
    findings_alone: int
    shown: tuple[Changed, ...]


@dataclass(frozen=True)
class Pair:
    """The earlier rulebook and the edited one, each with the batch as it reads it."""

    before: Scoring
    now: Scoring


def impact_of(
    pair: Pair, scratch: Path, most: int, progress: Progress = no_progress
) -> tuple[Impact, Compared]:
    """Score a batch by both rulebooks and compare; show at most so many audits with reasons.

    The comparison that is returned as well yields every audit that changes; its files stand in
    `scratch`.
    """
    folders = (scratch / "before", scratch / "now")
    for folder, scoring in zip(folders, (pair.before, pair.now), strict=True):
        folder.mkdir()
        already = 0 if folder is folders[0] else pair.before.batch.audit_count
        score_in_parts(scoring, folder, partial(_on, progress, already))
    books = (pair.before.rulebook, pair.now.rulebook)
    compared = Compared(scratch, books)
    by_team = {team: Counts(*counts) for team, counts in compared.by_team().items()}
    by_standard = tuple(_by_standard(compared, books))
    shown = tuple(_changed(row, books) for row in compared.rows(most))
    return Impact(
        before=_side(pair.before),
        now=_side(pair.now),
        as_of=pair.now.as_of,
        edits=edits_of(*books),
        titles=_titles(*books),
        grade_order=books[1].grades,
        total=_sum(by_team),
        by_team=by_team,
        grades=compared.grades(),
        by_standard=by_standard,
        findings_changed=sum(one.total for one in by_standard),
        findings_alone=compared.findings_alone(),
        shown=_with_reasons(shown, pair.now),
    ), compared


def _on(progress: Progress, already: int, done: int, total: int) -> None:
    progress(already + done, 2 * total)


def every_changed(compared: Compared) -> Iterator[Changed]:
    """Yield every audit that changes, those that change most first, without evidence."""
    return (_changed(row, compared.books) for row in compared.rows())


def _side(scoring: Scoring) -> Side:
    book, batch = scoring.rulebook, scoring.batch
    return Side(
        book.book.id,
        book.book.version,
        book.hash,
        book.layers,
        batch.audit_count,
        len(batch.rejected),
    )


def edits_of(before: Rulebook, now: Rulebook) -> Edits:
    """Return what differs between two rulebooks in what they do; examples do nothing."""
    old = {s.id: s.model_copy(update={"examples": ()}) for s in before.live}
    new = {s.id: s.model_copy(update={"examples": ()}) for s in now.live}
    rules = [_rules(book) for book in (before, now)]
    ids = sorted({*rules[0], *rules[1]})
    other = {
        "the dictionary of fields": before.fields != now.fields,
        "the calendar": before.calendar != now.calendar,
        "the lists and settings of the book": before.book != now.book,
    }
    return Edits(
        new=tuple(sorted(new.keys() - old.keys())),
        gone=tuple(sorted(old.keys() - new.keys())),
        standards=tuple(s for s in new if s in old and old[s] != new[s]),
        rules=tuple(one for one in ids if rules[0].get(one) != rules[1].get(one)),
        other=tuple(name for name, differs in other.items() if differs),
    )


def _rules(book: Rulebook) -> dict[str, tuple[str, Rule]]:
    return {
        rule.id: (stratum, rule) for stratum in STRATA for rule in book.judgement.rules(stratum)
    }


def _titles(before: Rulebook, now: Rulebook) -> dict[str, str]:
    """Return the words for standards, domains, grades and rules; those of the edited book win."""
    titles: dict[str, str] = {}
    for book in (before, now):
        for entry in (*book.book.domains, *book.book.grades):
            titles[entry.id] = entry.title
        titles |= {standard.id: standard.title for standard in book.standards}
        titles |= {name: rule.title for name, (_, rule) in _rules(book).items()}
    return titles


def _sum(by_team: Mapping[str, Counts]) -> Counts:
    total: Counter[str] = Counter()
    for counts in by_team.values():
        total.update(vars(counts))
    return Counts(**total)


def _by_standard(compared: Compared, books: tuple[Rulebook, Rulebook]) -> Iterator[ByStandard]:
    titles = {s.id: s.title for book in books for s in book.live}
    for standard, (turned, graded) in compared.by_standard().items():
        yield ByStandard(standard, titles[standard], turned, graded)


def _changed(row: Row, books: tuple[Rulebook, Rulebook]) -> Changed:
    fired = [{_fired(book, *one) for one in row.rules[n]} for n, book in enumerate(books)]
    order = [list(book.domains) for book in books]
    return Changed(
        audit_id=row.audit_id,
        team=row.team,
        auditor_grade=row.auditor_grade,
        before=Stood(*row.before),
        now=Stood(*row.now),
        findings=tuple(Turned(*one) for one in row.findings),
        rules=_ordered(fired[1] - fired[0], order[1]),
        rules_gone=_ordered(fired[0] - fired[1], order[0]),
    )


def _ordered(fired: set[Fired], domains: list[str]) -> tuple[Fired, ...]:
    places = {domain: place for place, domain in enumerate(domains)}
    return tuple(sorted(fired, key=lambda f: (places.get(f.scope, len(places)), f.rule)))


def _fired(book: Rulebook, scope: str, name: str) -> Fired:
    _, rule = _rules(book)[name]
    return Fired(name, scope, rule.cap, rule.overall_cap, bool(rule.alert), rule.route)


def _with_reasons(shown: tuple[Changed, ...], now: Scoring) -> tuple[Changed, ...]:
    """Add what the record shows of each finding that changes, in the words of the edited book."""
    asked = sorted(one.audit_id for one in shown if one.findings)
    views = {view.audit_id: view for view in some_audits(now, asked)}
    told = {a: {f.standard: f.because for f in view.findings} for a, view in views.items()}
    return tuple(
        replace(
            one,
            findings=tuple(
                replace(f, because=told.get(one.audit_id, {}).get(f.standard, "") if f.now else "")
                for f in one.findings
            ),
        )
        for one in shown
    )
