"""How much memory a run may take, and how a run ends that needs more of it or of the disk.

In: what the user asked for, and what the machine says of itself. Out: bytes, or the end of the run.
"""

import ctypes
import os
import re
import sys
from pathlib import Path, PurePosixPath

import duckdb

from engine.errors import Location, Stop
from engine.records.found import stop

MIB, GIB = 1 << 20, 1 << 30
# Of what the machine has, the rest is for Python, for files read and for other programs.
SHARE = 0.6
MOST, LEAST = 3 * GIB, 256 * MIB
# What a slice in work takes of it, with room for the sorts of a large one.
A_SLICE = 640 * MIB
TIB = 1 << 40
# The database takes no number beyond 64 bits; nobody has a sixteenth of this.
FAR = 1 << 60
UNITS = {"": 1, "B": 1, "KB": 1 << 10, "MB": MIB, "GB": GIB, "TB": TIB}
UNITS |= {"KIB": 1 << 10, "MIB": MIB, "GIB": GIB, "TIB": TIB}
# words of the database
FULL, OFFLOAD = "No space left", "failed to offload"
GROUPS = Path("/sys/fs/cgroup")
OWN_GROUP = Path("/proc/self/cgroup")


def allowed() -> int:
    """Return how many bytes the database may hold at once where the user says nothing of it."""
    return max(LEAST, min(MOST, int(machine() * SHARE)))


def parse(text: str) -> int:
    """Read an amount of memory such as `2GB`.

    Raises:
        Stop: it is none, or too little to do anything with.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    unit = found[2].upper() if found else ""
    where = Location("--memory")
    if not found or unit not in UNITS:
        way_out = "write it such as 800MB or 2GB"
        raise stop(where, "B600", f"`{text}` is no amount of memory", way_out)
    given = int(min(float(found[1]) * UNITS[unit], FAR))
    if given < LEAST:
        said = f"{shown(given)} of memory are too little"
        raise stop(where, "B600", said, f"give {shown(LEAST)} or more")
    return given


def machine() -> int:
    """Return how much memory the machine, or the container, has."""
    return min([_physical(), *_groups()])


def shown(number: int) -> str:
    """Return an amount of memory for a person.

    >>> shown(3 << 30), shown(300 << 20), shown(2_500_000_000)
    ('3 GiB', '300 MiB', '2.3 GiB')
    """
    if number < GIB:
        return f"{number // MIB} MiB"
    return f"{number / GIB:.1f}".removesuffix(".0") + " GiB"


def workers(con: duckdb.DuckDBPyConnection, most: int) -> int:
    """Return how many slices may be in work at once within the memory of a connection."""
    return max(1, min(most, limit_of(con) // A_SLICE))


def limit_of(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many bytes the database may hold."""
    (text,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    found = re.fullmatch(r"([\d.]+) (bytes|KiB|MiB|GiB|TiB)", text)
    units = {"bytes": 1, "KiB": 1 << 10, "MiB": MIB, "GiB": GIB, "TiB": TIB}
    return int(float(found[1]) * units[found[2]]) if found else MOST


def exhausted(con: duckdb.DuckDBPyConnection, error: duckdb.Error) -> Stop | None:
    """Return the end of a run that ran out of memory or room to spill; `None` for other errors."""
    text = str(error)
    memory = isinstance(error, duckdb.OutOfMemoryException)
    if not memory and FULL not in text:
        return None
    (spill,) = con.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    if OFFLOAD in text or (FULL in text and spill in text):
        # the scratch folder of the run stands in the one for temporary files
        place = str(PurePosixPath(Path(spill).as_posix()).parent.parent)
        said = f"the folder for temporary files, `{place}`, is full"
        way_out = f"make room there, or name another folder: {_temporary()}=FOLDER"
        return stop(Location(place), "B602", said, way_out)
    return _too_little(limit_of(con)) if memory else None


def _too_little(limit: int) -> Stop:
    has = machine()
    more = "" if 2 * limit > has * SHARE else f"give more with --memory {shown(2 * limit)}, or "
    said = f"the batch needs more memory than the {shown(limit)} that it may take"
    parts = "score it by parts: several folders, each with all rows of some of the audits"
    where = Location("--memory")
    return stop(where, "B601", f"{said}; the machine has {shown(has)}", f"{more}{parts}")


def _temporary() -> str:
    return "TEMP" if sys.platform == "win32" else "TMPDIR"


def _physical() -> int:
    if sys.platform == "win32":
        return _of_windows()
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _of_windows() -> int:  # pragma: no cover - no test runs there
    status = (ctypes.c_ulonglong * 8)()
    head = ctypes.cast(status, ctypes.POINTER(ctypes.c_ulong))
    head[0] = ctypes.sizeof(status)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - it is there on Windows alone
    return int(status[1]) if kernel.GlobalMemoryStatusEx(status) else 4 * GIB


def _groups() -> list[int]:
    """Return the limits that the groups of this process set it, as containers do."""
    limits = []
    for path in _limits():
        try:
            text = path.read_text("utf-8").strip()
        except OSError:
            continue
        if text.isdigit():
            limits.append(int(text))
    return limits


def _limits() -> list[Path]:
    """Return the files that may hold a limit: of the group of this process and those above it."""
    try:
        lines = OWN_GROUP.read_text("utf-8").splitlines()
    except OSError:
        return []
    files = []
    for line in lines:
        _, kinds, group = (*line.split(":", 2), "", "")[:3]
        if kinds == "memory":
            root, name = GROUPS / "memory", "memory.limit_in_bytes"
        elif not kinds:
            root, name = GROUPS, "memory.max"
        else:
            continue
        inner = PurePosixPath(group.lstrip("/"))
        files += [root / above / name for above in (inner, *inner.parents)]
    return files
