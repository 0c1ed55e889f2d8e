-- made.visits: the series of visits, with its one wide gap where there is one, attempts on which the
-- child was not seen, and visits for an assessment; and what they show (of_visits). In: days.
CREATE OR REPLACE VIEW series AS
SELECT *, workday(day) AS visit_date
FROM (
    SELECT *,
        visits_from + visits_first + n * visits_step
            + if(n = 0 OR coalesce(n IN (visits_wide, visits_wide + 1), false), 0,
                pick(h, visits_more + 1))
            + if(n > visits_wide, visits_gap - visits_step, 0) AS day
    FROM (
        SELECT *, draw_row(k, 'visit', n) AS h
        FROM (
            SELECT *, unnest(range(1 + (visits_to - visits_from - visits_first) // visits_step))
                ::INTEGER AS n
            FROM (
                SELECT *, CASE
                    WHEN case_type = 'assessment'
                        THEN least(authorised_date - 1, referral_date + 58, audit_date - 1)
                    ELSE coalesce(ended, audit_date - 1) END AS visits_to
                FROM days WHERE visited
            )
        )
    )
)
WHERE day <= visits_to;

-- A child who was moved is seen within days of the move.
CREATE OR REPLACE VIEW after_move AS
SELECT *, workday(moved + 2 + gap_draw % 4) AS visit_date, 60 AS n, draw(k, 'visit after move') AS h
FROM days WHERE visited AND moved IS NOT NULL;

CREATE OR REPLACE VIEW for_assessment AS
SELECT *, workday(assessment_start + 2 + (n - 80) * 10) AS visit_date,
    draw_row(k, 'visit for assessment', n) AS h
FROM (
    SELECT *, unnest(range(80, 80 + early_visits))::INTEGER AS n
    FROM days WHERE early_visits > 0
);

CREATE OR REPLACE VIEW tried AS
SELECT
    i, n, audit_id, visit_date,
    if(case_type = 'early_help', 'other', case_type) AS kind,
    if(blank, NULL, false) AS child_seen,
    if(blank, NULL, false) AS seen_alone,
    CASE WHEN NOT blank THEN ['Nobody was at home.', 'The child was at school.',
        'The family asked for another day.', 'The child did not want to talk.']
        [1 + (h % 4)::INTEGER] END AS reason_not_seen,
    CASE WHEN NOT (case_type = 'child_in_care' AND l_purpose = 2) THEN 'See the child at home.' END
        AS purpose,
    CASE WHEN case_type = 'private_fostering' THEN workday(visit_date + 1) END AS report_date,
    workday(visit_date + 1) AS recorded_date
FROM (
    SELECT *,
        workday(visits_from + 6 + (n - 70)::INTEGER * 9) AS visit_date,
        draw_row(k, 'attempt', n) AS h,
        -- Now and then nobody wrote down whether the child was seen.
        NOT unvisited AND gap_draw % 32 = 0 AND case_type <> 'private_fostering' AS blank
    FROM (SELECT *, unnest(range(70, 70 + attempts)) AS n FROM days)
)
WHERE visit_date + 5 <= period_end;

-- Of a child privately fostered the second visit shows what is wrong.
CREATE OR REPLACE TABLE made.visits AS
SELECT
    i, n, audit_id, visit_date,
    CASE
        WHEN n >= 80 THEN 'assessment'
        WHEN case_type = 'early_help' THEN 'other'
        WHEN (h >> 4) & 63 > 0 OR case_type IN ('child_in_care', 'care_leaver', 'private_fostering')
            THEN case_type END AS kind,
    true AS child_seen,
    alone AS seen_alone,
    CAST(NULL AS VARCHAR) AS reason_not_seen,
    CASE
        WHEN case_type = 'child_in_care' AND (l_purpose = 1 AND n = 2 OR l_purpose >= 2 AND n % 2 = 0)
            THEN NULL
        WHEN case_type = 'child_in_care' OR (h >> 22) & 3 > 0
            THEN ['See the child at home.', 'Hear the wishes of the child.',
                'Go through the plan with the family.', 'See the child with the carer.',
                'Look at how the routine is going.'][1 + (h % 5)::INTEGER] END AS purpose,
    CASE WHEN NOT alone AND NOT very_young AND NOT (case_type = 'private_fostering' AND n = 1
            AND l_alone = 2) AND (case_type = 'private_fostering' OR (h >> 7) & 1 = 1)
        THEN ['The child asked for the carer to stay.', 'The child was asleep.',
            'An interpreter had to be there.'][1 + (h % 3)::INTEGER] END AS reason_not_alone,
    CASE WHEN case_type = 'private_fostering' AND NOT (l_report >= 2 AND n = 1)
        THEN if(workday(visit_date + 3) <= period_end, workday(visit_date + 3), visit_date) END
        AS report_date,
    -- Late entries come fourteen days after the visit at the earliest, the first of them for sure.
    CASE
        WHEN n >= 60 THEN workday(visit_date + 1)
        WHEN recording = 3 AND n = 0 THEN NULL
        WHEN recording = 2 AND n = 0 THEN workday(visit_date + 14)
        WHEN recording = 2 AND (h >> 24) & 3 = 0 THEN least(audit_date, CASE
            WHEN provider_draw < 300
                THEN greatest(workday(selected_date + 3), workday(visit_date + 14))
            ELSE workday(visit_date + 14 + (h >> 26)::INTEGER) END)
        ELSE least(audit_date, workday(visit_date + [0, 0, 1, 1, 1, 2, 3, 4][1 + (h & 7)::INTEGER]))
        END AS recorded_date
FROM (
    SELECT *, CASE
        WHEN case_type = 'private_fostering' THEN CASE
            WHEN n = 1 AND l_alone >= 2 THEN if(l_alone = 2, false, NULL)
            ELSE (h >> 14) & 15 > 0 END
        WHEN case_type = 'child_protection' THEN CASE
            WHEN (h >> 10) & 15 > 0 THEN NOT very_young AND (h >> 14) & 255 < if(l_alone >= 2, 20, 240)
            END
        WHEN (h >> 10) & 15 > 0 THEN NOT very_young AND (h >> 14) & 255 < 190 + x_voice // 3
        END AS alone
    FROM (
        SELECT * FROM series UNION ALL BY NAME SELECT * FROM after_move
        UNION ALL BY NAME SELECT * FROM for_assessment
    )
)
UNION ALL BY NAME
SELECT * FROM tried;

-- Where a series of its own says how a standard was kept, the longest gap and the share are taken from
-- the visits as drawn.
CREATE OR REPLACE TABLE of_visits AS
WITH held AS (
    SELECT i, v.n, visit_date, v.child_seen, v.seen_alone, v.reason_not_alone, v.purpose, v.report_date,
        v.kind, case_type, began, moved, period_start, period_end, plan_until
    FROM made.visits v
    JOIN (
        SELECT *, least(coalesce(ended, period_end), period_end) AS plan_until FROM days
        WHERE case_type IN ('child_protection', 'child_in_care', 'private_fostering')
    ) USING (i)
    WHERE visit_date BETWEEN period_start AND period_end
),
alone AS (
    SELECT i, max(length) AS length, max(visit_date) AS latest
    FROM (
        SELECT i, visit_date, visit_date - lag(visit_date, 1, greatest(began, period_start))
            OVER (PARTITION BY i ORDER BY visit_date) AS length
        FROM held
        WHERE case_type = 'child_protection' AND seen_alone AND visit_date BETWEEN began AND plan_until
    )
    GROUP BY i
),
shares AS (
    SELECT i, max(CASE WHEN filled = visits THEN 2 WHEN filled * 100 >= visits * 80 THEN 4 ELSE 6 END)
        AS worst, count(*) AS parts
    FROM (
        SELECT i, part, count(*) AS visits, count(purpose) AS filled
        FROM (
            SELECT *, unnest(range(if(moved IS NULL, 1, 2))) AS part
            FROM held WHERE case_type = 'child_in_care'
        )
        WHERE moved IS NULL OR if(part = 0, visit_date <= moved, visit_date >= moved)
        GROUP BY i, part
    )
    GROUP BY i
),
private AS (
    SELECT i,
        max(CASE
            WHEN child_seen = false OR NOT seen_alone AND reason_not_alone IS NOT NULL THEN NULL
            WHEN seen_alone THEN 2 WHEN NOT seen_alone THEN 6 ELSE 5 END) AS spoken,
        max(if(report_date <= period_end, 2, 5)) AS reported
    FROM held WHERE case_type = 'private_fostering' GROUP BY i
),
cared AS (
    SELECT i, bool_or(child_seen = false AND purpose IS NULL) AS aimless
    FROM held WHERE case_type = 'child_in_care' GROUP BY i
)
SELECT
    i,
    CASE WHEN plan_kind = 'child_protection' AND NOT unborn
            AND NOT coalesce(began < birth_month + to_months(36), false) THEN CASE
        WHEN NOT visits_read THEN 3
        WHEN latest IS NULL THEN if(plan_until - greatest(began, period_start) <= 42, 1, 5)
        WHEN greatest(length, plan_until - latest) <= 42 THEN 2 ELSE 6 END END AS "CP-11",
    CASE WHEN case_type = 'child_in_care' THEN CASE WHEN NOT visits_read THEN 3
        WHEN coalesce(parts, 0) < if(moved IS NULL, 1, 2) THEN greatest(coalesce(worst, 0), 5)
        ELSE worst END END AS "CC-06",
    CASE WHEN case_type = 'child_in_care' THEN CASE WHEN NOT visits_read THEN 3
        WHEN aimless THEN 6
        WHEN aimless IS NOT NULL THEN [2, 4, 4, 5][l_purposeful + 1] END END AS "CC-07",
    CASE WHEN case_type = 'private_fostering' THEN CASE WHEN NOT visits_read THEN 3
        WHEN visits_wide IS NULL THEN 2 ELSE 6 END END AS "PF-01",
    if(visits_read, spoken, 3) AS "PF-02",
    if(visits_read, reported, 3) AS "PF-03"
FROM (
    SELECT *, least(coalesce(ended, period_end), period_end) AS plan_until FROM days
)
LEFT JOIN alone USING (i) LEFT JOIN shares USING (i) LEFT JOIN private USING (i)
LEFT JOIN cared USING (i);
