"""Batches for people to read: every audit with the evidence of its findings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.findings.slices import Slice
from engine.findings.stage import compile_rulebook
from engine.judgement.way_back import WayBack
from engine.judgement.way_back import way_back as find_way_back
from engine.pipeline.rows import audit_rows, rows_of
from engine.pipeline.scoring import Progress, Scoring, at_work, no_progress, quality_of, view_of
from engine.records.batch import Presence
from engine.reports.as_csv import Take
from engine.reports.build import Builder
from engine.reports.summary import summarise
from engine.reports.view import AuditView, View, Words
from engine.rulebook.book import Rulebook


def score(scoring: Scoring, progress: Progress = no_progress) -> View:
    """Score a batch whole, with the evidence of every finding."""
    audits: list[AuditView] = []
    view = score_one_by_one(scoring, lambda audit, _words: audits.append(audit), progress)
    return replace(view, audits=tuple(audits))


def score_one_by_one(scoring: Scoring, take: Take, progress: Progress = no_progress) -> View:
    """Score a batch of any size with evidence, and hand on each audit; the view holds none."""
    with at_work(scoring) as (tested, compiled, verdicts, seen):
        quality = quality_of(scoring, seen)
        builder = Builder(scoring.rulebook, compiled, verdicts)
        words = builder.words()

        def audits() -> Iterator[AuditView]:
            for row in audit_rows(tested, compiled, progress):
                audit = builder.audit(row)
                take(audit, words)
                yield audit

        summary = summarise(audits(), words, len(scoring.batch.rejected))
        return view_of(scoring, verdicts, words, summary, quality)


def explained(
    scoring: Scoring, audit_id: str, *, way_back: bool
) -> tuple[AuditView, Words, WayBack | None] | None:
    """Return the view of one audit of a batch, and the way back if it is asked for."""
    con = scoring.batch.con
    held = con.execute("SELECT 1 FROM typed.audits WHERE audit_id = ?", [audit_id]).fetchone()
    if held is None:
        return None
    with at_work(scoring) as (tested, compiled, verdicts, _):
        builder = Builder(scoring.rulebook, compiled, verdicts)
        (found,) = rows_of(tested, compiled, Slice(audit_id, audit_id, 1))
        ways = find_way_back(found.facts(), scoring.rulebook) if way_back else None
        return builder.audit(found), builder.words(), ways


def some_audits(scoring: Scoring, ids: Sequence[str]) -> tuple[AuditView, ...]:
    """Return the views of some audits of a batch, with the evidence of every finding."""
    if not ids:
        return ()
    with at_work(scoring) as (tested, compiled, verdicts, _):
        builder = Builder(scoring.rulebook, compiled, verdicts)
        rows = rows_of(tested, compiled, Slice.of(ids))
        return tuple(builder.audit(row) for row in rows)


def standard_sql(rulebook: Rulebook, standard: str) -> str:
    """Return the SQL that tests a standard where the input holds every table and column."""
    columns = {name: frozenset(t.fields) for name, t in rulebook.fields.tables.items()}
    (compiled,) = compile_rulebook(rulebook, Presence(columns=columns), (rulebook.by_id[standard],))
    return compiled.evidence_sql
