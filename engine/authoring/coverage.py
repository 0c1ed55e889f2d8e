"""What the examples of a rulebook reach, or the audits of a batch, and what nothing reaches.

A rulebook (and a batch) comes in; for every outcome, dated version and branch of each standard,
and for every rule of judgement, out goes how often it came to it. What a standard can never give
is not asked for (`possible.py`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from engine.authoring.examples import each_example
from engine.authoring.possible import expected_outcomes
from engine.findings.stage import Evidence, compile_rulebook
from engine.judgement.audit import AuditFacts, judge_audit
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.pipeline import Scoring, audit_rows
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import STRATA
from engine.rulebook.measures import Version
from engine.rulebook.standard import Standard
from engine.terms import OUTCOMES, Outcome

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Item:
    """Something to be reached: of a standard (or of a list of rules), of which kind, which one."""

    of: str
    kind: str
    name: str


@dataclass(frozen=True)
class Coverage:
    """How often each item was reached, of how many examples or audits.

    Of examples it is asked, too, whether one stands exactly on each limit.

    `extra` holds outcomes that nobody asked for: such as a standard cannot help giving where the
    input lacks a table. `limits` says what cannot be reached in this way.
    """

    cases: int
    reached: dict[Item, int]
    extra: dict[Item, int] = field(default_factory=dict)
    limits: str = ""

    @property
    def gaps(self) -> tuple[Item, ...]:
        """Return what was never reached, in the order of the book."""
        return tuple(item for item, times in self.reached.items() if not times)

    @property
    def percent(self) -> int:
        """Return the per cent of items that were reached, rounded down; nothing to reach: 100."""
        number = len(self.reached)
        return 100 * (number - len(self.gaps)) // number if number else 100


def cover_examples(rulebook: Rulebook) -> Coverage:
    """Return what the examples reach; each is judged as an audit of its own standard alone."""
    counts, cases = _Counts(rulebook), 0
    for ran in each_example(rulebook):
        if ran.unread:
            continue
        cases += 1
        standard, code = ran.case.standard, Outcome.NOT_APPLICABLE.code
        if ran.found is not None:
            code = ran.found.code
        counts.finding(standard, code, ran.found)
        counts.limit(standard, ran.found)
        if standard.status == "live":
            nothing = dict.fromkeys((s.id for s in rulebook.live), Outcome.NOT_APPLICABLE.code)
            counts.judged(AuditFacts({**nothing, standard.id: code}))
    asked = tuple(s for s in rulebook.standards if s.status != "retired")
    limits = ", each example being judged by itself and without an auditor's grade"
    coverage = counts.coverage(asked, cases)
    at_limits = {item: counts.seen[item] for s in asked for item in _limits(s)}
    return replace(coverage, reached=coverage.reached | at_limits, limits=limits)


def cover_batch(scoring: Scoring, progress: Told) -> Coverage:
    """Return what the audits of a batch reach."""
    rulebook = scoring.rulebook
    counts, cases = _Counts(rulebook), 0
    with scoring.batch.being_read():
        compiled = compile_rulebook(rulebook, scoring.batch.presence)
        for row in audit_rows(scoring, compiled, progress):
            cases += 1
            for standard in rulebook.live:
                found = row.evidence.get(standard.id)
                counts.finding(standard, row.outcomes[standard.id], found)
            counts.judged(row.facts())
    return counts.coverage(rulebook.live, cases)


class _Counts:
    """Counts what is come to."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        judge = PlainJudge(rulebook.judgement, rulebook.grades)
        self.verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge)
        self.seen: Counter[Item] = Counter()

    def finding(self, standard: Standard, code: int, found: Evidence | None) -> None:
        """Count one finding: its outcome and, if it tells them, its branch and version."""
        outcome = OUTCOMES[min(code, Outcome.NOT_MET.code)]
        self.seen[Item(standard.id, "outcome", outcome)] += 1
        if found is None:
            return
        branch = found.branch.name if found.branch else ""
        if branch:
            self.seen[Item(standard.id, "branch", branch)] += 1
        if found.version is not None:
            self.seen[_version(standard, branch, found.version.from_.isoformat())] += 1

    def limit(self, standard: Standard, found: Evidence | None) -> None:
        """Count a value that stands on the limit of met: a day more and it would be a miss."""
        version = found.version if found else None
        if found and version and (limit := _limit(version)) and found.value == limit[1]:
            self.seen[_at_limit(standard, limit)] += 1

    def judged(self, facts: AuditFacts) -> None:
        """Count each rule of judgement that fires on an audit, once."""
        judged = judge_audit(facts, self.rulebook, self.verdicts)
        fired = {("domain", rule) for verdict in judged.domains.values() for rule in verdict.fired}
        fired |= {("overall", rule) for rule in judged.overall.fired}
        fired |= {("route", rule) for rule in judged.next.fired}
        for stratum, rule in fired:
            self.seen[Item(stratum, "rule", rule)] += 1

    def coverage(self, standards: Iterable[Standard], cases: int) -> Coverage:
        """Return how often each thing that these standards and the rules can do was seen."""
        asked = [item for standard in standards for item in _items(standard)]
        asked += [
            Item(stratum, "rule", rule.id)
            for stratum in STRATA
            for rule in self.rulebook.judgement.rules(stratum)
        ]
        reached = {item: self.seen[item] for item in asked}
        extra = {i: times for i, times in sorted(self.seen.items(), key=str) if i not in reached}
        return Coverage(cases, reached, extra)


def _items(standard: Standard) -> Iterable[Item]:
    for outcome in expected_outcomes(standard):
        yield Item(standard.id, "outcome", outcome)
    for branch in standard.branches():
        if branch.name:
            yield Item(standard.id, "branch", branch.name)
        for version in standard.versions_of(branch) if branch.measure else ():
            yield _version(standard, branch.name, version.from_.isoformat())


def _limits(standard: Standard) -> Iterable[Item]:
    """Yield each limit of met that is one number; versions and branches may share one."""
    for branch in standard.branches():
        for version in standard.versions_of(branch) if branch.measure else ():
            if limit := _limit(version):
                yield _at_limit(standard, limit)


def _limit(version: Version) -> tuple[str, int] | None:
    """Return the limit of met; none where there is none, or where each part has its own."""
    met = version.met
    if met is None:
        return None
    if isinstance(met.at_most, int):
        return "at most", met.at_most
    return ("at least", met.at_least) if met.at_least is not None else None


def _at_limit(standard: Standard, limit: tuple[str, int]) -> Item:
    words, number = limit
    return Item(standard.id, "limit", f"{words} {number}")


def _version(standard: Standard, branch: str, day: str) -> Item:
    return Item(standard.id, "version", f"{day} ({branch})" if branch else day)
