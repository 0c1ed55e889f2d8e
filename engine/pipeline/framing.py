"""The frame of a draw: grades and caps of every audit of a batch, without evidence."""

from collections.abc import Iterator
from threading import Lock

from duckdb import DuckDBPyConnection

from engine.findings.side_by_side import side_by_side
from engine.findings.slices import Slice, lay_out_auditor, lay_out_calendar, slices
from engine.findings.stage import Compiled
from engine.findings.together import finder
from engine.judgement.audit import judge_audit
from engine.judgement.judge import Verdicts
from engine.judgement.stage import judge_slice
from engine.moderation import frame as framing
from engine.pipeline.rows import audit_rows, is_small, lay_out_part
from engine.pipeline.scoring import Progress, Scoring, at_work, no_progress
from engine.rulebook.fields import AUDITS


def frame(scoring: Scoring, progress: Progress = no_progress) -> framing.Frame:
    """Score a batch of any size for a draw: grades and caps alone, without evidence."""
    rulebook, rows, adding, done = scoring.rulebook, list[framing.FrameRow](), Lock(), 0
    with at_work(scoring) as (tested, compiled, verdicts, _):
        parts = slices(scoring.batch.con, scoring.size)
        if len(parts) == 1 and is_small(tested, parts[0]):
            few = _few_framed(tested, compiled, verdicts, progress)
            return framing.frame_of(few, rulebook.grades, rulebook.domains)
        finding = finder(compiled, rulebook.calendar)
        reads = dict(finding.reads)
        reads[AUDITS] = reads.get(AUDITS, frozenset()) | {framing.WORKER}

        def work(con: DuckDBPyConnection, _number: int, part: Slice) -> None:
            lay_out_calendar(con, rulebook)
            lay_out_part(tested, con, part, reads)
            lay_out_auditor(con, rulebook, scoring.batch.presence, part)
            finding.find(con, tested.batch.presence, part)
            judge_slice(con, rulebook, verdicts)
            found = framing.frame_slice(con, rulebook)
            with adding:
                rows.extend(found)

        for part in side_by_side(scoring.batch.con, parts, work):
            done += part.count
            progress(done, scoring.batch.audit_count)
    return framing.frame_of(rows, rulebook.grades, rulebook.domains)


def _few_framed(
    scoring: Scoring, compiled: tuple[Compiled, ...], verdicts: Verdicts, progress: Progress
) -> Iterator[framing.FrameRow]:
    """Yield the rows of a frame of few audits, each judged by itself."""
    rulebook, presence = scoring.rulebook, scoring.batch.presence
    workers = framing.workers_of(
        scoring.batch.con, presence.rows_of(AUDITS), presence.columns[AUDITS]
    )
    for row in audit_rows(scoring, compiled, progress):
        judged = judge_audit(row.facts(), rulebook, verdicts)
        worker = workers.get(row.audit_id)
        whose = (row.audit_id, row.case_type, row.team, row.auditor_id, worker)
        yield framing.frame_row(whose, judged, rulebook)
