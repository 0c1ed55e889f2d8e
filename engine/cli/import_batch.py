"""`audit import`: whatever a reader reads, as a batch folder of our own."""

import json
from dataclasses import dataclass
from pathlib import Path

from engine.cli.common import Given, open_rulebook, say, show, tell
from engine.cli.mapping import mapping_of
from engine.cli.outputs import REJECTED, check_apart, check_writable, placed, write_rejected
from engine.errors import Exit, Location, Problem, Stop
from engine.records import read_batch
from engine.records.batch import Batch, NothingRead, Rejected
from engine.records.batch_json import FAMILY, NAME
from engine.records.written import write_batch
from engine.reports import as_csv
from engine.reports.places import rejected_in_batch

CODES = {"B185": "the folder for a batch holds other things"}


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit import`."""

    source: str
    out: Path
    format_: str
    mapping: Path | None
    rules: Given


def run_import(asked: Asked) -> Exit:
    """Write a batch folder; return the exit code."""
    check_apart(asked.out, asked.source)
    check_own(asked.out)
    check_writable(asked.out)
    rulebook = open_rulebook(asked.rules, examples=False)
    mapping = mapping_of(asked.mapping, rulebook)
    try:
        batch = read_batch(asked.source, rulebook.fields, rulebook.allowed, mapping)
    except NothingRead as nothing:
        write_rejected(asked.out, nothing.rejected, asked.source)
        raise
    with batch:
        write_own(batch, asked.out, asked.format_, asked.source)
        tell(batch.problems)
        show(_counted(batch))
        return _end(batch, asked.out)


def write_own(batch: Batch, out: Path, format_: str, source: str) -> None:
    """Write a batch, and what was put aside of it, into a folder: all of it or nothing.

    Raises:
        Stop: it cannot be written, or a workbook cannot hold it.
    """
    rejected: tuple[Rejected, ...] = tuple(rejected_in_batch(batch.rejected, source))
    with placed(out) as folder:
        write_batch(batch, folder, format_)
        if rejected:
            as_csv.write_rejected(rejected, folder)
        _take_away_earlier(out)


def check_own(out: Path) -> None:
    """Stop before any work if a folder holds anything but a batch that was written here.

    Raises:
        Stop: what stands there would be read as part of the batch.
    """
    held = [path.name for path in _shown(out)]
    if held in ([], [REJECTED]) or _is_own(out):
        return
    few = ", ".join(f"`{name}`" for name in held[:3]) + (" …" if len(held) > 3 else "")  # noqa: PLR2004
    said = f"the folder holds other things than a batch of `audit import`: {few}"
    help_ = "give a new or empty folder with --out"
    raise Stop(Exit.USAGE, (Problem(Location(str(out)), "B185", said, help_),))


def _shown(out: Path) -> list[Path]:
    if not out.is_dir():
        return []
    return sorted(path for path in out.iterdir() if not path.name.startswith("."))


def _is_own(out: Path) -> bool:
    """Say whether a folder holds an earlier batch of ours: its tables, its note, what it lost."""
    known = {NAME, REJECTED, "batch.xlsx"}
    try:
        said = json.loads((out / NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    own = isinstance(said, dict) and str(said.get("schema")).startswith(FAMILY)
    tables = (path for path in _shown(out) if path.name not in known)
    return own and all(path.suffix in (".csv", ".parquet") for path in tables)


def _take_away_earlier(out: Path) -> None:
    """Take away the tables of an earlier batch, which would seem to be of this one."""
    for path in _shown(out):
        if path.is_file():
            path.unlink()


def _counted(batch: Batch) -> list[str]:
    width = max(map(len, batch.rows))
    return [f"{table.ljust(width)}  {count:>9,}" for table, count in batch.rows.items()]


def _end(batch: Batch, out: Path) -> Exit:
    latest = sorted(batch.presence.latest_only & batch.rows.keys())
    if latest:
        say(f"only the latest entry is known of: {', '.join(latest)}")
    say(f"read as {batch.format}; written to {out}")
    if not batch.rejected:
        return Exit.DONE
    rows = "1 row was" if len(batch.rejected) == 1 else f"{len(batch.rejected):,} rows were"
    say(f"{rows} put aside, listed in {out / REJECTED}; the rest was read")
    return Exit.PUT_ASIDE
