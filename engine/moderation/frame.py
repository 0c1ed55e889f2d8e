"""The frame of a draw: every audit that may be drawn, with what its probability rests on.

In: the tables of a judged slice, or rows of them. Out: rows sorted by audit id, and the columns
that the draw reads. It must not know how a sample is drawn, nor what was found on a file.

A cap counts as *broken* where the auditor's overall grade is above it and the audit carries an
alert: then it is a critical standard that the grade passes over. Any other grade above the cap
shows in the distance between the two (A - E), which the draw weighs by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine.findings.duckdb_sql import quote
from engine.judgement.audit import Judged
from engine.moderation.entries import Included, Standing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from engine.rulebook.book import Rulebook
    from engine.statistics.files import Bools, Ints

WORKER = "worker_id"


@dataclass(frozen=True)
class FrameRow:
    """One audit: whose it is, the auditor's grades and the caps as ranks (None: there is none).

    `domains` holds for each domain of the rulebook, in its order, the auditor's grade and the cap.
    """

    audit_id: str
    case_type: str | None
    team: str | None
    auditor_id: str | None
    worker_id: str | None
    overall: int | None
    cap: int | None
    alert: bool
    domains: tuple[tuple[int | None, int | None], ...] = ()

    @property
    def broken(self) -> bool:
        """Say whether the auditor's grade passes over a critical standard."""
        return self.alert and bool(self.overall and self.cap and self.overall > self.cap)


@dataclass(frozen=True)
class Frame:
    """The audits with an auditor's overall grade, by id; `ungraded` names those without one.

    An audit without the auditor's grade has nothing that a moderator's could be held against: it
    is in no draw, and may be added by hand.
    """

    rows: tuple[FrameRow, ...]
    ungraded: tuple[FrameRow, ...]
    grades: tuple[str, ...]
    domains: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def by_id(self) -> dict[str, FrameRow]:
        """Return every audit of the batch by its id, graded or not."""
        return {row.audit_id: row for row in (*self.rows, *self.ungraded)}

    @cached_property
    def audited(self) -> "Ints":
        """The auditor's grades, as ranks."""
        return _ints(row.overall or 0 for row in self.rows)

    @cached_property
    def evidence(self) -> "Ints":
        """The record's own grades: the cap, or the best grade where there is none."""
        return _ints(row.cap or len(self.grades) for row in self.rows)

    @cached_property
    def auditor(self) -> "Ints":
        """The auditors' numbers, in the order of their ids; -1 where none is named."""
        names = sorted({row.auditor_id for row in self.rows if row.auditor_id})
        number = {name: at for at, name in enumerate(names)}
        return _ints(number.get(row.auditor_id or "", -1) for row in self.rows)

    @cached_property
    def broken(self) -> "Bools":
        """Whether a critical standard was passed over."""
        import numpy as np

        return np.array([row.broken for row in self.rows], dtype=np.bool_)

    def included(self, row: FrameRow, inclusion: float, tier: str, why: str) -> Included:
        """Return what the ledger holds of an audit, not drawn."""
        grade = self._grade
        return Included(
            audit_id=row.audit_id,
            inclusion=inclusion,
            tier=tier,
            reason=why,
            drawn=False,
            auditor_id=row.auditor_id,
            team=row.team,
            case_type=row.case_type,
            overall=Standing(auditor_grade=grade(row.overall), cap=grade(row.cap)),
            domains={
                domain: Standing(auditor_grade=grade(given), cap=grade(cap))
                for domain, (given, cap) in zip(self.domains, row.domains, strict=False)
                if given or cap
            },
        )

    def _grade(self, rank: int | None) -> str | None:
        return self.grades[rank - 1] if rank else None


def frame_of(rows: Iterable[FrameRow], grades: Sequence[str], domains: Sequence[str]) -> Frame:
    """Return the frame that rows make, in whatever order they come."""
    ordered = sorted(rows, key=lambda row: row.audit_id)
    graded = tuple(row for row in ordered if row.overall)
    ungraded = tuple(row for row in ordered if not row.overall)
    return Frame(graded, ungraded, tuple(grades), tuple(domains))


def frame_slice(con: "DuckDBPyConnection", rulebook: "Rulebook") -> list[FrameRow]:
    """Return the rows of a slice that was laid out, found and judged."""
    pairs = [
        f"g.{quote(domain)}, j.{quote(f'cap:{domain}')}"
        for domain in rulebook.domains
    ]  # fmt: skip
    query = (
        f"SELECT u.audit_id, u.case_type, u.team, u.auditor_id, u.{WORKER}, g.overall, j.cap, "  # noqa: S608 - names of the checked rulebook
        f"j.alert, {', '.join(pairs)} "
        "FROM audits u JOIN auditor g ON u.a = g.a JOIN judgements j ON u.a = j.a ORDER BY u.a"
    )
    rows = con.execute(query).fetchall()
    return [FrameRow(*(*row[:8], _pairs(row[8:]))) for row in rows]


def frame_row(
    whose: tuple[str, str | None, str | None, str | None, str | None],
    judged: Judged,
    rulebook: "Rulebook",
) -> FrameRow:
    """Return the row of one audit that was judged by itself.

    `whose`: its id, case type, team, auditor and worker.
    """
    given, caps = judged.facts.domains, judged.caps
    pairs = tuple((given.get(domain), caps.get(domain)) for domain in rulebook.domains)
    return FrameRow(*whose, judged.facts.overall, judged.cap, judged.alert, pairs)


def workers_of(
    con: "DuckDBPyConnection", audits: str, columns: Collection[str]
) -> dict[str, str | None]:
    """Return who works with each child, by audit; `audits`: the table, which has `columns`."""
    if WORKER not in columns:
        return {}
    query = f"SELECT audit_id, {WORKER} FROM {audits}"  # noqa: S608 - names of the checked rulebook
    return dict(con.execute(query).fetchall())


def _pairs(values: Sequence[int | None]) -> tuple[tuple[int | None, int | None], ...]:
    return tuple(zip(values[::2], values[1::2], strict=True))


def _ints(values: Iterable[int]) -> "Ints":
    import numpy as np

    return np.fromiter(values, dtype=np.int64)
