"""The engine on a Parquet batch, by the path that `audit score` takes for large batches.

The rulebook is read and checked, the batch validated, every standard found, every audit judged,
the parts written and the summary counted. With `--statements` each SQL statement is a phase.
"""

import re
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import Any

from phases import Clock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
NAMED = re.compile(r"(?:TABLE|VIEW|VARIABLE) +(\S+)")


def main(data: Path, out: Path, as_of: date, *, statements: bool = False) -> None:
    clock = Clock()
    import duckdb

    from engine import pipeline
    from engine.cli.common import open_rulebook
    from engine.records import read_batch

    clock.done("imports")
    rulebook = open_rulebook(Path(__file__).resolve().parent.parent / "rules")
    clock.done("rulebook")
    batch = read_batch(data, rulebook.fields, rulebook.allowed)
    clock.done("read and validate")
    if statements:
        batch.con = Watched(batch.con, clock)
    else:
        watch(pipeline, clock)
    out.mkdir(parents=True, exist_ok=True)
    with batch:
        pipeline.score_in_parts(pipeline.Scoring(rulebook, batch, as_of), out)
        clock.done("all slices")
    clock.done("close")
    clock.print(duckdb=duckdb.__version__)


def watch(pipeline: Any, clock: Clock) -> None:  # noqa: ANN401 - a module
    """Make the stages of the pipeline phases of their own."""
    stages = {
        "slices": "slices",
        "compile_rulebook": "compile",
        "columns_read": "compile",
        "lay_out_calendar": "lay out",
        "lay_out": "lay out",
        "lay_out_auditor": "lay out the auditor's",
        "find": "find",
        "judge_slice": "judge",
        "write_part": "write",
    }
    for name, phase in stages.items():
        setattr(pipeline, name, timed(clock, phase, getattr(pipeline, name)))
    pipeline.Tally.add = timed(clock, "tally", pipeline.Tally.add)


def timed(clock: Clock, phase: str, stage: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that books its time to a phase; several may run at once."""

    @wraps(stage)
    def watched(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the stage takes
        begun = perf_counter()
        result = stage(*args, **options)
        clock.book(phase, perf_counter() - begun)
        return result

    return watched


class Watched:
    """A connection that books the time of each statement under the name of what it makes."""

    def __init__(self, con: Any, clock: Clock) -> None:  # noqa: ANN401 - any connection
        self.con = con
        self.clock = clock

    def execute(self, sql: str, *args: Any) -> Any:  # noqa: ANN401 - as the connection's own
        self.clock.done("python")
        result = self.con.execute(sql, *args)
        named = NAMED.search(sql[:80])
        self.clock.done(named[1] if named else sql.split(maxsplit=1)[0])
        return result

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the connection's own
        return getattr(self.con, name)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        date.fromisoformat(sys.argv[3]),
        statements="--statements" in sys.argv,
    )
