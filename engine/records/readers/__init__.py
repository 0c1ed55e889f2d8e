"""The readers, in the order in which they are asked; content decides, never a file's name.

To add one: a file here with a `Reader`, a line in `FILES` or `READERS`, a line in the contract.
"""

from engine.records.found import Found, stop
from engine.records.readers.annex_a import ANNEX_A
from engine.records.readers.csv_folder import CSV_FOLDER
from engine.records.readers.json_file import JSON_FILE
from engine.records.readers.json_lines import JSON_LINES
from engine.records.readers.parquet_folder import PARQUET_FOLDER
from engine.records.readers.reader import Reader
from engine.records.readers.single_file import single_file
from engine.records.readers.workbook import WORKBOOK
from engine.records.readers.yaml_file import YAML_FILE

FILES: tuple[Reader, ...] = (ANNEX_A, WORKBOOK, JSON_LINES, JSON_FILE, YAML_FILE)
READERS: tuple[Reader, ...] = (*FILES, PARQUET_FOLDER, CSV_FOLDER, single_file(FILES))


def reader_of(found: Found) -> Reader:
    """Return the reader that recognises what was found, or stop."""
    for reader in READERS:
        if reader.recognise(found):
            return reader
    known = "; ".join(reader.name for reader in READERS)
    if not found.folder:
        said = f"`{found.name}` is in no format that is read here"
        raise stop(found.location, "B002", said, f"read are: {known}")
    said = "holds no table `audits`" if found.inside else "is empty"
    way_out = "a folder has a file for each table, `audits.csv` first, or one workbook or JSON file"
    raise stop(found.location, "B003", f"the folder `{found.name}` {said}", way_out)
