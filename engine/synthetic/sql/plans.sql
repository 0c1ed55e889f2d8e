-- made.plans, made.plan_actions, made.chronologies, made.transfers, and what they show (of_plans).
-- In: days.
CREATE OR REPLACE TABLE planned AS
SELECT *,
    CASE l_actions WHEN 0 THEN 3 + gap_draw % 3 WHEN 1 THEN 5 WHEN 2 THEN 2 + gap_draw % 3 ELSE 0 END
        ::INTEGER AS action_count,
    -- A plan of long ago was agreed anew not long before the period.
    greatest(began, period_start - 45) AS agreed,
    coalesce(ended, period_end) AS plan_until,
    plan_kind IN ('child_in_need', 'child_protection', 'care')
        AND began + to_months(6) <= period_end AS long_planned,
    CASE WHEN case_type IN ('child_in_need', 'child_protection', 'child_in_care')
            AND pick(draw(k, 'transferred'), 100) < 7
        THEN workday(period_end - 30 - since_allocation) END AS transfer_date
FROM (
    SELECT *,
        draw(k, 'plan') AS plan_hash,
    FROM days
);

-- Four actions kept whole; one of five without an owner or date; half of them; or none at all.
CREATE OR REPLACE TABLE made.plan_actions AS
SELECT
    i, n, audit_id,
    numbered('P', i, 8) AS plan_id,
    ['Visit the school and talk to the class teacher.', 'Book the health review.',
        'Help with the routine at bedtime.', 'Find a place in the parenting group.',
        'Arrange time with grandparents.', 'Talk with the child about what matters most.',
        'Apply for housing support.', 'Go to the appointment at the clinic.']
        [1 + (gap_draw + n * 3) % 8] AS action,
    CASE WHEN NOT (faulty AND wrong_draw & 1 = 0) THEN ['Social worker', 'Mother', 'Father',
        'Health visitor', 'School', 'Carer', 'Team manager', 'Family support worker']
        [1 + ((h >> 8) & 7)::INTEGER] END AS owner,
    CASE WHEN NOT (faulty AND wrong_draw & 1 = 1) THEN due END AS due_date,
    CASE WHEN done <= audit_date THEN done END AS completed_date,
    CASE WHEN NOT unmeasured THEN ['The child says that things are better.',
        'School attendance is above nine days in ten.', 'No new worries from the health visitor.',
        'The child has a settled routine.'][1 + ((h >> 20) & 3)::INTEGER] END AS outcome_measure,
    least(audit_date, workday(agreed + pick(h, 6))) AS recorded_date
FROM (
    SELECT *,
        -- The second action shows what is wrong.
        CASE
            WHEN n = 1 AND l_done = 1 THEN workday(due + 7)
            WHEN n = 1 AND l_done = 2 THEN workday(due + 25)
            WHEN n = 1 AND l_done = 3 THEN NULL
            ELSE workday(due - pick(h, 6)) END AS done
    FROM (
        SELECT *,
            draw_row(k, 'plan action', n) AS h,
            CASE l_actions WHEN 1 THEN n = 2 WHEN 2 THEN n % 2 = 0 ELSE false END AS faulty,
            CASE WHEN l_measured = 1 THEN action_count = 5 AND n = 4
                ELSE l_measured >= 2 AND n < 2 END AS unmeasured,
            workday((agreed + 30 + n * 14)::DATE) AS due
        FROM (
            SELECT i, k, audit_id, audit_date, l_actions, l_done, l_measured, gap_draw, wrong_draw,
                action_count, agreed, unnest(range(action_count))::INTEGER AS n
            FROM planned WHERE plan_kind IS NOT NULL
        )
    )
);

CREATE OR REPLACE TABLE of_plans AS
WITH acted AS (
    SELECT i, max(CASE
        WHEN completed_date <= due_date THEN 2
        WHEN completed_date > period_end OR completed_date IS NULL THEN 5
        WHEN completed_date <= due_date + 14 THEN 4
        ELSE 6 END) AS worst
    FROM made.plan_actions JOIN planned USING (i)
    WHERE due_date <= period_end AND NOT coalesce(completed_date < period_start, false)
    GROUP BY i
)
SELECT
    i,
    CASE WHEN plan_kind IS NOT NULL THEN CASE
        WHEN action_count = 0 THEN 5
        WHEN l_measured >= 2 THEN 6
        WHEN l_measured = 1 AND action_count = 5 THEN 4
        ELSE 2 END END AS "PL-03",
    CASE WHEN plan_kind IS NOT NULL AND working_days(began, period_end) >= 10
        THEN strictly(l_shared) END AS "PL-04",
    CASE WHEN plan_kind IS NOT NULL THEN if(l_shared = 2, 6, if(l_clear = 2, 4, by_level(l_clear)))
        END AS "PL-05",
    worst AS "PL-06",
    CASE WHEN plan_kind IS NOT NULL AND NOT unborn THEN by_level(l_own_views) END AS "VO-02",
    CASE WHEN long_planned THEN strictly(l_refreshed) END AS "AS-08",
    CASE WHEN plan_kind = 'care' THEN by_level(l_emotional) END AS "CC-03",
    strictly(if(transfer_date IS NOT NULL, l_summary, NULL)) AS "RC-02",
    strictly(if(transfer_date IS NOT NULL, l_at_transfer, NULL)) AS "RC-04"
FROM planned LEFT JOIN acted USING (i);

CREATE OR REPLACE VIEW made.plans AS
SELECT
    i, 0 AS n, audit_id,
    numbered('P', i, 8) AS plan_id,
    plan_kind AS kind,
    began AS start_date,
    ended AS end_date,
    CASE WHEN l_contingency = 0 THEN [
        'If nothing changes within six weeks, a conference will be called.',
        'If worries grow, legal advice will be taken.',
        'If the plan does not help, the family will be offered a meeting to find another way.',
        'If the placement is at risk, a disruption meeting will be held.'][1 + pick(plan_hash, 4)]
        END AS contingency,
    yes_by(l_shared) AS shared_with_family,
    CASE WHEN l_own_views = 2 THEN false WHEN NOT unborn AND plan_hash & 3 > 0 THEN true END
        AS child_views_recorded,
    CASE WHEN plan_kind = 'care' THEN CASE WHEN l_emotional = 2 THEN false
        WHEN (plan_hash >> 2) & 3 > 0 THEN true END END AS emotional_needs,
    least(audit_date, workday(began + pick(plan_hash, 6))) AS recorded_date
FROM planned WHERE plan_kind IS NOT NULL;

-- A chronology that is long out of date, or that nobody keeps, only where a plan has gone on long.
CREATE OR REPLACE VIEW made.chronologies AS
SELECT i, 0 AS n, audit_id, updated_date, workday(updated_date + 1) AS recorded_date
FROM (
    SELECT i, audit_id, CASE
        WHEN long_planned AND l_refreshed = 2 THEN workday(plan_until - 200 - days_in % 60)
        WHEN long_planned THEN workday(plan_until - 12 - days_in)
        ELSE workday(began + 2) END AS updated_date
    FROM planned
    WHERE plan_kind IS NOT NULL AND NOT (long_planned AND l_refreshed = 3)
);

CREATE OR REPLACE VIEW made.transfers AS
SELECT
    i, 0 AS n, audit_id, transfer_date,
    numbered('Team ', authority * 24 + 6 + team_draw % 6, 2) AS from_team,
    numbered('Team ', team, 2) AS to_team,
    CASE l_summary WHEN 2 THEN workday(transfer_date + 12) WHEN 3 THEN NULL
        ELSE workday(transfer_date - early_days % 5) END AS summary_date,
    CASE l_at_transfer WHEN 2 THEN workday(transfer_date - 60) WHEN 3 THEN NULL
        ELSE workday(transfer_date - 1 - early_days) END AS chronology_date,
    workday(transfer_date + 1) AS recorded_date
FROM planned WHERE transfer_date IS NOT NULL;
