-- made.strategy_discussions, made.enquiries, made.conferences, made.core_groups, and what they show
-- (of_protection). In: days.
CREATE OR REPLACE TABLE protecting AS
SELECT *,
    if(fresh, 0, l_telephone) AS telephone_level,
    coalesce(pick(draw(k, 'telephone'), 100) < 20, false) AS by_telephone,
    enquiry_start IS NOT NULL AND pick(draw(k, 'written agreement'), 100) < 15 AS agreement,
    -- A few discussions found that there was no need for an enquiry.
    CASE WHEN case_type IN ('front_door', 'assessment') AND enquiry_draw >= 950
        THEN workday(referral_date + 1) END AS no_enquiry_date,
    least(coalesce(ended, period_end), period_end) AS plan_until,
    case_type = 'child_protection' AND began + to_months(3) <= period_start AS long_protected,
    CASE
        WHEN case_type <> 'child_protection' THEN NULL
        WHEN l_core_group >= 2 AND NOT fresh THEN workday(began + 24)
        ELSE workday(began + 9 + early_days % 5) END AS first_core_group,
    case_type = 'child_protection' AND coalesce(began + 15 > period_start, false) AS core_group_due
FROM (
    SELECT *,
        x_safety < -300 AND pick(draw(k, 'standard SF-02'), 100) < 60 AS unsigned
    FROM days
);

-- The review before the period, where there should have been one, and the two after it.
CREATE OR REPLACE TABLE reviewing AS
SELECT *, CASE WHEN long_protected AND l_conference_reviews = 3 THEN NULL
    WHEN l_conference_reviews = 1 OR NOT l_conference_reviews >= 2 THEN workday(first_review + 165)
    ELSE workday(first_review + 215) END AS second_review
FROM (
    SELECT *, CASE
        WHEN long_protected AND l_conference_reviews = 3 THEN NULL
        WHEN long_protected THEN workday(period_start - 20 - days_in % 60)
        WHEN l_conference_reviews >= 2 THEN workday(began + 120)
        ELSE workday(began + 78) END AS first_review
    FROM protecting WHERE case_type = 'child_protection'
);

CREATE OR REPLACE TABLE of_protection AS
SELECT
    i,
    CASE WHEN discussed THEN if(enquiry_lost, 6, 2) END AS "CP-02",
    CASE WHEN discussed AND by_telephone THEN strictly(telephone_level) END AS "CP-03",
    CASE WHEN discussed OR no_enquiry_date >= period_start THEN by_level(l_section_47) END AS "CP-09",
    CASE WHEN discussed OR no_enquiry_date >= period_start THEN strictly(l_prompt) END AS "CP-10",
    CASE WHEN core_group_due THEN CASE WHEN NOT core_groups_read THEN 3
        ELSE by_working_days(began, first_core_group, 10, period_end) END END AS "CP-07",
    CASE
        WHEN long_protected THEN CASE WHEN first_review IS NULL THEN 5
            WHEN least(second_review, p.plan_until) <= first_review + to_months(6) THEN 2 ELSE 6 END
        WHEN case_type = 'child_protection' THEN CASE
            WHEN first_review <= p.plan_until THEN if(first_review <= began + to_months(3), 2, 6)
            ELSE if(p.plan_until <= began + to_months(3), 1, 5) END END AS "CP-08",
    CASE WHEN agreement AND enquiry_end >= period_start THEN if(unsigned, 6, 2) END AS "SF-02"
FROM (SELECT *, coalesce(strategy_date >= period_start, false) AS discussed FROM protecting) p
LEFT JOIN (SELECT i, first_review, second_review FROM reviewing) USING (i);

CREATE OR REPLACE VIEW made.strategy_discussions AS
SELECT i, 0 AS n, audit_id, strategy_date AS held_date, true AS threshold_met,
    if(gap_draw % 4 > 0, 'first', NULL) AS kind,
    CASE l_prompt WHEN 3 THEN NULL WHEN 2 THEN workday(strategy_date - 9)
        ELSE workday(strategy_date - early_days % 2) END AS concern_date,
    by_telephone AS telephone_only,
    CASE WHEN by_telephone THEN CASE telephone_level WHEN 3 THEN NULL
        WHEN 2 THEN workday(strategy_date + 18) ELSE workday(strategy_date + 1 + gap_draw % 4) END END
        AS followup_date,
    workday(strategy_date + 1) AS recorded_date
FROM protecting WHERE strategy_date IS NOT NULL
UNION ALL BY NAME
SELECT i, 1 AS n, audit_id, no_enquiry_date AS held_date, false AS threshold_met, 'first' AS kind,
    CASE l_prompt WHEN 3 THEN NULL WHEN 2 THEN workday(no_enquiry_date - 9) ELSE no_enquiry_date END
        AS concern_date,
    false AS telephone_only,
    workday(no_enquiry_date + 1) AS recorded_date
FROM protecting WHERE no_enquiry_date IS NOT NULL;

CREATE OR REPLACE VIEW made.enquiries AS
SELECT
    i, 0 AS n, audit_id,
    enquiry_start AS start_date,
    enquiry_end AS end_date,
    conferenced AS conference_required,
    returned AS returned_home,
    if(returned, home, NULL) AS returned_home_date,
    CASE WHEN returned AND NOT (unsafe_return AND return_draw & 1 = 1)
        THEN workday(home - 1 - return_draw % 3) END AS risk_assessment_date,
    CASE WHEN returned THEN CASE
        WHEN NOT unsafe_return THEN workday(home - return_draw % 2)
        WHEN return_draw & 1 = 0 THEN workday(home + 6 + return_draw % 8) END END
        AS manager_agreement_date,
    agreement AS written_agreement,
    CASE WHEN agreement THEN NOT unsigned END AS written_agreement_signed,
    CASE WHEN agreement AND NOT unsigned THEN workday(home - 1) END AS written_agreement_signed_date,
    workday(enquiry_start + 2) AS recorded_date
FROM (
    SELECT *, workday(strategy_date + 4 + early_days % 9) AS home
    FROM protecting WHERE enquiry_start IS NOT NULL
);

CREATE OR REPLACE VIEW made.conferences AS
SELECT
    i, n, audit_id,
    if(n = 0, if(unborn, 'pre_birth', 'initial'), 'review') AS kind,
    if(n = 0, workday(strategy_date + 21), workday(held_date + 2)) AS due_date,
    held_date,
    CASE WHEN h & 7 > 1 THEN CASE WHEN very_young THEN 'The child was too young to take part.'
        ELSE ['The child was there for part of it.', 'An advocate spoke for the child.',
            'The child sent a letter.', 'The child chose not to come.'][1 + ((h >> 4) & 3)::INTEGER] END
        END AS participation,
    least(audit_date, workday(held_date + ((h >> 8) & 3)::INTEGER)) AS recorded_date
FROM (
    SELECT *, draw_row(k, 'conference', n) AS h,
        CASE n WHEN 0 THEN began WHEN 1 THEN first_review ELSE second_review END AS held_date
    FROM (SELECT *, unnest(range(3))::INTEGER AS n FROM reviewing)
)
WHERE held_date <= coalesce(ended, audit_date - 1) AND (n > 0 OR conferenced AND NOT conference_lost);

CREATE OR REPLACE VIEW made.core_groups AS
SELECT
    i, n, audit_id,
    if(n = 0, 'first', 'later') AS kind,
    due AS due_date,
    held_date,
    CASE WHEN h & 7 > 1 THEN ['Both parents came.', 'Mother came.', 'The family sent apologies.',
        'The grandmother came with the mother.'][1 + ((h >> 4) & 3)::INTEGER] END AS participation,
    least(audit_date, workday(held_date + ((h >> 8) & 3)::INTEGER)) AS recorded_date
FROM (
    SELECT *, if(n = 0, first_core_group, workday(due - 4 + pick(h, if(x_planning < -150, 12, 5))))
        AS held_date
    FROM (
        SELECT *, draw_row(k, 'core group', n) AS h,
            workday((began + if(n = 0, 13, 10 + n * 42))::DATE) AS due
        FROM (
            SELECT *, unnest(range(0, 14))::INTEGER AS n
            FROM protecting WHERE case_type = 'child_protection' AND core_groups_read
        )
    )
)
WHERE held_date < coalesce(ended, audit_date)
    AND (held_date >= period_start OR n = 0 AND conferenced);
