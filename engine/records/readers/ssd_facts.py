"""What one row says because of another, or in words of its own: joins, outcomes, workers.

In: a line and the cells that it gives. Out: the same cells, put right.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING

from engine.errors import Location
from engine.records.cells import identifier, plain
from engine.records.places import Place
from engine.records.readers.ssd_children import Days, People
from engine.records.readers.ssd_files import Line
from engine.records.readers.ssd_shapes import WORKER_ROLES, Table
from engine.records.readers.ssd_tables import (
    ASSESSMENTS,
    CONFERENCES,
    ENQUIRIES,
    EPISODES,
    INVOLVEMENTS,
)
from engine.records.record_checks import RecordChecks
from engine.records.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Container

HEALTH = "ssd_cla_health"
SHOWN = 10
REQUIRED = ("cp_conference", "child_protection_conference", "icpc", "initial_conference")
NOBODY = ("-1", "-1.0")


class Facts:
    """What the rows of an extract say of one another."""

    def __init__(
        self, stage: Stage, people: People, teams: Mapping[str, str], day: Days, where: Location
    ) -> None:
        self.stage, self.people = stage, people
        self.teams, self.day = teams, day
        self.referred: dict[tuple[str, str], set[str]] = {}
        self.conferred: set[tuple[str, str]] = set()
        self.numbered: dict[tuple[str, str], str] = {}
        self.holders: dict[str, tuple[date, str, str, Place]] = {}
        self.roles: dict[str, int] = defaultdict(int)
        self.known_roles = self.broken = 0
        self.roles_in = where

    def adds(self, table: Table, held: "Container[str]") -> set[str]:
        """Return the fields that a table fills beside those of its columns."""
        if table.name == ENQUIRIES and "s47e_s47_nfa" in held:
            return {"conference_required"}
        return {"kind"} if table.name == ASSESSMENTS else set()

    def takes(self, table: Table, tables: "Container[str]") -> AbstractSet[str]:
        """Return the fields that a table cannot fill because another table is missing."""
        missing = table.name == ASSESSMENTS and EPISODES not in tables
        return {"referral_date"} if missing else frozenset()

    def skips(self, table: Table, line: Line) -> str:
        """Return what a row is that is not read; nothing for one that is."""
        skip = table.skip
        if skip and plain(line[skip.column] or "") in skip.words:
            return skip.what
        if table.name == HEALTH and not _is_health_assessment(line["clah_health_check_type"]):
            return "of a check that is no health assessment"
        return self._skips_worker(line) if table.name == INVOLVEMENTS else ""

    def settle(
        self, table: Table, number: str, line: Line, cells: dict[str, str], place: Place
    ) -> bool:
        """Put the cells of a row right; say whether it points at a row that is not there."""
        if table.name == EPISODES:
            key = number, identifier(line[table.key])
            self.referred.setdefault(key, set()).add(cells["received_date"])
        elif table.name == ASSESSMENTS:
            return self._assessment(number, cells, place)
        elif table.name == CONFERENCES:
            self._conference(number, line, cells)
        elif table.name == ENQUIRIES:
            cells["conference_required"] = self._required(number, line, place)
        elif table.name == HEALTH:
            cells["kind"] = _kind_of_check(cells["kind"])
        elif table.name == INVOLVEMENTS:
            self._holder(number, line, cells, place)
        elif cells.get("plan_id"):
            self._plan(table, number, cells)
        return False

    def finish(self, checks: RecordChecks) -> None:
        """Say who holds each case; where no role is known as a worker's, nobody can be told."""
        for number, (day, worker, team, place) in self.holders.items():
            told = day.isoformat() if day != date.min else ""
            cells = {"worker_id": worker, "team": team, "allocated_date": told}
            checks.child(number, place, cells)
        if self.known_roles:
            checks.writer.present |= {"allocated_date", "worker_id", "team"}
        elif "allocations" in self.stage.tables:
            del self.stage.tables["allocations"]
            self._say_no_roles()

    def _say_no_roles(self) -> None:
        if self.roles:
            ranked = sorted(self.roles.items(), key=lambda pair: (-pair[1], pair[0]))
            shown = ", ".join(f"`{role}` ({count:,})" for role, count in ranked[:SHOWN])
            said = f"no role in `{INVOLVEMENTS}` is known to hold a case, so no worker is told"
            said = f"{said}: {shown}"
            self.stage.warn(self.roles_in, "B123", said)

    def _skips_worker(self, line: Line) -> str:
        role = line["invo_professional_role_id"] or "blank"
        if plain(role) not in WORKER_ROLES:
            self.roles[role] += 1
            return f"of `ssd_involvements` in the role `{role}`, which is not known to hold a case,"
        self.known_roles += 1
        if (line["invo_professional_id"] or NOBODY[0]) in NOBODY:
            return "of `ssd_involvements` without a worker"
        return ""

    def _assessment(self, number: str, cells: dict[str, str], place: Place) -> bool:
        start = self.day(cells["start_date"])
        if self.people.unborn_on(number, start):
            cells["kind"] = "pre_birth"
        referral = identifier(cells["referral_date"])
        cells["referral_date"] = ""
        if not referral:
            return False
        days = self.referred.get((number, referral), set())
        if len(days) > 1:
            said = (
                f"`cina_referral_id` `{referral}` names several referrals of the child, "
                "so the day of the referral is left blank"
            )
            self.stage.warn(place.at("referral_date"), "B126", said)
        elif days:
            cells["referral_date"] = next(iter(days))
        return len(days) != 1

    def _conference(self, number: str, line: Line, cells: dict[str, str]) -> None:
        enquiry = identifier(line["icpc_s47_enquiry_id"])
        if enquiry:
            self.conferred.add((number, enquiry))
        held = self.day(cells["held_date"] or cells["due_date"])
        if cells["kind"] == "initial" and self.people.unborn_on(number, held):
            cells["kind"] = "pre_birth"

    def _required(self, number: str, line: Line, place: Place) -> str:
        """Return whether an enquiry led to a conference: held, in the outcome, or no action."""
        if (number, identifier(line["s47e_s47_enquiry_id"])) in self.conferred:
            return "yes"
        said = self._outcome(line["s47e_s47_outcome_json"], place)
        return said or ("no" if line.yes("s47e_s47_nfa") else "")

    def _outcome(self, text: str | None, place: Place) -> str:
        if not text:
            return ""
        try:
            outcome = json.loads(text)
        except (ValueError, RecursionError):
            return self._say_broken(text, place)
        if isinstance(outcome, str):
            outcome = [outcome]
        if isinstance(outcome, list):
            named = [plain(one) for one in outcome if isinstance(one, str)]
            return "yes" if any(_is_conference(one) for one in named) else ""
        if not isinstance(outcome, dict):
            return self._say_broken(text, place)
        flags = {plain(str(v)) for key, v in outcome.items() if _is_conference(plain(key))}
        if flags & {"y", "yes", "1", "true", "t"}:
            return "yes"
        return "no" if flags & {"n", "no", "0", "false", "f"} else ""

    def _say_broken(self, text: str, place: Place) -> str:
        self.broken += 1
        if self.broken <= SHOWN:
            shown = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - a line's worth
            said = (
                f"`{shown}` in `s47e_s47_outcome_json` is not JSON, and the outcome is left blank"
            )
            self.stage.warn(place.at("conference_required"), "B122", said)
        return ""

    def _holder(self, number: str, line: Line, cells: dict[str, str], place: Place) -> None:
        worker = cells["worker_id"]
        team = identifier(line["invo_professional_team"])
        start, end = self.day(cells["start_date"]), cells["end_date"]
        if end:
            return
        mine = (start or date.min, worker, self.teams.get(team) or team, place)
        known = self.holders.get(number)
        if known is None or mine[:3] > known[:3]:
            self.holders[number] = mine

    def _plan(self, table: Table, number: str, cells: dict[str, str]) -> None:
        # the numbers of one table may be those of another too, for other plans
        known = self.numbered.setdefault((number, cells["plan_id"]), table.name)
        if known != table.name:
            cells["plan_id"] = f"{cells['plan_id']} ({cells['kind']})"


def _is_conference(word: str) -> bool:
    return any(name in word for name in REQUIRED)


def _is_health_assessment(kind: str | None) -> bool:
    word = plain(kind or "")
    return ("health" in word and "dental" not in word) or word in ("iha", "rha")


def _kind_of_check(kind: str) -> str:
    word = plain(kind)
    if "initial" in word or word == "iha":
        return "initial"
    return "review" if "review" in word or word == "rha" else ""
