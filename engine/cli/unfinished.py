"""Where the results of a run stand until all are written: what is finished outlives the run.

A scratch folder inside the folder for the results is given, and taken away in the end. A run that
has a name keeps its finished parts there when it is interrupted, for the next run of that name.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from engine.cli.common import say
from engine.errors import Exit, Location, Problem, Stop

CODES = {
    "U050": "another run of the same command is at work on the same results",
}
PREFIX, LOCK = ".unfinished-", "lock"
# memory or the temporary folder was too little, which says nothing against what is finished
EXHAUSTED = ("B601", "B602")
DIFFERS = {
    "input": "another batch",
    "rulebook": "another rulebook",
    "as_of": "another day",
    "engine": "another version of this tool",
}

Run = Mapping[str, object]


@contextmanager
def scratch_in(out: Path, run: Run | None) -> Iterator[Path]:
    """Give a folder inside `out`, where nothing has to be copied to be put into place.

    What other runs left there is told, and left alone: one of them may still be at work.

    Raises:
        Stop: another process is at the same run.
    """
    _tell_of_others(out, run)
    if run is None:
        with tempfile.TemporaryDirectory(prefix=PREFIX, dir=out) as scratch:
            yield Path(scratch)
        return
    from engine.pipeline.kept import name_of

    folder = out / f"{PREFIX}{name_of(run)}"
    folder.mkdir(exist_ok=True)
    try:
        with _alone(folder):
            yield folder
    except _AtWorkError:
        said = "another run of the same command is at work here"
        way_out = "wait until it is done, or give another folder with --out"
        raise Stop(Exit.USAGE, (Problem(Location(str(out)), "U050", said, way_out),)) from None
    except Stop as stop:
        if all(problem.code in EXHAUSTED for problem in stop.problems):
            _keep(folder, run)
        else:  # what was read is no longer what it was: no later run goes on from here
            shutil.rmtree(folder, ignore_errors=True)
        raise
    except BaseException:
        _keep(folder, run)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _tell_of_others(out: Path, run: Run | None) -> None:
    """Say which folders in `out` are of other runs, and which of those hold finished parts."""
    folders = sorted(out.glob(f"{PREFIX}*"))
    if not folders:
        return
    from engine.pipeline.kept import finished, name_of, run_in

    own = f"{PREFIX}{name_of(run)}" if run else ""
    for folder in folders:
        if folder.name == own:
            continue
        other = run_in(folder)
        if other is None:
            say(
                f"{folder} is of a run that was killed or is still at work, and is not used: "
                "delete it if no run is at work here"
            )
            continue
        named = [said for key, said in DIFFERS.items() if run and other.get(key) != run.get(key)]
        why = " and ".join(named) or "another kind"
        say(
            f"{folder} holds {_parts(finished(folder))} of an unfinished run ({why}), which are "
            "not used: delete it if they are not wanted"
        )


def tell_resuming(there: int, of: int) -> None:
    """Say that some parts are not scored again."""
    are = "is" if there == 1 else "are"
    say(f"resuming: {there:,} of {_parts(of)} {are} there")


def no_telling(_there: int, _of: int) -> None:
    """Say nothing."""


def _keep(folder: Path, run: Run) -> None:
    from engine.pipeline.kept import finished

    number = finished(folder)
    if not number:
        shutil.rmtree(folder, ignore_errors=True)
        return
    are = "is" if number == 1 else "are"
    say(
        f"{_parts(number)} {are} finished and kept in {folder}: the same command with "
        f"--as-of {run['as_of']} goes on from there; delete it if that is not wanted"
    )


class _AtWorkError(Exception):
    """Another process holds the folder."""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder, for as long as this process lives: a lock of SQLite works everywhere."""
    import sqlite3

    with closing(sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise _AtWorkError from None
        yield


def _parts(number: int) -> str:
    return "1 part" if number == 1 else f"{number:,} parts"
