-- made.referrals, made.assessments, made.threshold_decisions, and what they show (of_entry).
-- In: days.
CREATE OR REPLACE TABLE entry AS
SELECT *,
    referred AND referral_draw < 15 AS referred_before,
    -- Decided within the period, or not decided at all.
    referred AND NOT coalesce(decision_date < period_start, false) AS deciding,
    referred AND decision_date BETWEEN period_start AND period_end AS decided,
    coalesce(authorised_date <= period_end, false) AS authorised,
    workday(referral_date - 60 - since_allocation) AS earlier_referral,
    CASE
        WHEN NOT referred OR NOT referral_draw < 15 OR l_again = 3 AND period_end - referral_date >= 26
            THEN NULL
        WHEN l_again = 2 AND period_end - referral_date >= 26 THEN workday(referral_date + 23)
        ELSE workday(referral_date + early_days % 4) END AS reconsidered_date,
    CASE
        WHEN ended IS NOT NULL THEN ended
        WHEN case_type = 'front_door' AND decision_date BETWEEN period_start AND period_end
            THEN decision_date
        WHEN case_type = 'assessment' AND authorised_date <= period_end THEN authorised_date
        END AS threshold_day,
    -- A manager may have agreed a shorter time than the longest.
    CASE
        WHEN NOT agreed OR assessed NOT IN ('child_and_family', 'pre_birth') THEN NULL
        WHEN NOT coalesce(authorised_date <= period_end, false) THEN workday(referral_date + 59)
        WHEN l_agreed >= 2 THEN workday(authorised_date - 7)
        ELSE workday(authorised_date + early_days) END AS agreed_date
FROM (
    SELECT *,
        draw(k, 'referral') AS referral_hash,
        draw(k, 'assessment') AS assessment_hash,
        pick(draw(k, 'agreed time'), 100) < 30 AS agreed
    FROM days
);

CREATE OR REPLACE TABLE of_entry AS
SELECT
    i,
    CASE WHEN decided THEN strictly(l_history)
        WHEN referred_before AND earlier_referral >= period_start THEN 2 END AS "FD-02",
    CASE WHEN decided THEN by_level(if(role_only, l_decider, if(l_decider = 1, 0, l_decider)))
        WHEN referred_before AND earlier_referral >= period_start THEN 2 END AS "FD-03",
    decided AND role_only AND l_decider < 3 AS "asks FD-03",
    CASE WHEN deciding AND high_risk THEN if(decided, by_level(l_high_risk), 5) END AS "FD-04",
    decided AS "asks FD-04",
    by_level(if(threshold_day IS NOT NULL, l_threshold, NULL)) AS "TH-01",
    CASE WHEN deciding AND referred_before
        THEN by_working_days(referral_date, reconsidered_date, 10, period_end) END AS "TH-02",
    CASE WHEN assessing AND in_full AND NOT still THEN by_level(l_analysis) END AS "AS-03",
    CASE WHEN assessing AND agreed_date IS NOT NULL THEN CASE
        WHEN authorised THEN if(authorised_date <= agreed_date, 2, 6)
        ELSE if(agreed_date > period_end, 1, 5) END END AS "AS-04",
    CASE WHEN assessing AND assessed = 'child_and_family' AND NOT unborn AND NOT still THEN CASE
        WHEN l_seen = 2 THEN 6 WHEN NOT visits_read THEN 3
        WHEN case_type = 'assessment' THEN 2
        ELSE [5, 4, 2][early_visits + 1] END END AS "AS-05",
    CASE WHEN assessing AND assessed = 'child_and_family' AND NOT unborn AND NOT still
        THEN by_level(l_chronology) END AS "AS-06",
    CASE WHEN assessing AND in_full AND (assessed = 'pre_birth' OR unborn) AND NOT still
        THEN by_level(l_chronology) END AS "AS-07",
    CASE WHEN assessing AND assessed = 'early_help' THEN strictly(l_reason) END AS "EH-01",
    CASE WHEN assessing AND assessed = 'early_help' THEN if(authorised, 2, 5) END AS "EH-02",
    CASE WHEN assessing AND assessed NOT IN ('pre_birth', 'connected_carer') AND NOT unborn
        THEN strictly(l_views) END AS "VO-01",
    CASE WHEN assessing AND authorised AND working_days(authorised_date, period_end) >= 10
        THEN strictly(l_copy) END AS "VO-04",
    CASE WHEN assessing THEN by_level(l_diversity) END AS "VO-07"
FROM (
    SELECT *,
        assessed IN ('child_and_family', 'pre_birth') AS in_full,
        NOT authorised AND period_end <= assessment_start + 63 AS still,
        (referral_hash >> 17) & 3 = 0 AS role_only,
        coalesce(referral_hash & 31 > 0
            AND (case_type = 'child_protection' OR (referral_hash >> 5) & 7 = 0), false) AS high_risk
    FROM entry
);

CREATE OR REPLACE VIEW made.referrals AS
SELECT
    i, 0 AS n, audit_id,
    referral_date AS received_date,
    if(decision_date <= audit_date, decision_date, NULL) AS decision_date,
    CASE WHEN h & 31 > 0 THEN CASE WHEN case_type = 'child_protection' OR (h >> 5) & 7 = 0 THEN 'high'
        WHEN (h >> 5) & 7 < 4 THEN 'low' ELSE 'medium' END END AS risk_level,
    CASE WHEN decision_date <= audit_date AND NOT (decided AND l_decider = 3)
        THEN if((h >> 8) & 3 = 0, 'Practice manager', 'Team manager') END AS decided_by_role,
    CASE WHEN NOT decided THEN true ELSE yes_by(l_history) END AS history_considered,
    CASE WHEN decision_date <= audit_date AND NOT (h >> 17) & 3 = 0 THEN yes_by(l_decider) END
        AS decided_by_manager,
    referred_before AS rereferral,
    reconsidered_date,
    least(audit_date, workday(referral_date + ((h >> 24) & 1)::INTEGER)) AS recorded_date
FROM (SELECT *, referral_hash AS h FROM entry WHERE referred)
UNION ALL BY NAME
-- Some families were referred before, and the earlier referral was decided in time.
SELECT
    i, 1 AS n, audit_id,
    earlier_referral AS received_date,
    earlier_referral AS decision_date,
    'low' AS risk_level,
    'Team manager' AS decided_by_role,
    true AS history_considered,
    true AS decided_by_manager,
    false AS rereferral,
    earlier_referral AS recorded_date
FROM entry WHERE referred_before;

CREATE OR REPLACE VIEW made.assessments AS
SELECT
    i, 0 AS n, audit_id,
    CASE WHEN h & 63 > 0 OR assessed <> 'child_and_family' THEN assessed END AS kind,
    CASE WHEN assessed IN ('child_and_family', 'pre_birth') THEN referral_date END AS referral_date,
    assessment_start AS start_date,
    if(authorised_date <= audit_date, authorised_date, NULL) AS authorised_date,
    CASE WHEN assessed = 'early_help' OR (h >> 6) & 15 > 0 THEN yes_by(l_reason) END
        AS reason_recorded,
    CASE WHEN assessed <> 'pre_birth' THEN l_seen <> 2 END AS child_seen,
    CASE WHEN assessed <> 'pre_birth' AND l_seen < 3 THEN l_seen = 0 AND NOT too_young_alone END
        AS seen_alone,
    CASE WHEN l_chronology = 2 THEN false WHEN (h >> 18) & 15 > 1 THEN true END
        AS chronology_complete,
    CASE WHEN authorised_date <= audit_date THEN yes_by(l_copy) END AS shared_with_family,
    agreed_date,
    CASE WHEN l_analysis = 1 THEN 'some_analysis' WHEN l_analysis = 2 THEN 'description'
        WHEN (h >> 22) & 3 > 0 THEN 'analysis' END AS analysis_rating,
    CASE WHEN l_copy < 2 AND (h >> 2) & 1 = 1 AND workday(authorised_date + 5) <= period_end
        THEN workday(authorised_date + 5) END AS shared_date,
    CASE WHEN assessed <> 'pre_birth' AND NOT unborn THEN yes_by(l_views) END AS views_recorded,
    CASE WHEN l_diversity = 2 THEN false WHEN (h >> 10) & 7 > 1 THEN true END
        AS diversity_considered,
    least(audit_date, workday(assessment_start + (h >> 29)::INTEGER)) AS recorded_date
FROM (SELECT *, assessment_hash AS h FROM entry WHERE assessed IS NOT NULL);

CREATE OR REPLACE VIEW made.threshold_decisions AS
SELECT
    i, 0 AS n, audit_id,
    threshold_day AS decision_date,
    CASE
        WHEN ended IS NOT NULL THEN if(case_type = 'child_protection', 'step_down', 'closure')
        WHEN case_type = 'front_door' THEN ['contact', 'early_help', 'assessment', 'assessment']
            [1 + early_days % 4]
        ELSE if(began IS NULL, 'closure', 'child_in_need') END AS transfer_point,
    CASE WHEN l_threshold = 2 THEN false WHEN plan_draw < 70 THEN true END AS threshold_agreed,
    threshold_day AS recorded_date
FROM entry WHERE threshold_day IS NOT NULL;
