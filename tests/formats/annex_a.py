"""Write tables as Ofsted's Annex A: of each thing the latest day alone, and much not at all.

What Annex A cannot hold is left out, as a council's own extract would leave it out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]
Line = Mapping[str, str | None]

WHO = ("Child Unique ID", "Gender", "Date of Birth", "Allocated Team", "Allocated Worker")
YES_NO = {"yes": "a) Yes", "no": "b) No"}
PLACEMENTS = {
    "connected_carer": "a) U1: Foster placement - relatives - long term",
    "foster_care": "f) U6: Foster placement - not FFA",
    "prospective_adopter": "g) A3: Placed for adoption",
    "residential": "h) K2: Children's Homes",
    "semi_independent": "n) H5: Residential accommodation",
    "parent": "p) P1: Placed with parents",
    "other": "r) P3: Other",
}


def write(tables: Tables, to: Path) -> Path:
    """Write the ten lists of children as a workbook."""
    book = xlsxwriter.Workbook(to, {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, (header, lines) in LISTS.items():
        sheet = book.add_worksheet(f"List {number}")
        sheet.write_row(0, 0, (*WHO, *header))
        for at, line in enumerate(_of_all(tables, lines), start=1):
            for column, name in enumerate((*WHO, *header)):
                _write(sheet, at, column, line.get(name), day)
    book.close()
    return to


def _write(sheet: object, at: int, column: int, cell: str | None, day: object) -> None:
    try:
        sheet.write_datetime(at, column, date.fromisoformat(cell or ""), day)  # type: ignore[attr-defined]
    except ValueError:
        sheet.write(at, column, cell)  # type: ignore[attr-defined]


def _of_all(tables: Tables, lines: "Lines") -> Iterator[Line]:
    for audit in tables["audits"]:
        child = _Child(audit, tables)
        for line in lines(child):
            yield {**child.who, **line}


class _Child:
    """One audited child, with the rows of each table."""

    def __init__(self, audit: Row, tables: Tables) -> None:
        self.audit, self.tables = audit, tables
        month = audit.get("birth_month")
        self.who = {
            "Child Unique ID": audit.get("child_id") or audit["audit_id"],
            "Date of Birth": "Unborn" if audit.get("unborn") == "yes" else month and f"{month}-17",
            "Allocated Team": audit.get("team"),
            "Allocated Worker": audit.get("worker_id"),
        }

    def rows(self, table: str, **where: str) -> list[Row]:
        """Return the rows of a table that hold what is asked for."""
        return [
            row
            for row in self.tables.get(table, ())
            if row["audit_id"] == self.audit["audit_id"]
            and all(row.get(name) == value for name, value in where.items())
        ]

    def latest(self, table: str, day: str, since: str | None = None, **where: str) -> Row:
        """Return the row with the latest day; none lies before `since`."""
        found = [row for row in self.rows(table, **where) if (row.get(day) or "") >= (since or "0")]
        return max(found, key=lambda row: row.get(day) or "", default={})


Lines = Callable[[_Child], Iterator[Line]]


def _referrals(child: _Child) -> Iterator[Line]:
    for row in child.rows("referrals"):
        yield {"Date of Referral": row.get("received_date")}


def _assessments(child: _Child) -> Iterator[Line]:
    for row in child.rows("assessments"):
        if row.get("kind") not in ("early_help", "pathway_needs", "connected_carer", "other"):
            seen = YES_NO.get(row.get("child_seen") or "")
            yield {
                "Continuous Assessment Start Date": row.get("start_date"),
                "Child Seen During Continuous Assessment": (
                    "Unborn" if row.get("kind") == "pre_birth" else seen
                ),
                "Continuous Assessment Date of Authorisation": row.get("authorised_date"),
            }


def _enquiries(child: _Child) -> Iterator[Line]:
    for row in child.rows("enquiries"):
        began = row.get("start_date") or ""
        days = [r.get("held_date") or "" for r in child.rows("strategy_discussions")]
        began = max((day for day in days if day and day <= began), default=began)
        held = sorted(
            r.get("held_date") or "" for r in child.rows("conferences") if _initial(r, began)
        )
        unnecessary = {"yes": "b) No", "no": "a) Yes"}.get(row.get("conference_required") or "")
        yield {
            "Strategy discussion initiating Section 47 Enquiry Start Date": began,
            "Was an Initial Child Protection Conference deemed unnecessary?": unnecessary,
            "Date of Initial Child Protection Conference": next(iter(held), None),
        }


def _initial(row: Row, began: str) -> bool:
    return row.get("kind") in ("initial", "pre_birth") and (row.get("held_date") or "") >= began


def _in_need(child: _Child) -> Iterator[Line]:
    for row in child.rows("plans", kind="child_in_need"):
        seen = child.latest("visits", "visit_date", child_seen="yes")
        yield {
            "Date Child Was Last Seen": seen.get("visit_date"),
            "CIN Closure Date": row.get("end_date"),
            "Case Status": "c) Child in need plan",
        }


def _protected(child: _Child) -> Iterator[Line]:
    for row in child.rows("plans", kind="child_protection"):
        since = row.get("start_date")
        visit = child.latest("visits", "visit_date", since, kind="child_protection")
        review = child.latest("conferences", "held_date", since, kind="review")
        alone = YES_NO.get(visit.get("seen_alone") or "")
        yield {
            "Child Protection Plan Start Date": since,
            "Date of the Last Statutory Visit": visit.get("visit_date"),
            "Was the Child Seen Alone?": (
                "Child not seen" if visit.get("child_seen") == "no" else alone
            ),
            "Date of latest review conference": review.get("held_date"),
            "Child Protection Plan End Date": row.get("end_date"),
        }


def _in_care(child: _Child) -> Iterator[Line]:
    if child.audit.get("case_type") != "child_in_care":
        return
    since = child.audit.get("came_into_care_date")
    placement = child.latest("placements", "start_date")
    visit = child.latest("visits", "visit_date", since, kind="child_in_care")
    review = child.latest("reviews", "held_date", since, kind="child_in_care")
    health = child.latest("health_assessments", "assessment_date", since)
    yield {
        "Date Started to be Looked After": since,
        "Start Date of Most Recent Placement": placement.get("start_date"),
        "Placement Type": PLACEMENTS.get(placement.get("arrangement") or ""),
        "Date of Last Social Work Visit": visit.get("visit_date"),
        "Date of Latest Statutory Review": review.get("held_date"),
        "Date of Last Health Assessment": health.get("assessment_date"),
        "Date Ceased to be Looked After": child.audit.get("left_care_date"),
    }


def _leaving(child: _Child) -> Iterator[Line]:
    if child.audit.get("case_type") == "care_leaver":
        review = child.latest("reviews", "held_date", kind="pathway")
        yield {"Latest Pathway Plan Review Date": review.get("held_date")}


def _contacts(child: _Child) -> Iterator[Line]:
    if child.audit.get("case_type") == "front_door" and not child.rows("referrals"):
        yield {}


def _helped(child: _Child) -> Iterator[Line]:
    if child.audit.get("case_type") == "early_help":
        yield {}


def _adopted(_: _Child) -> Iterator[Line]:
    yield from ()


LISTS: Mapping[int, tuple[tuple[str, ...], Lines]] = {
    1: (("Date of Contact", "Contact Source"), _contacts),
    2: (("Assessment start date", "Organisation completing assessment"), _helped),
    3: (("Date of Referral", "Referral NFA?"), _referrals),
    4: (
        (
            "Continuous Assessment Start Date",
            "Child Seen During Continuous Assessment",
            "Continuous Assessment Date of Authorisation",
        ),
        _assessments,
    ),
    5: (
        (
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            "Was an Initial Child Protection Conference deemed unnecessary?",
            "Date of Initial Child Protection Conference",
        ),
        _enquiries,
    ),
    6: (
        ("CIN Start Date", "Date Child Was Last Seen", "CIN Closure Date", "Case Status"),
        _in_need,
    ),
    7: (
        (
            "Child Protection Plan Start Date",
            "Date of the Last Statutory Visit",
            "Was the Child Seen Alone?",
            "Date of latest review conference",
            "Child Protection Plan End Date",
        ),
        _protected,
    ),
    8: (
        (
            "Date Started to be Looked After",
            "Start Date of Most Recent Placement",
            "Placement Type",
            "Date of Last Social Work Visit",
            "Date of Latest Statutory Review",
            "Date of Last Health Assessment",
            "Date Ceased to be Looked After",
        ),
        _in_care,
    ),
    9: (("Eligibility Category", "Latest Pathway Plan Review Date"), _leaving),
    10: (("Family identifier", "Date the Child Entered Care"), _adopted),
}
