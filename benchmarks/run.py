"""Time this engine beside the same standards written by hand, and check that they agree.

    python3 run.py bench                            10 to 1,000,000 audits, all contenders
    python3 run.py bench --sizes 10000 --rounds 5   another size, more rounds
    python3 run.py bench --only engine duckdb       these alone
    python3 run.py bench --only engine-whole duckdb-whole      the whole shipped book
    python3 run.py bench --peers zen clips          of the other rule engines, these alone
    python3 run.py bench --out table.md             the tables there, the plot beside them

All contenders together are told of in benchmarks/results.md, with a plot.

Contenders run one at a time, each as a process of its own, in turns. The run ends with 1 if any
audit differs between them; it never fails for being slow. Those that test the fifteen standards
and those that test the whole book have a batch and tables of their own. Another rule engine stops
after `--seconds` of a run; what it did is compared, and what it would have taken extrapolated.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contenders import CONTENDERS, OURS, OURS_WHOLE, ROOT, Contender
from extrapolated import Cost, at, borne, cost_of
from measure import Taken, environment, run
from table import Found, report

SIZES = (10, 10_000, 100_000, 1_000_000)
HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
# what each book is tested on, and by which contender of ours
BATCHES = {"fifteen": "fifteen", "whole": "audits"}
OURS_OF = {one.book: one.name for one in (OURS, OURS_WHOLE)}


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parsed(arguments)
    chosen = [one for one in CONTENDERS if wanted(one, asked)]
    asked.data.mkdir(parents=True, exist_ok=True)
    books = {one.book: [other for other in chosen if other.book == one.book] for one in chosen}
    found = {book: of_book(book, its, asked) for book, its in books.items()}
    text = "\n\n".join(report(each, books[book]) for book, each in found.items())
    print(text)
    if asked.out:
        save(text, found, chosen, asked.out)
    return 1 if any(one.differing for each in found.values() for one in each) else 0


def save(text: str, found: dict[str, list[Found]], chosen: Sequence[Contender], out: Path) -> None:
    """Write the tables, and the plot beside them."""
    from plot import draw

    picture = out.with_suffix(".svg")
    draw([one for each in found.values() for one in each], chosen, picture)
    # the day of the run is what the file is for
    title = f"# Benchmark of {datetime.now(UTC):%-d %B %Y}"
    shown = f"![What an audit costs, by how many there are]({picture.name})"
    out.write_text(f"{title}\n\n{shown}\n\n{text}\n", encoding="utf-8")


def wanted(one: Contender, asked: argparse.Namespace) -> bool:
    if one.peer and asked.peers is not None:
        return one.name in asked.peers
    return not asked.only or one.name in asked.only


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    first, *_ = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(prog="run.py bench", description=first)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="numbers of audits")
    names = [one.name for one in CONTENDERS]
    peers = [one.name for one in CONTENDERS if one.peer]
    parser.add_argument("--only", nargs="+", choices=names, help="contenders to run")
    parser.add_argument("--peers", nargs="*", choices=peers, help="other rule engines to run")
    parser.add_argument("--rounds", type=int, help="rounds; 3, or 2 from 1,000,000 audits")
    parser.add_argument("--seconds", type=float, default=60, help="what another engine is given")
    scratch = Path(tempfile.gettempdir()) / "audit-benchmarks"
    parser.add_argument("--data", type=Path, default=scratch, help="folder that keeps the batches")
    parser.add_argument("--out", type=Path, help=f"file for the tables; {RESULTS.name} if all run")
    asked = parser.parse_args(arguments)
    asked.data, asked.sizes = asked.data.resolve(), sorted({*asked.sizes})
    if asked.out is None and asked.only is None and asked.peers is None:
        asked.out = RESULTS
    return asked


def of_book(book: str, chosen: Sequence[Contender], asked: argparse.Namespace) -> list[Found]:
    """Run all that test a book at every size, from the smallest, as far as each can bear."""
    known: dict[str, list[Cost]] = {one.name: [] for one in chosen}
    found = []
    for size in asked.sizes:
        able = [one for one in chosen if borne(one, size, known[one.name], asked.seconds)]
        taken, differing = of_size(size, able, asked)
        guessed = {}
        for one in chosen:
            costs = known[one.name]
            if one.name in taken and taken[one.name].wall:
                costs.append(cost_of(taken[one.name], size))
            if costs and costs[-1].audits < size:
                guessed[one.name] = at(size, costs)
        found.append(Found(size, taken, differing, OURS_OF[book], guessed))
    return found


def of_size(
    size: int, chosen: Sequence[Contender], asked: argparse.Namespace
) -> tuple[dict[str, Taken], dict[str, dict[str, Any]]]:
    """Run everybody in turns on a batch of a size, and compare what they wrote."""
    data = {one.form: batch(size, one.book, one.form, asked.data) for one in chosen}
    results = {one.name: asked.data / f"results-{one.name}.parquet" for one in chosen}
    taken = {one.name: Taken() for one in chosen}
    rounds = asked.rounds or (2 if size >= SIZES[-1] else 3)
    for number in range(rounds):
        turn = number % len(chosen)
        for one in (*chosen[turn:], *chosen[:turn]):
            tell(f"{size:,} audits, round {number + 1} of {rounds}: {one.title}")
            out = results[one.name]
            command = one.command(data[one.form], out)
            command += ["--seconds", str(asked.seconds)] if one.peer else []
            run(command, out, taken[one.name], phased=one.phased, may_fail=True)
    decided = [one for one in chosen if one.decides and not taken[one.name].failed]
    return taken, compared(size, decided, results, taken)


def batch(size: int, book: str, form: str, folder: Path) -> Path:
    """Return a synthetic batch, made unless it is there; another generator makes another."""
    made = (ROOT / "engine" / "synthetic").rglob("*")
    sources = sorted(source for source in made if source.suffix in (".py", ".sql"))
    made_by = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    data = folder / f"{BATCHES[book]}-{size}-{made_by[:8]}"
    if not data.exists():
        tell(f"making {size:,} synthetic audits")
        command = [sys.executable, str(HERE / "make_batch.py"), str(size), str(data)]
        command += [f"--{book}"] if book == "fifteen" else []
        subprocess.run(command, check=True, env=environment())
    if form != "parquet":
        data = converted(data, form)
    for part in data.rglob("*.*"):  # so that nobody has to wait for the disk
        with part.open("rb") as file:
            while file.read(2**20):
                pass
    return data


def converted(data: Path, form: str) -> Path:
    """Return the batch in another format, made unless it is there."""
    other = data.with_name(f"{data.name}-{form}")
    if not other.exists():
        tell(f"writing them as {form}")
        command = [sys.executable, str(HERE / "other_formats.py"), str(data), str(other), form]
        subprocess.run(command, check=True, env=environment())
    return other


def compared(
    size: int, chosen: Sequence[Contender], results: dict[str, Path], taken: dict[str, Taken]
) -> dict[str, dict[str, Any]]:
    """Compare every contender's results with ours, or with the first's."""
    mine, *others = sorted(chosen, key=lambda one: one not in (OURS, OURS_WHOLE))
    found = {}
    for other in others:
        pair = [str(results[mine.name]), str(results[other.name])]
        command = [sys.executable, str(HERE / "compare.py"), *pair]
        command += ["--partly"] if (taken[other.name].audits or size) < size else []
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        found[other.name] = json.loads(printed)
    return found


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
