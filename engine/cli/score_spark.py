"""`audit score --engine spark`: read and check here, score on a cluster, write there.

What is shown and written is what a large batch gives with the local engine.
"""

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import say, show
from engine.cli.outputs import LARGE, PARQUET, Outputs, begin, placed
from engine.cli.spark_ready import check_ready, stopped
from engine.reports import write
from engine.reports.screen import closing, figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.cli.score import Asked
    from engine.errors import Exit
    from engine.pipeline import Scoring
    from engine.reports.view import View

SPARK, THIS_MACHINE = "spark", "local[*]"


def run_score_spark(asked: "Asked") -> "Exit":
    """Score a batch on Spark; return the exit code."""
    from engine.cli import score

    check_asked(asked)
    outputs = Outputs.parse(asked.write)
    check_ready(THIS_MACHINE if asked.master is None else asked.master)
    inputs = filter(None, (asked.batch, asked.records))
    rulebook, as_of = begin(
        asked.rules, asked.as_of, asked.out, inputs, quiet=asked.quiet, examples=False
    )
    with score.read(asked, rulebook) as batch:
        if asked.strict and batch.rejected:
            return score.refused(batch)
        from engine.pipeline import Scoring

        view = _scored(asked, Scoring(rulebook, batch, as_of, plain=asked.plain), outputs)
        _shown(asked, view)
        score.tell_put_aside(batch)
        return score.exit_of(asked, batch, view.summary)


def _scored(asked: "Asked", scoring: "Scoring", outputs: Outputs) -> "View":
    """Score, and write what was asked for; nothing is written unless all of it is."""
    from engine.cli.spark_session import session
    from engine.pipeline.spark_batch import NotSeenError, score_on_spark

    master = asked.master or THIS_MACHINE
    if not asked.quiet:
        say(f"scoring {scoring.batch.audit_count:,} audits on {master}")
    names = outputs.names or LARGE
    with _folders(asked.out) as (folder, scratch), session(master) as spark:
        try:
            view = score_on_spark(spark, scoring, folder if PARQUET in names else None, scratch)
        except NotSeenError as error:
            said = f"the workers wrote results of which this machine sees {error}"
            way_out = "give a folder with --out that every worker sees at the same path"
            raise stopped(str(asked.out), "S112", said, way_out) from error
        if folder is not None:
            write(view, folder, [name for name in names if name != PARQUET])
        return view


@contextmanager
def _folders(out: Path | None) -> "Iterator[tuple[Path | None, Path]]":
    """Give a folder for the results, if they are written, and one for what workers are to read."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="audit-") as made:
            yield None, Path(made)
        return
    with placed(out) as folder:
        scratch = folder.parent / "tables"  # goes away with what is unfinished
        scratch.mkdir()
        yield folder, scratch


def _shown(asked: "Asked", view: "View") -> None:
    from engine.cli.score import width

    if asked.out is None:
        show(figures(view, width()))
    if asked.quiet:
        return
    if asked.out is None:
        say("audits are not listed with --engine spark: --out writes them")
    else:
        say(closing(view))
        say(f"written to {asked.out}")


def check_asked(asked: "Asked") -> None:
    """Stop at options that do not go together.

    Raises:
        Stop: there are some.
    """
    if asked.engine != SPARK:
        said = "`--master` is given, and the batch is to be scored in this process"
        raise stopped("--master", "S120", said, "give --engine spark too, or leave --master out")
    if asked.output_format != "full":
        said = f"`--output-format {asked.output_format}` prints audits, which stay on the cluster"
        raise stopped("--output-format", "S120", said, "leave it out, and read what --out writes")
    for name in Outputs.parse(asked.write).names or ():
        if name not in LARGE:
            said = f"Spark writes no `{name}`"
            way_out = f"with --engine spark, name {' or '.join(LARGE)} with --write"
            raise stopped("--write", "S120", said, way_out)
    if asked.write is not None and asked.out is None:
        from engine.cli.score import nowhere

        raise nowhere("formats to be written are named with --write")
