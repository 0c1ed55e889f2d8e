-- made.visits: the series of visits, with its one wide gap where there is one, and attempts on which
-- the child was not seen. In: cases.
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
                FROM cases WHERE visited
            )
        )
    )
)
WHERE day <= visits_to;

-- A child who was moved is seen within days of the move.
CREATE OR REPLACE VIEW after_move AS
SELECT *, workday(moved + 2 + gap_draw % 4) AS visit_date, 60 AS n, draw(k, 'visit after move') AS h
FROM cases WHERE visited AND moved IS NOT NULL;

CREATE OR REPLACE VIEW made.visits AS
SELECT
    i, n, audit_id, visit_date,
    CASE WHEN (h >> 4) & 63 > 0 THEN CASE
        WHEN case_type = 'early_help' THEN 'other' ELSE case_type END END AS kind,
    true AS child_seen,
    CASE WHEN (h >> 10) & 15 = 0 THEN NULL
        ELSE NOT very_young AND (h >> 14) & 255 < 190 + x_voice // 3 END
        AS seen_alone,
    CAST(NULL AS VARCHAR) AS reason_not_seen,
    CASE WHEN (h >> 22) & 3 > 0 THEN ['See the child at home.', 'Hear the wishes of the child.',
        'Go through the plan with the family.', 'See the child with the carer.',
        'Look at how the routine is going.'][1 + (h % 5)::INTEGER] END AS purpose,
    -- Late entries come fourteen days after the visit at the earliest, the first of them for sure.
    CASE
        WHEN recording = 3 AND n = 0 THEN NULL
        WHEN recording = 2 AND n = 0 THEN workday(visit_date + 14)
        WHEN recording = 2 AND (h >> 24) & 3 = 0 THEN least(audit_date, CASE
            WHEN provider_draw < 300
                THEN greatest(workday(selected_date + 3), workday(visit_date + 14))
            ELSE workday(visit_date + 14 + (h >> 26)::INTEGER) END)
        ELSE least(audit_date, workday(visit_date + [0, 0, 1, 1, 1, 2, 3, 4][1 + (h & 7)::INTEGER]))
        END AS recorded_date
FROM (SELECT * FROM series UNION ALL BY NAME SELECT * FROM after_move)
UNION ALL BY NAME
SELECT
    i, n, audit_id, visit_date,
    if(case_type = 'early_help', 'other', case_type) AS kind,
    if(blank, NULL, false) AS child_seen,
    if(blank, NULL, false) AS seen_alone,
    CASE WHEN NOT blank THEN ['Nobody was at home.', 'The child was at school.',
        'The family asked for another day.', 'The child did not want to talk.']
        [1 + (h % 4)::INTEGER] END AS reason_not_seen,
    'See the child at home.' AS purpose,
    workday(visit_date + 1) AS recorded_date
FROM (
    SELECT *,
        workday(visits_from + 6 + (n - 70)::INTEGER * 9) AS visit_date,
        draw_row(k, 'attempt', n) AS h,
        -- Now and then nobody wrote down whether the child was seen.
        NOT unvisited AND gap_draw % 32 = 0 AS blank
    FROM (SELECT *, unnest(range(70, 70 + attempts)) AS n FROM cases)
)
WHERE visit_date + 5 <= period_end;
