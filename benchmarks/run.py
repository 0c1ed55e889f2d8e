"""Time this engine beside the same standards written by hand, and check that they agree.

    python3 run.py bench                       10,000, 100,000 and 1,000,000 audits
    python3 run.py bench 10000 --rounds 5      another size, more rounds
    python3 run.py bench --only engine duckdb  these alone
    python3 run.py bench --only engine-whole duckdb-whole      the whole shipped book
    python3 run.py bench --out table.md        the tables as Markdown, too

Contenders run one at a time, each as a process of its own, in turns. The run ends with 1 if any
audit differs between them; it never fails for being slow. Those that test the fifteen standards
and those that test the whole book have a batch and tables of their own.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from contenders import CONTENDERS, OURS, OURS_WHOLE, ROOT, Contender
from measure import Taken, environment, run
from table import Found, report

SIZES = (10_000, 100_000, 1_000_000)
HERE = Path(__file__).resolve().parent
# what each book is tested on, and by which contender of ours
BATCHES = {"fifteen": "fifteen", "whole": "audits"}
OURS_OF = {one.book: one.name for one in (OURS, OURS_WHOLE)}


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parsed(arguments)
    chosen = [one for one in CONTENDERS if not asked.only or one.name in asked.only]
    asked.data.mkdir(parents=True, exist_ok=True)
    books = {one.book: [other for other in chosen if other.book == one.book] for one in chosen}
    found, texts = [], []
    for book, its in books.items():
        found += (of_book := [of_size(size, its, book, asked) for size in asked.sizes])
        texts.append(report(of_book, its))
    text = "\n\n".join(texts)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    return 1 if any(one.differing for one in found) else 0


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    first, *_ = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(prog="run.py bench", description=first)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of audits")
    names = [one.name for one in CONTENDERS]
    parser.add_argument("--only", nargs="+", choices=names, help="contenders to run")
    parser.add_argument("--rounds", type=int, help="rounds; 3, or 2 from 1,000,000 audits")
    scratch = Path(tempfile.gettempdir()) / "audit-benchmarks"
    parser.add_argument("--data", type=Path, default=scratch, help="folder that keeps the batches")
    parser.add_argument("--out", type=Path, help="file for the tables")
    asked = parser.parse_args(arguments)
    asked.data = asked.data.resolve()
    return asked


def of_size(
    size: int, chosen: Sequence[Contender], book: str, asked: argparse.Namespace
) -> Found:
    """Run everybody in turns on a batch of a size, and compare what they wrote."""
    data = batch(size, book, asked.data)
    results = {one.name: asked.data / f"results-{one.name}.parquet" for one in chosen}
    taken = {one.name: Taken() for one in chosen}
    rounds = asked.rounds or (2 if size >= SIZES[-1] else 3)
    for number in range(rounds):
        turn = number % len(chosen)
        for one in (*chosen[turn:], *chosen[:turn]):
            tell(f"{size:,} audits, round {number + 1} of {rounds}: {one.title}")
            out = results[one.name]
            run(one.command(data, out), out, taken[one.name], phased=one.phased)
    return Found(size, taken, compared(chosen, results), OURS_OF[book])


def batch(size: int, book: str, folder: Path) -> Path:
    """Return a synthetic batch, made unless it is there; another generator makes another."""
    sources = sorted((ROOT / "engine" / "synthetic").rglob("*.[ps][yq]*"))
    made_by = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    data = folder / f"{BATCHES[book]}-{size}-{made_by[:8]}"
    if not data.exists():
        tell(f"making {size:,} synthetic audits")
        command = [sys.executable, str(HERE / "make_batch.py"), str(size), str(data)]
        command += [f"--{book}"] if book == "fifteen" else []
        subprocess.run(command, check=True, env=environment())
    for part in data.rglob("*.parquet"):  # so that nobody has to wait for the disk
        with part.open("rb") as file:
            while file.read(2**20):
                pass
    return data


def compared(chosen: Sequence[Contender], results: dict[str, Path]) -> dict[str, dict[str, int]]:
    """Compare every contender's results with ours, or with the first's."""
    mine, *others = sorted(chosen, key=lambda one: one not in (OURS, OURS_WHOLE))
    found = {}
    for other in others:
        pair = [str(results[mine.name]), str(results[other.name])]
        command = [sys.executable, str(HERE / "compare.py"), *pair]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        found[other.name] = json.loads(printed)
    return found


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
