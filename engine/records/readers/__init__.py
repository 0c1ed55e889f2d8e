"""The readers, in the order in which they are asked; content decides, and a name where it does not.

To add one: a file here with a `Reader`, a line in `FILES` or `TABLES`, a line in the contract.
"""

import re

from engine.errors import Stop
from engine.records.delimited import DELIMITERS
from engine.records.dictionary import known_name
from engine.records.found import Found, stop
from engine.records.readers.csv_folder import CSV_FOLDER
from engine.records.readers.json_file import JSON_FILE
from engine.records.readers.json_lines import JSON_LINES
from engine.records.readers.parquet_folder import PARQUET_FOLDER
from engine.records.readers.reader import Reader
from engine.records.readers.returns import (
    CIN_CENSUS,
    SSD,
    SSDA903_FOLDER,
    SSDA903_TABLE,
    SSDA903_XML,
)
from engine.records.readers.single_file import single_file
from engine.records.readers.workbook_folder import workbook_folder
from engine.records.readers.workbooks import ANNEX_A, WORKBOOK
from engine.records.readers.yaml_file import YAML_FILE
from engine.records.recognise import YAML_ENDINGS, ending, is_parquet, is_text, lines_of
from engine.rulebook.fields import AUDIT_ID

FILES: tuple[Reader, ...] = (
    ANNEX_A,
    WORKBOOK,
    CIN_CENSUS,
    SSDA903_XML,
    JSON_LINES,
    JSON_FILE,
    YAML_FILE,
)
NAMED = {**dict.fromkeys(YAML_ENDINGS, YAML_FILE), ".json": JSON_FILE}
TABLES: tuple[Reader, ...] = (PARQUET_FOLDER, CSV_FOLDER)
FOLDERS: tuple[Reader, ...] = (
    SSDA903_FOLDER,
    workbook_folder((CIN_CENSUS, SSDA903_XML, JSON_LINES, JSON_FILE, YAML_FILE)),
    single_file(FILES),
)
READERS: tuple[Reader, ...] = (*FILES, SSD, *TABLES, *FOLDERS)


def reader_of(found: Found) -> Reader:
    """Return the reader that recognises what was found, or stop."""
    if found.folder and all(reader.recognise(found) for reader in TABLES):
        said = f"`{found.name}` holds several batches: {' and '.join(r.name for r in TABLES)}"
        raise stop(found.location, "B008", said, "take one of them out of the folder")
    for reader in (*READERS, SSDA903_TABLE):
        if reader.recognise(found):
            return reader
    if is_text(found) and (named := NAMED.get(ending(found))):
        return named  # it says at which place the file is broken
    raise _unknown(found)


def _is_one_table(found: Found) -> bool:
    if is_parquet(found) or not is_text(found):
        return is_parquet(found)
    titles = re.split(f"[{DELIMITERS}]", next(lines_of(found), ""))
    named = (known_name(title, (AUDIT_ID,)) for title in titles)
    return ending(found) in (".csv", ".tsv") or any(named)


def _unknown(found: Found) -> Stop:
    if not found.folder:
        said = f"`{found.name}` is in no format that is read here"
        if _is_one_table(found):
            way_out = "a file like this is one table of a batch: give the folder that holds it"
            return stop(found.location, "B002", said, way_out)
        known = "; ".join(reader.name for reader in READERS)
        return stop(found.location, "B002", said, f"read are: {known}")
    said = "holds no table `audits`" if found.inside else "is empty"
    way_out = "a folder has a file for each table, `audits.csv` first, or one workbook or JSON file"
    return stop(found.location, "B003", f"the folder `{found.name}` {said}", way_out)
