"""Who is timed: each a command that reads a Parquet batch and writes Parquet results."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# after every audit of the synthetic batches, so that each audit has its own cut-off
AS_OF = "2026-01-31"

# those that the scripts by hand test; the rulebook has many more
FIFTEEN = (
    "AS-01", "AS-02", "CC-01", "CN-01", "CP-01", "CP-05", "CP-06", "FD-01", "OV-01", "PL-01",
    "PL-02", "RC-01", "SF-01", "SU-01", "SU-02",
)  # fmt: skip

Command = Callable[[Path, Path], list[str]]


@dataclass(frozen=True)
class Contender:
    """A name for the command line, a title for the table, and the command for a batch."""

    name: str
    title: str
    command: Command
    by_hand: bool = False
    # refuses a bad batch, as this engine puts bad rows aside; the bare scripts trust whatever comes
    checks: bool = False
    # the phases that it prints end in one line of JSON
    phased: bool = True


def script(name: str, *more: str) -> Command:
    """Return the command for a script of this folder."""
    return lambda data, out: [sys.executable, str(HERE / name), str(data), str(out), AS_OF, *more]


def rules_beside(data: Path) -> Path:
    """Return a folder with the rulebook of the fifteen standards alone, made beside a batch."""
    folder = data.parent / "rules"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "rules", folder)
    for file in folder.glob("*/*.yaml"):
        first = file.read_text(encoding="utf-8")
        if "\nmeasure:" in first and not any(f"id: {name}\n" in first for name in FIFTEEN):
            file.unlink()
    return folder


def engine(data: Path, out: Path) -> list[str]:
    """Return the command for this engine, which is told its rules besides."""
    return [*script("engine_run.py")(data, out), str(rules_beside(data))]


def audit_score(data: Path, out: Path) -> list[str]:
    """Return the command that a user types."""
    typed = ["score", str(data), "--out", str(out), "--write", "parquet", "--as-of", AS_OF]
    typed += ["--rules", str(rules_beside(data))]
    quietly = ["--quiet", "--output-format", "concise"]
    return [sys.executable, str(HERE / "audit_score.py"), *typed, *quietly]


OURS = Contender("engine", "this engine", engine, checks=True)
CONTENDERS = (
    OURS,
    Contender("duckdb", "DuckDB SQL by hand", script("handwritten_duckdb.py"), by_hand=True),
    Contender(
        "duckdb-checked",
        "DuckDB SQL by hand, checking first",
        script("handwritten_duckdb.py", "checked"),
        by_hand=True,
        checks=True,
    ),
    Contender("polars", "Polars by hand", script("handwritten_polars.py"), by_hand=True),
    Contender("audit", "`audit score`, the whole command", audit_score, phased=False),
)
