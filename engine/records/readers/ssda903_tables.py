"""The tables of the SSDA903 return, as data: by which columns each is known, and what is read.

The names are those of the CSV files; the XML of the return writes two of them in another way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHILD, BORN = "CHILD", "DOB"
HEADER, EPISODES, REVIEWS, MISSING, WORKERS = (
    "Header",
    "Episodes",
    "Reviews",
    "Missing",
    "SW_Episodes",
)
START, END, NEW, STATUS, PLACE, LEFT = "DECOM", "DEC", "RNE", "LS", "PLACE", "REC"
WORKER, WORKER_START, WORKER_END, WORKER_WHY = "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"
IN_XML: Mapping[str, str] = {"CHILDID": CHILD, "PL": PLACE}

STARTED, SAME_PLACE = "S", "L"
BREAKS = frozenset({"V3", "V4"})  # legal statuses of a child who stays for short breaks
GONE, AWAY = "M", "A"


@dataclass(frozen=True)
class Table:
    """One table: the columns by which it is known, and all that it may have.

    `fills` is the table that it fills, `names` gives the column of each field.
    """

    name: str
    known_by: frozenset[str]
    columns: tuple[str, ...]
    fills: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def _table(
    name: str, known_by: str, columns: str, fills: str = "", names: Mapping[str, str] | None = None
) -> Table:
    listed = tuple(columns.split())
    return Table(name, frozenset({CHILD, *known_by.split()}), listed, fills, names or {})


# In this order a file is held against them.
TABLES = (
    _table(
        EPISODES,
        "DECOM",
        "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE "
        "HOME_POST PL_POST URN",
        "placements",
        {"start_date": START, "end_date": END, "arrangement": PLACE},
    ),
    _table(
        REVIEWS,
        "REVIEW",
        "CHILD DOB REVIEW REVIEW_CODE",
        "reviews",
        {"held_date": "REVIEW", "participation": "REVIEW_CODE"},
    ),
    _table(
        MISSING,
        "MIS_START",
        "CHILD DOB MISSING MIS_START MIS_END",
        "missing_episodes",
        {"missing_at": "MIS_START", "returned_at": "MIS_END"},
    ),
    _table(
        WORKERS,
        "SW_DECOM",
        "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
        "allocations",
        {
            "worker_id": WORKER,
            "start_date": WORKER_START,
            "end_date": WORKER_END,
            "reason": WORKER_WHY,
        },
    ),
    _table("UASC", "DUC", "CHILD SEX DOB DUC"),
    _table(
        "OC2",
        "SDQ_SCORE",
        "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
        "HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    ),
    _table("OC3", "IN_TOUCH", "CHILD DOB IN_TOUCH ACTIV ACCOM"),
    _table(
        "AD1",
        "DATE_INT",
        "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    ),
    _table(
        "PlacedAdoption",
        "DATE_PLACED",
        "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    ),
    _table("PrevPerm", "PREV_PERM", "CHILD DOB PREV_PERM LA_PERM DATE_PERM"),
    _table(HEADER, "SEX DOB", "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB", "audits"),
)
BY_NAME = {table.name: table for table in TABLES}

# Why the child was given the worker. A change for the work's or another reason is some other one.
REASONS: Mapping[str, str] = {
    "FCONTA": "first_worker",
    "TSPROC": "case_transferred",
    "LEFTRL": "worker_left",
    "SWDIED": "worker_left",
    "ABSENC": "worker_absent",
    "ORGRST": "reorganisation",
    "CHCHAN": "family_asked",
    "PCCHAN": "family_asked",
    "MANAGE": "other",
    "OTHERS": "other",
}


def table_of(header: frozenset[str]) -> Table | None:
    """Return the table that has these columns."""
    return next((table for table in TABLES if table.known_by <= header), None)


def column(title: str) -> str:
    r"""Return the name of a column as the return writes it.

    >>> column(" Child "), column("sw decom"), column("CHILDID")
    ('CHILD', 'SW_DECOM', 'CHILD')
    """
    name = "_".join(title.replace("\ufeff", "").strip().strip('"').upper().split())
    return IN_XML.get(name, name)
