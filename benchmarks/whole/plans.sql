-- The plans: what they say, the visits and meetings that they ask for, and their actions.

-- Until the birth it is the mother who is visited: an unborn child need not be seen, and one born
-- since the plan began only from the month after that of the birth.
CREATE TEMP TABLE plan AS
SELECT row_number() OVER () AS t, u.a, p.audit_id, p.plan_id, kind, cut, n_cut, opens, said_3,
    start_date AS own, CASE WHEN end_date <= cut THEN end_date END AS ended,
    coalesce(unborn, false) AS unborn, birth_month,
    coalesce(unborn IS DISTINCT FROM true AND own <= months_later(birth_month, 1), false) AS born_since,
    greatest(if(born_since, months_later(birth_month, 1), own), opens) AS first,
    coalesce(ended, cut) AS last,
    contingency, shared_with_family, child_views_recorded, emotional_needs,
    coalesce(start_date, cut) AS clock
FROM plans p JOIN audit u USING (audit_id)
WHERE (start_date IS NULL OR start_date <= cut)
    AND NOT coalesce(end_date <= cut AND end_date < opens, false);

-- What a plan says of itself and its actions.
CREATE TEMP TABLE plan_results AS
WITH action AS (
    SELECT audit_id, plan_id, count(*) AS n,
        count_if(owner IS NOT NULL AND due_date IS NOT NULL) AS dated, count(outcome_measure) AS aimed
    FROM plan_actions GROUP BY ALL
),
refreshed AS (
    SELECT t, max(updated_date) AS day
    FROM plan JOIN chronologies USING (audit_id)
    WHERE kind IN ('child_in_need', 'child_protection', 'care') AND updated_date <= last
    GROUP BY t
)
SELECT a,
    packed(max(CASE
        WHEN kind IS NULL OR kind = 'pathway' OR cut < months_later(own, 6) THEN 0
        WHEN own IS NULL OR no_chronologies THEN 3
        WHEN refreshed.day IS NULL THEN 5
        WHEN refreshed.day < DATE '2015-01-01' THEN 3
        WHEN last <= months_later(refreshed.day, 6) THEN 2
        ELSE 6 END), 'AS-08')
    | packed(max(CASE
        WHEN kind <> 'care' OR kind IS NULL THEN 0
        WHEN clock < DATE '2011-04-01' THEN 3
        WHEN NOT emotional_needs THEN 6
        ELSE told(said_3, 'CC-03') END), 'CC-03')
    | packed(max(CASE
        WHEN no_plan_actions OR clock < DATE '2015-01-01' THEN 3
        WHEN action.n IS NULL THEN 5
        WHEN dated = action.n THEN 2
        WHEN dated * 100 >= action.n * 80 THEN 4
        ELSE 6 END), 'PL-01')
    | packed(max(if(clock < DATE '2015-01-01', 3, filled(contingency))), 'PL-02')
    | packed(max(CASE
        WHEN no_plan_actions OR clock < DATE '2015-01-01' THEN 3
        WHEN action.n IS NULL THEN 5
        WHEN aimed = action.n THEN 2
        WHEN aimed * 100 >= action.n * 80 THEN 4
        ELSE 6 END), 'PL-03')
    | packed(max(CASE
        WHEN n_cut - s.n < 10 THEN 0
        WHEN s.n IS NULL OR n_cut IS NULL OR clock < DATE '2015-01-01' THEN 3
        ELSE shown(shared_with_family) END), 'PL-04')
    | packed(max(CASE
        WHEN clock < DATE '2015-01-01' THEN 3
        WHEN NOT shared_with_family THEN 6
        ELSE told(said_3, 'PL-05') END), 'PL-05')
    | packed(max(CASE
        WHEN unborn THEN 0
        WHEN clock < DATE '2015-01-01' THEN 3
        WHEN NOT child_views_recorded THEN 6
        ELSE told(said_3, 'VO-02') END), 'VO-02')
    AS plan
FROM plan
LEFT JOIN action ON action.audit_id = plan.audit_id AND action.plan_id = plan.plan_id
LEFT JOIN refreshed USING (t) LEFT JOIN unseen USING (a)
LEFT JOIN calendar s ON s.day = own
GROUP BY a;

-- PL-06: actions are done by their day.
CREATE TEMP TABLE plan_action_results AS
SELECT u.a, packed(max(CASE
    WHEN cut < DATE '2015-01-01' THEN 3
    ELSE kept(CASE WHEN completed_date <= cut THEN completed_date END, due_date) END), 'PL-06') AS action
FROM plan_actions JOIN audit u USING (audit_id)
WHERE due_date <= cut AND NOT coalesce(completed_date <= cut AND completed_date < opens, false)
GROUP BY u.a;

-- CN-01: no more than 28 days between visits to a child in need. CP-05: no more than ten (or
-- fifteen) working days to one on a protection plan. CP-06: visited at all since the plan began.
-- CP-11: seen alone every six weeks.
CREATE TEMP TABLE plan_visit_results AS
WITH visited AS (
    SELECT t, day, kind, own, first, unborn, born_since, n,
        plan.opens, seen, coalesce(seen AND alone, false) AS alone, last
    FROM (SELECT * FROM plan WHERE kind IN ('child_in_need', 'child_protection')) plan
    JOIN (SELECT a, day, seen, alone FROM visit) v USING (a)
    LEFT JOIN calendar USING (day)
    WHERE day <= last
),
counted AS (
    SELECT t, day, n, kind, lag(day) OVER by_day AS day_before, lag(n) OVER by_day AS n_before,
        first
    FROM visited WHERE (seen OR unborn) AND day >= first
    WINDOW by_day AS (PARTITION BY t ORDER BY day)
),
longest AS (
    SELECT t, max(day) AS latest, max(n) AS n_latest, count(*) AS visits, count(n) AS known,
        max(day - coalesce(day_before, first)) AS length, max(n - n_before) AS n_length,
        min(n) AS n_first_visit
    FROM counted GROUP BY t
),
-- The same of visits at which the child was seen alone, to those who are old enough.
alone AS (
    SELECT t, day, day - lag(day, 1, greatest(own, opens)) OVER (PARTITION BY t ORDER BY day) AS length
    FROM visited WHERE kind = 'child_protection' AND alone AND day >= greatest(own, opens)
),
longest_alone AS (SELECT t, max(length) AS alone_length, max(day) AS alone_latest FROM alone GROUP BY t),
-- Any visit since the plan began; one at which the child was not seen counts only before the birth.
at_all AS (
    SELECT DISTINCT t FROM visited
    WHERE kind = 'child_protection' AND day >= own
        AND (seen IS DISTINCT FROM false OR unborn OR born_since)
)
SELECT a,
    packed(max(CASE WHEN kind = 'child_in_need' THEN if(no_visits, 3,
        gapped(first, last, latest, length, DATE '2015-01-01', 28, 28)) END), 'CN-01')
    | packed(max(CASE
        WHEN kind <> 'child_protection' OR kind IS NULL THEN 0
        WHEN no_visits THEN 3
        WHEN last < first THEN 0
        WHEN first IS NULL THEN 5
        WHEN first < DATE '2015-01-01' THEN 3
        WHEN visits IS NULL
            THEN CASE WHEN l.n - f.n <= 10 THEN 1 WHEN l.n - f.n > 10 THEN 5 ELSE 3 END
        WHEN known < visits OR f.n IS NULL OR l.n IS NULL THEN 3
        WHEN greatest(n_first_visit - f.n, n_length, l.n - n_latest) <= 10 THEN 2
        WHEN greatest(n_first_visit - f.n, n_length, l.n - n_latest) <= 15 THEN 4
        ELSE 6 END), 'CP-05')
    | packed(max(CASE
        WHEN kind <> 'child_protection' OR kind IS NULL THEN 0
        WHEN no_visits THEN 3
        WHEN last < own THEN 0
        WHEN own IS NULL THEN 5
        WHEN own < DATE '2015-01-01' THEN 3
        WHEN at_all.t IS NOT NULL THEN 2
        WHEN l.n - o.n <= 10 THEN 1
        WHEN l.n - o.n > 10 THEN 6
        ELSE 3 END), 'CP-06')
    | packed(max(CASE
        WHEN kind <> 'child_protection' OR kind IS NULL OR unborn THEN 0
        WHEN months_old(birth_month, own) < 36 THEN 0
        WHEN no_visits THEN 3
        ELSE gapped(greatest(own, opens), last, alone_latest, alone_length, DATE '2015-01-01', 42, 42)
        END), 'CP-11')
    AS plan_visit
FROM plan
LEFT JOIN longest USING (t) LEFT JOIN longest_alone USING (t) LEFT JOIN at_all USING (t)
LEFT JOIN unseen USING (a)
LEFT JOIN calendar f ON f.day = first
LEFT JOIN calendar o ON o.day = own
LEFT JOIN calendar l ON l.day = last
WHERE kind IN ('child_in_need', 'child_protection')
GROUP BY a;

-- CN-02, CN-03: meetings about a child in need. CP-07: the first core group. CP-08: reviews of a
-- protection plan. CL-02: reviews of a pathway plan. Reviews before the audited period count as the
-- start of a gap; of what follows, every gap has to be short enough.
CREATE TEMP TABLE plan_review_results AS
WITH held AS (
    SELECT t, cut, plan.kind, own, opens, last, held_date AS day
    FROM plan JOIN reviews r USING (audit_id)
    WHERE r.kind = plan.kind AND plan.kind IN ('child_in_need', 'pathway') AND held_date <= cut
    UNION ALL
    SELECT t, cut, plan.kind, own, opens, last, held_date
    FROM plan JOIN conferences r USING (audit_id)
    WHERE r.kind = 'review' AND plan.kind = 'child_protection' AND held_date <= cut
),
-- Where the window of a plan begins; `long` where the last review before the period begins it.
spanned AS (
    SELECT plan.*, CASE kind
            WHEN 'child_protection' THEN opens >= months_later(own, 3)
            WHEN 'pathway' THEN opens >= months_later(own, 6) END IS TRUE AS long,
        CASE WHEN kind = 'child_in_need' THEN greatest(own, opens) WHEN long THEN before ELSE own END
            AS begins, first_meeting
    FROM plan LEFT JOIN (
        SELECT t, min(day) FILTER (day >= own) AS first_meeting,
            max(day) FILTER (day <= opens AND (kind = 'child_protection' OR day >= own)) AS before
        FROM held GROUP BY t
    ) USING (t)
    WHERE kind IN ('child_in_need', 'child_protection', 'pathway')
),
gap AS (
    SELECT t, held.kind, day, begins, long,
        lag(day, 1, begins) OVER (PARTITION BY t ORDER BY day) AS since,
        lag(day) OVER (PARTITION BY t ORDER BY day) IS NULL AS opening
    FROM held JOIN (SELECT t, begins, long FROM spanned) USING (t)
    WHERE day BETWEEN begins AND last
),
longest AS (
    SELECT t, max(day) AS latest, max(day - since) AS length,
        bool_or(day > months_later(since, if(opening AND kind = 'child_protection' AND NOT long, 3, 6)))
            AS late
    FROM gap GROUP BY t
),
met AS (
    SELECT t, min(held_date) AS grouped
    FROM plan JOIN core_groups USING (audit_id)
    WHERE plan.kind = 'child_protection' AND held_date BETWEEN own AND cut
    GROUP BY t
)
SELECT a,
    packed(max(CASE WHEN kind = 'child_in_need' THEN if(no_reviews, 3, timed(own, first_meeting,
        first_meeting - own, cut - own, DATE '2015-01-01', 10, 14)) END), 'CN-02')
    | packed(max(CASE WHEN kind = 'child_in_need' THEN if(no_reviews, 3,
        gapped(begins, last, latest, length, DATE '2015-01-01', 28, 42)) END), 'CN-03')
    | packed(max(CASE
        WHEN kind <> 'child_protection' OR ended <= own + 14 OR opens >= own + 15 THEN 0
        WHEN no_core_groups THEN 3
        ELSE timed(own, grouped, g.n - o.n, n_cut - o.n, DATE '2015-01-01', 10, 10) END), 'CP-07')
    | packed(max(CASE
        WHEN kind <> 'child_protection' THEN 0
        WHEN no_conferences THEN 3
        WHEN last < begins THEN 0
        WHEN begins IS NULL THEN 5
        WHEN begins < DATE '2015-01-01' THEN 3
        WHEN latest IS NULL THEN if(last <= months_later(begins, 3), 1, 5)
        WHEN late OR last > months_later(latest, 6) THEN 6
        ELSE 2 END), 'CP-08')
    | packed(max(CASE
        WHEN kind <> 'pathway' THEN 0
        WHEN no_reviews THEN 3
        WHEN last < begins THEN 0
        WHEN begins IS NULL THEN 5
        WHEN begins < DATE '2011-04-01' THEN 3
        WHEN latest IS NULL THEN if(last <= months_later(begins, 6), 1, 5)
        WHEN late OR last > months_later(latest, 6) THEN 6
        ELSE 2 END), 'CL-02')
    AS plan_review
FROM spanned LEFT JOIN longest USING (t) LEFT JOIN met USING (t) LEFT JOIN unseen USING (a)
LEFT JOIN calendar o ON o.day = own
LEFT JOIN calendar g ON g.day = grouped
GROUP BY a;
