"""Lists of Annex A as the tests give them, and what was read of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from engine.pipeline import Scoring, score
from engine.records import Batch
from engine.reports.view import View
from engine.rulebook.book import Rulebook

ROOT = Path(__file__).parents[4]

Cells = Sequence[object]
Sheets = Mapping[str, Sequence[Cells]]
Read = Callable[..., Batch]

WHO = ("Child Unique ID", "Date of Birth", "Allocated Team", "Allocated Worker")
HEADERS: Mapping[int, tuple[str, ...]] = {
    1: (*WHO, "Date of Contact", "Contact Source"),
    2: (*WHO, "Assessment start date", "Organisation completing assessment"),
    3: (*WHO, "Date of Referral", "Referral NFA?"),
    4: (
        *WHO,
        "Continuous Assessment Start Date",
        "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
    ),
    5: (
        *WHO,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
    ),
    6: (*WHO, "CIN Start Date", "Date Child Was Last Seen", "CIN Closure Date", "Case Status"),
    7: (
        *WHO,
        "Child Protection Plan Start Date",
        "Date of the Last Statutory Visit",
        "Was the Child Seen Alone?",
        "Date of latest review conference",
        "Child Protection Plan End Date",
    ),
    8: (
        *WHO,
        "Start Date of Most Recent Placement",
        "Placement Type",
        "Date of Last Social Work Visit",
        "Date of Latest Statutory Review",
        "Date Ceased to be Looked After",
        "Date Started to be Looked After",
        "Date of Last Health Assessment",
    ),
    9: (
        *WHO,
        "Eligibility Category",
        "Latest Pathway Plan Review Date",
        "Allocated Personal Advisor",
    ),
    10: (*WHO, "Family identifier", "Date the Child Entered Care", "Date of Adoption Order"),
}
BORN = date(2012, 5, 17)


def line(number: int, child: object, *given: object, birth: object = BORN) -> list[object]:
    """Return a line of a list: the child, and the cells that follow the four of every list."""
    blank: list[object] = [None] * (len(HEADERS[number]) - len(WHO) - len(given))
    return [child, birth, f"Team {number}", f"Worker\u00a0{number}", *given, *blank]


def sheet(number: int, *lines: Cells) -> list[Cells]:
    """Return the rows of a list's sheet."""
    return [HEADERS[number], *lines]


def plan(child: object = "C1", **given: object) -> list[object]:
    """Return a line of List 7; what is not given is a plan that goes on, and one visit."""
    usual: dict[str, object] = {
        "start": date(2024, 3, 4),
        "visit": date(2024, 5, 1),
        "alone": "a) Yes",
        "review": None,
        "end": None,
    }
    return line(7, child, *(usual | given).values())


def cared(child: object = "C1", **given: object) -> list[object]:
    """Return a line of List 8; what is not given is a child in care for five months."""
    usual: dict[str, object] = {
        "placed": date(2024, 1, 8),
        "placement": "f) U6: Foster placement - not FFA",
        "visit": date(2024, 5, 20),
        "review": date(2024, 5, 13),
        "ceased": None,
        "started": date(2024, 1, 8),
        "health": date(2024, 1, 29),
    }
    return line(8, child, *(usual | given).values())


def rows(batch: Batch, table: str, *columns: str) -> list[Any]:
    """Return columns of a typed table in order."""
    query = f"SELECT {', '.join(columns)} FROM typed.{table} ORDER BY ALL"
    return batch.con.execute(query).fetchall()


def codes(batch: Batch) -> list[tuple[str, str]]:
    """Return the code and the place within the file of every problem."""
    return [(p.code, str(p.location).partition("!")[2]) for p in batch.problems]


def view_of(rulebook: Rulebook, batch: Batch, as_of: date) -> View:
    """Return the result of scoring a batch."""

    def no_progress(_: int, __: int) -> None:
        """Say nothing."""

    return score(Scoring(rulebook, batch, as_of), no_progress)


def outcomes(rulebook: Rulebook, batch: Batch) -> dict[str, str]:
    """Return the outcome of every standard on the only audit."""
    (audit,) = view_of(rulebook, batch, date(2024, 6, 3)).audits
    assert audit.auditor_grade is None
    return {finding.standard: str(finding.outcome) for finding in audit.findings}
