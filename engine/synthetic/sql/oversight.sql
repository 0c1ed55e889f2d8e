-- made.supervisions, made.supervision_actions, made.oversight. In: cases.
CREATE OR REPLACE VIEW sessions AS
SELECT *,
    workday(day) AS supervision_date,
    numbered('S', i, 8) || '-' || (n + 1)::VARCHAR AS supervision_id,
    -- The first session shows what is wrong, and about a third of the others do too.
    l_reflective >= 2 AND (n = 0 OR h % 3 = 0) AS faulty
FROM (
    SELECT *,
        work_from + supervision_first + n * 23
            + if(n = 0 OR coalesce(n IN (supervision_wide, supervision_wide + 1), false), 0,
                (h >> 28)::INTEGER % 4)
            + if(n > supervision_wide, supervision_gap - 23, 0) AS day
    FROM (
        SELECT *, draw_row(k, 'supervision', n) AS h
        FROM (
            SELECT *, unnest(range(1 + (audit_date - 1 - work_from - supervision_first) // 23))
                ::INTEGER AS n
            FROM cases WHERE supervised
        )
    )
)
WHERE day < audit_date;

CREATE OR REPLACE VIEW made.supervisions AS
SELECT
    i, n, audit_id, supervision_id, supervision_date,
    CASE
        WHEN NOT faulty OR wrong_draw & 1 = 0 THEN true
        WHEN l_reflective = 2 THEN false END AS reflective,
    -- Some sessions were written up once the file had been chosen for audit.
    CASE WHEN sample_draw < 5 AND (h >> 8) & 1 = 1
        THEN least(audit_date, greatest(supervision_date, workday(selected_date + 3)))
        ELSE least(audit_date, workday(supervision_date + ((h >> 12) & 7)::INTEGER)) END
        AS recorded_date
FROM sessions;

-- `faulty` by an even draw: the actions lack an owner or a date, or there are none on record.
CREATE OR REPLACE VIEW made.supervision_actions AS
SELECT
    i, n, audit_id, supervision_id,
    ['Write up the chronology.', 'Ask the school for an update.', 'See the child alone.',
        'Bring the genogram to the next session.', 'Talk to the health visitor.',
        'Check that the plan still fits.', 'Ask for a legal view.', 'Plan the next visit.']
        [1 + (gap_draw + n * 3) % 8] AS action,
    CASE WHEN NOT (loose AND g & 1 = 0) THEN if((g >> 4) & 7 = 0, 'Team manager', 'Social worker')
        END AS owner,
    CASE WHEN NOT (loose AND g & 1 = 1) THEN workday(supervision_date + 7 + (g & 15)::INTEGER)
        END AS due_date,
    CASE WHEN done < audit_date AND (g >> 8) & 7 < 6 THEN done END AS completed_date,
    least(audit_date, workday(supervision_date + ((h >> 12) & 7)::INTEGER)) AS recorded_date
FROM (
    SELECT *, workday(supervision_date + 5 + ((g >> 12) & 15)::INTEGER) AS done
    FROM (
        SELECT i, m AS n, audit_id, supervision_id, supervision_date, audit_date, h,
            gap_draw, draw_row(k, 'supervision action', m) AS g,
            faulty AND l_reflective = 2 AND wrong_draw & 1 = 0 AS loose
        FROM (
            SELECT *, n * 2 + unnest(range(CASE
                WHEN faulty AND l_reflective = 3 AND wrong_draw & 1 = 0 THEN 0
                WHEN (h >> 20) & 7 = 0 THEN 2 ELSE 1 END)) AS m
            FROM sessions
        )
    )
);

-- A direction on the day of allocation, and then, where oversight was kept, entries after it.
CREATE OR REPLACE VIEW made.oversight AS
SELECT
    i, n, audit_id, entry_date,
    if(h % 5 = 0, 'Service manager', 'Team manager') AS by_role,
    CASE WHEN n = 0 THEN 'direction' ELSE ['direction', 'decision', 'review', 'review']
        [1 + (h & 3)::INTEGER] END AS kind,
    CASE WHEN n > 0 AND sample_draw < 5 AND (h >> 8) & 1 = 1
        THEN least(audit_date, greatest(entry_date, workday(selected_date + 3)))
        ELSE least(audit_date, workday(entry_date + ((h >> 12) & 3)::INTEGER)) END
        AS recorded_date
FROM (
    SELECT *, if(n = 0, allocated_date, workday(work_from + 6
        + pick(h, greatest(1, (period_end - work_from - 6)::INTEGER)))) AS entry_date
    FROM (
        SELECT *, draw_row(k, 'oversight', n) AS h
        FROM (
            SELECT *, unnest(range(if(first_noted, 0, 1), CASE
                WHEN l_oversight = 3 OR newly_allocated OR case_type = 'front_door' THEN 1
                ELSE 2 + (wrong_draw & 1)::INTEGER END))::INTEGER AS n
            FROM (
                SELECT *, coalesce(allocated_date >= period_start AND wrong_draw & 7 < 5, false)
                    AS first_noted
                FROM cases
            )
        )
    )
);
