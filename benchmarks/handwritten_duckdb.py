"""The fifteen standards in hand-written DuckDB SQL: a Parquet batch in, one Parquet file out.

What an analyst would write who needs just these standards on just these fields: nothing is
explained, and nothing is validated unless `checked` is the last argument. The SQL stands in
handwritten_*.sql.
"""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
from handwritten_checks import MORE_TABLES, checked
from phases import Clock
from working_days import working_days

HERE = Path(__file__).parent
SCRIPTS = ("standards", "judgement")
TABLES = (
    "audits",
    "domain_grades",
    "answers",
    "plans",
    "plan_actions",
    "visits",
    "supervisions",
    "supervision_actions",
    "oversight",
    "referrals",
    "assessments",
    "strategy_discussions",
    "enquiries",
    "conferences",
    "reviews",
    "placements",
)


def main(data: Path, out: Path, as_of: date, *, checking: bool) -> None:
    clock = Clock()
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET VARIABLE as_of = ?::DATE", [as_of])
    for table in (*TABLES, *MORE_TABLES) if checking else TABLES:
        con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{files(data, table)}')")
    make_calendar(con)
    clock.done("start")
    if checking:
        check(con)
        clock.done("check")
    for title, statement in statements(HERE / f"handwritten_{name}.sql" for name in SCRIPTS):
        con.execute(statement)
        clock.done(title)
    con.execute(f"COPY results TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
    clock.done("write")
    clock.print(duckdb=duckdb.__version__)


def check(con: duckdb.DuckDBPyConnection) -> None:
    """End the run if any check finds a fault, else print what a reader of the results asks for."""
    found = checked(con)
    if found.faults:
        sys.exit("\n".join(("this batch is refused:", *found.faults)))
    print(f"{found.early:,} rows recorded before they happened; rows {found.fingerprint}")


def files(data: Path, table: str) -> str:
    """Return the file of a table, or the pattern of its parts."""
    one = data / f"{table}.parquet"
    return str(one if one.is_file() else data / table / "*.parquet")


def make_calendar(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table of days, each with the number of working days up to it."""
    first, counted = working_days()
    con.execute(
        """CREATE TEMP TABLE calendar AS
           SELECT $first::DATE + unnest(range(len($counted)))::INTEGER AS day,
                  unnest($counted::INTEGER[]) AS n""",
        {"first": first, "counted": counted},
    )


def statements(scripts: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the statements of SQL files, each with the name of what it makes."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in scripts)
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    found = [part.strip() for part in "\n".join(lines).split(";\n") if part.strip()]
    return [(one.split("(")[0].split(" AS")[0].split()[-1], one) for one in found]


if __name__ == "__main__":
    given, made, day, *more = sys.argv[1:]
    main(Path(given), Path(made), date.fromisoformat(day), checking="checked" in more)
