"""Everything that is put aside: listed row by row, said as problems, known by audit and table.

In: refusals, one after another. Out: the list of rejected rows, problems, and which tables of which
audits lost a row. Where one thing is wrong with a great many rows, the first are said one by one
and the others counted; the list names them all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.errors import Exit, Location, Problem, Stop
from engine.records.batch import Rejected
from engine.records.codes import CODES
from engine.records.places import Fault, Refusal
from engine.rulebook.fields import AUDITS

MOST = 200_000  # so many rows are kept in mind; with more the batch cannot be read at all
SHOWN = 100  # so many problems of one kind in one table are said one by one
EACH_ONE = "`audit score` with --out, without --strict, lists every row put aside in rejected.csv"

Order = tuple[str, str, int, int, str]


@dataclass
class PutAside:
    """Takes refusals and keeps what is to be said of them."""

    tables: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    _rejected: list[tuple[Order, Rejected]] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _first: dict[tuple[str, str], Location] = field(default_factory=dict)
    _taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    _taken_from: dict[tuple[str, str], Location] = field(default_factory=dict)

    def take(self, refusals: Iterable[Refusal]) -> None:
        """Put rows aside.

        Raises:
            Stop: there are more than anybody could look at, and than can be kept in mind.
        """
        for refusal in refusals:
            if len(self._rejected) >= MOST:
                raise self._too_many(refusal)
            self._take(refusal)

    def _too_many(self, refusal: Refusal) -> Stop:
        where = Location(refusal.place.part.file, refusal.place.part.sheet)
        said = f"more than {MOST:,} rows of the batch cannot be read"
        way_out = "put right what is said first, which mostly is wrong with the others too"
        end = Problem(where, "B157", said, way_out)
        return Stop(Exit.USAGE, (*sorted(self.problems()), end))

    def _take(self, refusal: Refusal) -> None:
        where, row = refusal.where, refusal.rejected()
        order = (where.file, where.sheet, refusal.place.line, where.column, where.path)
        self._rejected.append((order, row))
        if refusal.loses:
            self.tables.add(refusal.table)
            self.pairs.add((refusal.audit_id, refusal.table))
        if refusal.quiet:
            key = refusal.audit_id, refusal.table
            self._taken[key] += 1
            self._taken_from[key] = min(self._taken_from.get(key, where), where)
        for fault in () if refusal.quiet else refusal.faults:
            self._say(refusal.table, fault.code, refusal.place.at(fault.field), fault)

    def _say(self, table: str, code: str, where: Location, fault: Fault) -> None:
        self._counts[table, code] += 1
        if self._counts[table, code] <= SHOWN:
            self._problems.append(Problem(where, code, fault.message, fault.help))
            self._first.setdefault((table, code), where)

    @property
    def audits(self) -> frozenset[str]:
        """Return the numbers of the audits whose own row was put aside."""
        return frozenset(audit for audit, table in self.pairs if table == AUDITS and audit)

    def rejected(self) -> tuple[Rejected, ...]:
        """Return every row that was put aside, in the order of the files."""
        return tuple(row for _, row in sorted(self._rejected, key=lambda pair: pair[0]))

    def problems(self) -> Iterator[Problem]:
        """Yield what is to be said."""
        yield from self._problems
        yield from self._more()
        yield from self._taken_along()

    def _more(self) -> Iterator[Problem]:
        for (table, code), count in self._counts.items():
            if count > SHOWN:
                first = self._first[table, code]
                said = f"{count - SHOWN:,} more in `{table}`: {CODES[code]}"
                where = Location(first.file, first.sheet)
                yield Problem(where, code, said, EACH_ONE)

    def _taken_along(self) -> Iterator[Problem]:
        """Yield one problem for an audit put aside and a table of which it takes rows."""
        for (audit, table), count in self._taken.items():
            rows = f"{count} row{'s' if count > 1 else ''}"
            named = f"audit `{audit}`" if audit else "an audit without a number"
            said = f"{named} was put aside and takes {rows} of `{table}` with it"
            way_out = "put the audit right, and its rows are read"
            yield Problem(self._taken_from[audit, table], "B405", said, way_out)
