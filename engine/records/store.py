"""Where a batch stands: a database, and a folder for what is too large for memory."""

import shutil
import tempfile
import weakref
from pathlib import Path

import duckdb

# text beyond so many bytes goes to a temporary file
LARGE = 200_000_000
MEMORY = "2GB"


class Scratch:
    """A temporary folder: removed when it is closed, at the latest when it is forgotten."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="audit-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and all that it holds."""
        self._remove()


def connect(scratch: Path, size: int) -> duckdb.DuckDBPyConnection:
    """Return a connection that never reaches for the network and spills into `scratch`."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
        "temp_directory": str(scratch / "spill"),
    }
    if size <= LARGE:
        con = duckdb.connect(config=config)
    else:
        con = duckdb.connect(str(scratch / "batch.duckdb"), config=config)
        con.execute(f"SET memory_limit = '{MEMORY}'")
    con.execute("CREATE SCHEMA typed")
    return con
