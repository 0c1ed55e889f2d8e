"""Where a batch stands: a database, and a folder for what is too large for memory."""

import shutil
import tempfile
import weakref
from pathlib import Path

import duckdb

from engine.records.memory import allowed

# text beyond so many bytes goes to a temporary file
LARGE = 200_000_000
# and the database itself stands in a file: what it holds at once is for its sorts and joins
OF_A_FILE = 2_000_000_000


class Scratch:
    """A temporary folder: removed when it is closed, at the latest when it is forgotten."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="audit-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and all that it holds."""
        self._remove()


def connect(scratch: Path, size: int, memory: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that never reaches for the network and spills into `scratch`.

    It holds at most `memory` bytes at once; without a number, what the machine allows.
    """
    most = memory or (allowed() if size <= LARGE else min(allowed(), OF_A_FILE))
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
        "temp_directory": str(scratch / "spill"),
        "memory_limit": f"{most // 1024}KiB",
    }
    if size <= LARGE:
        con = duckdb.connect(config=config)
    else:
        con = duckdb.connect(str(scratch / "batch.duckdb"), config=config)
    con.execute("CREATE SCHEMA typed")
    return con
