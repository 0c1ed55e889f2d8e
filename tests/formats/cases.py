"""Cases that are written in every format, as tables of the dictionary.

All of them are made up. The days lie so that most standards of the case are met and a few are not.
"""

from collections.abc import Mapping, Sequence

from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDIT_ID

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]

PROTECTED: Tables = {
    "audits": [
        {
            "child_id": "C1",
            "case_type": "child_protection",
            "team": "Team North",
            "worker_id": "W1",
            "birth_month": "2014-05",
            "unborn": "no",
            "allocated_date": "2024-10-16",
            "unallocated": "no",
            "worker_changes_12m": "0",
            "new_worker": "no",
            "exploitation_signs": "no",
            "interpreter_needed": "no",
        }
    ],
    "referrals": [
        {
            "received_date": "2024-10-14",
            "decision_date": "2024-10-15",
            "risk_level": "high",
            "decided_by_manager": "yes",
            "history_considered": "yes",
            "rereferral": "no",
        }
    ],
    "assessments": [
        {
            "kind": "child_and_family",
            "referral_date": "2024-10-14",
            "start_date": "2024-10-16",
            "authorised_date": "2024-11-22",
            "child_seen": "yes",
            "seen_alone": "yes",
            "reason_recorded": "yes",
            "views_recorded": "yes",
            "agreed_date": "2024-11-25",
            "shared_with_family": "yes",
        }
    ],
    "strategy_discussions": [
        {
            "held_date": "2024-10-28",
            "concern_date": "2024-10-28",
            "kind": "first",
            "threshold_met": "yes",
            "telephone_only": "no",
        }
    ],
    "enquiries": [
        {
            "start_date": "2024-10-28",
            "end_date": "2024-11-08",
            "conference_required": "yes",
            "returned_home": "no",
            "written_agreement": "no",
        }
    ],
    "conferences": [
        {"kind": "initial", "due_date": "2024-11-18", "held_date": "2024-11-21"},
        {"kind": "review", "due_date": "2025-02-18", "held_date": "2025-02-13"},
    ],
    "plans": [
        {
            "plan_id": "P1",
            "kind": "child_protection",
            "start_date": "2024-11-21",
            "shared_with_family": "yes",
            "child_views_recorded": "yes",
        }
    ],
    "plan_actions": [
        {
            "plan_id": "P1",
            "action": "Safety plan",
            "owner": "W1",
            "due_date": "2024-12-19",
            "completed_date": "2024-12-26",
            "outcome_measure": "No further incident",
        }
    ],
    "core_groups": [{"kind": "first", "held_date": "2024-12-02"}],
    "visits": [
        {"visit_date": day, "kind": kind, "child_seen": "yes", "seen_alone": alone,
         "recorded_date": recorded, "purpose": "To see the child at home"}
        for day, kind, alone, recorded in (
            ("2024-10-18", "assessment", "yes", "2024-10-21"),
            ("2024-11-01", "assessment", "no", "2024-11-04"),
            ("2024-11-28", "child_protection", "yes", "2024-11-29"),
            ("2024-12-11", "child_protection", "no", "2024-12-12"),
            ("2025-01-08", "child_protection", "yes", "2025-01-21"),
            ("2025-01-21", "child_protection", "no", "2025-01-22"),
            ("2025-02-04", "child_protection", "yes", "2025-02-05"),
        )
    ],
    "supervisions": [
        {"supervision_id": f"S{n}", "supervision_date": day, "reflective": "yes",
         "recorded_date": day}
        for n, day in enumerate(("2024-11-11", "2024-12-09", "2025-01-08", "2025-02-06"))
    ],
    "supervision_actions": [
        {"supervision_id": "S0", "action": "Ask the school", "owner": "W1",
         "due_date": "2024-11-18", "completed_date": "2024-11-15"},
    ],
    "oversight": [
        {"entry_date": "2024-10-29", "by_role": "Team manager", "kind": "decision",
         "reason": "Harm was likely", "recorded_date": "2024-10-29"},
    ],
    "allocations": [
        {"worker_id": "W1", "needed_date": "2024-10-15", "start_date": "2024-10-16",
         "reason": "first_worker"},
    ],
    "chronologies": [{"updated_date": "2024-11-22"}],
    "feedback": [
        {"given_by": "parent", "date": "2025-02-14", "scale": "7", "understands_why": "yes"},
    ],
}  # fmt: skip

AUDIT = "C1"


def whole(tables: Tables, book: Rulebook) -> Tables:
    """Return tables as the blank workbook has them: every table, every column, every answer."""
    answers = [
        {AUDIT_ID: AUDIT, "standard": one.id, "answer": "met"}
        for one in book.standards
        if one.status == "live"
    ]
    given = {**tables, "answers": answers}
    found: dict[str, list[Row]] = {}
    for name, table in book.fields.tables.items():
        blank: dict[str, str | None] = dict.fromkeys(table.fields)
        rows = given.get(name, ())
        found[name] = [{**blank, AUDIT_ID: AUDIT, **row} for row in rows]
    return found
