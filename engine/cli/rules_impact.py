"""`audit rules impact`: what an edit of the rules would do to a batch, before it is merged."""

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, open_rulebook, rules_folders, say, tell, today
from engine.cli.documents import put
from engine.cli.earlier import Earlier, earlier_rulebook
from engine.cli.score import progress_bar
from engine.errors import Exit
from engine.records import read_batch
from engine.records.batch import Batch
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.authoring.impact import Pair

ALLOWED = ("grades", "domains", "standards", "tables", "exceptions")


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit rules impact`."""

    batch: str
    earlier: Earlier
    rules: Given
    as_of: date | None
    output_format: str
    out: Path | None
    most: int
    fail_on_change: bool
    plain: bool
    quiet: bool


def run_rules_impact(asked: Asked) -> Exit:
    """Score a batch by two rulebooks and print what differs; return the exit code."""
    asked.earlier.check()
    now = open_rulebook(asked.rules)
    before = earlier_rulebook(asked.earlier, rules_folders(asked.rules))
    with _scorings(asked, before, now) as pair:
        changed = _compare(asked, pair)
        aside = pair.now.batch.rejected or pair.before.batch.rejected
        tell(pair.now.batch.problems)
    if aside:
        return Exit.PUT_ASIDE
    return Exit.FAILED if changed and asked.fail_on_change else Exit.DONE


@contextmanager
def _scorings(asked: Asked, before: Rulebook, now: Rulebook) -> "Iterator[Pair]":
    """Read the batch: once where both books read it alike, else once for each."""
    from engine.authoring.impact import Pair
    from engine.pipeline import Scoring

    as_of = asked.as_of or today()
    if not asked.quiet:
        say(f"rules: {_stack(now)} against {_stack(before)}; as of {as_of}")
    with ExitStack() as open_:
        batch = open_.enter_context(_read(asked, now))
        alike = before.fields == now.fields and all(
            before.allowed(source) == now.allowed(source) for source in ALLOWED
        )
        other = batch if alike else open_.enter_context(_read(asked, before))
        yield Pair(
            Scoring(before, other, as_of, plain=asked.plain),
            Scoring(now, batch, as_of, plain=asked.plain),
        )


def _stack(rulebook: Rulebook) -> str:
    return " + ".join(layer.folder for layer in rulebook.layers)


def _read(asked: Asked, rulebook: Rulebook) -> Batch:
    return read_batch(asked.batch, rulebook.fields, rulebook.allowed)


def _compare(asked: Asked, pair: "Pair") -> bool:
    """Print what differs; say whether any audit stands otherwise."""
    from engine.authoring import impact_told
    from engine.authoring.impact import every_changed, impact_of

    most = 0 if asked.output_format == "csv" else asked.most
    total = 2 * pair.now.batch.audit_count
    with tempfile.TemporaryDirectory(prefix="impact-") as scratch:
        with progress_bar(total, quiet=asked.quiet) as progress:
            impact, compared = impact_of(pair, Path(scratch), most, progress)
        with compared:
            if asked.output_format == "csv":
                put(impact_told.as_csv(every_changed(compared)), asked.out)
            else:
                put(impact_told.FORMATS[asked.output_format](impact), asked.out)
    if (asked.output_format != "full" or asked.out is not None) and not asked.quiet:
        from engine.authoring.impact_words import headline

        say(headline(impact))
    return impact.total.changed > 0
