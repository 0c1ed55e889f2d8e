-- made.feedback: what children, families, partners and workers said. In: cases.
CREATE OR REPLACE VIEW made.feedback AS
SELECT
    i, n, audit_id,
    ['child', 'parent', 'parent', 'carer', 'partner', 'worker', 'child', 'parent']
        [1 + (h & 7)::INTEGER] AS given_by,
    day AS date,
    CASE WHEN (h >> 3) & 15 > 0 THEN score END AS scale,
    CASE WHEN (h >> 7) & 3 > 0 THEN CASE
        WHEN score < 4 THEN ['Nobody told us what would happen next.', 'The workers kept changing.']
        WHEN score < 7 THEN ['It took a while, but it is better now.', 'Some of it helped.']
        ELSE ['She listened to me.', 'We knew what the plan was for.'] END[1 + ((h >> 9) & 1)::INTEGER]
        END AS text,
    least(audit_date, workday(day + ((h >> 10) & 3)::INTEGER)) AS recorded_date
FROM (
    SELECT *,
        workday(period_end
            - pick(h, least(90, period_end - coalesce(first_referral, period_start)))) AS day,
        greatest(0, least(10, 6 + (x_voice + bell(h)) // 75)) AS score
    FROM (
        SELECT *, draw_row(k, 'feedback', n) AS h
        FROM (
            SELECT *, unnest(range(CASE WHEN plan_draw % 10 < 4 THEN 0 WHEN plan_draw % 10 < 7 THEN 1
                WHEN plan_draw % 10 < 9 THEN 2 ELSE 3 END)) AS n
            FROM cases WHERE feedback_read
        )
    )
);
