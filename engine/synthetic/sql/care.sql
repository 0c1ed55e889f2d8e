-- made.placements, made.reviews, made.missing_episodes. In: cases.
CREATE OR REPLACE VIEW made.placements AS
SELECT
    i, n, audit_id, start_date,
    CASE WHEN n = 0 THEN moved END AS end_date,
    CASE
        WHEN case_type = 'private_fostering' THEN 'private_fostering'
        WHEN regime = 'regulation_24' THEN 'connected_carer'
        WHEN regime = 'regulation_19' THEN 'parent'
        WHEN h & 63 > 0 THEN ['foster_care', 'foster_care', 'foster_care', 'foster_care',
            'foster_care', 'residential', 'connected_carer',
            if(months_old >= 192, 'semi_independent', 'foster_care')]
            [1 + ((h >> 6) & 7)::INTEGER] END AS arrangement,
    CASE WHEN regime <> 'regulation_28' OR (h >> 9) & 31 > 0 THEN regime END AS regime,
    CASE WHEN lasting THEN true WHEN case_type = 'child_in_care' AND (h >> 14) & 3 > 0 THEN false
        END AS intended_to_18,
    away AS at_distance,
    CASE WHEN away AND (h >> 16) & 7 < 5
        THEN workday(start_date - 9 + if(x_permanence < -100, 14, 0)) END AS host_consulted_date,
    CASE WHEN away AND (h >> 16) & 7 < 6
        THEN workday(start_date - 1 + if(x_permanence < -100, 20, 0)) END AS host_notified_date,
    (h >> 19) & 15 = 0 AS emergency,
    workday(start_date + ((h >> 23) & 3)::INTEGER) AS recorded_date
FROM (
    SELECT *, draw_row(k, 'placement', n) AS h,
        case_type = 'child_in_care' AND pick(draw_row(k, 'distance', n), 100) < 12 AS away
    FROM (
        SELECT *, if(n = 0, began, moved) AS start_date
        FROM (
            SELECT *, unnest(range(if(moved IS NULL, 1, 2))) AS n
            FROM cases WHERE case_type IN ('child_in_care', 'private_fostering')
        )
    )
);

-- The first review of a placement under regulation 19 or 24 is on the file, however old: it settles
-- how often the child is to be visited.
CREATE OR REPLACE VIEW made.reviews AS
SELECT
    i, n, audit_id,
    CASE plan_kind WHEN 'care' THEN 'child_in_care' ELSE plan_kind END AS kind,
    due AS due_date,
    held_date,
    CASE WHEN h & 7 > 1 THEN CASE WHEN very_young THEN 'The child was too young to take part.'
        ELSE ['The child came and spoke.', 'The child wrote their views.',
            'An advocate spoke for the child.', 'The child chose not to come.']
            [1 + ((h >> 4) & 3)::INTEGER] END END AS participation,
    least(audit_date, workday(held_date + ((h >> 8) & 7)::INTEGER)) AS recorded_date
FROM (
    SELECT *, if(n = 0, due, workday(due - 5 + pick(h, if(x_planning < -150, 30, 6)))) AS held_date
    FROM (
        SELECT *, draw_row(k, 'review', n) AS h, workday((began + CASE
            WHEN plan_kind = 'care' THEN if(n = 0, 24, if(n = 1, 110, 110 + (n - 1) * 180))
            WHEN plan_kind = 'pathway' THEN (n + 1) * 180
            ELSE (n + 1) * 84 END)::DATE) AS due
        FROM (
            SELECT *, unnest(range(0, 13))::INTEGER AS n FROM cases
            WHERE plan_kind IN ('child_in_need', 'care', 'pathway')
        )
    )
)
WHERE held_date < coalesce(ended, audit_date)
    AND (held_date >= period_start OR n = 0 AND regime IN ('regulation_19', 'regulation_24'));

CREATE OR REPLACE VIEW made.missing_episodes AS
SELECT
    i, n, audit_id, missing_at, returned_at,
    CASE WHEN offered THEN date_trunc('day', returned_at) + to_hours(34 + (h >> 30)::INTEGER * 24)
        END AS interview_offered_at,
    CASE WHEN offered AND taken
        THEN date_trunc('day', returned_at) + to_hours(39 + if(x_safety < -100, 120, 24)) END
        AS interview_at,
    CASE WHEN offered THEN taken END AS accepted,
    CASE WHEN offered AND taken THEN (h >> 20) & 1 = 1 END AS independent,
    CAST(returned_at AS DATE) + 1 AS recorded_date
FROM (
    SELECT *,
        missing_at + to_minutes(90 + ((h >> 9) & 2047)::INTEGER) AS returned_at,
        (h >> 22) & 15 < 13 AS offered,
        (h >> 26) & 15 < 9 AS taken
    FROM (
        SELECT *, CAST(period_start + 5 + pick(h, 110) + n::INTEGER * 17 AS TIMESTAMP)
            + to_minutes(900 + (h & 511)::INTEGER) AS missing_at
        FROM (
            SELECT *, draw_row(k, 'missing', n) AS h
            FROM (
                SELECT *, unnest(range(1 + if(return_draw % 3 = 0, 2, 0))) AS n
                FROM cases
                WHERE months_old >= 120 AND enquiry_draw < CASE case_type
                    WHEN 'child_in_care' THEN 250 WHEN 'child_protection' THEN 150
                    WHEN 'care_leaver' THEN 60 ELSE 0 END
            )
        )
    )
);
