-- made.allocations, and what the allocation of workers shows (of_allocation). In: days.
CREATE OR REPLACE TABLE allocating AS
SELECT *,
    CASE
        WHEN allocated_date IS NULL THEN workday(period_start + 20 + early_days)
        WHEN l_waited = 2 THEN workday(allocated_date - 16)
        ELSE workday(allocated_date - 1) END AS needed_date,
    CASE
        WHEN allocated_date <= coalesce(referral_date, began, period_start) + 8
            OR case_type IN ('front_door', 'early_help') THEN 'first_worker'
        ELSE ['worker_left', 'case_transferred', 'worker_absent', 'reorganisation', 'worker_left',
            'family_asked'][1 + since_allocation % 6] END AS allocation_reason,
    CASE WHEN allocated_date IS NULL AND wrong_draw & 1 = 0 THEN true
        WHEN allocated_date IS NOT NULL AND sample_draw % 3 > 0 THEN false END AS unallocated
FROM days;

CREATE OR REPLACE TABLE of_allocation AS
SELECT
    i, unallocated,
    CASE l_changes WHEN 3 THEN NULL WHEN 2 THEN 3 + early_days % 3 WHEN 1 THEN 2
        ELSE (early_days < 6)::INTEGER END AS worker_changes,
    CASE WHEN case_type <> 'front_door' THEN CASE WHEN unallocated THEN 6
        WHEN allocated_date IS NULL THEN 5 ELSE 2 END END AS "AL-01",
    CASE WHEN needed_date >= period_start THEN CASE WHEN allocated_date IS NULL THEN 5
        WHEN l_waited = 2 THEN 6 ELSE 2 END END AS "AL-02",
    by_level(l_changes) AS "AL-03",
    CASE WHEN assessing AND authorised_date <= period_end THEN if(coalesce(
        allocation_reason <> 'first_worker' AND allocated_date > assessment_start
        AND allocated_date BETWEEN period_start AND authorised_date, false), 4, 2) END AS "AL-04"
FROM allocating;

CREATE OR REPLACE VIEW made.allocations AS
SELECT
    i, 0 AS n, audit_id,
    CASE WHEN allocated_date IS NOT NULL THEN numbered('W', team * 10 + team_draw // 7 % 9, 5) END
        AS worker_id,
    needed_date,
    allocated_date AS start_date,
    if(allocated_date IS NULL, 'worker_left', allocation_reason) AS reason,
    workday(coalesce(allocated_date, needed_date) + 1) AS recorded_date
FROM allocating
UNION ALL BY NAME
-- The worker before this one.
SELECT
    i, 1 AS n, audit_id,
    numbered('W', team * 10 + (team_draw // 7 + 4) % 9, 5) AS worker_id,
    workday(needed_date - 300 - days_in) AS needed_date,
    workday(needed_date - 300 - days_in) AS start_date,
    needed_date AS end_date,
    'first_worker' AS reason,
    workday(needed_date - 299 - days_in) AS recorded_date
FROM allocating
WHERE allocation_reason <> 'first_worker' AND allocated_date IS NOT NULL;
