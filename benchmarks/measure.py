"""Run a command as a process of its own, and say what it took.

This module and whoever imports it have to stay small: on Linux a child begins with the peak
memory of the process that started it.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

# `audit` ends so when some rows were put aside and the rest was scored
FINE = (0, 4)
COMPILED_EACH_TIME = ("PYTHONDONTWRITEBYTECODE",)
# bytes in a unit of ru_maxrss
UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass
class Taken:
    """What the rounds of one contender took, round by round; phases as it tells them itself.

    Phases follow one another on the wall; stages are the seconds of all workers inside a phase.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)
    phases: list[dict[str, float]] = field(default_factory=list)
    stages: list[dict[str, float]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    # how many audits it got through, where it was not given the time for all
    audits: int | None = None
    failed: bool = False


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Return the median seconds of each phase or stage."""
    names = dict.fromkeys(name for one in rounds for name in one)
    return {name: median(one.get(name, 0.0) for one in rounds) for name in names}


def run(
    command: list[str], out: Path, taken: Taken, *, phased: bool, may_fail: bool = False
) -> None:
    """Run a command that writes to `out`, and book what it took."""
    clear(out)
    start = perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=out.parent, env=environment())
    printed = child.stdout.read().decode() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    wall = perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in FINE:
        said = f"this failed ({child.returncode}): {' '.join(command)}"
        if not may_fail:
            sys.exit(said)
        print(said, file=sys.stderr)
        taken.failed = True
        return
    taken.wall.append(wall)
    taken.cpu.append(used.ru_utime + used.ru_stime)
    taken.peak.append(used.ru_maxrss * UNIT)
    if phased:
        told = last_line(printed)
        taken.phases.append(told["wall"])
        taken.stages.append(told["stages"])
        taken.versions |= told["versions"]
        taken.audits = told.get("audits")


def environment() -> dict[str, str]:
    """Return the environment of a contender: the checkout is found wherever it runs.

    Compiled modules are kept, as they are for any user: only the first round has to compile.
    """
    kept = {name: value for name, value in os.environ.items() if name not in COMPILED_EACH_TIME}
    return {**kept, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def clear(out: Path) -> None:
    """Remove earlier results."""
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink(missing_ok=True)


def last_line(printed: str) -> dict[str, Any]:
    """Return what a contender prints as its last line."""
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found
