"""What this engine checks of every batch, in hand-written DuckDB SQL: it stands in the .sql beside.

A batch that is at fault anywhere is refused as a whole; the engine puts the bad rows aside.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

SQL = Path(__file__).with_suffix(".sql")
# beyond those that the standards read
MORE_TABLES = ("core_groups", "missing_episodes", "feedback", "moderations")
ANOTHER_TYPE = "a column is of another type"


@dataclass
class Checked:
    """What the checks found: faults in words, and figures by table."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def early(self) -> int:
        """Return how many rows were recorded before they happened."""
        return sum(told.get("early", 0) for told in self.figures.values())

    @property
    def fingerprint(self) -> str:
        """Return one hash for all rows, whatever their order."""
        return hashlib.sha256(repr(sorted(self.figures.items())).encode()).hexdigest()


def checked(con: duckdb.DuckDBPyConnection) -> Checked:
    """Run all checks over the views of a batch."""
    found = Checked()
    for statement in statements():
        answer = con.execute(statement)
        titles = [title for title, *_ in answer.description or ()]
        if "table" not in titles:  # a macro or a variable
            continue
        for row in answer.fetchall():
            note(found, dict(zip(titles, row, strict=True)))
        if found.faults and ANOTHER_TYPE in titles:  # nothing else can be asked of such columns
            break
    return found


def note(found: Checked, told: dict[str, object]) -> None:
    """Sort what a statement told of a table into faults and figures."""
    table = str(told.pop("table"))
    found.faults += [f"{table}: {title}" for title, value in told.items() if value is True]
    # true and false are whole numbers to Python, and no figures
    figures = {t: n for t, n in told.items() if isinstance(n, int) and not isinstance(n, bool)}
    if figures:
        found.figures[table] = figures


def statements() -> list[str]:
    """Return the statements of the SQL file."""
    lines = SQL.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return [part.strip() for part in text.split(";\n") if part.strip()]
