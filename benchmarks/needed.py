"""The columns that the fifteen standards read, table by table; `audit_id` in every one."""

AUDIT = (
    "audit_id", "case_type", "team", "auditor_id", "audit_date", "period_start", "period_end",
    "allocated_date", "birth_month", "unborn", "not_examined", "overall_grade",
)  # fmt: skip
TABLES = {
    "referrals": ("received_date", "decision_date"),
    "assessments": (
        "kind", "referral_date", "start_date", "authorised_date", "child_seen", "seen_alone",
    ),
    "enquiries": (
        "start_date", "end_date", "conference_required", "returned_home", "returned_home_date",
        "risk_assessment_date", "manager_agreement_date",
    ),
    "strategy_discussions": ("held_date",),
    "conferences": ("kind", "held_date"),
    "plans": ("plan_id", "kind", "start_date", "end_date", "contingency"),
    "plan_actions": ("plan_id", "owner", "due_date"),
    "visits": ("visit_date", "child_seen", "recorded_date"),
    "placements": ("start_date", "end_date", "arrangement", "regime", "intended_to_18"),
    "reviews": ("kind", "held_date"),
    "supervisions": ("supervision_id", "supervision_date", "reflective"),
    "supervision_actions": ("supervision_id", "owner", "due_date"),
    "oversight": ("entry_date",),
    "answers": ("standard", "answer"),
    "domain_grades": ("domain", "grade"),
}  # fmt: skip
