-- made.feedback: what children, families, partners and workers said; whether an interpreter was there;
-- and what they show (of_voices). In: days.
CREATE OR REPLACE TABLE heard AS
SELECT
    i, k, audit_id, audit_date, period_start, period_end, first_referral, x_voice, feedback_read,
    plan_draw, case_type, l_asked, l_interpreted, l_understood,
    CASE WHEN pick(draw(k, 'interpreter'), 100) < 7 THEN true
        WHEN pick(draw(k, 'interpreter'), 100) < 70 THEN false END AS interpreter_needed
FROM days;

-- The child, a parent or a carer was asked in the period, unless nobody of the family was.
CREATE OR REPLACE TABLE made.feedback AS
SELECT
    i, n, audit_id, given_by,
    day AS date,
    CASE WHEN (h >> 3) & 15 > 0 THEN score END AS scale,
    CASE WHEN (h >> 7) & 3 > 0 THEN CASE
        WHEN score < 4 THEN ['Nobody told us what would happen next.', 'The workers kept changing.']
        WHEN score < 7 THEN ['It took a while, but it is better now.', 'Some of it helped.']
        ELSE ['She listened to me.', 'We knew what the plan was for.'] END[1 + ((h >> 9) & 1)::INTEGER]
        END AS text,
    CASE WHEN l_understood < 3 AND given_by IN ('child', 'parent', 'carer')
        THEN NOT (l_understood = 2 OR l_understood = 1 AND n = 1) END AS understands_why,
    least(audit_date, workday(day + ((h >> 10) & 3)::INTEGER)) AS recorded_date
FROM (
    SELECT *,
        if(l_asked >= 2, if(h & 1 = 1, 'partner', 'worker'),
            if(n < 2, ['child', 'parent', 'parent', 'carer'][1 + (h & 3)::INTEGER],
                ['partner', 'worker', 'child', 'parent'][1 + (h & 3)::INTEGER])) AS given_by,
        workday(period_end
            - pick(h, least(90, period_end - coalesce(first_referral, period_start)))) AS day,
        greatest(0, least(10, 6 + (x_voice + bell(h)) // 75)) AS score
    FROM (
        SELECT *, draw_row(k, 'feedback', n) AS h
        FROM (
            SELECT *, unnest(range(CASE WHEN plan_draw % 10 < 6 THEN if(l_asked >= 2, 0, 1)
                WHEN plan_draw % 10 < 9 THEN 2 ELSE 3 END)) AS n
            FROM heard WHERE feedback_read
        )
    )
);

CREATE OR REPLACE TABLE of_voices AS
WITH said AS (
    SELECT i, count(understands_why) AS asked, count_if(understands_why) AS understood
    FROM made.feedback WHERE given_by IN ('child', 'parent', 'carer') GROUP BY i
)
SELECT
    i, interpreter_needed,
    CASE WHEN interpreter_needed THEN yes_by(l_interpreted) END AS interpreter_used,
    CASE WHEN NOT feedback_read THEN 3 WHEN asked IS NULL THEN 5 ELSE 2 END AS "VO-03",
    CASE WHEN interpreter_needed THEN strictly(l_interpreted) END AS "VO-05",
    CASE WHEN NOT feedback_read THEN 3 WHEN asked = 0 THEN 5 WHEN understood = asked THEN 2
        WHEN understood * 2 >= asked THEN 4 WHEN asked IS NOT NULL THEN 6 END AS "VO-06"
FROM heard LEFT JOIN said USING (i);
