-- made.strategy_discussions, made.enquiries, made.conferences, made.core_groups. In: cases.
CREATE OR REPLACE VIEW made.strategy_discussions AS
SELECT i, 0 AS n, audit_id, strategy_date AS held_date, true AS threshold_met,
    workday(strategy_date + 1) AS recorded_date
FROM cases WHERE strategy_date IS NOT NULL
UNION ALL BY NAME
-- Others found that there was no need for an enquiry.
SELECT i, 0 AS n, audit_id, workday(referral_date + 1) AS held_date, false AS threshold_met,
    workday(referral_date + 2) AS recorded_date
FROM cases
WHERE case_type IN ('front_door', 'assessment') AND enquiry_draw >= 950;

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
    workday(enquiry_start + 2) AS recorded_date
FROM (
    SELECT *, workday(strategy_date + 4 + early_days % 9) AS home
    FROM cases WHERE strategy_date IS NOT NULL
);

CREATE OR REPLACE VIEW made.conferences AS
SELECT
    i, n, audit_id,
    if(n = 0, if(unborn, 'pre_birth', 'initial'), 'review') AS kind,
    if(n = 0, workday(strategy_date + 21), due) AS due_date,
    held_date,
    CASE WHEN h & 7 > 1 THEN CASE WHEN very_young THEN 'The child was too young to take part.'
        ELSE ['The child was there for part of it.', 'An advocate spoke for the child.',
            'The child sent a letter.', 'The child chose not to come.'][1 + ((h >> 4) & 3)::INTEGER] END
        END AS participation,
    least(audit_date, workday(held_date + ((h >> 8) & 3)::INTEGER)) AS recorded_date
FROM (
    SELECT *, draw_row(k, 'conference', n) AS h,
        workday(due + if(n = 0, 0, pick(draw_row(k, 'conference day', n), 12) - 6)) AS held_date
    FROM (
        SELECT *, (began + [0, 91, 273, 455][n + 1])::DATE AS due
        FROM (
            SELECT *, unnest(range(4))::INTEGER AS n FROM cases WHERE case_type = 'child_protection'
        )
    )
)
WHERE held_date < coalesce(ended, audit_date)
    AND if(n = 0, conferenced AND NOT conference_lost, held_date >= period_start);

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
    SELECT *, workday(due - 4 + pick(h, if(x_planning < -150, 12, 5))) AS held_date
    FROM (
        SELECT *, draw_row(k, 'core group', n) AS h,
            workday((began + if(n = 0, 13, 10 + n * 42))::DATE) AS due
        FROM (
            SELECT *, unnest(range(0, 14))::INTEGER AS n
            FROM cases WHERE case_type = 'child_protection' AND core_groups_read
        )
    )
)
WHERE held_date < coalesce(ended, audit_date)
    AND (held_date >= period_start OR n = 0 AND conferenced);
