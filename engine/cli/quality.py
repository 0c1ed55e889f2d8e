"""`audit quality`: read a batch and say how good its data are, without scoring it."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine import __version__
from engine.cli.common import Given, say, show, tell
from engine.cli.outputs import begin, placed, write_rejected
from engine.errors import Exit
from engine.records import read_batch
from engine.records.batch import Batch, NothingRead
from engine.records.quality import examine
from engine.reports import as_csv, error_summary, quality
from engine.reports.error_summary import Known
from engine.reports.places import rejected_in_batch
from engine.reports.quality_screen import FORMATS
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDITS

# so many entries of one check and table are listed in the files; all are counted
MOST = 50_000


@dataclass(frozen=True)
class QualityAsked:
    """What the user asked of `audit quality`."""

    batch: str
    rules: Given
    as_of: date | None
    out: Path | None
    output_format: str
    quiet: bool


def run_quality(asked: QualityAsked) -> Exit:
    """Look at the data quality of a batch; return the exit code."""
    given = (asked.rules, asked.as_of, asked.out, (asked.batch,))
    rulebook, as_of = begin(*given, quiet=asked.quiet)
    with _read(asked, rulebook) as batch, batch.being_read():
        found = examine(batch, rulebook.fields, rulebook.outages, as_of, MOST)
        known = Known(asked.batch, found, batch.rejected, batch.problems, _children(batch))
        tell(batch.problems)
        show(FORMATS[asked.output_format](known, shutil.get_terminal_size((100, 24)).columns))
        if asked.out is not None:
            _write(known, asked.out)
            if not asked.quiet:
                say(f"written to {asked.out}")
        return Exit.PUT_ASIDE if batch.rejected else Exit.DONE


def _read(asked: QualityAsked, rulebook: Rulebook) -> Batch:
    try:
        return read_batch(asked.batch, rulebook.fields, rulebook.allowed)
    except NothingRead as nothing:
        write_rejected(asked.out, nothing.rejected, asked.batch)
        raise


def _children(batch: Batch) -> dict[str, str]:
    """Return the child of each audit that names one."""
    if "child_id" not in batch.presence.columns[AUDITS]:
        return {}
    query = "SELECT audit_id, child_id FROM typed.audits WHERE child_id IS NOT NULL"
    return dict(batch.con.execute(query).fetchall())


def _write(known: Known, out: Path) -> None:
    with placed(out) as folder:
        made = error_summary.report(known)
        error_summary.write(made, folder, __version__, known.quality.as_of)
        rows = quality.rows(known.quality, known.name)
        as_csv.write_table(folder / as_csv.QUALITY, quality.ENTRY, rows)
        profile = ((one.table, one.field, one.rows, one.filled) for one in known.quality.profile)
        header = ("table", "field", "rows", "filled")
        as_csv.write_table(folder / "completeness.csv", header, profile)
        if known.rejected:
            as_csv.write_rejected(rejected_in_batch(known.rejected, known.name), folder)
