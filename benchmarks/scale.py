"""What size and shape cost: `audit score` as a whole process, on batches of many kinds.

    python benchmarks/scale.py                                  10,000 to 1,000,000 audits
    python benchmarks/scale.py --sizes 10000 100000 10000000
    python benchmarks/scale.py --book whole                     all standards of the shipped book
    python benchmarks/scale.py --sizes --standards 34 100 300   many standards on 60,000 audits
    python benchmarks/scale.py --sizes --shapes long wide shuffled

Batches are made once and kept in the folder for temporary files (`--work` names another). Those
above 100,000 audits are copies of 100,000. Many standards and unusual shapes are also scored by
parts and in one piece: every row must be the same. It ends with 1 where one differs, and never
for being slow.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from contenders import AS_OF, RULES, WHOLE
from measure import Taken, environment, run
from table import machine_line, markdown

HERE = Path(__file__).resolve().parent
DRAWN = 100_000  # larger batches are copies
# above 50,000, so that what people read is not written, which costs more than all else
OF_A_BOOK = 60_000
PARTS = 7  # of the batch scored by parts, to be held against one piece
MIB, MILLION = 1 << 20, 1_000_000
TITLES = ("batch", "standards", "audits", "wall s", "CPU s", "audits a second", "peak MiB",
          "CPU s a million", "by parts and in one piece")  # fmt: skip
SHAPES = {"long": 10_000, "wide": 100, "shuffled": 1}
SHAPED = {"long": 60_000, "wide": 60_000, "shuffled": 300_000}


@dataclass(frozen=True)
class Trial:
    """A batch to be scored by some rulebooks, and whether that is held against another way."""

    title: str
    batch: Path
    audits: int
    rules: tuple[Path, ...]
    standards: str
    twice: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the batches, score each, print the table and the slope."""
    asked = _asked(arguments)
    asked.work.mkdir(parents=True, exist_ok=True)
    print(machine_line({}), "", sep="\n")
    rows, sized, differing = [], [], 0
    for trial in trials(asked):
        taken = scored(trial, asked.work)
        same = compared(trial, asked.work) if trial.twice else ""
        differing += same not in ("", "equal")
        rows.append(row(trial, taken, same))
        print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
        if not trial.twice:
            sized.append((trial.audits, taken.cpu[0]))
    print(markdown(TITLES, rows, left=(0, 1, 8)))
    if len(sized) > 1:
        print(f"\nslope of CPU seconds over audits, log-log, least squares: {slope(sized):.2f}")
    return 1 if differing else 0


def trials(asked: argparse.Namespace) -> Iterator[Trial]:
    """Yield what is scored; each batch is made when its turn comes."""
    rules, form = (RULES, "fifteen") if asked.book == "fifteen" else (WHOLE, "whole")
    for size in asked.sizes:
        batch = batch_of(asked.work, size, form)
        yield Trial("drawn" if size <= DRAWN else "copies", batch, size, rules, form)
    for number in asked.standards:
        size = asked.audits or OF_A_BOOK
        batch, book = batch_of(asked.work, size, "whole"), book_of(asked.work, number)
        yield Trial("many standards", batch, size, book, str(number), twice=True)
    for shape in asked.shapes:
        size = asked.audits or SHAPED[shape]
        source = batch_of(asked.work, size, form)
        batch = asked.work / f"{form}-{size}-{shape}"
        if not batch.exists():
            of_shape(shape, source, batch, SHAPES[shape])
        yield Trial(shape, batch, size, rules, form, twice=True)


def batch_of(work: Path, size: int, form: str) -> Path:
    """Return a batch of so many audits, made if it is not there."""
    batch = work / f"{form}-{size}"
    if batch.exists():
        return batch
    if size > DRAWN:
        if size % DRAWN:
            sys.exit(f"above {DRAWN:,}, sizes are multiples of it: {size:,} is none")
        of_shape("copies", batch_of(work, DRAWN, form), batch, size // DRAWN)
        return batch
    half = work / f"{batch.name}.making"
    more = ["--fifteen"] if form == "fifteen" else []
    script([HERE / "make_batch.py", size, half, "parquet", *more])
    half.rename(batch)
    return batch


def of_shape(shape: str, source: Path, batch: Path, number: int) -> None:
    script([HERE / "scaled_batches.py", shape, source, batch, number])


def book_of(work: Path, number: int) -> tuple[Path, ...]:
    """Return rulebooks that leave so many standards, most of them synthetic."""
    overlay = work / f"standards-{number}"
    script([HERE / "many_standards.py", number, overlay])
    return (*WHOLE, overlay)


def script(words: Sequence[object]) -> None:
    subprocess.run([sys.executable, *map(str, words)], check=True, env=environment())


def scored(trial: Trial, work: Path) -> Taken:
    """Score a batch as a user does, in a process of its own."""
    taken, out = Taken(), work / "scaled-results"
    command = [sys.executable, str(HERE / "audit_score.py"), "score", str(trial.batch)]
    rules = [word for one in trial.rules for word in ("--rules", str(one))]
    run([*command, *rules, "--as-of", AS_OF, "--quiet", "--out", str(out)], out, taken,
        phased=False)  # fmt: skip
    return taken


def compared(trial: Trial, work: Path) -> str:
    """Score a batch by parts and in one piece, each in a process, and say what differs."""
    size = -(-trial.audits // PARTS)
    found = []
    for name, most in (("parts", size), ("piece", trial.audits)):
        out = work / f"scaled-{name}"
        run([sys.executable, str(HERE / "sliced_run.py"), str(trial.batch), str(out), AS_OF,
             str(most), *map(str, trial.rules)], out, Taken(), phased=False)  # fmt: skip
        found.append(str(out / "moderated" / "*.parquet"))
    return differing(*found)


def differing(one: str, other: str) -> str:
    """Say how many rows of either result are not in the other at the same place."""
    import duckdb

    # of whole rows a few hundred columns wide, the database would hold more than it may
    con = duckdb.connect(config={"memory_limit": "1GB"})
    numbered = "SELECT hash(r) AS row, row_number() OVER () AS n FROM read_parquet(?) r"
    ((missing,),) = con.execute(
        f"SELECT count(*) FROM ({numbered}) a FULL JOIN ({numbered}) b USING (n) "
        "WHERE a.row IS DISTINCT FROM b.row",
        [one, other],
    ).fetchall()
    return "equal" if not missing else f"{missing:,} rows differ"


def row(trial: Trial, taken: Taken, same: str) -> Sequence[str]:
    cpu = taken.cpu[0]
    return (
        trial.title, trial.standards, f"{trial.audits:,}", f"{taken.wall[0]:.1f}", f"{cpu:.1f}",
        f"{trial.audits / taken.wall[0]:,.0f}", f"{taken.peak[0] / MIB:,.0f}",
        f"{cpu * MILLION / trial.audits:.0f}", same,
    )  # fmt: skip


def slope(points: Sequence[tuple[int, float]]) -> float:
    """Return the exponent of cost over size; 1 is linear.

    >>> slope([(10, 2.0), (100, 20.0), (1000, 200.0)])
    1.0
    """
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return round(above / sum((x - mean_x) ** 2 for x in xs), 10)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--book", choices=("fifteen", "whole"), default="fifteen")
    parser.add_argument("--standards", nargs="*", type=int, default=[])
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=[])
    parser.add_argument("--audits", type=int, help="audits of such batches")
    default = Path(tempfile.gettempdir()) / "audit-scale"
    parser.add_argument("--work", type=Path, default=default)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
