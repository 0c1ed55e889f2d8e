"""Everything that the sections of a week's report need, computed once.

In: a scored batch, the entries of its ledger and of an earlier one. Out: frozen `Facts`. It must
not know for whom the report is, nor how anything will be said.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from engine.moderation.actions import Action, actions
from engine.moderation.cases import Case, cases
from engine.moderation.entries import Draw, Entry, Head
from engine.reports.week import measured
from engine.reports.week.earlier import Headline, headline
from engine.reports.week.gathered import Gathered, Scored
from engine.reports.week.moderated import Columns, Stand, Standing, columns, standing
from engine.rulebook.book import Rulebook
from engine.statistics.agreement import Agreement

OVERALL = "overall"


@dataclass(frozen=True)
class Asked:
    """What was asked for: the name of the week, its theme, and the ledgers that were given.

    `ledger` are the entries of the batch's ledger, nothing where there is none; `previous` those of
    the earlier week's.
    """

    week: str
    as_of: date
    theme: str = ""
    ledger: tuple[Entry, ...] | None = None
    head: Head | None = None
    previous: tuple[Entry, ...] | None = None


@dataclass(frozen=True)
class Part:
    """A set of audits: the auditors' grades and the grades after moderation, counted by rank.

    Place 0 counts audits without a grade. `estimate` is for all files of the part.
    """

    said: tuple[int, ...]
    after: tuple[int, ...]
    estimate: measured.Estimated | None

    @property
    def files(self) -> int:
        """Return how many audits it holds."""
        return sum(self.said)


@dataclass(frozen=True)
class Seconds:
    """Files that two moderators graded blind: how many, and how many got the same grade."""

    files: int
    exact: int


@dataclass(frozen=True)
class Facts:
    """A week's facts. Grades are ranks; `bar` is the rank of the best grade but one.

    `parts` gives, by kind (`domain`, `case_type`, `team`) and name, what holds of a part;
    `outside` counts audits of the batch with a grade that no draw knows, `strange` audits of the
    draw that the batch does not hold.
    """

    asked: Asked
    rulebook: Rulebook
    gathered: Gathered
    cases: Mapping[str, Case]
    standings: tuple[Standing, ...]
    auditors: tuple[str, ...]
    whole: Part
    parts: Mapping[str, Mapping[str, Part]]
    files: Columns
    matrix: measured.Matrix
    tiers: tuple[measured.TierRow, ...]
    agreement: Agreement | None
    by_auditor: measured.Auditors | None
    seconds: Seconds
    draw: Draw | None
    actions: tuple[Action, ...] = ()
    earlier_actions: tuple[Action, ...] = ()
    earlier: Headline | None = None
    now: Headline | None = None
    outside: int = 0
    strange: int = 0
    stands: Mapping[Stand, int] = field(default_factory=dict)

    @property
    def bar(self) -> int:
        """Return the rank of the best grade but one: with Ofsted's words, good."""
        return max(1, len(self.rulebook.grades) - 1)

    @property
    def moderated(self) -> int:
        """Return how many audits of the batch a moderator graded blind."""
        own = (self.cases.get(one.audit_id) for one in self.gathered.audits)
        return sum(case is not None and case.moderated is not None for case in own)

    @property
    def settled(self) -> tuple[int, int]:
        """Return how many audits have a blind grade and a final one, and where these differ."""
        own = [self.cases.get(one.audit_id) for one in self.gathered.audits]
        pairs = [
            (case.moderated.grade, case.final.grade)
            for case in own
            if case is not None and case.moderated is not None and case.final is not None
        ]
        return len(pairs), sum(blind != final for blind, final in pairs)


def facts_of(asked: Asked, rulebook: Rulebook, gathered: Gathered) -> Facts:
    """Return the facts of a week."""
    entries = asked.ledger or ()
    found = cases(entries, rulebook.grades)
    return _Counting(asked, rulebook, gathered, found).facts()


@dataclass(frozen=True)
class _Counting:
    """Counts the facts of one week."""

    asked: Asked
    rulebook: Rulebook
    gathered: Gathered
    cases: Mapping[str, Case]

    def facts(self) -> Facts:
        audits, rank = self.gathered.audits, partial(rank_in, self.rulebook)
        stands = tuple(standing(one, self.cases.get(one.audit_id), rank) for one in audits)
        auditors = tuple(sorted({one.auditor for one in audits if one.auditor}))
        numbers = {name: place for place, name in enumerate(auditors)}
        grades = len(self.rulebook.grades)
        make = partial(columns, audits, self.cases, rank, numbers, grades=grades)
        files = make()
        entries, before = self.asked.ledger or (), self.asked.previous
        draw = self._draw(entries)
        own = draw.draw if draw is not None else ""
        known = {one.audit_id for one in audits}
        undrawn = sum(
            (case := self.cases.get(one.audit_id)) is None or case.included is None
            for one in audits
            if one.said
        )
        bar = max(1, grades - 1)
        return Facts(
            asked=self.asked,
            rulebook=self.rulebook,
            gathered=self.gathered,
            cases=self.cases,
            standings=stands,
            auditors=auditors,
            whole=self._part(stands, files, bar),
            parts=self._parts(stands, files, make, bar),
            files=files,
            matrix=measured.matrix(files.files),
            tiers=measured.tiers(files.files),
            agreement=measured.agreed(files),
            by_auditor=measured.auditors(files, len(auditors)),
            seconds=_seconds(self.cases, known),
            draw=draw,
            actions=actions(entries),
            earlier_actions=actions(before) if before else (),
            earlier=headline(before, self.rulebook.grades, but=own) if before is not None else None,
            now=headline(entries, self.rulebook.grades, only=own) if own else None,
            outside=undrawn if draw is not None else 0,
            strange=sum(c.draw == own and a not in known for a, c in self.cases.items() if own),
            stands=Counter(one.how for one in stands),
        )

    def _draw(self, entries: Sequence[Entry]) -> Draw | None:
        """Return the draw of this batch: of its input, else the one that most of its audits name.

        A ledger may hold the draws of several weeks.
        """
        draws = {one.body.draw: one.body for one in entries if isinstance(one.body, Draw)}
        mine = self.gathered.header.input_hash
        for one in reversed(draws.values()):
            if one.input_hash == mine:
                return one
        named = Counter(
            case.draw
            for audit in self.gathered.audits
            if (case := self.cases.get(audit.audit_id)) is not None and case.draw in draws
        )
        return draws[named.most_common(1)[0][0]] if named else None

    def _part(
        self,
        stands: Sequence[Standing],
        files: Columns,
        bar: int,
        chosen: Sequence[bool] | None = None,
    ) -> Part:
        audits = self.gathered.audits
        rows = [
            (audit.said, stand.rank)
            for place, (audit, stand) in enumerate(zip(audits, stands, strict=True))
            if chosen is None or chosen[place]
        ]
        fewest = measured.FEWEST if chosen is None else measured.PART_FEWEST
        estimate = measured.estimated(files, bar, chosen, fewest=fewest)
        return Part(self._counted(s for s, _ in rows), self._counted(a for _, a in rows), estimate)

    def _counted(self, ranks: Iterable[int]) -> tuple[int, ...]:
        found = Counter(ranks)
        return tuple(found[rank] for rank in range(len(self.rulebook.grades) + 1))

    def _parts(
        self,
        stands: Sequence[Standing],
        files: Columns,
        make: Callable[..., Columns],
        bar: int,
    ) -> Mapping[str, Mapping[str, Part]]:
        audits = self.gathered.audits
        kinds = {
            "case_type": [one.groups.get("case_type", "") for one in audits],
            "team": [one.team for one in audits],
        }
        found: dict[str, Mapping[str, Part]] = {
            kind: {
                name: self._part(stands, files, bar, [one == name for one in names])
                for name in sorted(set(names))
            }
            for kind, names in kinds.items()
        }
        domains = {d: self._domain(d, make(domain=d), bar) for d in self.rulebook.domains}
        found["domain"] = {d: part for d, part in domains.items() if part.files > part.said[0]}
        return found

    def _domain(self, domain: str, files: Columns, bar: int) -> Part:
        rank = partial(rank_in, self.rulebook)
        graded = [one for one in self.gathered.audits if one.domains.get(domain, (0, 0))[0]]
        after = (_domain_rank(one, self.cases.get(one.audit_id), domain, rank) for one in graded)
        said = self._counted(one.domains[domain][0] for one in graded)
        estimate = measured.estimated(files, bar, fewest=measured.PART_FEWEST)
        return Part(said, self._counted(after), estimate)


def rank_in(rulebook: Rulebook, grade: str) -> int:
    """Return a grade's rank, 0 of one that this rulebook does not know."""
    return rulebook.rank(grade) if grade in rulebook.grades else 0


def _domain_rank(audit: Scored, case: Case | None, domain: str, rank: Callable[[str], int]) -> int:
    said, cap = audit.domains[domain]
    final = case.final_domains.get(domain) if case is not None else None
    return (rank(final) if final else 0) or min(said, cap or said)


def _seconds(found: Mapping[str, Case], known: set[str]) -> Seconds:
    pairs = [
        (case.moderated.grade, case.second.grade)
        for audit, case in found.items()
        if audit in known and case.moderated is not None and case.second is not None
    ]
    return Seconds(len(pairs), sum(first == second for first, second in pairs))
