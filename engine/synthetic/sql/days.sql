-- days: the days on which things happened, and what the record therefore shows of the standards that
-- most audits turn on, as the code of an outcome: 1 not yet due, 2 met, 3 not assessable, 4 partly
-- met, 5 not evidenced, 6 not met, null not applicable.
-- In: levels. All records are drawn from this one; what they show of the other standards stands in a
-- table `of_...` beside each group of records, with a row an audit.
CREATE OR REPLACE TABLE days AS
WITH dated AS (
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
            WHEN assessed = 'pathway_needs' AND lately_eligible
                THEN workday(eligible + if(l_pathway = 2, 120, 40) + early_days)
            -- In early help a manager's signature is the oversight.
            WHEN assessed = 'early_help'
                THEN if(l_oversight = 3 AND gap_draw % 4 = 0, NULL,
                    workday(assessment_start + 20 + early_days % 8))
            ELSE workday(assessment_start + 20 + early_days) END AS authorised_date,
        birth_month IS NOT NULL
            AND assessment_start < birth_month + to_months(36) AS too_young_alone,
        CASE
            WHEN enquired THEN workday(referral_date + 2 + early_days % 8)
            WHEN conferenced AND l_conference = 2 AND NOT fresh
                THEN workday(began - 30 - days_in % 16)
            WHEN conferenced THEN workday(began - 8 - early_days % 12) END AS strategy_date,
        conferenced AND l_conference = 3 AND NOT fresh AS conference_lost,
        (conferenced AND NOT fresh AND return_draw < 100 OR enquired AND return_draw < 400)
            AND NOT enquiry_lost AS returned,
        CASE
            WHEN unborn THEN 0
            WHEN unvisited AND visits_read THEN pick(wrong_draw, 3)
            WHEN visited AND gap_draw % 16 = 0 THEN 1 + gap_draw % 2
            ELSE 0 END AS attempts
    FROM (
        -- An enquiry that was decided on and never held.
        SELECT *, enquired AND y_conference < -290 AND gap_draw % 2 = 0 AS enquiry_lost FROM levels
    )
),
begun AS (
    SELECT *, workday(enquiry_start + 7 + early_days % 5) AS enquiry_end
    FROM (
        SELECT *,
            CASE WHEN NOT enquiry_lost THEN workday(strategy_date + early_days % 2) END
                AS enquiry_start,
            assessed IS NOT NULL AND NOT coalesce(authorised_date < period_start, false)
                AS assessing,
            -- Before the plan the child was visited for the assessment.
            CASE WHEN case_type IN ('child_in_need', 'child_protection') AND visits_read
                AND assessed = 'child_and_family' AND NOT coalesce(authorised_date < period_start, false)
                AND NOT unborn
                THEN if(l_assessment < 2 AND authorised_date <= least(began, period_end),
                    [2, 1, 0, 0][l_seen_twice + 1], 2)
                ELSE 0 END AS early_visits
        FROM dated
    )
)
-- What was over before the period is history, and no standard is about it.
SELECT * EXCLUDE (o_visits), numbered('A', i, 8) AS audit_id FROM (
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
            WHEN visited THEN [2, 2, 6, 5][recording + 1]
            WHEN attempts > 0 OR early_visits > 0 AND workday(assessment_start + 2
                + (early_visits - 1) * 10) >= period_start THEN 2 END AS "RC-01",
        if(plan_kind = 'child_protection', o_visits, NULL) AS "CP-05",
        if(plan_kind = 'child_in_need', o_visits, NULL) AS "CN-01",
        if(case_type = 'child_in_care', o_visits, NULL) AS "CC-01"
    FROM begun
);
