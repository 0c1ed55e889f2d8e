-- made.audits: the audited files themselves. In: cases.
CREATE OR REPLACE VIEW made.audits AS
SELECT
    i, 0 AS n, audit_id,
    numbered('C', mix(xor(i, getvariable('seed'))), 10) AS child_id,
    case_type,
    numbered('Team ', team, 2) AS team,
    CASE
        WHEN provider_draw < CASE case_type WHEN 'early_help' THEN 400 WHEN 'care_leaver' THEN 100
            WHEN 'child_in_care' THEN 80 ELSE 0 END
        THEN 'Provider ' || chr(65 + provider_draw % 4) END AS provider,
    numbered('W', team * 10 + team_draw // 7 % 9, 5) AS worker_id,
    numbered('AU', auditor, 4) AS auditor_id,
    audit_date, period_start, period_end, selected_date, allocated_date, birth_month,
    CASE WHEN unborn THEN true WHEN birth_month IS NOT NULL THEN false END AS unborn,
    not_examined,
    CASE WHEN sample_draw < 80 THEN 'sampled' WHEN sample_draw < 92 THEN 'tracked'
        ELSE 'thematic' END AS sample_type,
    grade_name(auditor_grade) AS overall_grade,
    CASE WHEN sample_draw % 33 > 0
        THEN greatest(5, 17 + bell(draw(k, 'caseload')) // 30) END AS caseload,
    unallocated, worker_changes AS worker_changes_12m,
    CASE WHEN new_worker THEN true WHEN sample_draw % 4 > 0 THEN false END AS new_worker,
    exploitation_signs, interpreter_needed, interpreter_used, came_into_care_date, left_care_date,
    first_care_plan_date, permanence_plan_date, life_story_started_date, pathway_eligible_date,
    health_history_date
FROM cases;
