"""What is strong and what worries, under Ofsted's judgement areas: strengths always first."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.reports.week.document import (
    Block,
    Cell,
    Column,
    Count,
    Heading,
    Paragraph,
    Section,
    Share,
    Table,
)
from engine.reports.week.telling import Telling, Told
from engine.rulebook.standard import Standard
from engine.terms import Outcome, Severity

LEAST = 6
"""A standard is told of from so many files on: fewer say little, and might point at a child."""
STRONG, WORRYING = 80, 20
"""per cent met, and per cent not met or not evidenced, from which a standard is told of"""
PUBLISHED_LEAST = 30
"""Where small numbers are hidden: with fewer files, being named would tell of a hidden number."""
MOST = 6
WIDE = 10
"""a strength is named in the summary before others if it binds at least one file in so many"""
NAMED = 3
"""so many strengths, and so many concerns, stand in the summary"""
SEVERITIES = tuple(Severity)
TESTED = (Outcome.MET, Outcome.PARTLY_MET, Outcome.NOT_EVIDENCED, Outcome.NOT_MET)


@dataclass(frozen=True)
class Shown:
    """A standard with what the record shows of it: files by outcome, where it binds."""

    standard: Standard
    counts: Mapping[str, int]

    @property
    def tested(self) -> int:
        """Return in how many files it binds, is due and can be assessed."""
        return sum(self.counts[one] for one in TESTED)

    @property
    def met(self) -> int:
        """Return in how many files it is met."""
        return self.counts[Outcome.MET]

    @property
    def missed(self) -> int:
        """Return in how many files it is not met or not evidenced."""
        return self.counts[Outcome.NOT_MET] + self.counts[Outcome.NOT_EVIDENCED]

    def of(self, outcome: str) -> Count:
        """Return the files with an outcome."""
        return Count(self.counts[outcome], f"standard.{self.standard.id}.{outcome}")

    def met_share(self) -> Share:
        """Return the share of files in which it is met."""
        return Share(self.of(Outcome.MET), self.whole())

    def whole(self) -> Count:
        """Return the files in which it was tested."""
        return Count(self.tested, f"standard.{self.standard.id}.tested")

    def missed_share(self) -> Share:
        """Return the share of files in which it is not met or not evidenced."""
        return Share(Count(self.missed, f"standard.{self.standard.id}.missed"), self.whole())


def shown(tell: Telling) -> tuple[Shown, ...]:
    """Return every live standard with its counts."""
    by = tell.facts.gathered.summary.by_standard
    return tuple(Shown(one, by[one.id]) for one in tell.facts.rulebook.live)


def strengths(tell: Telling) -> list[Shown]:
    """Return the standards that are met most, the strongest first."""
    least = PUBLISHED_LEAST if tell.published else LEAST
    found = [s for s in shown(tell) if s.tested >= least and 100 * s.met >= STRONG * s.tested]
    if tell.published:
        return sorted(found, key=_untelling)
    return sorted(found, key=lambda s: (-s.met / s.tested, -s.tested, s.standard.id))


def concerns(tell: Telling) -> list[Shown]:
    """Return the standards that are missed most, the worst first."""
    least = PUBLISHED_LEAST if tell.published else LEAST
    found = [s for s in shown(tell) if s.tested >= least and 100 * s.missed >= WORRYING * s.tested]
    if tell.published:
        return sorted(found, key=_untelling)
    return sorted(found, key=lambda s: (-s.missed / s.tested, -s.tested, s.standard.id))


def notable_strengths(tell: Telling) -> list[Shown]:
    """Return the strengths to name on one page: what weighs most, in most files, one a domain.

    A standard that is met in every one of a few files would say little.
    """
    found = [one for one in strengths(tell) if tell.countable(one.met, one.tested - one.met)]
    files = tell.facts.whole.files
    found.sort(key=lambda s: (WIDE * s.tested < files, _weight(s), -s.tested, s.standard.id))
    return _one_a_domain(found)


def notable_concerns(tell: Telling) -> list[Shown]:
    """Return the concerns to name on one page: the worst first, one a domain."""
    found = [one for one in concerns(tell) if tell.countable(one.missed, one.tested - one.missed)]
    return _one_a_domain(found)


def _weight(one: Shown) -> int:
    return (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR).index(one.standard.severity)


def _one_a_domain(found: list[Shown]) -> list[Shown]:
    first: dict[str, Shown] = {}
    for one in found:
        first.setdefault(one.standard.domain, one)
    return list(first.values())[:NAMED]


def _untelling(one: Shown) -> tuple[int, str]:
    """Return what to order by where a place among others would tell of a hidden number."""
    return SEVERITIES.index(one.standard.severity), one.standard.id


def practice(tell: Telling) -> Told:
    """Tell strengths and then concerns under each judgement area."""
    strong, worrying = strengths(tell), concerns(tell)
    least = PUBLISHED_LEAST if tell.published else LEAST
    # Published, all are named: which are left out would tell of them, too.
    number = None if tell.published else MOST
    most = (
        "; those that weigh most stand first"
        if tell.published
        else f", at most {MOST} of each kind"
    )
    blocks: list[Block] = [
        Paragraph(
            (
                (
                    f"A strength is met in {STRONG} per cent or more of the files that it binds; a "
                    f"concern is not met or not evidenced in {WORRYING} per cent or more. Only "
                    f"standards that bind at least {least} files are named{most}. "
                    "What the record does not show may still have been done."
                ),
            )
        )
    ]
    for area in tell.facts.rulebook.book.areas:
        good = [s for s in strong if s.standard.area == area.id][:number]
        bad = [s for s in worrying if s.standard.area == area.id][:number]
        blocks.append(Heading(area.title))
        if good:
            blocks.append(
                _table(f"strengths_{area.id}", f"Strengths: {area.title}", good, strong=True)
            )
        if bad:
            blocks.append(
                _table(f"concerns_{area.id}", f"Concerns: {area.title}", bad, strong=False)
            )
        if not good and not bad:
            blocks.append(Paragraph(("Nothing is far enough to one side to be named.",)))
    return Told(Section("practice", "Strengths and concerns", tuple(blocks)))


def _table(id_: str, title: str, rows: list[Shown], *, strong: bool) -> Table:
    cells: list[tuple[Cell, ...]] = []
    for one in rows:
        name = f"{one.standard.id}  {one.standard.title}"
        share = one.met_share() if strong else one.missed_share()
        cells.append((name, share.part, one.whole(), share))
    what = "Met" if strong else "Not met or not evidenced"
    columns = (
        Column("standard", "Standard"),
        Column("part", what, number=True),
        Column("tested", "Files that it binds", number=True),
        Column("share", "Share", number=True),
    )
    return Table(id_, title, columns, tuple(cells))
