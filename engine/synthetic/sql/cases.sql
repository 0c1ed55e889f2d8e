-- cases: the days on which things happened, what the record therefore shows of each standard (as the
-- code of an outcome: 1 not yet due, 2 met, 3 not assessable, 4 partly met, 5 not evidenced, 6 not
-- met, null not applicable), the true grade, and the auditor's.
-- In: levels. All tables of the batch are drawn from this one.
CREATE OR REPLACE TABLE cases AS
WITH days AS (
    SELECT *,
        CASE
            WHEN NOT referred OR l_referral = 3 THEN NULL
            WHEN l_referral = 2 THEN workday(referral_date + 7 + early_days)
            ELSE workday(referral_date + if(early_days < 12, 0, 1)) END AS decision_date,
        CASE
            WHEN assessed IN ('child_and_family', 'pre_birth') THEN CASE
                WHEN l_assessment = 3 AND period_end - referral_date >= 76 THEN NULL
                WHEN l_assessment = 2 AND period_end - referral_date >= 76
                    THEN workday(referral_date + 76 + days_in % 35)
                ELSE workday(referral_date + 28 + days_in % 31) END
            ELSE workday(assessment_start + 20 + early_days) END AS authorised_date,
        birth_month IS NOT NULL
            AND assessment_start < birth_month + to_months(36) AS too_young_alone,
        CASE
            WHEN enquired THEN workday(referral_date + 2 + early_days % 8)
            WHEN conferenced AND l_conference = 2 AND NOT fresh
                THEN workday(began - 30 - days_in % 16)
            WHEN conferenced THEN workday(began - 8 - early_days % 12) END AS strategy_date,
        conferenced AND l_conference = 3 AND NOT fresh AS conference_lost,
        conferenced AND NOT fresh AND return_draw < 100 OR enquired AND return_draw < 400
            AS returned,
        CASE
            WHEN unvisited AND visits_read THEN pick(wrong_draw, 3)
            WHEN visited AND gap_draw % 16 = 0 THEN 1 + gap_draw % 2
            ELSE 0 END AS attempts
    FROM levels
),
begun AS (
    SELECT *, workday(enquiry_start + 7 + early_days % 5) AS enquiry_end
    FROM (SELECT *, workday(strategy_date + early_days % 2) AS enquiry_start FROM days)
),
-- What was over before the period is history, and no standard is about it.
shown AS (
    SELECT *,
        CASE WHEN NOT referred OR decision_date < period_start THEN NULL WHEN l_referral = 0 THEN 2
            WHEN l_referral = 3 OR decision_date > period_end THEN 5 ELSE 6 END AS "FD-01",
        CASE WHEN assessed IN ('child_and_family', 'pre_birth') THEN CASE
            WHEN authorised_date < period_start THEN NULL
            WHEN authorised_date IS NULL THEN 5
            WHEN l_assessment < 2 OR period_end - referral_date < 76
                THEN if(authorised_date > period_end, 1, 2)
            WHEN authorised_date > period_end THEN 5 ELSE 6 END END AS "AS-01",
        CASE WHEN assessed NOT IN ('pre_birth', 'connected_carer') AND NOT unborn THEN CASE
            WHEN authorised_date < period_start THEN NULL
            WHEN l_seen = 2 THEN 6 WHEN l_seen = 0 OR too_young_alone THEN 2
            WHEN l_seen = 1 THEN 4 ELSE 5 END END AS "AS-02",
        CASE WHEN conferenced AND enquiry_end >= period_start THEN CASE WHEN conference_lost THEN 5
            WHEN l_conference = 2 AND NOT fresh THEN 6 ELSE 2 END END AS "CP-01",
        CASE WHEN NOT visits_read THEN 3 WHEN fresh THEN 1 WHEN unvisited THEN 5
            WHEN visits_wide IS NULL THEN 2 WHEN l_visits = 1 THEN 4 ELSE 6 END AS o_visits,
        CASE WHEN plan_kind = 'child_protection' THEN CASE WHEN NOT visits_read THEN 3
            WHEN fresh THEN 1 WHEN unvisited THEN 6 ELSE 2 END END AS "CP-06",
        CASE WHEN plan_kind IS NOT NULL THEN [2, 4, 6, 5][l_actions + 1] END AS "PL-01",
        CASE WHEN plan_kind IS NOT NULL THEN if(l_contingency = 3, 5, 2) END AS "PL-02",
        CASE WHEN case_type <> 'front_door' AND NOT newly_allocated THEN CASE
            WHEN NOT supervisions_read THEN 3 WHEN l_supervision = 3 THEN 5
            WHEN supervision_wide IS NOT NULL THEN 6 ELSE 2 END END AS "SU-01",
        CASE WHEN NOT supervisions_read THEN 3
            WHEN supervised THEN [2, 2, 6, 5][l_reflective + 1] END AS "SU-02",
        CASE WHEN case_type <> 'front_door' AND NOT newly_allocated THEN CASE
            WHEN allocated_date IS NULL THEN 3 WHEN l_oversight = 3 THEN 5 ELSE 2 END END
            AS "OV-01",
        CASE WHEN returned AND enquiry_end >= period_start THEN if(unsafe_return, 6, 2) END AS "SF-01",
        CASE WHEN NOT visits_read THEN 3
            WHEN visited THEN [2, 2, 6, 5][recording + 1] WHEN attempts > 0 THEN 2 END AS "RC-01"
    FROM begun
),
weighed AS (
    SELECT * EXCLUDE (o_visits),
        if(plan_kind = 'child_protection', o_visits, NULL) AS "CP-05",
        if(plan_kind = 'child_in_need', o_visits, NULL) AS "CN-01",
        if(case_type = 'child_in_care', o_visits, NULL) AS "CC-01",
        2740 + x_overall * 4 AS held,
        200 + pick(draw(auditor_key, 'noise'), 300) AS noise,
        bell(draw(k, 'auditor on the whole')) AS impression,
        pick(draw(k, 'no overall grade'), 1000) < 15 AS ungraded
    FROM shown
),
-- What a careful reader would see: a miss weighs on the whole, however good the rest.
judged AS (
    SELECT *,
        least(held, CASE
            WHEN "CP-06" = 6 OR "SF-01" = 6 THEN 1100
            WHEN weak >= 3 THEN 1450
            WHEN "CP-05" >= 5 OR "CC-01" >= 5 OR "SU-01" >= 5 OR weak >= 2 THEN 2400
            WHEN weak = 1 THEN 3400
            ELSE 9999 END) AS worth
    FROM (
        SELECT *,
            coalesce("FD-01" >= 5, false)::INTEGER + coalesce("CP-01" >= 5, false)::INTEGER
                + (coalesce("AS-01" >= 5, false) OR coalesce("AS-02" >= 5, false))::INTEGER
                + coalesce("PL-01" >= 5, false)::INTEGER + coalesce("SU-01" >= 5, false)::INTEGER
                + coalesce(coalesce("CP-05", "CN-01", "CC-01") >= 5, false)::INTEGER AS weak
        FROM weighed
    )
)
SELECT *,
    numbered('A', i, 8) AS audit_id,
    grade_of(worth) AS true_grade,
    CASE WHEN NOT ungraded THEN grade_of(worth + leniency + (held - worth) * 7 // 10 - 100
        + impression * noise // 148) END
        AS auditor_grade
FROM judged;
