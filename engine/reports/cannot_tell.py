"""Why the input cannot tell: the true reason that a finding could not be assessed.

A standard, its evidence and what the input holds come in, one sentence goes out.
It must not know how the sentence will be shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.findings.rows import looked_up
from engine.findings.stage import Compiled, Evidence, Unread
from engine.reports.wording import long_date
from engine.rulebook.measures import Branch
from engine.rulebook.standard import EXCEPTIONS, Standard

SERIES = ("longest_gap", "every", "share", "count")


@dataclass(frozen=True)
class Held:
    """What the input does not hold: whole columns, all rows but the latest, what an audit lacks."""

    absent: tuple[str, ...] = ()
    latest: frozenset[str] = frozenset()
    unread: Unread = Unread()  # noqa: RUF009 - it is frozen
    untold: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()
    earlier: frozenset[str] = frozenset()
    source: str = ""

    @property
    def name(self) -> str:
        """Return what the input is called in the middle of a sentence."""
        return f"this {self.source}" if self.source else "it"

    @classmethod
    def of(cls, compiled: Compiled, unread: Unread) -> "Held":
        """Return what the input holds of what a compiled standard asks of an audit."""
        presence, parts = compiled.against.presence, compiled.untold
        mine = [part for part in parts if part in unread.partly]
        doubts = {part for part in mine if presence.partly[part].doubted}
        untold = frozenset(column for part in mine if part not in doubts for column in parts[part])
        doubted = frozenset(column for part in doubts for column in parts[part])
        earlier = frozenset(presence.partly[p].table for p in mine if presence.partly[p].latest)
        latest = presence.latest_only
        return cls(compiled.absent, latest, unread, untold, doubted, earlier, presence.source)


def cannot_tell(standard: Standard, found: Evidence, held: Held | None) -> str:
    """Return the sentence for a finding that could not be assessed."""
    if held is None:
        return "The input cannot tell: a table was not examined, or a date or row cannot be used."
    asked = _before_the_clock if found.clock is None else _after_the_clock
    return f"The input cannot tell: {next(asked(standard, found, held))}."


def held_in_part(compiled: Compiled) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tables of which a standard needs more than the latest row, the only one held.

    First those of which it needs every row, then those of which the latest may be proof enough.
    """
    latest, branches = compiled.against.presence.latest_only, compiled.standard.branches()
    series = _tables(branches, _of_series) & latest
    return series, (_tables(branches, _of_latest) & latest) - series


def _before_the_clock(standard: Standard, _: Evidence, held: Held) -> Iterator[str]:
    """Yield what may hold, the likeliest first, where no clock started: any branch may be meant."""
    trigger, branches = _of_trigger(standard), standard.branches()
    measured = _tables(branches, _of_measure)
    yield from _skipped((trigger | measured) & held.unread.skipped, held)
    if held.doubted:
        yield f"{_listed(sorted(held.doubted))} of this audit cannot be right"
    if held.untold:
        yield f"where rows of this audit come from, there is no {_listed(sorted(held.untold))}"
    yield from _latest(held.earlier, held)
    yield from _lost({standard.trigger.table} & held.unread.lost)
    if held.absent:
        yield f"{held.name} has no {_listed(held.absent)}"
    yield from _latest(_tables(branches, _of_series) & held.latest, held)
    yield from _lost((trigger | measured) & held.unread.lost)
    yield "a day on which it depends is blank or lies outside the calendar"


def _after_the_clock(standard: Standard, found: Evidence, held: Held) -> Iterator[str]:
    """Yield what may hold, the likeliest first, where the clock started."""
    branches = (found.branch,) if found.branch else standard.branches()
    tables = _tables(branches, _of_measure)
    yield from _skipped(tables & held.unread.skipped, held)
    if found.version is None and found.clock:
        yield f"no version of the standard was in force on {long_date(found.clock)}"
    if found.day_from and found.day_to and found.day_to < found.day_from:
        first, last = long_date(found.day_from), long_date(found.day_to)
        yield f"the time counts from {first} and ends before that, on {last}"
    yield from _latest(_tables(branches, _of_latest) & held.latest, held)
    heard = {EXCEPTIONS} if standard.frees else set[str]()
    yield from _lost((tables | heard) & held.unread.lost)
    yield "a day on the record lies outside the calendar"


def _skipped(tables: frozenset[str], held: Held) -> Iterator[str]:
    if tables and held.source:
        yield f"of {_listed(sorted(tables))} {held.name} does not tell enough for this child"
    elif tables:
        yield f"the auditor did not examine {_listed(sorted(tables))}"


def _lost(tables: frozenset[str] | set[str]) -> Iterator[str]:
    if tables:
        yield f"a row of {_listed(sorted(tables))} was put aside"


def _latest(tables: frozenset[str], held: Held) -> Iterator[str]:
    if tables:
        yield f"of {_listed(sorted(tables))} {held.name} holds the latest row alone"


def _tables(branches: tuple[Branch, ...], of: Callable[[Branch], frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*map(of, branches))


def _of_trigger(standard: Standard) -> frozenset[str]:
    return frozenset({standard.trigger.table, *looked_up(standard.trigger.open_for)})


def _of_measure(branch: Branch) -> frozenset[str]:
    table = getattr(branch.measure, "of", None)
    return frozenset({*looked_up(branch.measure), *([table] if table else ())})


def _of_latest(branch: Branch) -> frozenset[str]:
    """Return the tables in which a row before the latest could change what was found."""
    to = getattr(branch.measure, "to", None)
    if to is None:
        return _of_measure(branch)
    return frozenset([to.table] if to.table else [])


def _of_series(branch: Branch) -> frozenset[str]:
    return _of_measure(branch) if getattr(branch.measure, "kind", "") in SERIES else frozenset()


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
