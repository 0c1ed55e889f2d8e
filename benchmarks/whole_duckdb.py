"""All standards of the shipped book in hand-written DuckDB SQL: a Parquet batch in, one file out.

What an analyst would write who knows DuckDB and the book: nothing is explained, and nothing is
validated. The SQL stands in whole/*.sql, run in the order of `STAGES`; later files use the tables
that earlier ones made.
"""

import sys
from datetime import date
from pathlib import Path

import duckdb
from handwritten_duckdb import TABLES as OF_FIFTEEN
from handwritten_duckdb import files, make_calendar, statements
from phases import Clock

# those of the fifteen standards, and what the others ask for
TABLES = (
    *OF_FIFTEEN,
    "core_groups",
    "missing_episodes",
    "feedback",
    "allocations",
    "transfers",
    "exploitation_risks",
    "allegations",
    "threshold_decisions",
    "chronologies",
    "domestic_abuse",
    "health_assessments",
    "iro_escalations",
)
STAGES = (
    "audit",
    "protection",
    "assessments",
    "visits",
    "plans",
    "care",
    "oversight",
    "judgement",
    "results",
)
WHOLE = Path(__file__).parent / "whole"


def main(data: Path, out: Path, as_of: date) -> None:
    clock = Clock()
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET VARIABLE as_of = ?::DATE", [as_of])
    for table in TABLES:
        con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{files(data, table)}')")
    make_calendar(con)
    clock.done("start")
    for title, statement in statements(WHOLE / f"{stage}.sql" for stage in STAGES):
        con.execute(statement)
        clock.done(title)
    con.execute(f"COPY results TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
    clock.done("write")
    clock.print(duckdb=duckdb.__version__)


if __name__ == "__main__":
    given, made, day = sys.argv[1:]
    main(Path(given), Path(made), date.fromisoformat(day))
