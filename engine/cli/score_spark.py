"""`audit score --engine spark`: read and check here, score on a cluster, write there.

What is shown and written is what a large batch gives with the local engine.
"""

from typing import TYPE_CHECKING

from engine.cli.spark_ready import check_ready, stopped

if TYPE_CHECKING:
    from engine.cli.score import Asked
    from engine.errors import Exit

SPARK, THIS_MACHINE = "spark", "local[*]"
WRITTEN = ("json", "parquet")


def run_score_spark(asked: "Asked") -> "Exit":
    """Score a batch on Spark; return the exit code."""
    check_asked(asked)
    check_ready(asked.master or THIS_MACHINE)
    raise NotImplementedError


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
    for name in (asked.write or "").split(","):
        if (name := name.strip().lower()) and name not in WRITTEN:
            said = f"Spark writes no `{name}`"
            way_out = f"with --engine spark, name {' or '.join(WRITTEN)} with --write"
            raise stopped("--write", "S120", said, way_out)
