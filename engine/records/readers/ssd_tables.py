"""What each table of the Standard Safeguarding Dataset says, as data: its columns and our fields.

Only what a table really says is here. What the dataset cannot say (the day of recording, the
actions of a plan, supervision, who decided and when, reviews of children in need, visits to care
leavers) stays absent, so that a standard that asks for it is not assessable.

Names are those of version 1.4.5; `earlier` gives what older versions called a column.
"""

from engine.records.readers.annex_a_words import ARRANGEMENTS
from engine.records.readers.ssd_shapes import (
    CANCELLED,
    FLAG,
    NOT_HELD,
    REASONS,
    Column,
    Rows,
    Skip,
    Spell,
    Table,
)

PERSON, EPISODES, CONFERENCES = "ssd_person", "ssd_cin_episodes", "ssd_initial_cp_conference"
ENQUIRIES, ASSESSMENTS, CARE = "ssd_s47_enquiry", "ssd_cin_assessments", "ssd_cla_episodes"
INVOLVEMENTS, DEPARTMENT, LEAVERS = "ssd_involvements", "ssd_department", "ssd_care_leavers"
CIN_PLANS, CP_PLANS, CARE_PLANS = "ssd_cin_plans", "ssd_cp_plans", "ssd_cla_care_plan"
CIN_VISITS, CP_VISITS, CARE_VISITS = "ssd_cin_visits", "ssd_cp_visits", "ssd_cla_visits"
CP_REVIEWS, CARE_REVIEWS, PLACEMENTS = "ssd_cp_reviews", "ssd_cla_reviews", "ssd_cla_placement"
EARLY_HELP = "ssd_early_help_episodes"


def _day(name: str) -> Column:
    return Column(name, day=True)


def _flag(name: str) -> Column:
    return Column(name, FLAG, filled=True)


def _visits(kind: str, stem: str) -> Rows:
    seen = {"child_seen": _flag(f"{stem}_seen"), "seen_alone": _flag(f"{stem}_seen_alone")}
    return Rows("visits", {"kind": kind}, {"visit_date": _day(f"{stem}_date"), **seen})


def _plans(kind: str, key: str, stem: str) -> Rows:
    days = {"start_date": _day(f"{stem}_start_date"), "end_date": _day(f"{stem}_end_date")}
    return Rows("plans", {"kind": kind}, {"plan_id": Column(key), **days})


TABLES = (
    Table(
        PERSON,
        "pers_person_id",
        "pers_person_id",
        joins=("pers_dob", "pers_expected_dob", "pers_death_date"),
        unused=(
            *("pers_legacy_id", "pers_sex", "pers_gender", "pers_ethnicity", "pers_forename"),
            *("pers_surname", "pers_common_child_id", "pers_single_unique_id", "pers_upn"),
            *("pers_upn_unknown", "pers_send_flag", "pers_send", "pers_is_mother"),
            *("pers_nationality", "ssd_flag"),
        ),
    ),
    Table(
        DEPARTMENT,
        "dept_team_id",
        joins=("dept_team_name",),
        unused=("dept_team_parent_id", "dept_team_parent_name"),
    ),
    Table(
        EPISODES,
        "cine_referral_id",
        "cine_person_id",
        rows=Rows("referrals", {}, {"received_date": _day("cine_referral_date")}),
        spell=Spell(
            "child_in_need",
            "cine_referral_date",
            "cine_close_date",
            "cine_referral_team",
            "cine_referral_worker_id",
        ),
        joins=("cine_referral_nfa",),
        unused=(
            *("cine_cin_primary_need_code", "cine_cin_primary_need", "cine_referral_source_code"),
            *("cine_referral_source", "cine_referral_source_desc", "cine_referral_outcome_json"),
            "cine_close_reason",
        ),
    ),
    Table(
        CONFERENCES,
        "icpc_icpc_id",
        "icpc_person_id",
        rows=Rows(
            "conferences",
            {},
            {
                "kind": Column(
                    "icpc_icpc_transfer_in",
                    {
                        "y": "transfer_in",
                        "yes": "transfer_in",
                        "1": "transfer_in",
                        "true": "transfer_in",
                        "t": "transfer_in",
                    },
                    rest="initial",
                ),
                "due_date": _day("icpc_icpc_target_date"),
                "held_date": _day("icpc_icpc_date"),
            },
        ),
        joins=("icpc_s47_enquiry_id",),
        unused=(
            *("icpc_icpc_meeting_id", "icpc_cp_plan_id", "icpc_referral_id", "icpc_icpc_team"),
            *("icpc_icpc_outcome_cp_flag", "icpc_icpc_outcome_json", "icpc_icpc_worker_id"),
        ),
    ),
    Table(
        ENQUIRIES,
        "s47e_s47_enquiry_id",
        "s47e_person_id",
        rows=Rows(
            "enquiries",
            {},
            {
                "start_date": _day("s47e_s47_start_date"),
                "end_date": _day("s47e_s47_end_date"),
                "conference_required": Column("s47e_s47_outcome_json"),
            },
        ),
        spell=Spell(
            "assessment",
            "s47e_s47_start_date",
            "s47e_s47_end_date",
            "s47e_s47_completed_by_team",
            "s47e_s47_completed_by_worker_id",
        ),
        joins=("s47e_s47_nfa",),
        unused=("s47e_referral_id",),
        earlier={"s47e_s47_completed_by_worker": "s47e_s47_completed_by_worker_id"},
    ),
    Table(
        ASSESSMENTS,
        "cina_assessment_id",
        "cina_person_id",
        rows=Rows(
            "assessments",
            {"kind": "child_and_family"},
            {
                "referral_date": Column("cina_referral_id"),
                "start_date": _day("cina_assessment_start_date"),
                "authorised_date": _day("cina_assessment_auth_date"),
                "child_seen": _flag("cina_assessment_child_seen"),
            },
        ),
        spell=Spell(
            "assessment",
            "cina_assessment_start_date",
            "cina_assessment_auth_date",
            "cina_assessment_team",
            "cina_assessment_worker_id",
        ),
        unused=("cina_assessment_outcome_json", "cina_assessment_outcome_nfa"),
    ),
    Table(
        CIN_PLANS,
        "cinp_cin_plan_id",
        "cinp_person_id",
        rows=_plans("child_in_need", "cinp_cin_plan_id", "cinp_cin_plan"),
        spell=Spell(
            "child_in_need",
            "cinp_cin_plan_start_date",
            "cinp_cin_plan_end_date",
            "cinp_cin_plan_team",
            "cinp_cin_plan_worker_id",
        ),
        unused=("cinp_referral_id",),
        earlier={
            "cinp_cin_plan_start": "cinp_cin_plan_start_date",
            "cinp_cin_plan_end": "cinp_cin_plan_end_date",
        },
    ),
    Table(
        CP_PLANS,
        "cppl_cp_plan_id",
        "cppl_person_id",
        rows=_plans("child_protection", "cppl_cp_plan_id", "cppl_cp_plan"),
        spell=Spell("child_protection", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        unused=(
            *("cppl_referral_id", "cppl_icpc_id", "cppl_initial_cp_conference_id"),
            *("cppl_cp_plan_ola", "cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category"),
        ),
    ),
    Table(
        CARE_PLANS,
        "lacp_table_id",
        "lacp_person_id",
        rows=_plans("care", "lacp_table_id", "lacp_cla_care_plan"),
        unused=("lacp_cla_care_plan_json", "lacp_cla_care_plan"),
        earlier={"lacp_cla_care_plan_id": "lacp_table_id"},
    ),
    Table(
        CIN_VISITS,
        "cinv_cin_visit_id",
        "cinv_person_id",
        rows=_visits("child_in_need", "cinv_cin_visit"),
        unused=("cinv_cin_visit_bedroom", "cinv_cin_plan_id", "cinv_cin_casenote_id"),
    ),
    Table(
        CP_VISITS,
        "cppv_cp_visit_id",
        "cppv_person_id",
        rows=_visits("child_protection", "cppv_cp_visit"),
        unused=("cppv_cp_plan_id", "cppv_casenote_date", "cppv_cp_visit_bedroom"),
    ),
    Table(
        CP_REVIEWS,
        "cppr_cp_review_id",
        "cppr_person_id",
        rows=Rows(
            "conferences",
            {"kind": "review"},
            {
                "due_date": _day("cppr_cp_review_due"),
                "held_date": _day("cppr_cp_review_date"),
                "participation": Column("cppr_cp_review_participation", {"0": ""}, filled=True),
            },
        ),
        unused=(
            *("cppr_cp_plan_id", "cppr_cp_review_meeting_id", "cppr_cp_review_quorate"),
            *("cppr_cp_review_outcome_continue_cp", "cppr_cp_review_outcome"),
        ),
    ),
    Table(
        CARE,
        "clae_cla_episode_id",
        "clae_person_id",
        joins=(
            "clae_cla_id",
            "clae_entered_care_date",
            "clae_cla_episode_ceased_date",
            "clae_cla_episode_ceased_reason",
            "clae_cla_episode_start_date",
        ),
        unused=(
            *("clae_cla_placement_id", "clae_cla_episode_start_reason", "clae_referral_id"),
            *("clae_cla_primary_need_code", "clae_cla_primary_need"),
            *("clae_cla_last_iro_contact_date", "clae_cla_review_last_iro_contact_date"),
        ),
        earlier={
            "clae_cla_episode_start": "clae_cla_episode_start_date",
            "clae_cla_episode_ceased": "clae_cla_episode_ceased_date",
            "clae_cla_episode_cease_reason": "clae_cla_episode_ceased_reason",
        },
    ),
    Table(
        PLACEMENTS,
        "clap_cla_placement_id",
        "clap_person_id",
        "clap_cla_id",
        rows=Rows(
            "placements",
            {},
            {
                "start_date": _day("clap_cla_placement_start_date"),
                "end_date": _day("clap_cla_placement_end_date"),
                "arrangement": Column("clap_cla_placement_type", ARRANGEMENTS, rest="", codes=True),
            },
        ),
        unused=(
            *("clap_cla_episode_id", "clap_cla_placement_urn", "clap_cla_placement_distance"),
            *(
                "clap_cla_placement_la",
                "clap_cla_placement_provider",
                "clap_cla_placement_postcode",
            ),
            "clap_cla_placement_change_reason",
        ),
    ),
    Table(
        CARE_REVIEWS,
        "clar_cla_review_id",
        "clar_person_id",
        "clar_cla_id",
        rows=Rows(
            "reviews",
            {"kind": "child_in_care"},
            {
                "due_date": _day("clar_cla_review_due_date"),
                "held_date": _day("clar_cla_review_date"),
                "participation": Column("clar_cla_review_participation", {"0": ""}, filled=True),
            },
        ),
        skip=Skip("clar_cla_review_cancelled", CANCELLED, "of a cancelled review"),
        earlier={"clar_cla_person_id": "clar_person_id"},
        unused=("clar_cla_episode_id", "clar_cla_review_last_iro_contact_date"),
    ),
    Table(
        CARE_VISITS,
        "clav_cla_visit_id",
        "clav_person_id",
        "clav_cla_id",
        rows=_visits("child_in_care", "clav_cla_visit"),
        unused=("clav_casenote_id",),
    ),
    Table(
        "ssd_cla_health",
        "clah_health_check_id",
        "clah_person_id",
        rows=Rows(
            "health_assessments",
            {},
            {
                "kind": Column("clah_health_check_type"),
                "assessment_date": _day("clah_health_check_date"),
            },
        ),
        skip=Skip("clah_health_check_status", NOT_HELD, "of a check that did not take place"),
    ),
    Table(
        "ssd_missing",
        "miss_table_id",
        "miss_person_id",
        rows=Rows(
            "missing_episodes",
            {},
            {
                "missing_at": _day("miss_missing_episode_start_date"),
                "returned_at": _day("miss_missing_episode_end_date"),
                "accepted": _flag("miss_missing_rhi_accepted"),
            },
        ),
        skip=Skip(
            "miss_missing_episode_type", frozenset({"a", "absent", "absence"}), "of an absence"
        ),
        unused=("miss_missing_rhi_offered",),
        earlier={
            "miss_missing_episode_start": "miss_missing_episode_start_date",
            "miss_missing_episode_end": "miss_missing_episode_end_date",
            "miss_mis_epi_rhi_accepted": "miss_missing_rhi_accepted",
            "miss_mis_epi_rhi_offered": "miss_missing_rhi_offered",
        },
    ),
    Table(
        LEAVERS,
        "clea_table_id",
        "clea_person_id",
        spell=Spell(
            "care_leaver", "", "", "clea_care_leaver_allocated_team", "clea_care_leaver_worker_id"
        ),
        earlier={"clea_care_leaver_allocated_team_name": "clea_care_leaver_allocated_team"},
        unused=(
            *("clea_care_leaver_eligibility", "clea_care_leaver_in_touch"),
            *("clea_care_leaver_latest_contact", "clea_care_leaver_accommodation"),
            *("clea_care_leaver_accom_suitable", "clea_care_leaver_activity"),
            *("clea_pathway_plan_review_date", "clea_care_leaver_personal_advisor"),
            "clea_care_leaver_worker_name",
        ),
    ),
    Table(
        EARLY_HELP,
        "earl_episode_id",
        "earl_person_id",
        spell=Spell(
            "early_help",
            "earl_episode_start_date",
            "earl_episode_end_date",
            "",
            "earl_episode_worker_id",
        ),
        unused=("earl_episode_reason", "earl_episode_end_reason", "earl_episode_organisation"),
    ),
    Table(
        INVOLVEMENTS,
        "invo_involvements_id",
        "invo_person_id",
        rows=Rows(
            "allocations",
            {},
            {
                "worker_id": Column("invo_professional_id"),
                "start_date": _day("invo_involvement_start_date"),
                "end_date": _day("invo_involvement_end_date"),
                "reason": Column("invo_worker_change_reason", REASONS, rest=""),
            },
        ),
        joins=("invo_professional_role_id", "invo_professional_team"),
        unused=("invo_referral_id",),
    ),
)
