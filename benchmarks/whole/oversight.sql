-- Supervision, managers' entries, allocations, and what is asked of the audit itself.

-- SU-02: supervision is reflective, and its actions are owned and dated. Every action has to be, so
-- the worst of the actions is the worst of the supervision. SU-04: it is recorded within five working
-- days. SU-05: it asks what changed.
CREATE TEMP TABLE supervision_results AS
WITH supervision AS (
    SELECT u.a, u.audit_id, n_cut, said_4, supervision_id, supervision_date AS day, reflective,
        progress_reviewed, CASE WHEN recorded_date <= cut THEN recorded_date END AS recorded,
        coalesce(supervision_date, cut) < DATE '2015-01-01' AS early
    FROM supervisions JOIN audit u USING (audit_id)
    WHERE supervision_date IS NULL
        OR (supervision_date <= cut AND NOT coalesce(supervision_date < opens, false))
)
SELECT s.a,
    packed(max(CASE
        WHEN reflective AND no_supervision_actions THEN 3
        WHEN early THEN 3
        WHEN NOT reflective THEN 6
        WHEN reflective IS NULL OR action.audit_id IS NULL THEN 5
        WHEN owner IS NULL OR due_date IS NULL THEN 6
        ELSE 2 END), 'SU-02')
    | packed(max(timed(s.day, recorded, r.n - d.n, n_cut - d.n, DATE '2015-01-01', 5, 5)), 'SU-04')
    | packed(max(CASE
        WHEN early THEN 3
        WHEN NOT progress_reviewed THEN 6
        ELSE told(said_4, 'SU-05') END), 'SU-05')
    AS supervision
FROM supervision s
LEFT JOIN supervision_actions action
    ON action.audit_id = s.audit_id AND action.supervision_id = s.supervision_id
LEFT JOIN unseen USING (a)
LEFT JOIN calendar d ON d.day = s.day
LEFT JOIN calendar r ON r.day = recorded
GROUP BY s.a;

-- SU-03: the actions of supervision are done by their day.
CREATE TEMP TABLE supervision_action_results AS
SELECT u.a, packed(max(CASE
    WHEN cut < DATE '2015-01-01' THEN 3
    ELSE kept(CASE WHEN completed_date <= cut THEN completed_date END, due_date) END), 'SU-03') AS task
FROM supervision_actions JOIN audit u USING (audit_id)
WHERE due_date <= cut AND NOT coalesce(completed_date <= cut AND completed_date < opens, false)
GROUP BY u.a;

-- OV-02: decisions have reasons. OV-03: what a manager asked for is done. RC-03: entries are recorded.
CREATE TEMP TABLE oversight_results AS
SELECT u.a,
    packed(max(CASE
        WHEN kind <> 'decision' OR kind IS NULL THEN 0
        WHEN coalesce(entry_date, cut) < DATE '2015-01-01' THEN 3
        ELSE filled(reason) END), 'OV-02')
    | packed(max(CASE
        WHEN action_due_date > cut OR action_due_date IS NULL THEN 0
        WHEN coalesce(entry_date, cut) < DATE '2015-01-01' THEN 3
        ELSE kept(CASE WHEN action_done_date <= cut THEN action_done_date END, action_due_date) END),
        'OV-03')
    | packed(max(timed(entry_date, CASE WHEN recorded_date <= cut THEN recorded_date END,
        r.n - e.n, n_cut - e.n, DATE '2015-01-01', 5, 5)), 'RC-03')
    AS oversight
FROM oversight JOIN audit u USING (audit_id)
LEFT JOIN calendar e ON e.day = entry_date
LEFT JOIN calendar r ON r.day = recorded_date
WHERE entry_date IS NULL OR (entry_date <= cut AND NOT coalesce(entry_date < opens, false))
GROUP BY u.a;

-- AL-02: a worker is allocated within two (or five) working days.
CREATE TEMP TABLE allocation_results AS
WITH allocation AS (
    SELECT u.a, n_cut, needed_date AS needed, CASE WHEN start_date <= cut THEN start_date END AS began
    FROM allocations JOIN audit u USING (audit_id)
    WHERE needed_date IS NULL OR (needed_date <= cut AND NOT coalesce(needed_date < opens, false))
)
SELECT a, packed(max(timed(needed, began, s.n - d.n, n_cut - d.n, DATE '2015-01-01', 2, 5)), 'AL-02')
    AS allocation
FROM allocation
LEFT JOIN calendar d ON d.day = needed
LEFT JOIN calendar s ON s.day = began
GROUP BY a;

-- SU-01, SU-06: how long a case goes without supervision. OV-01: an entry after the allocation.
-- CL-01: the first pathway assessment. EX-01: a risk of exploitation on file.
CREATE TEMP TABLE file_results AS
WITH gap AS (
    SELECT a, supervision_date AS day, supervision_date - lag(supervision_date, 1,
        greatest(allocated, opens)) OVER (PARTITION BY a ORDER BY supervision_date) AS length
    FROM supervisions JOIN audit USING (audit_id)
    WHERE supervision_date BETWEEN greatest(allocated, opens) AND cut
),
longest AS (SELECT a, max(length) AS length, max(day) AS latest FROM gap GROUP BY a),
entered AS (
    SELECT DISTINCT a, true AS entered FROM oversight JOIN audit USING (audit_id)
    WHERE entry_date BETWEEN greatest(allocated + 1, opens) AND cut
),
assessed AS (
    SELECT a, min(authorised_date) AS assessed
    FROM assessments JOIN audit USING (audit_id)
    WHERE kind = 'pathway_needs' AND authorised_date BETWEEN eligible AND cut
        AND NOT coalesce(start_date > cut, false)
    GROUP BY a
),
at_risk AS (
    SELECT DISTINCT a, true AS at_risk FROM exploitation_risks JOIN audit USING (audit_id)
    WHERE identified_date IS NULL OR identified_date <= cut
),
file AS (
    SELECT u.*, no_supervisions, no_oversight, no_assessments, no_exploitation, no_feedback,
        greatest(allocated, opens) AS begins, greatest(allocated + 1, opens) AS after, al.n AS n_alloc,
        latest, greatest(length, cut - latest) AS length, entered, assessed, at_risk, sought,
        cut < DATE '2015-01-01' AS early,
        case_type IN ('care_leaver', 'child_in_care') IS TRUE AS leaving,
        birth_month + INTERVAL 217 MONTH AS told_by
    FROM audit u LEFT JOIN longest USING (a) LEFT JOIN entered USING (a) LEFT JOIN assessed USING (a)
    LEFT JOIN at_risk USING (a) LEFT JOIN feedback_results USING (a) LEFT JOIN unseen USING (a)
    LEFT JOIN calendar al ON al.day = allocated
)
SELECT a,
    packed(CASE
        WHEN case_type = 'front_door' THEN 0
        WHEN early THEN 3
        WHEN unallocated THEN 6
        ELSE filled(allocated) END, 'AL-01')
    | packed(CASE
        WHEN early THEN 3
        WHEN worker_changes_12m <= 1 THEN 2
        WHEN worker_changes_12m <= 2 THEN 4
        WHEN worker_changes_12m > 2 THEN 6
        ELSE 5 END, 'AL-03')
    | packed(CASE
        WHEN NOT leaving OR months_old(birth_month, cut) < 192 OR opens >= months_later(eligible, 12)
            THEN 0
        WHEN eligible IS NULL AND ((case_type = 'child_in_care' AND cut <= came + 91)
            OR cut <= months_later(birth_month, 196) OR opens >= months_later(birth_month, 229)) THEN 0
        WHEN no_assessments THEN 3
        ELSE timed(eligible, assessed, (assessed > months_later(eligible, 3))::INTEGER,
            (cut > months_later(eligible, 3))::INTEGER, DATE '2011-04-01', 0, 0) END, 'CL-01')
    | packed(CASE
        WHEN NOT leaving OR months_old(birth_month, cut) < 204 OR history <= opens THEN 0
        WHEN cut < DATE '2011-04-01' THEN 3
        WHEN told_by > cut THEN 1
        WHEN history >= told_by THEN 6
        WHEN history IS NULL OR told_by IS NULL THEN 5
        ELSE 2 END, 'CL-04')
    | packed(CASE
        WHEN NOT exploitation_signs OR exploitation_signs IS NULL THEN 0
        WHEN no_exploitation OR early THEN 3
        WHEN at_risk THEN 2
        ELSE 5 END, 'EX-01')
    | packed(CASE
        WHEN n_cut - n_alloc < 20 THEN 0
        WHEN n_alloc IS NULL OR n_cut IS NULL OR no_oversight THEN 3
        WHEN cut < after THEN 0
        WHEN after < DATE '2015-01-01' THEN 3
        WHEN entered THEN 2
        ELSE 5 END, 'OV-01')
    | packed(CASE
        WHEN n_cut - n_alloc < 20 THEN 0
        WHEN n_alloc IS NULL OR n_cut IS NULL OR early THEN 3
        ELSE told(said_1, 'OV-04') END, 'OV-04')
    | packed(if(early, 3, told(said_1, 'OV-05')), 'OV-05')
    | packed(CASE
        WHEN case_type IS DISTINCT FROM 'child_in_care' OR cut < months_later(came, 6) THEN 0
        WHEN came IS NULL OR early THEN 3
        WHEN life_story IS NULL THEN 5
        ELSE told(said_1, 'PM-03') END, 'PM-03')
    | packed(CASE
        WHEN case_type = 'front_door' OR cut - begins < 31 THEN 0
        WHEN no_supervisions THEN 3
        WHEN begins IS NULL OR begins < DATE '2015-01-01' THEN 3
        WHEN latest IS NULL THEN if(cut - begins <= 31, 1, 5)
        WHEN length <= 31 THEN 2
        ELSE 6 END, 'SU-01')
    | packed(CASE
        WHEN NOT new_worker OR new_worker IS NULL OR cut - begins < 14 THEN 0
        WHEN no_supervisions THEN 3
        WHEN begins IS NULL OR begins < DATE '2015-01-01' THEN 3
        WHEN latest IS NULL THEN if(cut - begins <= 14, 1, 5)
        WHEN length <= 14 THEN 2
        WHEN length <= 31 THEN 4
        ELSE 6 END, 'SU-06')
    | packed(CASE
        WHEN no_feedback THEN 3
        WHEN cut < opens THEN 0
        WHEN coalesce(opens, cut) < DATE '2015-01-01' THEN 3
        WHEN sought THEN 2
        ELSE 5 END, 'VO-03')
    | packed(CASE
        WHEN NOT interpreter_needed OR interpreter_needed IS NULL THEN 0
        WHEN early THEN 3
        ELSE shown(interpreter_used) END, 'VO-05')
    AS file
FROM file;
