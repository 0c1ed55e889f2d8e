-- made.health_assessments, made.iro_escalations, the days of a child's time in care, and what they
-- show (of_time_in_care). In: days.
CREATE OR REPLACE TABLE in_care AS
SELECT *,
    began >= period_start AS lately,
    CASE WHEN case_type = 'child_in_care' THEN CASE
        WHEN began >= period_start AND l_care_plan = 3 THEN NULL
        WHEN began >= period_start AND l_care_plan = 2 THEN workday(came_into_care + 24)
        WHEN began >= period_start AND gap_draw % 2 = 0
            THEN workday(came_into_care + early_days % 12)
        ELSE workday(came_into_care - early_days % 5) END END AS first_care_plan,
    CASE WHEN case_type = 'child_in_care' AND l_permanence < 3 THEN CASE
        WHEN began >= period_start AND l_permanence = 2 THEN workday(came_into_care + 140)
        ELSE workday(came_into_care + 70 + gap_draw % 45) END END AS permanence_day,
    CASE WHEN case_type = 'child_in_care' AND came_into_care + to_months(6) <= period_end
        THEN l_life_story END AS life_story,
    CASE WHEN case_type = 'child_in_care' AND came_into_care + to_months(6) <= period_end
            AND l_life_story < 3 THEN workday(came_into_care + 120 + early_days) END AS life_story_day,
    CASE
        WHEN case_type <> 'child_in_care' OR began >= period_start AND l_first_health = 3
            OR began < period_start AND l_health = 3 THEN NULL
        WHEN began >= period_start AND l_first_health = 2 THEN workday(came_into_care + 40)
        WHEN began >= period_start THEN workday(came_into_care + 14 + early_days % 10)
        WHEN l_health = 2 THEN workday(period_start - 240 - days_in % 60)
        ELSE workday(period_start - 30 - days_in % 60) END AS first_health,
    CAST(birth_month + to_months(217) AS DATE) AS history_due,
    CASE WHEN case_type = 'child_in_care' AND pick(draw(k, 'escalated'), 100) < 9
        THEN workday(period_end - 50 - days_in % 120) END AS raised
FROM days WHERE case_type IN ('child_in_care', 'care_leaver');

CREATE OR REPLACE TABLE time_in_care AS
SELECT *,
    CASE WHEN history_due <= period_end + 10
        THEN CASE WHEN l_health_history = 3 THEN NULL
            WHEN l_health_history = 2 AND history_due + 10 <= period_end THEN workday(history_due + 10)
            ELSE workday(history_due - 20) END END AS history_day,
    CASE WHEN raised IS NOT NULL THEN CASE l_resolved WHEN 3 THEN NULL
        WHEN 2 THEN workday(raised + 42) ELSE workday(raised + 8 + early_days % 15) END END AS resolved,
    raised IS NOT NULL AND gap_draw % 3 > 0 AS formal
FROM in_care;

CREATE OR REPLACE TABLE of_time_in_care AS
SELECT
    i, came_into_care AS came_into_care_date,
    CASE WHEN case_type = 'care_leaver'
            AND CAST(birth_month + to_months(216) AS DATE) <= period_end
        THEN workday(CAST(birth_month + to_months(216) AS DATE)) END AS left_care_date,
    first_care_plan AS first_care_plan_date,
    if(permanence_day <= period_end, permanence_day, NULL) AS permanence_plan_date,
    life_story_day AS life_story_started_date,
    if(eligible <= period_end, eligible, NULL) AS pathway_eligible_date,
    if(history_day <= period_end, history_day, NULL) AS health_history_date,
    CASE WHEN case_type = 'child_in_care' AND lately THEN strictly(l_care_plan) END AS "CC-02",
    CASE WHEN case_type = 'child_in_care' AND lately THEN strictly(l_first_health) END AS "HE-01",
    CASE WHEN case_type = 'child_in_care' THEN CASE
        WHEN first_health IS NULL THEN 5 WHEN NOT lately AND l_health = 2 THEN 6 ELSE 2 END END
        AS "HE-02",
    CASE WHEN case_type = 'child_in_care' AND NOT coalesce(permanence_day <= period_start, false)
        THEN by_day(permanence_day, came_into_care + to_months(4), period_end) END AS "PM-01",
    by_level(life_story) AS "PM-03",
    CASE WHEN eligible <= period_end AND lately_eligible THEN by_day(
        if(assessed = 'pathway_needs', authorised_date, NULL), eligible + to_months(3), period_end)
        END AS "CL-01",
    CASE
        WHEN birth_month + to_months(204) > period_end OR history_day <= period_start THEN NULL
        WHEN history_due > period_end THEN 1
        WHEN history_day IS NULL OR history_day > period_end THEN 5
        WHEN history_day < history_due THEN 2 ELSE 6 END AS "CL-04",
    CASE WHEN formal THEN strictly(l_resolved) END AS "ES-01",
    CASE WHEN raised IS NOT NULL AND (resolved IS NOT NULL OR l_impact = 2)
        THEN if(l_impact = 2, 6, by_level(l_impact)) END AS "ES-02"
FROM time_in_care;

CREATE OR REPLACE VIEW made.health_assessments AS
SELECT i, n, audit_id, if(n = 0 AND lately, 'initial', 'review') AS kind, day AS assessment_date,
    workday(day + 4) AS recorded_date
FROM (
    SELECT *, if(n = 0, first_health, workday(first_health + 150)) AS day
    FROM (
        SELECT *, unnest(range(if(lately OR l_health = 2, 1, 2))) AS n
        FROM time_in_care WHERE first_health IS NOT NULL
    )
);

CREATE OR REPLACE VIEW made.iro_escalations AS
SELECT
    i, 0 AS n, audit_id,
    numbered('E', i, 8) AS escalation_id,
    if(formal, 'formal', 'informal') AS stage,
    ['The plan for permanence has drifted.', 'The child has not been told of the plan.',
        'The last review set actions that were not done.', 'Time with brothers and sisters stopped.']
        [1 + days_in % 4] AS concern,
    raised AS raised_date,
    resolved AS resolved_date,
    CASE WHEN l_impact = 2 THEN false WHEN resolved IS NOT NULL AND gap_draw % 2 = 0 THEN true END
        AS outcome_changed,
    workday(raised + 1) AS recorded_date
FROM time_in_care WHERE raised IS NOT NULL;
