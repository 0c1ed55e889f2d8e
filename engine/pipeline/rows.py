"""The audits of a batch, one by one, each with what was found of it and the evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from duckdb import DuckDBPyConnection

from engine.findings.exceptions import columns_shown, declared
from engine.findings.said import Said, said_by_auditors
from engine.findings.slices import Slice, lay_out, lay_out_calendar, rows_in, slices
from engine.findings.stage import Compiled, Evidence, columns_read, evidence, unread
from engine.pipeline.scoring import Progress, Scoring, no_progress
from engine.reports.build import AuditRow
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDITS
from engine.rulebook.standard import EXCEPTIONS

# Evidence of so many audits fits in memory; each slice more costs some 0.6 s, whatever its size.
WITH_EVIDENCE = 10_000
TOLD = 100
# Up to so many, the database would plan its queries for longer than Python takes to answer them.
FEW = 500
# Rows of the record beyond which it is the other way round, and Python would need the more memory.
FEW_ROWS = 100_000


def audit_rows(
    scoring: Scoring, compiled: tuple[Compiled, ...], progress: Progress = no_progress
) -> Iterator[AuditRow]:
    """Yield every audit with what was found of it, in the order of their ids."""
    done, total = 0, scoring.batch.audit_count
    for part in slices(scoring.batch.con, min(scoring.size, WITH_EVIDENCE)):
        for row in rows_of(scoring, compiled, part):
            yield row
            done += 1
            if done % TOLD == 0 or done == total:
                progress(done, total)


def rows_of(scoring: Scoring, compiled: tuple[Compiled, ...], part: Slice) -> Iterator[AuditRow]:
    """Yield the audits of a slice with their evidence."""
    con, rulebook, presence = scoring.batch.con, scoring.rulebook, scoring.batch.presence
    if is_small(scoring, part):
        shown = columns_shown(rulebook.live, presence)
        also = {EXCEPTIONS: shown} if shown else {}
        lay_out_part(scoring, con, part, {AUDITS: presence.columns[AUDITS], **also})
        found = evidence(con, compiled, rulebook.calendar, scoring.batch.held)
    else:
        lay_out_calendar(con, rulebook)
        lay_out_part(scoring, con, part, columns_read(compiled, evidence=True))
        found = evidence(con, compiled)
    untold, exceptions = unread(con, presence), declared(con, rulebook.live, presence)
    said = said_by_auditors(con, rulebook, presence)
    for row in _rows(scoring):
        a = row[0]
        audit = _audit_row(rulebook, row, found.get(a, {}), said.get(a, Said()))
        yield replace(audit, unread=untold[a], declared=exceptions.get(a, ()))


def lay_out_part(
    scoring: Scoring, con: DuckDBPyConnection, part: Slice, reads: Mapping[str, frozenset[str]]
) -> None:
    """Lay out a slice of a batch, with the columns that are read."""
    presence = scoring.batch.presence
    lay_out(con, scoring.rulebook, presence, part, as_of=scoring.as_of, reads=reads)


def is_small(scoring: Scoring, part: Slice) -> bool:
    """Say whether Python answers for a slice before the database has planned to."""
    batch = scoring.batch
    if part.count == batch.audit_count:
        return part.count <= FEW and sum(batch.rows.values()) <= FEW_ROWS
    return part.count <= FEW and rows_in(batch.con, batch.presence, part) <= FEW_ROWS


def _rows(scoring: Scoring) -> list[tuple[Any, ...]]:
    """Return the slice's audits, without what their auditors said of domains and standards."""
    return scoring.batch.con.execute(
        """SELECT a, audit_id, case_type, team, auditor_id, overall_grade
           FROM audits ORDER BY a"""
    ).fetchall()


def _audit_row(
    rulebook: Rulebook, row: tuple[Any, ...], found: dict[str, Evidence], said: Said
) -> AuditRow:
    _, audit_id, case_type, team, auditor_id, overall = row
    return AuditRow(
        audit_id=audit_id,
        case_type=case_type,
        team=team,
        auditor_id=auditor_id,
        overall=None if overall is None else rulebook.rank(overall),
        domains={d: said.grades[d] for d in rulebook.domains if d in said.grades},
        answers={s.id: said.answers[s.id] for s in rulebook.live if s.id in said.answers},
        outcomes={s.id: found[s.id].code if s.id in found else 0 for s in rulebook.live},
        evidence=found,
    )
