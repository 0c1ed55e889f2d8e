"""Write a Parquet batch as people send it: `other_formats.py BATCH PLACE csv|xlsx`.

The same audits, so that what is read from CSV files and workbooks can be compared with the rest.
A workbook holds what a sheet holds: 1,048,575 rows of each table.
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
from xlsxwriter.workbook import Workbook

AS_TEXT = {"BOOLEAN": "CASE {0} WHEN true THEN 'yes' WHEN false THEN 'no' END"}
LIST, MONTH = "array_to_string({0}, ';')", "strftime({0}, '%Y-%m')"
AT_ONCE = 10_000


def main(batch: Path, place: Path, form: str) -> None:
    con = duckdb.connect()
    making = place.with_name(f"{place.name}.making")
    making.mkdir(parents=True)
    if form == "csv":
        for name, read in tables(con, batch):
            con.execute(f"COPY ({read}) TO '{making / name}.csv' (FORMAT csv, HEADER)")
    else:
        with Workbook(making / "audits.xlsx", {"constant_memory": True}) as book:
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for name, read in tables(con, batch):
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows(con, read)):
                    for column, cell in enumerate(row):
                        if isinstance(cell, date):
                            sheet.write_datetime(number, column, cell, day)
                        elif cell is not None:
                            sheet.write(number, column, cell)
    making.rename(place)


def tables(con: duckdb.DuckDBPyConnection, batch: Path) -> Iterator[tuple[str, str]]:
    """Yield each table with the query of its cells."""
    for path in sorted(batch.iterdir()):
        files = path / "*.parquet" if path.is_dir() else path
        columns = con.execute(f"DESCRIBE FROM read_parquet('{files}')").fetchall()
        cells = (
            (MONTH if name == "birth_month" else LIST if kind.endswith("[]") else
             AS_TEXT.get(kind, "{0}")).format(name) + f" AS {name}"
            for name, kind, *_ in columns
        )  # fmt: skip
        yield path.stem, f"SELECT {', '.join(cells)} FROM read_parquet('{files}')"


def rows(con: duckdb.DuckDBPyConnection, read: str) -> Iterator[tuple[object, ...]]:
    """Yield the names of the columns, then the rows."""
    found = con.execute(read)
    yield tuple(name for name, *_ in found.description or ())
    while some := found.fetchmany(AT_ONCE):
        yield from some


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
