"""The columns of the tables of the Standard Safeguarding Dataset, as version 1.4.5 names them."""

from collections.abc import Mapping

FILES: Mapping[str, tuple[str, ...]] = {
    "ssd_person": (
        *("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob", "pers_upn_unknown"),
        *("pers_expected_dob", "pers_death_date"),
    ),
    "ssd_cin_episodes": (
        *("cine_referral_id", "cine_person_id", "cine_referral_date", "cine_referral_nfa"),
        *("cine_close_reason", "cine_close_date", "cine_referral_team", "cine_referral_worker_id"),
    ),
    "ssd_cin_assessments": (
        *("cina_assessment_id", "cina_person_id", "cina_referral_id"),
        *("cina_assessment_start_date", "cina_assessment_child_seen", "cina_assessment_auth_date"),
        *("cina_assessment_outcome_json", "cina_assessment_team", "cina_assessment_worker_id"),
    ),
    "ssd_cin_plans": (
        *("cinp_cin_plan_id", "cinp_person_id", "cinp_cin_plan_start_date"),
        *("cinp_cin_plan_end_date", "cinp_cin_plan_team", "cinp_cin_plan_worker_id"),
    ),
    "ssd_cin_visits": (
        *("cinv_cin_visit_id", "cinv_person_id", "cinv_cin_visit_date", "cinv_cin_visit_seen"),
        *("cinv_cin_visit_seen_alone", "cinv_cin_visit_bedroom"),
    ),
    "ssd_s47_enquiry": (
        *("s47e_s47_enquiry_id", "s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date"),
        *("s47e_s47_nfa", "s47e_s47_outcome_json", "s47e_s47_completed_by_team"),
        "s47e_s47_completed_by_worker_id",
    ),
    "ssd_initial_cp_conference": (
        *("icpc_icpc_id", "icpc_s47_enquiry_id", "icpc_person_id", "icpc_icpc_transfer_in"),
        *("icpc_icpc_target_date", "icpc_icpc_date", "icpc_icpc_outcome_cp_flag"),
    ),
    "ssd_cp_plans": (
        *("cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        *("cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category", "cppl_cp_plan_ola"),
    ),
    "ssd_cp_visits": (
        *("cppv_cp_visit_id", "cppv_person_id", "cppv_cp_plan_id", "cppv_cp_visit_date"),
        *("cppv_cp_visit_seen", "cppv_cp_visit_seen_alone", "cppv_cp_visit_bedroom"),
    ),
    "ssd_cp_reviews": (
        *("cppr_cp_review_id", "cppr_person_id", "cppr_cp_plan_id", "cppr_cp_review_due"),
        *("cppr_cp_review_date", "cppr_cp_review_quorate", "cppr_cp_review_participation"),
    ),
    "ssd_cla_episodes": (
        *("clae_cla_episode_id", "clae_person_id", "clae_cla_episode_start_date", "clae_cla_id"),
        *("clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason"),
        "clae_entered_care_date",
    ),
    "ssd_cla_care_plan": (
        *("lacp_table_id", "lacp_person_id", "lacp_cla_care_plan_start_date"),
        *("lacp_cla_care_plan_end_date", "lacp_cla_care_plan_json"),
    ),
    "ssd_cla_placement": (
        *("clap_cla_placement_id", "clap_cla_id", "clap_person_id", "clap_cla_placement_type"),
        *("clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    ),
    "ssd_cla_reviews": (
        *("clar_cla_review_id", "clar_cla_id", "clar_cla_review_due_date"),
        *("clar_cla_review_date", "clar_cla_review_cancelled", "clar_cla_review_participation"),
    ),
    "ssd_cla_visits": (
        *("clav_cla_visit_id", "clav_cla_id", "clav_person_id", "clav_cla_visit_date"),
        *("clav_cla_visit_seen", "clav_cla_visit_seen_alone"),
    ),
    "ssd_cla_health": (
        *("clah_health_check_id", "clah_person_id", "clah_health_check_type"),
        *("clah_health_check_date", "clah_health_check_status"),
    ),
    "ssd_missing": (
        *("miss_table_id", "miss_person_id", "miss_missing_episode_start_date"),
        *("miss_missing_episode_type", "miss_missing_episode_end_date"),
        *("miss_missing_rhi_offered", "miss_missing_rhi_accepted"),
    ),
    "ssd_care_leavers": (
        *("clea_table_id", "clea_person_id", "clea_care_leaver_latest_contact"),
        *("clea_pathway_plan_review_date", "clea_care_leaver_allocated_team"),
        "clea_care_leaver_worker_id",
    ),
    "ssd_early_help_episodes": (
        *("earl_episode_id", "earl_person_id", "earl_episode_start_date", "earl_episode_end_date"),
        "earl_episode_worker_id",
    ),
    "ssd_involvements": (
        *("invo_involvements_id", "invo_professional_id", "invo_professional_role_id"),
        *("invo_professional_team", "invo_person_id", "invo_involvement_start_date"),
        *("invo_involvement_end_date", "invo_worker_change_reason"),
    ),
    "ssd_department": ("dept_team_id", "dept_team_name"),
}
