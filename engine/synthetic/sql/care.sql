-- made.reviews: of plans for children in need, of children in care and of pathway plans, and what they
-- show (of_reviews). In: days.
CREATE OR REPLACE TABLE reviewed AS
SELECT *,
    -- How a child in need is reviewed: a wide gap only where nothing fills it.
    if(l_first_meeting > 0 AND began >= period_start, 0, l_in_need) AS in_need_level,
    CASE WHEN l_in_need = 1 THEN 35 ELSE 55 END AS in_need_gap,
    CASE l_first_meeting
        WHEN 0 THEN workday(began + 4 + early_days % 6)
        WHEN 1 THEN workday(began + 13)
        ELSE workday(began + 20) END AS first_meeting,
    if(began >= period_start, began + 4 + early_days % 6, period_start + 4 + gap_draw % 16)
        AS in_need_from,
    least(coalesce(ended, period_end), period_end) AS plan_until,
    -- The first review of a placement under regulation 19 or 24 is on the file, however old: it
    -- settles how often the child is to be visited.
    CASE WHEN regime IN ('regulation_19', 'regulation_24') THEN workday(began + 24) END AS settled,
    -- Children long in care, and long on a pathway plan, had a review not long before the period.
    CASE
        WHEN plan_kind = 'care' THEN CASE
            WHEN began >= period_start THEN CASE l_first_review WHEN 3 THEN NULL
                WHEN 2 THEN workday(began + 40) ELSE workday(began + 15 + early_days % 10) END
            WHEN l_care = 3 THEN NULL
            ELSE workday(period_start - 20 - if(regime = 'regulation_28', days_in % 100, gap_draw % 26))
            END
        WHEN plan_kind = 'pathway' THEN CASE
            WHEN long_pathway AND l_pathway_review < 3 THEN workday(period_start - 20 - days_in % 100)
            WHEN NOT long_pathway AND l_pathway_review < 2 THEN workday(began + 165) END
        END AS first_review,
    if(plan_kind = 'care', l_care, l_pathway_review) AS later_level
FROM (
    SELECT * REPLACE (
            if(began < period_start AND began + 21 >= period_start, 0, l_first_meeting)
                AS l_first_meeting,
            if(began < period_start AND began + 21 >= period_start, 0, l_in_need) AS l_in_need)
    FROM (
        SELECT *,
            plan_kind = 'pathway' AND began + to_months(6) <= period_start AS long_pathway
        FROM days WHERE plan_kind IS NOT NULL
    )
);

CREATE OR REPLACE TABLE reviews_planned AS
SELECT *,
    CASE
        WHEN plan_kind = 'care' AND began >= period_start
            THEN workday(first_review + if(later_level >= 2, 125, 80))
        WHEN later_level >= 2 THEN workday(first_review + 215)
        ELSE workday(first_review + 165) END AS second_review,
    CASE WHEN plan_kind = 'child_in_need' AND in_need_level > 0 AND NOT fresh
            AND plan_until - in_need_from - in_need_gap >= 0
        THEN pick(wrong_draw, (plan_until - in_need_from - in_need_gap) // 21 + 1) END AS in_need_wide
FROM reviewed;

CREATE OR REPLACE TABLE of_reviews AS
SELECT
    i,
    CASE WHEN plan_kind = 'child_in_need' THEN CASE
        WHEN first_meeting > period_end THEN if(period_end - began <= 10, 1, 5)
        WHEN first_meeting - began <= 10 THEN 2
        WHEN first_meeting - began <= 14 THEN 4
        ELSE 6 END END AS "CN-02",
    CASE WHEN plan_kind = 'child_in_need' THEN CASE
        WHEN first_meeting > period_end THEN 1
        WHEN in_need_wide IS NULL THEN 2
        WHEN in_need_level = 1 THEN 4
        ELSE 6 END END AS "CN-03",
    CASE WHEN plan_kind = 'care' AND began >= period_start THEN strictly(l_first_review) END AS "CC-04",
    CASE WHEN plan_kind = 'care' THEN CASE
        WHEN first_review IS NULL AND settled IS NOT NULL THEN 6
        WHEN first_review IS NULL THEN 5
        WHEN least(second_review, period_end)
            <= first_review + if(began >= period_start, to_months(3), to_months(6)) THEN 2
        ELSE 6 END END AS "CC-05",
    CASE WHEN plan_kind = 'pathway' THEN CASE
        WHEN first_review IS NULL THEN 5
        WHEN NOT long_pathway OR least(second_review, period_end) <= first_review + to_months(6)
            THEN 2
        ELSE 6 END END AS "CL-02"
FROM reviews_planned;

CREATE OR REPLACE VIEW reviews_held AS
SELECT i, k, audit_id, audit_date, plan_kind, very_young, n, held_date
FROM (
    SELECT *, unnest([0, 1, 2]) AS n, unnest([settled, first_review, second_review]) AS held_date
    FROM reviews_planned WHERE plan_kind <> 'child_in_need'
)
WHERE held_date < audit_date AND (n <> 1 OR held_date IS DISTINCT FROM settled)
UNION ALL BY NAME
SELECT i, k, audit_id, audit_date, plan_kind, very_young, 0 AS n, first_meeting AS held_date
FROM reviews_planned
WHERE plan_kind = 'child_in_need' AND first_meeting <= coalesce(ended, audit_date - 1)
UNION ALL BY NAME
SELECT i, k, audit_id, audit_date, plan_kind, very_young, n + 1 AS n, workday(day) AS held_date
FROM (
    SELECT *,
        in_need_from + n * 21
            + if(n = 0 OR coalesce(n IN (in_need_wide, in_need_wide + 1), false), 0,
                pick(draw_row(k, 'review in need', n), 4))
            + if(n > in_need_wide, in_need_gap - 21, 0) AS day
    FROM (
        SELECT *, unnest(range(if(began >= period_start, 1, 0),
            1 + (coalesce(ended, audit_date - 1) - in_need_from) // 21))::INTEGER AS n
        FROM reviews_planned WHERE plan_kind = 'child_in_need'
    )
)
WHERE day <= coalesce(ended, audit_date - 1);

CREATE OR REPLACE VIEW made.reviews AS
SELECT
    i, n, audit_id,
    CASE plan_kind WHEN 'care' THEN 'child_in_care' ELSE plan_kind END AS kind,
    workday(held_date + pick(h, 6)) AS due_date,
    held_date,
    CASE WHEN h & 7 > 1 THEN CASE WHEN very_young THEN 'The child was too young to take part.'
        ELSE ['The child came and spoke.', 'The child wrote their views.',
            'An advocate spoke for the child.', 'The child chose not to come.']
            [1 + ((h >> 4) & 3)::INTEGER] END END AS participation,
    least(audit_date, workday(held_date + ((h >> 8) & 7)::INTEGER)) AS recorded_date
FROM (SELECT *, draw_row(k, 'review', n) AS h FROM reviews_held);
