"""The way back: which findings would have to be met for the next better moderated grade.

In: one audit, the rulebook. Out: the smallest sets of standards, all of the same size, such that
with exactly those met the moderated grade is better. Said as practice to be done for the child,
and only after moderation: before sign-off it would be a recipe. What that practice is, the
standards say; this module must not know.

What "better" means. The grade that counts is the moderated one or, where the auditor gave none,
the cap. Any better grade will do, and the auditor's own grade is not part of the way: where it is
no better than the cap, there is no way back by findings.

Why the search is short. Rules that cap only ever ask for "at least so many" missed standards, so
meeting one more can only stop rules, never start one. Hence only standards behind a cap that is
now too low can matter; one without which the rest together would fail is in every set; and only
what is left of them has to be tried in sets of one, of two, and so on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb

from engine.judgement.audit import AuditFacts, Judged, judge_audit
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.judgement.reasons import Binder
from engine.rulebook.book import Rulebook

MOST_TRIES = 20_000


@dataclass(frozen=True)
class WayBack:
    """The smallest sets of standards that lift the grade, in rulebook order; ranks of grades.

    `grade` is what the audit stands at. No sets: findings alone cannot lift it, or, where
    `complete` is not so, there were too many sets to try.
    """

    grade: int | None
    sets: tuple[tuple[str, ...], ...]
    complete: bool = True


def way_back(facts: AuditFacts, rulebook: Rulebook, *, most_tries: int = MOST_TRIES) -> WayBack:
    """Return the smallest sets of findings that would have to change to met for a better grade."""
    search = _Search(facts, rulebook)
    candidates = search.candidates()
    if not search.lifts(candidates):
        return WayBack(search.grade, ())
    needed = tuple(
        s for s in candidates if not search.lifts(other for other in candidates if other != s)
    )
    rest = tuple(s for s in candidates if s not in needed)
    tries = 0
    for size in range(len(rest) + 1):
        tries += comb(len(rest), size)
        if tries > most_tries:
            return WayBack(search.grade, (), complete=False)
        found = [more for more in combinations(rest, size) if search.lifts((*needed, *more))]
        if found:
            return WayBack(search.grade, tuple(search.ordered((*needed, *more)) for more in found))
    raise AssertionError("all candidates together lift the grade, so some set of them does")


class _Search:
    """One audit as it stands, and what it would be with some standards met."""

    def __init__(self, facts: AuditFacts, rulebook: Rulebook) -> None:
        self.facts = facts
        self.rulebook = rulebook
        judge = PlainJudge(rulebook.judgement, rulebook.grades)
        self.verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge)
        self.judged = judge_audit(facts, rulebook, self.verdicts)
        self.grade = _standing(self.judged)

    def candidates(self) -> tuple[str, ...]:
        """Return the standards behind every cap that holds the grade where it is."""
        behind: set[str] = set()
        for reason in Binder(self.rulebook).reasons(self.judged):
            proposed = reason.rule.overall_cap if reason.domain else reason.rule.cap
            if proposed and self.rulebook.rank(proposed) == self.grade:
                behind |= set(reason.standards)
        return self.ordered(behind)

    def lifts(self, standards: Iterable[str]) -> bool:
        changed = self.facts.with_met(tuple(standards))
        now = _standing(judge_audit(changed, self.rulebook, self.verdicts))
        return self.grade is not None and (now is None or now > self.grade)

    def ordered(self, standards: Iterable[str]) -> tuple[str, ...]:
        chosen = set(standards)
        return tuple(s.id for s in self.rulebook.live if s.id in chosen)


def _standing(judged: Judged) -> int | None:
    """Return the moderated grade, or the cap where the auditor gave none; None: nothing caps."""
    return judged.cap if judged.facts.overall is None else judged.moderated
