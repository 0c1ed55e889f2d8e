-- made.supervisions, made.supervision_actions, made.oversight, and what they show (of_oversight).
-- In: days.
CREATE OR REPLACE TABLE overseen AS
SELECT
    i, k, audit_id, period_start, period_end, audit_date, selected_date, case_type, allocated_date,
    work_from, newly_allocated, supervised, supervisions_read, supervision_first, supervision_step,
    supervision_more, supervision_gap, supervision_wide, l_reflective, l_oversight, wrong_draw,
    gap_draw, sample_draw, new_worker, "SU-01", l_tasks_done, l_session_written, l_progress, l_reasons,
    l_directions, l_effective, l_talks, l_noted
FROM days;

CREATE OR REPLACE TABLE sessions AS
SELECT
    * EXCLUDE (day),
    workday(day) AS supervision_date,
    -- The first session shows what is wrong, and about a third of the others do too.
    l_reflective >= 2 AND (n = 0 OR h % 3 = 0) AS faulty,
    -- Some were written up once the file had been chosen for audit.
    sample_draw < 3 AND (h >> 8) & 1 = 1 AND day < period_end - 30 AS back_filled
FROM (
    SELECT
        i, k, n, audit_id, h, period_end, audit_date, selected_date, l_reflective, l_tasks_done, l_session_written,
        l_progress, wrong_draw, gap_draw, sample_draw,
        work_from + supervision_first + n * supervision_step
            + if(n = 0 OR coalesce(n IN (supervision_wide, supervision_wide + 1), false), 0,
                (h >> 28)::INTEGER % supervision_more)
            + if(n > supervision_wide, supervision_gap - supervision_step, 0) AS day
    FROM (
        SELECT *, draw_row(k, 'supervision', n) AS h
        FROM (
            SELECT *, unnest(range(1 + (audit_date - 1 - work_from - supervision_first)
                // supervision_step))::INTEGER AS n
            FROM overseen WHERE supervised
        )
    )
)
WHERE day < audit_date;

CREATE OR REPLACE TABLE made.supervisions AS
SELECT
    i, n, audit_id,
    numbered('S', i, 8) || '-' || (n + 1)::VARCHAR AS supervision_id,
    supervision_date,
    CASE
        WHEN NOT faulty OR wrong_draw & 1 = 0 THEN true
        WHEN l_reflective = 2 THEN false END AS reflective,
    CASE WHEN l_progress = 2 AND n = 0 THEN false WHEN (h >> 6) & 3 > 0 THEN true END
        AS progress_reviewed,
    CASE
        WHEN back_filled THEN workday(selected_date + 3)
        WHEN n = 0 AND l_session_written = 3 THEN NULL
        WHEN n = 0 AND l_session_written = 2 THEN least(audit_date, workday(supervision_date + 16))
        ELSE least(audit_date, workday(supervision_date + ((h >> 12) & 7)::INTEGER)) END
        AS recorded_date
FROM sessions;

-- `loose` by an even draw: the actions lack an owner or a date, or there are none on record.
CREATE OR REPLACE TABLE made.supervision_actions AS
SELECT
    i, n, audit_id,
    numbered('S', i, 8) || '-' || (n // 2 + 1)::VARCHAR AS supervision_id,
    ['Write up the chronology.', 'Ask the school for an update.', 'See the child alone.',
        'Bring the genogram to the next session.', 'Talk to the health visitor.',
        'Check that the plan still fits.', 'Ask for a legal view.', 'Plan the next visit.']
        [1 + (gap_draw + n * 3) % 8] AS action,
    CASE WHEN NOT (loose AND g & 1 = 0) THEN if((g >> 4) & 7 = 0, 'Team manager', 'Social worker')
        END AS owner,
    CASE WHEN NOT (loose AND g & 1 = 1) THEN due END AS due_date,
    CASE WHEN done < audit_date THEN done END AS completed_date,
    least(audit_date, workday(supervision_date + ((h >> 12) & 7)::INTEGER)) AS recorded_date
FROM (
    SELECT *,
        CASE
            WHEN n = 0 AND l_tasks_done = 1 THEN workday(due + 7)
            WHEN n = 0 AND l_tasks_done = 2 THEN workday(due + 25)
            WHEN n = 0 AND l_tasks_done = 3 THEN NULL
            ELSE workday(due - ((g >> 12) & 3)::INTEGER) END AS done
    FROM (
        SELECT *, workday(supervision_date + 7 + (g & 15)::INTEGER) AS due
        FROM (
            SELECT i, m AS n, audit_id, supervision_date, audit_date, h, l_tasks_done,
                gap_draw, draw_row(k, 'supervision action', m) AS g,
                faulty AND l_reflective = 2 AND wrong_draw & 1 = 0 AS loose
            FROM (
                SELECT *, n * 2 + unnest(range(CASE
                    WHEN faulty AND l_reflective = 3 AND wrong_draw & 1 = 0 THEN 0
                    WHEN (h >> 20) & 7 = 0 THEN 2 ELSE 1 END)) AS m
                FROM sessions
            )
        )
    )
);

-- A direction on the day of allocation, and then, where oversight was kept, entries after it.
CREATE OR REPLACE TABLE made.oversight AS
SELECT
    i, n, audit_id, entry_date,
    if(h % 5 = 0, 'Service manager', 'Team manager') AS by_role,
    kind,
    CASE
        WHEN kind = 'decision' AND l_reasons >= 2 THEN NULL
        WHEN kind = 'decision' OR (h >> 20) & 1 = 1
            THEN ['The plan is not helping quickly enough.', 'The family has asked for it.',
                'It follows from what the school says.', 'The risk has changed.']
                [1 + ((h >> 21) & 3)::INTEGER] END AS reason,
    due AS action_due_date,
    CASE
        WHEN l_directions = 3 THEN NULL
        WHEN l_directions = 2 THEN workday(due + 25)
        WHEN l_directions = 1 THEN workday(due + 7)
        ELSE workday(due - ((h >> 16) & 7)::INTEGER) END AS action_done_date,
    CASE
        WHEN n > 0 AND sample_draw < 3 AND (h >> 8) & 1 = 1 AND entry_date < period_end - 30
            THEN workday(selected_date + 3)
        WHEN l_noted = 3 AND n = 1 THEN NULL
        WHEN l_noted = 2 AND n = 1 THEN least(audit_date, workday(entry_date + 16))
        ELSE least(audit_date, workday(entry_date + ((h >> 12) & 3)::INTEGER)) END AS recorded_date
FROM (
    SELECT *, CASE WHEN kind = 'direction' THEN workday(entry_date + 14) END AS due
    FROM (
        SELECT *,
            if(n = 0, allocated_date, workday(work_from + 6
                + pick(h, greatest(1, (period_end - work_from - 6)::INTEGER)))) AS entry_date,
            CASE WHEN n = 0 THEN 'direction' ELSE ['direction', 'decision', 'review', 'review']
                [1 + (h & 3)::INTEGER] END AS kind
        FROM (
            SELECT *, draw_row(k, 'oversight', n) AS h
            FROM (
                SELECT *, unnest(range(if(first_noted, 0, 1), CASE
                    WHEN l_oversight = 3 OR newly_allocated OR case_type = 'front_door' THEN 1
                    ELSE 2 + (wrong_draw & 1)::INTEGER END))::INTEGER AS n
                FROM (
                    SELECT *, coalesce(allocated_date >= period_start AND wrong_draw & 7 < 5, false)
                        AS first_noted
                    FROM overseen
                )
            )
        )
    )
);

CREATE OR REPLACE TABLE of_oversight AS
WITH acted AS (
    SELECT i, max(CASE
        WHEN completed_date <= due_date THEN 2
        WHEN completed_date > period_end OR completed_date IS NULL THEN 5
        WHEN completed_date <= due_date + 14 THEN 4
        ELSE 6 END) AS done
    FROM made.supervision_actions JOIN overseen USING (i)
    WHERE due_date <= period_end AND NOT coalesce(completed_date < period_start, false)
    GROUP BY i
),
written AS (
    SELECT i, max(by_working_days(supervision_date, recorded_date, 5, period_end)) AS written
    FROM made.supervisions JOIN overseen USING (i)
    WHERE supervision_date BETWEEN period_start AND period_end
    GROUP BY i
),
noted AS (
    SELECT i,
        max(by_working_days(entry_date, recorded_date, 5, period_end)) AS noted,
        max(CASE WHEN kind = 'decision' THEN if(reason IS NULL, 5, 2) END) AS reasons,
        max(CASE
            WHEN NOT coalesce(action_due_date <= period_end, false) THEN NULL
            WHEN action_done_date <= action_due_date THEN 2
            WHEN action_done_date > period_end OR action_done_date IS NULL THEN 5
            WHEN action_done_date <= action_due_date + 14 THEN 4
            ELSE 6 END) AS carried_out
    FROM made.oversight JOIN overseen USING (i)
    WHERE entry_date BETWEEN period_start AND period_end
    GROUP BY i
)
SELECT
    i,
    if(supervisions_read, done, 3) AS "SU-03",
    if(supervisions_read, written, 3) AS "SU-04",
    CASE WHEN NOT supervisions_read THEN 3 WHEN supervised THEN by_level(l_progress) END AS "SU-05",
    CASE WHEN new_worker THEN "SU-01" END AS "SU-06",
    reasons AS "OV-02",
    carried_out AS "OV-03",
    CASE WHEN case_type <> 'front_door' AND NOT newly_allocated
        THEN if(allocated_date IS NULL, 3, by_level(l_effective)) END AS "OV-04",
    by_level(l_talks) AS "OV-05",
    noted AS "RC-03"
FROM overseen LEFT JOIN acted USING (i) LEFT JOIN written USING (i) LEFT JOIN noted USING (i);
