"""Every pattern of grades that an auditor can give, whatever is found.

A rulebook and a question come in; states go out: the overall grade (0: none given), whether it is
better than most of the auditor's own domain grades, the grade of the domain that is asked about,
and the tallies of domain grades, each state with the fewest grades that lead to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.authoring.space import Question
from engine.authoring.states import Cost, State, Sums, Way, keep, keep_both
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import AuditorDomainGrades, Flag

OVERALL, BETTER, DOMAIN, FIRST_TALLY = 0, 1, 2, 3


@dataclass(frozen=True)
class Given:
    """A grade that the auditor gives: of a domain, or overall (no domain); a rank, 0 for none."""

    domain: str | None
    rank: int


def auditors(rulebook: Rulebook, question: Question) -> dict[State, Way[Given]]:
    """Return every state that an auditor's grades can be in."""
    found: dict[State, Way[Given]] = {}
    # the best grade first, and none last: of equal cases the one with a plain grade is shown
    for overall in range(len(rulebook.grades), -1, -1):
        grades = _Grades(rulebook, question, overall)
        for state, way in grades.all().items():
            keep_both(found, state, Way((0, 0), Given(None, overall)), way)
    return found


class _Grades:
    """The domain grades of auditors who give one overall grade."""

    def __init__(self, rulebook: Rulebook, question: Question, overall: int) -> None:
        self.rulebook, self.question, self.overall = rulebook, question, overall
        self.tallies = tuple(
            (f, size) for f, size in question.sizes.items() if isinstance(f, AuditorDomainGrades)
        )
        self.votes = Flag.BETTER_THAN_MOST in question.sizes
        most = len(rulebook.domains)
        self.sums = Sums([most, most, 0, *(size - 1 for _, size in self.tallies)])

    def all(self) -> dict[State, Way[Given]]:
        steps = (dict(self.steps(domain)) for domain in self.rulebook.domains)
        found: dict[State, Way[Given]] = {}
        for (worse, others, *rest), way in self.sums.all_of(steps).items():
            keep(found, (self.overall, int(worse > others), *rest), way)
        return found

    def steps(self, domain: str) -> Iterator[tuple[State, Way[Given]]]:
        found: dict[State, Way[Given]] = {}
        for rank in range(len(self.rulebook.grades) + 1):
            cost: Cost = (0, int(rank > 0))
            keep(found, self.adds(domain, rank), Way(cost, Given(domain, rank) if rank else None))
        return iter(found.items())

    def adds(self, domain: str, rank: int) -> State:
        """Return what the auditor's grade of a domain adds; 0: none was given."""
        tallies = [
            int(0 < rank <= self.rulebook.rank(f.at) and domain in (f.domains or (domain,)))
            for f, _ in self.tallies
        ]
        worse = int(self.votes and 0 < rank < self.overall)
        other = int(self.votes and rank >= max(self.overall, 1))
        return (worse, other, rank if domain == self.question.domain else 0, *tallies)
