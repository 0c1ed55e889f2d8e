"""`audit rules coverage`: what the examples, or the audits of a batch, reach of a rulebook."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import open_rulebook, show, tell, today
from engine.errors import Exit
from engine.reports.wording import counted
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from engine.authoring.coverage import Coverage


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit rules coverage`."""

    batch: str | None
    rules: Path | None
    as_of: date | None
    output_format: str
    fail_under: int


def run_rules_coverage(asked: Asked) -> Exit:
    """Count what is reached and print it; return the exit code."""
    from engine.authoring.coverage import cover_examples
    from engine.authoring.covered_as import FORMATS

    rulebook = open_rulebook(asked.rules)
    if asked.batch is None:
        coverage, done = cover_examples(rulebook), Exit.DONE
        what = counted(coverage.cases, "example")
    else:
        coverage, done = _of_batch(asked, asked.batch, rulebook)
        what = counted(coverage.cases, "audit")
    show(FORMATS[asked.output_format](coverage, rulebook, what))
    if done is Exit.DONE and coverage.percent < asked.fail_under:
        return Exit.FAILED
    return done


def _of_batch(asked: Asked, batch_name: str, rulebook: Rulebook) -> tuple["Coverage", Exit]:
    from engine.authoring.coverage import cover_batch
    from engine.cli.score import progress_bar
    from engine.pipeline import Scoring
    from engine.records import read_batch

    with read_batch(batch_name, rulebook.fields, rulebook.allowed) as batch:
        tell(batch.problems)
        scoring = Scoring(rulebook, batch, asked.as_of or today())
        with progress_bar(batch.audit_count, quiet=False) as progress:
            coverage = cover_batch(scoring, progress)
        return coverage, Exit.PUT_ASIDE if batch.rejected else Exit.DONE
