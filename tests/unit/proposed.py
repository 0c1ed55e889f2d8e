"""Samples of systems that nobody here has seen, and how well a mapping is proposed for them.

Each sample is a folder of files with headers as such systems have them, and the truth: which
column is which field. A column in no truth is noise that must not be taken.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from engine.records.mapping.proposal import Proposal

EXAMPLES = Path(__file__).parents[2] / "audits" / "examples"

Truth = Mapping[str, Mapping[str, str]]  # file → column → table.field, or `child` or `audit_id`


class Score(NamedTuple):
    """How many lines are right, how many are wrong, and how many should be there and are not."""

    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Return which share of the proposed lines is right."""
        return self.right / max(self.right + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        """Return which share of the lines that should be there is."""
        return self.right / max(self.right + len(self.missed), 1)


def score(proposal: Proposal, truth: Truth, least: float) -> Score:
    """Hold the lines of a proposal that are at least so sure against the truth."""
    made = {
        (file, column): fills for file, column, fills, sure in proposal.lines() if sure >= least
    }
    wanted = {(f, c): fills for f, columns in truth.items() for c, fills in columns.items()}
    wrong = [f"{key}: {v} for {wanted.get(key)}" for key, v in made.items() if wanted.get(key) != v]
    missed = [f"{key}: {v}" for key, v in wanted.items() if made.get(key) != v]
    right = sum(wanted.get(key) == v for key, v in made.items())
    return Score(right, tuple(wrong), tuple(missed))


def renamed(
    to: Path, names: Mapping[str, tuple[str, Mapping[str, str]]], words: Mapping[str, str]
) -> Truth:
    """Write tables of the example batch under other names; `words` are put for cells."""
    to.mkdir(parents=True, exist_ok=True)
    truth: dict[str, dict[str, str]] = {}
    for table, (file, columns) in names.items():
        with (EXAMPLES / f"{table}.csv").open(encoding="utf-8", newline="") as read:
            rows = [row for _, row in zip(range(200), csv.DictReader(read), strict=False)]
        with (to / f"{file}.csv").open("w", encoding="utf-8", newline="") as write:
            made = csv.writer(write)
            made.writerow(columns.values())
            for row in rows:
                made.writerow(words.get(row[name], row[name]) for name in columns)
        truth[file] = {
            title: name if name == "audit_id" else f"{table}.{name}"
            for name, title in columns.items()
        }
    return truth


PLAIN = {
    "audits": ("Audit Form", {"audit_id": "Audit Ref", "child_id": "Child ID", "case_type": "Case Type", "team": "Team Name", "auditor_id": "Auditor", "audit_date": "Date of Audit", "period_start": "Audit Period From", "period_end": "Audit Period To", "overall_grade": "Overall Judgement"}),
    "visits": ("Home Visits", {"audit_id": "Audit Ref", "visit_date": "Date of Visit", "kind": "Visit Type", "child_seen": "Child Seen?", "seen_alone": "Seen Alone?", "purpose": "Purpose of Visit", "recorded_date": "Date Recorded"}),
    "plans": ("Plans", {"audit_id": "Audit Ref", "plan_id": "Plan No", "kind": "Plan Type", "start_date": "Plan Start Date", "end_date": "Plan End Date", "contingency": "Contingency Plan"}),
    "supervisions": ("Supervision", {"audit_id": "Audit Ref", "supervision_id": "Supervision Ref", "supervision_date": "Date of Supervision", "reflective": "Reflective?"}),
    "assessments": ("Assessments", {"audit_id": "Audit Ref", "kind": "Assessment Type", "start_date": "Start Date", "authorised_date": "Date Authorised", "child_seen": "Child Seen"}),
    "referrals": ("Referrals", {"audit_id": "Audit Ref", "received_date": "Date Received", "decision_date": "Decision Date", "risk_level": "Risk"}),
}  # fmt: skip
CAPITALS = {
    "audits": ("AUDITS_EXPORT", {"audit_id": "AUDIT_NO", "child_id": "PERSON_ID", "case_type": "CASETYPE", "worker_id": "ALLOCATED_WORKER", "audit_date": "AUDITED_ON", "overall_grade": "AUDIT_GRADE", "allocated_date": "ALLOCATION_DATE"}),
    "visits": ("STAT_VISITS", {"audit_id": "AUDIT_NO", "visit_date": "VISIT_DT", "kind": "VISIT_CATEGORY", "child_seen": "CHILD_SEEN_YN", "seen_alone": "SEEN_ALONE_YN", "recorded_date": "ENTERED_ON"}),
    "reviews": ("LAC_REVIEWS", {"audit_id": "AUDIT_NO", "kind": "REVIEW_TYPE", "due_date": "REVIEW_DUE", "held_date": "REVIEW_HELD"}),
    "conferences": ("CONFERENCES", {"audit_id": "AUDIT_NO", "kind": "CONF_TYPE", "due_date": "DUE_DT", "held_date": "CONFERENCE_DT"}),
    "placements": ("PLACEMENTS", {"audit_id": "AUDIT_NO", "start_date": "DATE_PLACED", "end_date": "DATE_ENDED"}),
}  # fmt: skip
CAMEL = {
    "audits": ("CaseAudit", {"audit_id": "AuditID", "child_id": "ClientNumber", "team": "AllocatedTeam", "period_start": "PeriodStart", "period_end": "PeriodEnd", "overall_grade": "OverallRating"}),
    "core_groups": ("CoreGroups", {"audit_id": "AuditID", "due_date": "DueDate", "held_date": "HeldDate"}),
    "enquiries": ("Section47", {"audit_id": "AuditID", "start_date": "S47StartDate", "end_date": "S47EndDate"}),
    "strategy_discussions": ("StrategyMeetings", {"audit_id": "AuditID", "held_date": "MeetingDate", "threshold_met": "ThresholdMet"}),
    "feedback": ("Feedback", {"audit_id": "AuditID", "given_by": "GivenBy", "date": "FeedbackDate", "scale": "Score", "text": "Comments"}),
    "plan_actions": ("PlanActions", {"audit_id": "AuditID", "plan_id": "PlanID", "action": "Task", "owner": "Responsible", "due_date": "TargetDate", "completed_date": "DateDone"}),
}  # fmt: skip
YES_NO = {"yes": "1 - Yes", "no": "2 - No"}


def national(to: Path) -> Truth:
    """Write tables named and shaped as the Standard Safeguarding Dataset's."""
    files = {
        "ssd_cp_visits": (
            ("cppv_cp_visit_id", ""), ("cppv_person_id", "child"), ("cppv_cp_plan_id", ""),
            ("cppv_cp_visit_date", "visits.visit_date"), ("cppv_cp_visit_seen", "visits.child_seen"),
            ("cppv_cp_visit_seen_alone", "visits.seen_alone"), ("cppv_cp_visit_bedroom", ""),
            [("V1", "P1", "L1", "2025-03-04 00:00:00", "Y", "N", "N"), ("V2", "P2", "L2", "2025-04-04 00:00:00", "N", "N", "Y")],
        ),
        "ssd_cp_plans": (
            ("cppl_cp_plan_id", "plans.plan_id"), ("cppl_person_id", "child"),
            ("cppl_cp_plan_start_date", "plans.start_date"), ("cppl_cp_plan_end_date", "plans.end_date"),
            ("cppl_cp_plan_ola", ""), ("cppl_cp_plan_initial_category", ""),
            [("L1", "P1", "2025-01-04 00:00:00", "", "N", "NEG"), ("L2", "P2", "2025-02-04 00:00:00", "2025-09-01 00:00:00", "N", "EMO")],
        ),
        "ssd_cin_assessments": (
            ("cina_assessment_id", ""), ("cina_person_id", "child"), ("cina_referral_id", ""),
            ("cina_assessment_start_date", "assessments.start_date"),
            ("cina_assessment_child_seen", "assessments.child_seen"),
            ("cina_assessment_auth_date", "assessments.authorised_date"), ("cina_assessment_outcome_nfa", ""),
            [("A1", "P1", "R1", "2024-11-04 00:00:00", "Y", "2024-12-10 00:00:00", "N")],
        ),
        "ssd_s47_enquiry": (
            ("s47e_s47_enquiry_id", ""), ("s47e_person_id", "child"),
            ("s47e_s47_start_date", "enquiries.start_date"), ("s47e_s47_end_date", "enquiries.end_date"), ("s47e_s47_nfa", ""),
            [("E1", "P1", "2024-11-04 00:00:00", "2024-11-14 00:00:00", "N")],
        ),
    }  # fmt: skip
    return _write(to, files)


def held_out(to: Path) -> Truth:
    """Write tables under names that nobody looked at when the phrases were written down."""
    files = {
        "CSC_Casenotes_Visits_Q3": (
            ("M_ID", "child"), ("WORKFLOW_STEP_ID", ""), ("STEP_COMPLETED_DATE", ""),
            ("ACTUAL_DATE_OF_VISIT", "visits.visit_date"), ("WAS_CHILD_SEEN", "visits.child_seen"),
            ("SEEN_ALONE_FLAG", "visits.seen_alone"), ("WHY_CHILD_NOT_SEEN", "visits.reason_not_seen"),
            ("CASENOTE_CREATED_ON", "visits.recorded_date"), ("WORKER_NAME", ""),
            [("401", "9", "02/03/2025", "01/03/2025", "Yes", "No", "", "03/03/2025", "A B"),
             ("402", "8", "09/03/2025", "08/03/2025", "No", "No", "asleep", "11/03/2025", "C D")],
        ),
        "Looked After Reviews": (
            ("Client", "child"), ("Review Due By", "reviews.due_date"), ("Review Took Place", "reviews.held_date"),
            ("Chair", ""), ("Venue", ""),
            [("401", "01/06/2025", "30/05/2025", "X", "School"), ("402", "01/07/2025", "", "Y", "Home")],
        ),
        "Return interviews": (
            ("Client", "child"), ("Missing Since", "missing_episodes.missing_at"),
            ("Date Returned", "missing_episodes.returned_at"), ("RHI Offered On", "missing_episodes.interview_offered_at"),
            ("RHI Completed On", "missing_episodes.interview_at"), ("RHI Accepted", "missing_episodes.accepted"),
            [("401", "01/06/2025 22:00", "02/06/2025 01:00", "02/06/2025", "03/06/2025", "Y")],
        ),
        "Supervision log": (
            ("Client", "child"), ("Supervision Session Date", "supervisions.supervision_date"),
            ("Reflective Discussion?", "supervisions.reflective"), ("Supervisor", ""), ("Duration", ""),
            [("401", "01/06/2025", "Yes", "A", "60"), ("402", "12/06/2025", "No", "A", "45")],
        ),
    }  # fmt: skip
    return _write(to, files)


def annex(to: Path) -> Truth:
    """Write a list headed as Annex A's children on plans, saved as CSV."""
    files = {
        "List 7 Child Protection": (
            ("Child Unique ID", "child"), ("Gender", ""), ("Ethnicity", ""),
            ("Date of Birth", "audits.birth_month"), ("Age of Child (Years)", ""),
            ("Does the Child have a Disability", ""),
            ("Child Protection Plan Start Date", "plans.start_date"),
            ("Initial Category of Abuse", ""), ("Latest Category of Abuse", ""),
            ("Date of the Last Statutory Visit", "visits.visit_date"),
            ("Was the Child Seen Alone?", "visits.seen_alone"),
            ("Date of latest review conference", "conferences.held_date"),
            ("Child Protection Plan End Date", "plans.end_date"),
            ("Number of Previous Child Protection Plans", ""),
            ("Allocated Team", "audits.team"), ("Allocated Worker", "audits.worker_id"),
            [("C1", "a) Male", "WBRI", "04/05/2012", "13", "b) No", "01/02/2025", "Neglect", "Neglect", "20/03/2025", "a) Yes", "24/04/2025", "", "0", "North", "W1"),
             ("C2", "b) Female", "MWBC", "14/08/2015", "10", "b) No", "17/03/2025", "Emotional", "Neglect", "29/03/2025", "b) No", "", "30/09/2025", "1", "South", "W2")],
        ),
    }  # fmt: skip
    return _write(to, files)


def nonsense(to: Path) -> Truth:
    """Write a table that is about something else altogether."""
    files = {
        "Stock": (
            ("SKU", ""), ("Colour", ""), ("Shelf", ""), ("Price", ""), ("Delivered", ""), ("Supplier", ""),
            [("a1", "red", "7", "3.50", "01/02/2025", "Bolts & Co"), ("b2", "blue", "9", "4.10", "05/02/2025", "Nuts plc")],
        ),
    }  # fmt: skip
    return _write(to, files)


def _write(to: Path, files: Mapping[str, Sequence[Any]]) -> Truth:
    to.mkdir(parents=True, exist_ok=True)
    truth: dict[str, dict[str, str]] = {}
    for name, (*columns, rows) in files.items():
        with (to / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            made = csv.writer(file)
            made.writerow([title for title, _ in columns])
            made.writerows(rows)
        truth[name] = {title: fills for title, fills in columns if fills}
    return truth
