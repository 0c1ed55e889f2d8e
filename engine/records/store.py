"""The database that a batch stands in: in memory, or in a temporary file when it is large."""

from pathlib import Path

import duckdb

# text beyond so many bytes goes to a temporary file
LARGE = 200_000_000
MEMORY = "2GB"


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
