"""Write tables as an auditor's workbook: a sheet a table.

The columns are those that the rows have; a table without rows has all of the dictionary.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from tests.unit.readers.given import names

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]

PLAIN = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)


def write(tables: Tables, to: Path) -> Path:
    """Write the tables."""
    book = xlsxwriter.Workbook(to, PLAIN)
    for table, rows in tables.items():
        sheet = book.add_worksheet(table)
        held = {"audit_id", *(name for row in rows for name in row)}
        header = [name for name in names(table) if name in held or not rows]
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row.get(name) for name in header])
    book.close()
    return to
