"""The engine on a Parquet batch, by the path that `audit score` takes for large batches.

The rulebook is read and checked, the batch validated, every standard found, every audit judged,
the parts written and the summary counted. Slices are worked on side by side: what is done to them
is booked as stages, in processor seconds of all workers. With `--statements` each SQL statement is
a stage, in seconds on the wall.
With `--whole` the rulebook is the shipped one, without the overlay `fifteen`.
"""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from contenders import RULES, WHOLE
from phases import Clock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
NAMED = re.compile(r"(?:TABLE|VIEW|VARIABLE) +(\S+)")


def main(
    data: Path, out: Path, as_of: date, *, rules: Sequence[Path] = RULES, statements: bool = False
) -> None:
    clock = Clock()
    import duckdb

    from engine import pipeline
    from engine.cli.common import open_rulebook
    from engine.records import read_batch

    clock.done("imports")
    rulebook = open_rulebook(rules)
    clock.done("rulebook")
    batch = read_batch(data, rulebook.fields, rulebook.allowed)
    clock.done("read and validate")
    watch_phases(clock)
    if statements:
        batch.con = Watched(batch.con, clock)
    else:
        watch_stages(clock)
    out.mkdir(parents=True, exist_ok=True)
    with batch:
        pipeline.score_in_parts(pipeline.Scoring(rulebook, batch, as_of), out)
        clock.done("all slices")
    clock.done("close")
    clock.print(duckdb=duckdb.__version__)


def watch_phases(clock: Clock) -> None:
    """Make what comes before the slices phases of their own."""
    from engine.pipeline import parts, scoring

    scoring.compile_rulebook = ended(clock, "compile", scoring.compile_rulebook)
    parts.finder = ended(clock, "compile", parts.finder)
    parts.slices = ended(clock, "slices", parts.slices)


def watch_stages(clock: Clock) -> None:
    """Book what is done with a slice by its stages."""
    from engine.findings import together
    from engine.pipeline import parts, rows

    rows.lay_out = timed(clock, "lay out", rows.lay_out)
    stages = {
        "lay_out_calendar": "lay out",
        "lay_out_auditor": "lay out the auditor's",
        "judged_slice": "judge",
        "compare_slice": "compare",
        "write_part": "write",
    }
    for name, stage in stages.items():
        setattr(parts, name, timed(clock, stage, getattr(parts, name)))
    together.Finder.found = timed(clock, "find", together.Finder.found)  # type: ignore[method-assign]
    parts.Tally.add = timed(clock, "tally", parts.Tally.add)  # type: ignore[method-assign]


def ended(clock: Clock, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function with which a phase ends."""

    @wraps(function)
    def watched(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        result = function(*args, **options)
        clock.done(phase)
        return result

    return watched


def timed(clock: Clock, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that books its processor time to a stage; several may run at once.

    With as many slices as processors each worker's thread does all of its work itself.
    """

    @wraps(function)
    def watched(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        begun = thread_time()
        result = function(*args, **options)
        clock.book(stage, thread_time() - begun)
        return result

    return watched


class Watched:
    """A connection that books the time of each statement under the name of what it makes.

    So do its cursors: every worker has one.
    """

    def __init__(self, con: Any, clock: Clock) -> None:  # noqa: ANN401 - any connection
        self.con = con
        self.clock = clock

    def execute(self, sql: str, *args: Any) -> Any:  # noqa: ANN401 - as the connection's own
        begun = perf_counter()
        result = self.con.execute(sql, *args)
        named = NAMED.search(sql[:80])
        stage = named[1] if named else sql.split(maxsplit=1)[0]
        self.clock.book(stage, perf_counter() - begun)
        return result

    def cursor(self) -> "Watched":
        return Watched(self.con.cursor(), self.clock)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the connection's own
        return getattr(self.con, name)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        date.fromisoformat(sys.argv[3]),
        rules=WHOLE if "--whole" in sys.argv else RULES,
        statements="--statements" in sys.argv,
    )
