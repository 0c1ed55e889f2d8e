"""Time the reading of CSV files and of workbook parts, beside plain Polars reading the same files.

    python benchmarks/reading.py                   100,000 audits
    python benchmarks/reading.py 10000

Each reader is a process of its own. `audit` reads, types and checks every row; Polars only takes
the cells as they stand (workbooks by way of openpyxl, as `audit` does). Nothing is scored.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from measure import Taken, environment, run
from table import machine_line, markdown

HERE = Path(__file__).resolve().parent
PART = 10_000  # audits in a workbook
RULES = HERE.parent / "rules"
MIB = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("audits", nargs="?", type=int, default=100_000)
    parser.add_argument("--read", nargs=2, metavar=("READER", "BATCH"), help="read one batch")
    parser.add_argument(
        "--data", type=Path, default=Path(tempfile.gettempdir()) / "audit-benchmarks"
    )
    asked = parser.parse_args()
    if asked.read:
        reader, batch = asked.read
        print(
            json.dumps(
                {"rows": READERS[reader](Path(batch)), "wall": {}, "stages": {}, "versions": {}}
            )
        )
        return
    rows = []
    for form in ("csv", "xlsx"):
        batch = made(asked.audits, form, asked.data.resolve())
        size = sum(file.stat().st_size for file in batch.iterdir()) / MIB
        for reader in READERS:
            taken = Taken()
            command = [sys.executable, str(HERE / "reading.py"), "--read", reader, str(batch)]
            run(command, asked.data.resolve() / "nothing", taken, phased=False)
            figures = (f"{taken.wall[0]:.1f}", f"{taken.cpu[0]:.1f}", f"{taken.peak[0] / MIB:,.0f}")
            rows.append((f"{asked.audits:,}", form, f"{size:.0f}", reader, *figures))
            print(*rows[-1], file=sys.stderr, flush=True)
    print(machine_line({}))
    titles = ("audits", "format", "MiB of files", "read by", "seconds", "CPU seconds", "peak MiB")
    print(markdown(titles, rows, left=(1, 3)))


def made(audits: int, form: str, folder: Path) -> Path:
    """Return a batch as CSV files, or as workbooks of a few thousand audits each."""
    batch = folder / f"reading-{form}-{audits}"
    if batch.exists():
        return batch
    folder.mkdir(parents=True, exist_ok=True)
    if form == "csv":
        make(audits, batch, form)
        return batch
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        making = Path(scratch) / "batch"
        making.mkdir()
        for number, first in enumerate(range(0, audits, PART)):
            one = Path(scratch) / f"part-{number}"
            make(min(PART, audits - first), one, form)
            renamed(next(one.glob("*.xlsx")), making / f"part{number:03}.xlsx", number)
        return making.rename(batch)


def make(audits: int, out: Path, form: str) -> None:
    # by a process of its own, since a reader begins with the peak memory of this one
    command = [sys.executable, str(HERE / "make_batch.py"), str(audits), str(out), form]
    subprocess.run(command, check=True, env=environment())


def renamed(before: Path, after: Path, number: int) -> None:
    """Give the audits of a part numbers of their own."""
    with (
        zipfile.ZipFile(before) as read,
        zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in read.namelist():
            content = re.sub(rb">A(\d+)<", rb">P%dA\1<" % number, read.read(name))
            write.writestr(name, content)


def by_audit(batch: Path) -> int:
    from engine.cli.common import open_rulebook
    from engine.records import read_batch

    rulebook = open_rulebook(RULES)
    with read_batch(batch, rulebook.fields, rulebook.allowed) as read:
        return sum(read.rows.values())


def by_polars(batch: Path) -> int:
    import polars as pl

    rows = 0
    for file in sorted(batch.iterdir()):
        if file.suffix == ".csv":
            rows += pl.read_csv(file, infer_schema=False).height
        else:
            sheets = pl.read_excel(file, sheet_id=0, engine="openpyxl", raise_if_empty=False)
            rows += sum(sheet.height for sheet in sheets.values())
    return rows


READERS = {"audit": by_audit, "polars": by_polars}

if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    main()
