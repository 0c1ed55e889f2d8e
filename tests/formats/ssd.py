"""Our tables as a synthetic extract of the Standard Safeguarding Dataset: a folder of CSV files.

What the dataset cannot hold (supervision, oversight, recording days …) is left out.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.formats.ssd_columns import FILES

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]
Written = dict[str, str]

ARRANGEMENTS = {
    "foster_care": "U4",
    "connected_carer": "U1",
    "residential": "K2",
    "parent": "P1",
    "semi_independent": "H5",
    "prospective_adopter": "A3",
    "other": "P3",
}
REASONS = {
    "first_worker": "FCONTA",
    "case_transferred": "TSPROC",
    "worker_left": "LEFTRL",
    "worker_absent": "ABSENC",
    "reorganisation": "ORGRST",
    "family_asked": "CHCHAN",
    "other": "OTHERS",
}


def iso(day: str) -> str:
    """Write a day, or a day and time, as it is."""
    return day


def stamped(day: str) -> str:
    """Write a day as the query windows of SQL Server do."""
    time = f"{day[11:]}:00" if len(day) == len("2024-03-31T16:30") else day[11:]
    return f"{day[:10]} {time or '00:00:00'}.000"


def with_t(day: str) -> str:
    """Write a day with a T and milliseconds."""
    return stamped(day).replace(" ", "T")


def day_first(day: str) -> str:
    """Write a day as DD/MM/YYYY 00:00:00."""
    time = day[11:] or "00:00:00"
    return f"{day[8:10]}/{day[5:7]}/{day[:4]} {time}"


def upper(flag: str) -> str:
    """Write a flag as the dataset defines it."""
    return "Y" if flag == "yes" else "N"


def digit(flag: str) -> str:
    """Write a flag as a bit."""
    return "1" if flag == "yes" else "0"


def padded(flag: str) -> str:
    """Write a flag in lower case, padded with spaces."""
    return f"{upper(flag).lower()}  "


@dataclass(frozen=True)
class Style:
    """How an extract is written.

    `name` gives a file's name; `null` is the text of nothing; `listed`: JSON as lists (from 1.3.9);
    `above`: rows above the header; `extra`: columns beyond the dataset's; `without`: tables or
    columns left out.
    """

    day: Callable[[str], str] = stamped
    flag: Callable[[str], str] = upper
    name: Callable[[str], str] = lambda table: f"{table}.csv"
    header: Callable[[str], str] = lambda column: column
    null: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    listed: bool = False
    above: int = 0
    extra: tuple[str, ...] = ()
    without: frozenset[str] = field(default_factory=frozenset)


PLAIN = Style()


def write(tables: Tables, to: Path, style: Style = PLAIN) -> Path:
    """Write our tables as an extract into a folder and return it."""
    return write_files(extract(tables, style), to, style)


def write_files(files: Mapping[str, Sequence[Written]], to: Path, style: Style = PLAIN) -> Path:
    """Write the tables of an extract into a folder and return it."""
    to.mkdir(parents=True, exist_ok=True)
    for table, columns in FILES.items():
        if table not in style.without:
            shown = [c for c in columns if c not in style.without]
            _file(to / style.name(table), shown, files.get(table, ()), style)
    return to


def _file(path: Path, columns: Sequence[str], rows: Sequence[Written], style: Style) -> None:
    with path.open("w", newline="", encoding=style.encoding) as file:
        file.write("\r\n" * style.above)
        out = csv.writer(file, delimiter=style.delimiter)
        out.writerow([*map(style.header, columns), *style.extra])
        for row in rows:
            cells = [row.get(column) or style.null for column in columns]
            out.writerow([*cells, *("x" for _ in style.extra)])


def extract(tables: Tables, style: Style = PLAIN) -> dict[str, list[Written]]:
    """Return the rows of each table of the extract."""
    writer = _Writer(tables, style)
    for child in tables.get("audits", ()):
        writer.child(child)
    return writer.files


class _Writer:
    def __init__(self, tables: Tables, style: Style) -> None:
        self.tables, self.style = tables, style
        self.files: dict[str, list[Written]] = {table: [] for table in FILES}

    def child(self, audit: Row) -> None:
        number = audit["audit_id"] or ""
        self.own = {
            table: [row for row in rows if row.get("audit_id") == number]
            for table, rows in self.tables.items()
            if table != "audits"
        }
        self.number = str(audit.get("child_id") or number)
        self._person(audit)
        self._referrals()
        self._plans()
        self._visits()
        self._protection()
        self._care(audit)
        self._others(audit)

    def _add(self, table: str, **cells: str | None) -> str:
        key, person = FILES[table][0], next(c for c in FILES[table] if c.endswith("_person_id"))
        number = cells.get(key) or f"{table[4:]}-{len(self.files[table]) + 1}"
        kept = {name: cell for name, cell in cells.items() if cell}
        self.files[table].append({person: self.number, key: number, **kept})
        return number

    def _day(self, row: Row, name: str) -> str | None:
        day = row.get(name)
        return self.style.day(day) if day else None

    def _flag(self, row: Row, name: str) -> str | None:
        said = row.get(name)
        return self.style.flag(said) if said else None

    def _person(self, audit: Row) -> None:
        month = audit.get("birth_month")
        expected = None
        if audit.get("unborn") == "yes":
            expected = self.style.day((self._latest() + timedelta(days=60)).isoformat())
        self.files["ssd_person"].append({"pers_person_id": self.number})
        person = self.files["ssd_person"][-1]
        if month:
            person["pers_dob"] = self.style.day(f"{month}-15")
        if died := self._day(audit, "death_date"):
            person["pers_death_date"] = died
        if expected:
            person |= {"pers_expected_dob": expected, "pers_upn_unknown": "UN1"}

    def _latest(self) -> date:
        texts = (v for rows in self.own.values() for row in rows for v in row.values() if v)
        days = [text[:10] for text in texts if text[4:5] == "-" and text[7:8] == "-"]
        return max(map(date.fromisoformat, days), default=date(2025, 1, 1))

    def _referrals(self) -> None:
        known: dict[str, str] = {}
        for row in self.own.get("referrals", ()):
            number = self._add(
                "ssd_cin_episodes", cine_referral_date=self._day(row, "received_date")
            )
            known.setdefault(row.get("received_date") or "", number)
        for row in self.own.get("assessments", ()):
            if row.get("kind") not in (None, "child_and_family", "pre_birth"):
                continue
            referred = row.get("referral_date")
            if referred and referred not in known:
                known[referred] = self._add(
                    "ssd_cin_episodes", cine_referral_date=self.style.day(referred)
                )
            self._add(
                "ssd_cin_assessments",
                cina_referral_id=known[referred] if referred else None,
                cina_assessment_start_date=self._day(row, "start_date"),
                cina_assessment_auth_date=self._day(row, "authorised_date"),
                cina_assessment_child_seen=self._flag(row, "child_seen"),
            )

    def _plans(self) -> None:
        stems = {
            "child_in_need": ("ssd_cin_plans", "cinp_cin_plan_id", "cinp_cin_plan"),
            "child_protection": ("ssd_cp_plans", "cppl_cp_plan_id", "cppl_cp_plan"),
            "care": ("ssd_cla_care_plan", "lacp_table_id", "lacp_cla_care_plan"),
        }
        for row in self.own.get("plans", ()):
            if row.get("kind") in stems:
                table, key, stem = stems[row["kind"] or ""]
                days = {f"{stem}_{n}": self._day(row, n) for n in ("start_date", "end_date")}
                self._add(table, **{key: row.get("plan_id"), **days})

    def _visits(self) -> None:
        stems = {
            "child_in_need": ("ssd_cin_visits", "cinv_cin_visit"),
            "assessment": ("ssd_cin_visits", "cinv_cin_visit"),
            "child_protection": ("ssd_cp_visits", "cppv_cp_visit"),
            "child_in_care": ("ssd_cla_visits", "clav_cla_visit"),
        }
        for row in self.own.get("visits", ()):
            if row.get("kind") in stems:
                table, stem = stems[row["kind"] or ""]
                flags = {
                    f"{stem}_seen": self._flag(row, "child_seen"),
                    f"{stem}_seen_alone": self._flag(row, "seen_alone"),
                }
                self._add(table, **{f"{stem}_date": self._day(row, "visit_date"), **flags})

    def _protection(self) -> None:
        for row in self.own.get("enquiries", ()):
            self._add(
                "ssd_s47_enquiry",
                s47e_s47_start_date=self._day(row, "start_date"),
                s47e_s47_end_date=self._day(row, "end_date"),
                s47e_s47_outcome_json=self._outcome(row.get("conference_required")),
                s47e_s47_nfa=self.style.flag("yes")
                if row.get("conference_required") == "no"
                else None,
            )
        for row in self.own.get("conferences", ()):
            if row.get("kind") == "review":
                self._add(
                    "ssd_cp_reviews",
                    cppr_cp_review_due=self._day(row, "due_date"),
                    cppr_cp_review_date=self._day(row, "held_date"),
                    cppr_cp_review_participation=row.get("participation"),
                )
            else:
                self._add(
                    "ssd_initial_cp_conference",
                    icpc_icpc_target_date=self._day(row, "due_date"),
                    icpc_icpc_date=self._day(row, "held_date"),
                    icpc_icpc_transfer_in=self.style.flag(
                        "yes" if row.get("kind") == "transfer_in" else "no"
                    ),
                )

    def _outcome(self, required: str | None) -> str | None:
        if required is None:
            return None
        if self.style.listed:
            return json.dumps(["CP_CONFERENCE_FLAG"] if required == "yes" else ["NFA_FLAG"])
        flags = {"NFA_FLAG": "N" if required == "yes" else "Y", "LEGAL_ACTION_FLAG": "N"}
        return json.dumps({**flags, "CP_CONFERENCE_FLAG": upper(required)})

    def _care(self, audit: Row) -> None:
        period = f"period-{self.number}"
        placed = [
            r
            for r in self.own.get("placements", ())
            if r.get("arrangement") in (None, *ARRANGEMENTS)
        ]
        reviewed = [r for r in self.own.get("reviews", ()) if r.get("kind") == "child_in_care"]
        if audit.get("came_into_care_date") or placed or reviewed:
            left = self._day(audit, "left_care_date")
            self._add(
                "ssd_cla_episodes",
                clae_cla_id=period,
                clae_entered_care_date=self._day(audit, "came_into_care_date"),
                clae_cla_episode_start_date=self._day(audit, "came_into_care_date"),
                clae_cla_episode_ceased_date=left,
                clae_cla_episode_ceased_reason="E4A" if left else None,
            )
        for row in placed:
            self._add(
                "ssd_cla_placement",
                clap_cla_id=period,
                clap_cla_placement_type=ARRANGEMENTS.get(row.get("arrangement") or ""),
                clap_cla_placement_start_date=self._day(row, "start_date"),
                clap_cla_placement_end_date=self._day(row, "end_date"),
            )
        for row in reviewed:
            self.files["ssd_cla_reviews"].append(
                {
                    name: cell
                    for name, cell in {
                        "clar_cla_review_id": f"clar-{len(self.files['ssd_cla_reviews']) + 1}",
                        "clar_cla_id": period,
                        "clar_cla_review_due_date": self._day(row, "due_date"),
                        "clar_cla_review_date": self._day(row, "held_date"),
                        "clar_cla_review_cancelled": self.style.flag("no"),
                        "clar_cla_review_participation": row.get("participation"),
                    }.items()
                    if cell
                }
            )
        kinds = {"initial": "Initial Health Assessment", "review": "Review Health Assessment"}
        for row in self.own.get("health_assessments", ()):
            self._add(
                "ssd_cla_health",
                clah_health_check_type=kinds.get(row.get("kind") or "", "Health Assessment"),
                clah_health_check_date=self._day(row, "assessment_date"),
                clah_health_check_status="Completed",
            )

    def _others(self, audit: Row) -> None:
        for row in self.own.get("missing_episodes", ()):
            self._add(
                "ssd_missing",
                miss_missing_episode_start_date=self._day(row, "missing_at"),
                miss_missing_episode_end_date=self._day(row, "returned_at"),
                miss_missing_episode_type="M",
                miss_missing_rhi_accepted=self._flag(row, "accepted"),
            )
        if audit.get("case_type") == "care_leaver":
            self._add("ssd_care_leavers")
        if audit.get("case_type") == "early_help":
            self._add("ssd_early_help_episodes")
        allocated = list(self.own.get("allocations", ()))
        if audit.get("allocated_date") and not allocated:
            allocated = [
                {"worker_id": audit.get("worker_id"), "start_date": audit["allocated_date"]}
            ]
        for row in allocated:
            self._add(
                "ssd_involvements",
                invo_professional_id=row.get("worker_id"),
                invo_professional_role_id="Case Worker",
                invo_professional_team=audit.get("team"),
                invo_involvement_start_date=self._day(row, "start_date"),
                invo_involvement_end_date=self._day(row, "end_date"),
                invo_worker_change_reason=REASONS.get(row.get("reason") or ""),
            )
