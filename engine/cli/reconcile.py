"""`audit reconcile`: a performance extract held against what the audits saw."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli.common import Given, say, show, tell
from engine.cli.outputs import begin, placed
from engine.errors import Exit, Problem, Stop
from engine.records import read_batch
from engine.records.batch import Batch
from engine.records.extract import Extract, read_extract
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from engine.reports.reconcile import Reconciled, Seen

FIELDS = ("child_id", "team", "audit_date", "period_start", "period_end")


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit reconcile`."""

    batch: str
    extract: Path
    rules: Given
    as_of: date | None
    out: Path | None
    quiet: bool


def run_reconcile(asked: Asked) -> Exit:
    """Hold an extract against a batch; return the exit code."""
    given = (asked.rules, asked.as_of, asked.out, (asked.batch,))
    rulebook, as_of = begin(*given, quiet=asked.quiet)
    with read_batch(asked.batch, rulebook.fields, rulebook.allowed) as batch:
        extract = _extract(asked, rulebook, batch)
        found = _reconciled(extract, rulebook, batch, as_of)
        _give(asked, found, as_of)
        _told(batch.problems, extract.problems)
        aside = len(batch.rejected) + extract.put_aside
    if not aside:
        return Exit.DONE
    say(f"{aside:,} row{'s were' if aside > 1 else ' was'} put aside; the rest was read")
    return Exit.PUT_ASIDE


def _extract(asked: Asked, rulebook: Rulebook, batch: Batch) -> Extract:
    live = tuple(standard.id for standard in rulebook.live)
    with tempfile.TemporaryDirectory(prefix="audit-") as scratch:
        extract = read_extract(asked.extract, rulebook.fields, live, batch.con, Path(scratch))
    if not extract.indicators:
        raise Stop(Exit.USAGE, tuple(extract.problems))
    return extract


def _reconciled(extract: Extract, rulebook: Rulebook, batch: Batch, as_of: date) -> "Reconciled":
    from engine.reports.reconcile import reconcile

    wanted = sorted({one.standard for one in extract.indicators})
    seen = _seen(rulebook, batch, as_of, wanted)
    return reconcile(extract, seen, {s.id: s.title for s in rulebook.live})


def _seen(rulebook: Rulebook, batch: Batch, as_of: date, wanted: list[str]) -> "list[Seen]":
    """Return the audits with what was found of some standards, in the order of their ids."""
    from engine.pipeline import Scoring, score_one_by_one
    from engine.reports.reconcile import Seen
    from engine.reports.view import AuditView, Words

    facts, seen = _facts(batch), list[Seen]()

    def take(audit: AuditView, _words: Words) -> None:
        own = facts[audit.audit_id]
        day = own["audit_date"]
        found = {f.standard: (f.outcome, f.because) for f in audit.findings if f.standard in wanted}
        seen.append(
            Seen(
                audit.audit_id,
                own["child_id"],
                own["team"],
                own["period_start"] or own["period_end"] or day,
                own["period_end"] or own["period_start"] or day,
                found,
            )
        )

    score_one_by_one(Scoring(rulebook, batch, as_of, plain=True), take)
    return seen


def _facts(batch: Batch) -> Mapping[str, Mapping[str, Any]]:
    held = batch.presence.columns["audits"]
    columns = ", ".join(name if name in held else f"NULL AS {name}" for name in FIELDS)
    rows = batch.con.execute(f"SELECT audit_id, {columns} FROM typed.audits").fetchall()  # noqa: S608 - names of our own
    return {audit: dict(zip(FIELDS, cells, strict=True)) for audit, *cells in rows}


def _give(asked: Asked, found: "Reconciled", as_of: date) -> None:
    from engine.reports import reconciled

    show(reconciled.screen(found, shutil.get_terminal_size((100, 24)).columns))
    if asked.out is not None:
        with placed(asked.out) as folder:
            reconciled.write(found, folder, as_of)
        if not asked.quiet:
            say(f"written to {asked.out}")


def _told(batch: tuple[Problem, ...], extract: list[Problem]) -> None:
    tell(batch)
    tell(extract)
