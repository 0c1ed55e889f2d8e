"""How the facts of a week are told to one audience: whose names stand, and how grades are merged.

In: facts and an audience. Out: labels, cells and the relations between counts. Sections ask this
for every name and every number of people, so that no section can forget what may not be told.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from engine.reports.week.document import Audience, Count, Estimate, Section, Share, Sum
from engine.reports.week.facts import Facts, Part
from engine.reports.week.measured import Estimated
from engine.reports.week.moderated import Stand
from engine.reports.wording import plain, plural
from engine.statistics.counts import LARGEST, small
from engine.statistics.interval import Interval

ALL = "all"
GOOD, BELOW, NONE, GRADED = "good_or_better", "below_good", "none", "graded"
REST = "not_good"
"""below good, and files without a grade: published together, for the latter are few"""
GRADE_KINDS = ("said", "after")
DECIDED = (Stand.CONFIRMED, Stand.PANEL, Stand.APPEAL)
NOT_NAMED = "Not named"
# the files that the matrix counts are those that estimates rest on
MODERATED = "matrix.all"


@dataclass(frozen=True)
class GradeClass:
    """A grade as it is told, or several merged into one."""

    id: str
    title: str
    ranks: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """A section, and how the counts in it hang together."""

    section: Section
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True)
class Telling:
    """Facts as one audience may have them."""

    facts: Facts
    audience: Audience

    @property
    def panel(self) -> bool:
        """Say whether names may stand."""
        return self.audience is Audience.PANEL

    @property
    def published(self) -> bool:
        """Say whether anybody may read it."""
        return self.audience is Audience.PUBLISHED

    @cached_property
    def classes(self) -> tuple[GradeClass, ...]:
        """Return the grades, the best first; two of them where the report is published."""
        if self.published:
            return self.merged
        book = self.facts.rulebook.book
        ranked = enumerate(book.grades, start=1)
        return tuple(reversed([GradeClass(g.id, g.title, (rank,)) for rank, g in ranked]))

    @cached_property
    def merged(self) -> tuple[GradeClass, GradeClass]:
        """Return the two classes that every audience is told: at the bar or better, and below."""
        grades, bar = self.facts.rulebook.book.grades, self.facts.bar
        title = grades[bar - 1].title
        return (
            GradeClass(GOOD, f"{title} or better", tuple(range(bar, len(grades) + 1))),
            GradeClass(BELOW, f"Below {title.lower()}", tuple(range(1, bar))),
        )

    @cached_property
    def halves(self) -> tuple[GradeClass, GradeClass]:
        """Return what is published: at the bar or better, and all other files.

        Files without a grade are a small number; counted apart they would hide the headline.
        """
        good, below = self.merged
        whole = self.facts.whole
        none = " or without a grade" if whole.said[0] or whole.after[0] else ""
        return good, GradeClass(REST, f"{below.title}{none}", (0, *below.ranks))

    @property
    def good(self) -> str:
        """Return the bar in the middle of a sentence: good or better."""
        return self.merged[0].title.lower()

    # names ---------------------------------------------------------------------------------

    @cached_property
    def _secret(self) -> bytes:
        """Return what only those who hold the batch know: the order of labels comes from it."""
        rows = (
            f"{a.audit_id}\0{a.auditor}\0{a.team}\0{a.said}" for a in self.facts.gathered.audits
        )
        return sha256("\n".join(rows).encode()).digest()

    def _labels(self, names: Iterable[str], letter: str) -> Mapping[str, str]:
        def place(name: str) -> bytes:
            return sha256(self._secret + name.encode()).digest()

        ordered = sorted({name for name in names if name}, key=place)
        return {name: f"{letter}{number}" for number, name in enumerate(ordered, start=1)}

    @cached_property
    def _auditors(self) -> Mapping[str, str]:
        return self._labels(self.facts.auditors, "A")

    @cached_property
    def _moderators(self) -> Mapping[str, str]:
        found = {
            name
            for case in self.facts.cases.values()
            for name in (
                *(one.moderator for one in case.assigned),
                *(one.moderator for one in case.blind),
                *case.deciders,
            )
        }
        return self._labels(found, "M")

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        both = (*self.facts.actions, *self.facts.earlier_actions)
        return self._labels((one.owner for one in both), "O")

    def auditor(self, name: str) -> str:
        """Return an auditor's name, or the label that stands for it."""
        return (name if self.panel else self._auditors.get(name, "")) or NOT_NAMED

    def owner(self, name: str) -> str:
        """Return an owner's name, or the label that stands for it."""
        return (name if self.panel else self._owners.get(name, "")) or NOT_NAMED

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        names = {*self._auditors, *self._moderators, *self._owners, *self.facts.gathered.names}
        by_length = sorted((name for name in names if name.strip()), key=lambda n: (-len(n), n))
        joined = "|".join(map(re.escape, by_length))
        return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE) if joined else None

    def clean(self, text: str) -> str:
        """Return free text without the names of staff, unless it is for the panel."""
        flat = " ".join(text.split())
        if self.panel or self._known is None:
            return flat
        return self._known.sub("(a name)", flat)

    def plural(self, number: int, noun: str) -> str:
        """Return a noun beside a number; where one may be hidden it tells nothing of it."""
        return plural(2 if self.published else number, noun)

    @property
    def least(self) -> int:
        """Return the least number by which something may be chosen to stand in a list.

        Where small numbers are hidden, a place in a list would tell of them.
        """
        return LARGEST + 1 if self.published else 1

    def large(self, counts: Counter[str]) -> Counter[str]:
        """Return the counts by which something may be chosen to stand in a list."""
        return Counter({name: n for name, n in counts.items() if n >= self.least})

    # numbers -------------------------------------------------------------------------------

    def count(self, counts: Sequence[int], kind: GradeClass, key: str) -> Count:
        """Return how many of some counts by rank are of a class."""
        return Count(sum(counts[rank] for rank in kind.ranks), f"{key}.{kind.id}")

    def share(self, part: Part, key: str, when: str) -> Share:
        """Return the share of a part's files that are good or better, `said` or `after`.

        It is of those that have a grade; of all where small numbers are hidden.
        """
        counts = part.said if when == "said" else part.after
        own = f"{key}.{when}"
        graded = Count(sum(counts[1:]), f"{own}.graded")
        whole = self.files(part, key) if self.published else graded
        return Share(self.count(counts, self.merged[0], own), whole)

    def countable(self, *numbers: int) -> bool:
        """Say whether none of some numbers is too small for the audience."""
        return not (self.published and any(map(small, numbers)))

    def files(self, part: Part, key: str) -> Count:
        """Return how many files a part has."""
        return Count(part.files, f"{key}.audits")

    def moderated(self, one: Estimated, key: str = "") -> Count:
        """Return the number of moderated files that an estimate rests on."""
        return Count(one.moderated, f"{key}.resting" if key else MODERATED)

    def at_least(self, one: Estimated | None, key: str = "") -> Estimate | None:
        """Return the estimated share of all files at the bar or better."""
        return None if one is None else percent(one.at_least, self.moderated(one, key))

    def below(self, one: Estimated | None, key: str = "") -> Estimate | None:
        """Return the estimated share of all files below the bar."""
        if one is None:
            return None
        held = one.at_least
        turned = Interval(1 - held.value, 1 - held.high, 1 - held.low)
        return percent(turned, self.moderated(one, key))

    def gap(self, one: Estimated | None, key: str = "") -> Estimate | None:
        """Return the estimated mean of the auditors' grades less moderators'."""
        return None if one is None else grades(one.gap, self.moderated(one, key))

    def estimate(self, kind: GradeClass, one: Estimated | None, key: str = "") -> Estimate | None:
        """Return the estimated share of all files that are of a class, where it may be given."""
        if one is None:
            return None
        if kind.ranks == self.merged[0].ranks:
            return self.at_least(one, key)
        if kind.ranks == self.merged[1].ranks:
            return self.below(one, key)
        if not one.shares or len(kind.ranks) != 1:
            return None
        return percent(one.shares[kind.ranks[0] - 1], self.moderated(one, key))

    def title(self, name: str) -> str:
        """Return how a name of the rulebook, or an id of ours, is shown."""
        found = self.facts.rulebook.title(name)
        return plain(name) if found == name else found


def percent(found: Interval, base: Count) -> Estimate:
    """Return a share (0 to 1) as per cent."""
    value, low, high = (100 * float(one) for one in (found.value, found.low, found.high))
    return Estimate(value, low, high, "percent", base)


def grades(found: Interval, base: Count) -> Estimate:
    """Return a difference of grades."""
    return Estimate(float(found.value), float(found.low), float(found.high), "grades", base)


def number(found: Interval, base: Count) -> Estimate:
    """Return a statistic without a unit."""
    return Estimate(float(found.value), float(found.low), float(found.high), "number", base)


def sums_of(tell: Telling, key: str) -> tuple[Sum, ...]:
    """Return how the counts of grades of one part hang together."""
    found = []
    for when in GRADE_KINDS:
        own = f"{key}.{when}"
        found.append(Sum(f"{key}.audits", (f"{own}.graded", f"{own}.none")))
        found.append(Sum(f"{own}.graded", (f"{own}.{GOOD}", f"{own}.{BELOW}")))
        if tell.published:
            found.append(Sum(f"{key}.audits", (f"{own}.{GOOD}", f"{own}.{REST}")))
        if tell.classes != tell.merged:
            for merged in tell.merged:
                parts = [c.id for c in tell.classes if set(c.ranks) <= set(merged.ranks)]
                found.append(Sum(f"{own}.{merged.id}", tuple(f"{own}.{one}" for one in parts)))
    return tuple(found)


def falls(tell: Telling, keys: Iterable[str]) -> tuple[Sum, ...]:
    """Return, where no person has decided a grade yet, that good grades only became fewer.

    The record takes grades down and never up, so that before less after is the number of files
    whose grade fell below the bar: a small one is told by subtraction.
    """
    if not tell.published or any(one.how in DECIDED for one in tell.facts.standings):
        return ()
    return tuple(Sum(f"{k}.said.{GOOD}", (f"{k}.after.{GOOD}", f"{k}.fell")) for k in keys)


def sums_across(tell: Telling, total: str, keys: Sequence[str]) -> tuple[Sum, ...]:
    """Return how the counts of all parts of a kind add up to those of the whole."""
    ends = (GRADED, NONE, GOOD, BELOW, *((REST,) if tell.published else ()))
    kinds = [f"{when}.{one}" for when in GRADE_KINDS for one in ends]
    return tuple(
        Sum(f"{total}.{kind}", tuple(f"{key}.{kind}" for key in keys))
        for kind in ("audits", *kinds)
    )
