-- spans: when everything begins and ends for each audit, before anything goes wrong.
-- In: people. Days are drawn so that no clock runs out within a few days of the cut-off: what is
-- planned in levels.sql is then what the record shows, bank holidays or not.
CREATE OR REPLACE TABLE spans AS
WITH periods AS (
    SELECT *,
        [DATE '2025-09-30', DATE '2025-10-31', DATE '2025-11-30', DATE '2025-12-31'][period]
            AS period_end,
        [DATE '2025-04-01', DATE '2025-05-01', DATE '2025-06-01', DATE '2025-07-01'][period]
            AS period_start,
        pick(draw(k, 'start'), 1000) AS start_draw,
        pick(draw(k, 'days since start'), 130) AS days_in,
        pick_low(draw(k, 'days before period'), 400) AS days_before,
        pick(draw(k, 'days since referral'), 1000) AS since_referral,
        pick(draw(k, 'allocation'), 1000) AS allocation_draw,
        pick(draw(k, 'days since allocation'), 116) AS since_allocation,
        pick(draw(k, 'early days'), 18) AS early_days,
        pick(draw(k, 'plan after assessment'), 100) AS plan_draw,
        pick(draw(k, 'referral on file'), 100) AS referral_draw,
        pick(draw(k, 'plan ended'), 1000) AS ended_draw
    FROM (SELECT *, 1 + pick(draw(k, 'period'), 4) AS period FROM people)
),
audited AS (
    SELECT *,
        workday(period_end + 5 + pick(draw(k, 'audit day'), 12)) AS audit_date
    FROM periods
),
-- The day of the referral where that is what the work begins with.
referred AS (
    SELECT *,
        workday(audit_date - 4 - pick(draw(k, 'selection day'), 10)) AS selected_date,
        CASE case_type
            WHEN 'front_door' THEN workday(period_end - 5 - days_in % 20)
            WHEN 'assessment' THEN workday(period_end - CASE
                WHEN since_referral < 80 THEN 10 + days_in % 13
                WHEN since_referral < 330 THEN 46 + days_in % 15
                ELSE 80 + days_in % 71 END) END AS first_referral
    FROM audited
),
-- The plan, or for children in care and privately fostered the placement. `fresh`: begun days ago.
started AS (
    SELECT *,
        CASE case_type
            WHEN 'child_in_need' THEN start_draw < 50
            WHEN 'child_protection' THEN start_draw < 35
            WHEN 'assessment' THEN since_referral >= 330 AND plan_draw < 25
            ELSE false END AS fresh,
        workday(CASE case_type
            WHEN 'child_in_need' THEN CASE
                WHEN start_draw < 50 THEN period_end - 3 - early_days
                WHEN start_draw < 330 THEN period_end - 45 - days_in
                ELSE period_start - 5 - days_before END
            WHEN 'child_protection' THEN CASE
                WHEN start_draw < 35 THEN period_end - 3 - early_days % 7
                WHEN start_draw < 430 THEN period_end - 45 - days_in
                ELSE period_start - 5 - days_before END
            WHEN 'child_in_care' THEN CASE
                WHEN start_draw < 280 THEN period_end - 60 - days_in % 114
                ELSE period_start - 70 - days_before * 4 END
            WHEN 'private_fostering' THEN CASE
                WHEN start_draw < 400 THEN period_end - 60 - days_in % 114
                ELSE period_start - 20 - days_before END
            WHEN 'care_leaver' THEN period_start - 5 - days_before * 2
            WHEN 'assessment' THEN CASE
                WHEN since_referral >= 330 AND plan_draw < 25
                THEN period_end - 3 - early_days % 13 END END) AS began
    FROM referred
),
dated AS (
    SELECT *,
        coalesce(first_referral, CASE
            WHEN case_type IN ('child_in_need', 'child_protection') AND began > period_start - 60
            THEN workday(began - 52 - since_referral % 24) END) AS referral_date,
        CASE
            WHEN case_type IN ('child_in_need', 'child_protection') AND ended_draw < 90
                AND began < period_start THEN workday(period_end - 5 - days_in % 60)
            END AS ended,
        -- Where the children stand who were moved from one placement to another in the period.
        CASE
            WHEN case_type = 'child_in_care' AND began < period_start AND ended_draw < 200
            THEN workday(period_end - 40 - days_in % 80) END AS moved
    FROM started
),
allocated AS (
    SELECT *,
        CASE
            WHEN case_type = 'front_door' THEN workday(referral_date + early_days % 2)
            WHEN case_type = 'assessment' THEN workday(referral_date + 1 + early_days % 4)
            WHEN allocation_draw < 15 THEN NULL
            WHEN allocation_draw < 60 AND NOT fresh THEN workday(period_end - 3 - early_days)
            WHEN allocation_draw < 400 AND NOT fresh
                THEN workday(period_end - 45 - since_allocation)
            WHEN case_type = 'early_help' THEN workday(period_end - 45 - days_in)
            WHEN referral_date IS NOT NULL THEN workday(referral_date + 1 + early_days % 4)
            ELSE workday(greatest(period_start - 1 - days_before, began)) END AS allocated_date
    FROM dated
),
born AS (
    SELECT *,
        CASE case_type
            WHEN 'assessment' THEN ended_draw < 45
            WHEN 'child_protection' THEN ended_draw >= 985
            ELSE false END AS unborn,
        CASE case_type
            -- Sixteen half a year before the plan began, and so entitled to it.
            WHEN 'care_leaver' THEN 198 + (period_end - began) // 30 + pick(draw(k, 'age'), 66)
            WHEN 'private_fostering' THEN 48 + pick(draw(k, 'age'), 140)
            WHEN 'child_protection' THEN 8 + pick_low(draw(k, 'age'), 200)
            ELSE 8 + pick(draw(k, 'age'), 200) END AS months_old,
        case_type NOT IN ('child_in_care', 'care_leaver')
            AND pick(draw(k, 'birth month blank'), 1000) < 15 AS birth_blank,
        -- A child is older than the first thing on the file.
        2 + (period_end - least(began, referral_date, allocated_date)) // 30 AS least_months
    FROM allocated
)
SELECT * EXCLUDE (least_months, birth_blank) REPLACE (
        CASE WHEN NOT unborn THEN greatest(months_old, coalesce(least_months, 0)) END AS months_old),
    -- Too short a time for supervision or oversight to be due.
    coalesce(allocated_date > period_end - 30, false) AS newly_allocated,
    CASE WHEN NOT unborn AND NOT birth_blank THEN CAST(date_trunc('month', period_end)
        - to_months(greatest(months_old, coalesce(least_months, 0))::INTEGER) AS DATE) END
        AS birth_month,
    coalesce(months_old < 36, true) AS very_young
FROM born;
