"""The readers, in the order in which they are asked; content decides, never a file's name.

To add one: a file here with a `Reader`, a line in `READERS`, a line in the import contract.
"""

from engine.records.found import Found, stop
from engine.records.readers.csv_folder import CSV_FOLDER
from engine.records.readers.json_lines import JSON_LINES
from engine.records.readers.parquet_folder import PARQUET_FOLDER
from engine.records.readers.reader import Reader

READERS: tuple[Reader, ...] = (JSON_LINES, PARQUET_FOLDER, CSV_FOLDER)


def reader_of(found: Found) -> Reader:
    """Return the reader that recognises what was found."""
    for reader in READERS:
        if reader.recognise(found):
            return reader
    raise stop(
        found.location,
        "B002",
        f"`{found.name}` is in no format that is read here",
        f"give {', '.join(reader.name for reader in READERS)}",
    )
