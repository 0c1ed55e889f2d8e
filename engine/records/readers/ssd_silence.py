"""Of which children an extract cannot tell: what is missing in it is never held against a case.

In: which tables are there, what they hold, which children they name. Out: children's tables that
count as not examined.
"""

from collections import defaultdict
from collections.abc import Collection

from engine.records.readers.ssd_children import Horizon
from engine.records.readers.ssd_shapes import Table
from engine.records.readers.ssd_tables import (
    ASSESSMENTS,
    CARE,
    CARE_PLANS,
    CARE_REVIEWS,
    CARE_VISITS,
    CIN_PLANS,
    CIN_VISITS,
    CONFERENCES,
    CP_PLANS,
    CP_REVIEWS,
    CP_VISITS,
    ENQUIRIES,
    PLACEMENTS,
)
from engine.records.record_checks import RecordChecks
from engine.records.stage import Stage

PLANS = (CIN_PLANS, CP_PLANS, CARE_PLANS)
# our table, the table of the dataset that fills it, and those whose children are asked about it
NEEDED = (
    ("visits", CIN_VISITS, (CIN_PLANS, ASSESSMENTS)),
    ("visits", CP_VISITS, (CP_PLANS,)),
    ("visits", CARE_VISITS, (PLACEMENTS,)),
    ("conferences", CONFERENCES, (ENQUIRIES,)),
    ("conferences", CP_REVIEWS, (CP_PLANS,)),
    ("reviews", CARE_REVIEWS, (CARE, PLACEMENTS)),
)
VITAL = ("child_seen",)  # without it, a visit proves nothing
SERIES = ("visits", "reviews", "conferences", "health_assessments")
OF_A_LEAVER = ("plans", "reviews", "visits")


class Silence:
    """What an extract cannot tell, child by child."""

    def __init__(self, checks: RecordChecks, stage: Stage, tables: Collection[str]) -> None:
        self.checks, self.stage, self.tables = checks, stage, tables
        self.seen: dict[str, set[str]] = defaultdict(set)
        self.dangling: set[str] = set()
        self._lacks: dict[str, set[str]] = {}

    def holds(self, table: Table, columns: Collection[str]) -> None:
        """Take the columns that some row of a table fills."""
        if table.rows and table.rows.table == "visits":
            given = table.rows.columns
            self._lacks[table.name] = {n for n in VITAL if given[n].name not in columns}

    def finish(self, horizon: Horizon) -> None:
        """Mark what cannot be told."""
        for ours, source, asked in NEEDED:
            if source not in self.tables:
                self._mark(ours, *(self.seen[name] for name in asked))
        for source, fields in self._lacks.items():
            if fields & self.stage.rows("visits").present:
                self._mark("visits", self.seen[source])
        if any(name not in self.tables for name in PLANS):
            told = set().union(*(self.seen[name] for name in PLANS))
            self._mark("plans", self.checks.children.keys() - told)
        self._mark("assessments", self.dangling)
        self._reviews_of_children_in_need()
        self._cut_off(horizon)

    def _mark(self, table: str, *children: Collection[str]) -> None:
        for number in {one for some in children for one in some}:
            self.checks.not_told(number, table)

    def _reviews_of_children_in_need(self) -> None:
        """Mark the reviews of a plan that the dataset has no table for.

        The reviews of a child who is in care now are told, so there the older plan is given up.
        """
        for number in self.seen[CIN_PLANS]:
            in_care = self.checks.case_type(number) == "child_in_care"
            self.checks.not_told(number, "plans" if in_care else "reviews")
        for number in self.checks.children:
            if self.checks.case_type(number) == "care_leaver":
                for table in OF_A_LEAVER:
                    self.checks.not_told(number, table)

    def _cut_off(self, horizon: Horizon) -> None:
        for table in SERIES:
            if cut := horizon.cut(table):
                since = horizon.since.items()
                self._mark(table, [number for number, day in since if day < cut])
