-- made.referrals, made.assessments. In: cases.
CREATE OR REPLACE VIEW made.referrals AS
SELECT
    i, 0 AS n, audit_id,
    referral_date AS received_date,
    if(decision_date <= audit_date, decision_date, NULL) AS decision_date,
    CASE WHEN h & 31 > 0 THEN CASE WHEN case_type = 'child_protection' OR (h >> 5) & 7 = 0 THEN 'high'
        WHEN (h >> 5) & 7 < 4 THEN 'low' ELSE 'medium' END END AS risk_level,
    CASE WHEN decision_date <= audit_date
        THEN if((h >> 8) & 3 = 0, 'Practice manager', 'Team manager') END AS decided_by_role,
    CASE WHEN (h >> 10) & 15 > 0 THEN (h >> 14) & 255 < 200 + x_decision // 3 END
        AS history_considered,
    least(audit_date, workday(referral_date + ((h >> 24) & 1)::INTEGER)) AS recorded_date
FROM (SELECT *, draw(k, 'referral') AS h FROM cases WHERE referred)
UNION ALL BY NAME
-- Some families were referred before, and the earlier referral was decided in time.
SELECT
    i, 1 AS n, audit_id,
    workday(referral_date - 60 - since_allocation) AS received_date,
    workday(referral_date - 60 - since_allocation) AS decision_date,
    'low' AS risk_level,
    'Team manager' AS decided_by_role,
    true AS history_considered,
    workday(referral_date - 60 - since_allocation) AS recorded_date
FROM cases WHERE referred AND referral_draw < 15;

CREATE OR REPLACE VIEW made.assessments AS
SELECT
    i, 0 AS n, audit_id,
    CASE WHEN h & 63 > 0 OR assessed <> 'child_and_family' THEN assessed END AS kind,
    CASE WHEN assessed IN ('child_and_family', 'pre_birth') THEN referral_date END AS referral_date,
    assessment_start AS start_date,
    if(authorised_date <= audit_date, authorised_date, NULL) AS authorised_date,
    CASE WHEN (h >> 6) & 15 > 0 THEN (h >> 10) & 255 < 215 + x_assessment // 4 END
        AS reason_recorded,
    CASE WHEN assessed <> 'pre_birth' THEN l_seen <> 2 END AS child_seen,
    CASE WHEN assessed <> 'pre_birth' AND l_seen < 3 THEN l_seen = 0 AND NOT too_young_alone END
        AS seen_alone,
    CASE WHEN (h >> 18) & 15 > 1 THEN (h >> 22) & 255 < 180 + x_assessment // 3 END
        AS chronology_complete,
    CASE WHEN authorised_date <= audit_date AND (h >> 2) & 15 > 1
        THEN (h >> 8) & 255 < 180 + x_voice // 3 END AS shared_with_family,
    least(audit_date, workday(assessment_start + (h >> 29)::INTEGER)) AS recorded_date
FROM (SELECT *, draw(k, 'assessment') AS h FROM cases WHERE assessed IS NOT NULL);
