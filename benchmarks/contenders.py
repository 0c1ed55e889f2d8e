"""Who is timed: each a command that reads a Parquet batch and writes Parquet results."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# the shipped book, with all standards retired but those that the scripts by hand test
RULES = (ROOT / "rules", HERE / "fifteen")
# the shipped book as it stands
WHOLE = (ROOT / "rules",)
# after every audit of the synthetic batches, so that each audit has its own cut-off
AS_OF = "2026-01-31"

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
    # which standards it tests, the fifteen or the whole shipped book: like is held against like
    book: str = "fifteen"
    # what it reads
    form: str = "parquet"
    # a rule engine that a user might pick instead: it ends by itself when its seconds are spent
    peer: bool = False
    # the largest size that it is run at, where more would be out of the question
    most: int | None = None
    # has results to be compared; a bare scan has none
    decides: bool = True

    @property
    def patient(self) -> bool:
        """Say whether it is run at every size, however long it takes."""
        return not self.peer and self.form == "parquet"


def script(name: str, *more: str) -> Command:
    """Return the command for a script of this folder."""
    return lambda data, out: [sys.executable, str(HERE / name), str(data), str(out), AS_OF, *more]


def peer(name: str) -> Command:
    """Return the command for a rule engine of `peers/`."""
    return lambda data, out: [
        *(sys.executable, str(HERE / "peer.py"), name, str(data), str(out), AS_OF)
    ]


def audit_score(data: Path, out: Path) -> list[str]:
    """Return the command that a user types."""
    typed = ["score", str(data), "--out", str(out), "--write", "parquet", "--as-of", AS_OF]
    rules = [word for folder in RULES for word in ("--rules", str(folder))]
    quietly = ["--quiet", "--output-format", "concise"]
    return [sys.executable, str(HERE / "audit_score.py"), *typed, *rules, *quietly]


OURS = Contender("engine", "this engine", script("engine_run.py"), checks=True)
OURS_WHOLE = Contender(
    "engine-whole",
    "this engine, whole book",
    script("engine_run.py", "--whole"),
    checks=True,
    book="whole",
)
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
    Contender("scan", "bare scan of the needed columns", script("bare_scan.py"), decides=False),
    Contender("audit", "`audit score`, the whole command", audit_score, phased=False),
    Contender("csv", "`audit score` of CSV files", audit_score, phased=False, form="csv"),
    Contender(
        "xlsx",
        "`audit score` of a workbook",
        audit_score,
        phased=False,
        form="xlsx",
        most=10_000,
    ),
    Contender("plain", "plain Python", peer("plain"), peer=True),
    Contender("zen", "zen-engine", peer("zen"), peer=True),
    Contender("json-logic", "JsonLogic", peer("json_logic"), peer=True),
    Contender("rule-engine", "rule-engine", peer("rule_engine"), peer=True),
    Contender("business-rules", "business-rules", peer("business_rules"), peer=True),
    Contender("durable-rules", "durable-rules, each audit", peer("durable_rules"), peer=True),
    Contender("clips", "CLIPS", peer("clips"), peer=True),
    OURS_WHOLE,
    Contender(
        "duckdb-whole",
        "DuckDB SQL by hand, whole book",
        script("whole_duckdb.py"),
        by_hand=True,
        book="whole",
    ),
)
