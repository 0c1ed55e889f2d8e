-- The fifteen standards, as an analyst would write them by hand; handwritten_duckdb.py runs them.
-- In: a view for each table of the batch, `calendar(day, n)` with the working days so far, and the
-- variable `as_of`. Out: the tables `*_results`, one row an audit with the outcome of a standard.
--
-- Outcomes are small numbers so that "the worst decides" is max(): 0 not applicable, 1 not yet due,
-- 2 met, 3 not assessable, 4 partly met, 5 not evidenced, 6 not met, 7 not met by silence.
-- Grades are 1 (inadequate) to 4 (outstanding).

-- An integer for each audit: every later join and grouping is on it.
CREATE TEMP TABLE audit AS
SELECT
    (row_number() OVER () - 1)::INTEGER AS a,
    audit_id, case_type, team, auditor_id,
    least(getvariable('as_of'), audit_date, period_end) AS cut,
    period_start AS opens,
    CASE WHEN allocated_date <= cut THEN allocated_date END AS allocated,
    birth_month, coalesce(unborn, false) AS unborn,
    list_position(['inadequate', 'requires_improvement', 'good', 'outstanding'], overall_grade)
        ::UTINYINT AS auditor,
    coalesce(list_contains(not_examined, 'referrals'), false) AS no_referrals,
    coalesce(list_contains(not_examined, 'assessments'), false) AS no_assessments,
    coalesce(list_contains(not_examined, 'enquiries'), false) AS no_enquiries,
    coalesce(list_has_any(not_examined, ['strategy_discussions', 'conferences']), false)
        AS no_meetings,
    coalesce(list_contains(not_examined, 'plans'), false) AS no_plans,
    coalesce(list_contains(not_examined, 'plan_actions'), false) AS no_plan_actions,
    coalesce(list_contains(not_examined, 'placements'), false) AS no_placements,
    coalesce(list_contains(not_examined, 'reviews'), false) AS no_reviews,
    coalesce(list_contains(not_examined, 'visits'), false) AS no_visits,
    coalesce(list_contains(not_examined, 'supervisions'), false) AS no_supervisions,
    coalesce(list_contains(not_examined, 'supervision_actions'), false) AS no_supervision_actions,
    coalesce(list_contains(not_examined, 'oversight'), false) AS no_oversight
FROM audits;

-- FD-01: a referral is decided within one working day.
CREATE TEMP TABLE referral_results AS
WITH referral AS (
    SELECT u.a, u.cut, received_date AS received,
        CASE WHEN decision_date <= cut THEN decision_date END AS decided
    FROM referrals JOIN audit u USING (audit_id)
    WHERE (received_date IS NULL OR received_date <= cut)
        AND NOT coalesce(decided < opens, false)
)
SELECT a, max(CASE
    WHEN received IS NULL THEN 5
    WHEN received < DATE '2015-01-01' THEN 3
    WHEN decided IS NULL THEN CASE WHEN c.n - r.n <= 1 THEN 1 WHEN c.n - r.n > 1 THEN 5 ELSE 3 END
    WHEN decided < received THEN 3
    WHEN d.n - r.n <= 1 THEN 2
    WHEN d.n - r.n > 1 THEN 6
    ELSE 3 END)::UTINYINT AS fd01
FROM referral
LEFT JOIN calendar r ON r.day = received
LEFT JOIN calendar d ON d.day = decided
LEFT JOIN calendar c ON c.day = cut
GROUP BY a;

-- AS-01: an assessment is authorised within 45 working days. AS-02: the child is seen, and alone.
CREATE TEMP TABLE assessment_results AS
WITH assessment AS (
    SELECT u.a, u.cut, u.unborn, u.birth_month, kind, start_date, child_seen, seen_alone,
        CASE WHEN referral_date <= cut THEN referral_date END AS referred,
        CASE WHEN authorised_date <= cut THEN authorised_date END AS authorised
    FROM assessments JOIN audit u USING (audit_id)
    WHERE (start_date IS NULL OR start_date <= cut) AND NOT coalesce(authorised < opens, false)
)
SELECT a,
    max(CASE
        WHEN kind IN ('early_help', 'pathway_needs', 'connected_carer', 'other') THEN 0
        WHEN referred IS NULL THEN 5
        WHEN referred < DATE '2015-01-01' THEN 3
        WHEN authorised IS NULL
            THEN CASE WHEN c.n - r.n <= 45 THEN 1 WHEN c.n - r.n > 45 THEN 5 ELSE 3 END
        WHEN authorised < referred THEN 3
        WHEN d.n - r.n <= 45 THEN 2
        WHEN d.n - r.n > 45 THEN 6
        ELSE 3 END)::UTINYINT AS as01,
    max(CASE
        WHEN unborn OR kind IN ('pre_birth', 'connected_carer') THEN 0
        WHEN coalesce(start_date, cut) < DATE '2015-01-01' THEN 3
        WHEN (year(start_date) - year(birth_month)) * 12 + month(start_date) - month(birth_month)
            < 36 THEN CASE child_seen WHEN true THEN 2 WHEN false THEN 6 ELSE 5 END
        WHEN child_seen AND seen_alone THEN 2
        WHEN child_seen AND NOT seen_alone THEN 4
        WHEN NOT child_seen THEN 6
        ELSE 5 END)::UTINYINT AS as02
FROM assessment
LEFT JOIN calendar r ON r.day = referred
LEFT JOIN calendar d ON d.day = authorised
LEFT JOIN calendar c ON c.day = cut
GROUP BY a;

-- CP-01: a conference within 15 working days. SF-01: a return home only when it is agreed.
CREATE TEMP TABLE enquiry AS
SELECT row_number() OVER () AS t, u.a, audit_id, u.cut, start_date, conference_required,
    returned_home_date AS home, coalesce(returned_home, home <= cut) AS returned,
    CASE WHEN risk_assessment_date <= cut THEN risk_assessment_date END AS assessed,
    CASE WHEN manager_agreement_date <= cut THEN manager_agreement_date END AS agreed
FROM enquiries JOIN audit u USING (audit_id)
WHERE (start_date IS NULL OR start_date <= cut)
    AND NOT coalesce(end_date <= cut AND end_date < opens, false)
    AND (conference_required OR returned);

CREATE TEMP TABLE enquiry_results AS
WITH discussed AS (
    SELECT t, max(held_date) AS day
    FROM enquiry JOIN strategy_discussions USING (audit_id)
    WHERE conference_required AND held_date <= start_date
    GROUP BY t
),
conferred AS (
    SELECT t, discussed.day AS first, min(held_date) AS last
    FROM discussed JOIN enquiry USING (t) JOIN conferences USING (audit_id)
    WHERE kind IN ('initial', 'pre_birth') AND held_date BETWEEN discussed.day AND cut
    GROUP BY ALL
),
timed AS (
    SELECT enquiry.*, discussed.day AS first, conferred.last
    FROM enquiry LEFT JOIN discussed USING (t) LEFT JOIN conferred USING (t)
)
SELECT a,
    max(CASE WHEN conference_required THEN CASE
        WHEN first IS NULL THEN 5
        WHEN first < DATE '2015-01-01' THEN 3
        WHEN last IS NULL THEN CASE WHEN c.n - f.n <= 15 THEN 1 WHEN c.n - f.n > 15 THEN 5 ELSE 3 END
        WHEN l.n - f.n <= 15 THEN 2
        WHEN l.n - f.n > 15 THEN 6
        ELSE 3 END END)::UTINYINT AS cp01,
    max(CASE WHEN returned THEN CASE
        WHEN coalesce(start_date, cut) < DATE '2015-01-01' THEN 3
        WHEN home > cut THEN 1
        WHEN assessed > home OR agreed > home THEN 6
        WHEN home IS NULL OR assessed IS NULL OR agreed IS NULL THEN 7
        ELSE 2 END END)::UTINYINT AS sf01
FROM timed
LEFT JOIN calendar f ON f.day = first
LEFT JOIN calendar l ON l.day = last
LEFT JOIN calendar c ON c.day = cut
GROUP BY a;

-- The visits once, with RC-01 (a visit is recorded within five working days) worked out row by row.
CREATE TEMP TABLE visit AS
SELECT u.a, visit_date AS day, child_seen AS seen,
    CASE
        WHEN visit_date < opens THEN NULL
        WHEN visit_date IS NULL THEN 5
        WHEN visit_date < DATE '2015-01-01' THEN 3
        WHEN recorded_date <= cut THEN CASE
            WHEN recorded_date < visit_date THEN 3
            WHEN r.n - v.n <= 5 THEN 2
            WHEN r.n - v.n > 5 THEN 6
            ELSE 3 END
        WHEN c.n - v.n <= 5 THEN 1
        WHEN c.n - v.n > 5 THEN 5
        ELSE 3 END::UTINYINT AS rc01
FROM visits JOIN audit u USING (audit_id)
LEFT JOIN calendar v ON v.day = visit_date
LEFT JOIN calendar r ON r.day = recorded_date
LEFT JOIN calendar c ON c.day = cut
WHERE visit_date IS NULL OR visit_date <= cut;

CREATE TEMP TABLE visit_results AS SELECT a, max(rc01) AS rc01 FROM visit GROUP BY a;

-- The plans, with PL-01 (every action has an owner and a due date) and PL-02 (a contingency).
-- Until the birth it is the mother who is visited: an unborn child need not be seen, and one born
-- since the plan began only from the month after that of the birth.
CREATE TEMP TABLE plan AS
WITH action AS (
    SELECT audit_id, plan_id, count(*) AS n, count_if(owner IS NOT NULL AND due_date IS NOT NULL)
        AS good
    FROM plan_actions GROUP BY ALL
)
SELECT row_number() OVER () AS t, u.a, cut, kind, start_date AS own, unborn,
    (birth_month + INTERVAL 1 MONTH)::DATE AS month_after,
    coalesce(NOT unborn AND own <= month_after, false) AS born_since,
    greatest(if(born_since, month_after, own), opens) AS first,
    least(CASE WHEN end_date <= cut THEN end_date END, cut) AS last,
    CASE
        WHEN coalesce(own, cut) < DATE '2015-01-01' THEN 3
        WHEN n IS NULL THEN 5
        WHEN good = n THEN 2
        WHEN good * 100 >= n * 80 THEN 4
        ELSE 6 END::UTINYINT AS pl01,
    CASE
        WHEN coalesce(own, cut) < DATE '2015-01-01' THEN 3
        WHEN contingency IS NULL THEN 5
        ELSE 2 END::UTINYINT AS pl02
FROM plans p JOIN audit u USING (audit_id)
LEFT JOIN action ON action.audit_id = p.audit_id AND action.plan_id = p.plan_id
WHERE (start_date IS NULL OR start_date <= cut)
    AND NOT coalesce(end_date <= cut AND end_date < opens, false);

CREATE TEMP TABLE plan_results AS
SELECT a, max(pl01) AS pl01, max(pl02) AS pl02 FROM plan GROUP BY a;

-- CN-01: no more than 28 days between visits to a child in need.
CREATE TEMP TABLE in_need_results AS
WITH gap AS (
    SELECT t, day, day - lag(day, 1, first) OVER (PARTITION BY t ORDER BY day) AS length
    FROM plan JOIN visit USING (a)
    WHERE kind = 'child_in_need' AND (seen OR unborn) AND day BETWEEN first AND last
),
longest AS (SELECT t, max(length) AS length, max(day) AS latest FROM gap GROUP BY t)
SELECT a, max(CASE
    WHEN last < first THEN 0
    WHEN first IS NULL THEN 5
    WHEN first < DATE '2015-01-01' THEN 3
    WHEN latest IS NULL THEN if(last - first <= 28, 1, 5)
    WHEN greatest(length, last - latest) <= 28 THEN 2
    ELSE 6 END)::UTINYINT AS cn01
FROM plan LEFT JOIN longest USING (t)
WHERE kind = 'child_in_need'
GROUP BY a;

-- CP-05: no more than ten (or fifteen) working days between visits to a child on a child protection
-- plan. CP-06: the child has been visited at all since the plan began.
CREATE TEMP TABLE protection_results AS
WITH counted AS (
    SELECT plan.*, f.n AS n_first, o.n AS n_own, l.n AS n_last
    FROM plan
    LEFT JOIN calendar f ON f.day = first
    LEFT JOIN calendar o ON o.day = own
    LEFT JOIN calendar l ON l.day = last
    WHERE kind = 'child_protection'
),
gap AS (
    SELECT t, day, n,
        n - lag(n, 1, n_first) OVER (PARTITION BY t ORDER BY day) AS length
    FROM counted JOIN visit USING (a) LEFT JOIN calendar USING (day)
    WHERE (seen OR unborn) AND day BETWEEN first AND last
),
longest AS (
    SELECT t, max(length) AS length, max(n) AS latest, count(*) AS visits, count(length) AS known
    FROM gap GROUP BY t
),
visited AS (
    SELECT DISTINCT t FROM counted JOIN visit USING (a)
    WHERE (seen IS DISTINCT FROM false OR unborn OR born_since) AND day BETWEEN own AND last
)
SELECT a,
    max(CASE
        WHEN last < first THEN 0
        WHEN first IS NULL THEN 5
        WHEN first < DATE '2015-01-01' THEN 3
        WHEN visits IS NULL
            THEN CASE WHEN n_last - n_first <= 10 THEN 1 WHEN n_last - n_first > 10 THEN 5 ELSE 3 END
        WHEN known < visits OR n_last IS NULL THEN 3
        WHEN greatest(length, n_last - latest) <= 10 THEN 2
        WHEN greatest(length, n_last - latest) <= 15 THEN 4
        ELSE 6 END)::UTINYINT AS cp05,
    max(CASE
        WHEN last < own THEN 0
        WHEN own IS NULL THEN 5
        WHEN own < DATE '2015-01-01' THEN 3
        WHEN visited.t IS NOT NULL THEN 2
        WHEN n_last - n_own <= 10 THEN 1
        WHEN n_last - n_own > 10 THEN 7
        ELSE 3 END)::UTINYINT AS cp06
FROM counted LEFT JOIN longest USING (t) LEFT JOIN visited USING (t)
GROUP BY a;

-- CC-01: a child in care is visited as often as regulation 28 says. `due` is the day by which a gap
-- has to end: a week for the first visit or until the first review, six weeks (under regulation 24,
-- four) as a rule, three months after the first year of a placement meant to last.
-- `until` is the day that the phase ends; a gap that would run out later belongs to the next phase.
-- What was not examined matters only to a placement that asks for it: private fostering needs no
-- visits, and none but regulations 24 and 19 ask for a review.
CREATE MACRO due(regime, lasting, own, until, begins, opening) AS CASE
    WHEN regime IN ('regulation_24', 'regulation_19') THEN
        CASE
            WHEN until IS NULL OR begins + 7 <= until THEN begins + 7
            WHEN regime = 'regulation_24' THEN begins + 28
            ELSE begins + 42 END
    WHEN opening AND begins = own THEN begins + 7
    WHEN lasting AND until IS NOT NULL AND begins + 42 > until THEN (begins + INTERVAL 3 MONTH)::DATE
    ELSE begins + 42 END;

CREATE TEMP TABLE care_results AS
WITH placement AS (
    SELECT row_number() OVER () AS t, u.a, audit_id, cut, start_date AS own,
        greatest(own, opens) AS first,
        least(CASE WHEN end_date <= cut THEN end_date END, cut) AS last,
        coalesce(arrangement IN ('private_fostering', 'family_arrangement',
            'care_leaver_accommodation'), false) AS other,
        coalesce(regime, '') AS regime, coalesce(intended_to_18, false) AS lasting,
        no_visits, no_reviews
    FROM placements JOIN audit u USING (audit_id)
    WHERE (start_date IS NULL OR start_date <= cut)
        AND NOT coalesce(end_date <= cut AND end_date < opens, false)
),
review AS (
    SELECT t, min(held_date) AS day
    FROM placement JOIN reviews r USING (audit_id)
    WHERE placement.regime IN ('regulation_24', 'regulation_19') AND r.kind = 'child_in_care'
        AND held_date BETWEEN own AND cut
    GROUP BY t
),
phased AS (
    SELECT placement.*, CASE
        WHEN regime IN ('regulation_24', 'regulation_19') THEN review.day
        WHEN lasting THEN (own + INTERVAL 1 YEAR)::DATE END AS until
    FROM placement LEFT JOIN review USING (t)
),
gap AS (
    SELECT phased.* EXCLUDE (a, audit_id, cut, last, other, no_visits, no_reviews), day AS ends,
        lag(day) OVER (PARTITION BY t ORDER BY day) AS before
    FROM phased JOIN visit USING (a)
    WHERE NOT other AND seen AND day BETWEEN first AND last
),
longest AS (
    SELECT t, max(ends) AS latest, bool_or(ends >
        due(regime, lasting, own, until, coalesce(before, first), before IS NULL)) AS late
    FROM gap GROUP BY t
)
SELECT a, max(CASE
    WHEN other THEN 0
    WHEN no_visits OR (no_reviews AND regime IN ('regulation_24', 'regulation_19')) THEN 3
    WHEN last < first THEN 0
    WHEN first IS NULL THEN 5
    WHEN first < DATE '2011-04-01' THEN 3
    WHEN latest IS NULL THEN if(last > due(regime, lasting, own, until, first, true), 5, 1)
    WHEN late OR last > due(regime, lasting, own, until, latest, false) THEN 6
    ELSE 2 END)::UTINYINT AS cc01
FROM phased LEFT JOIN longest USING (t)
GROUP BY a;

-- SU-01: supervision at least every 31 days.
CREATE TEMP TABLE supervised_results AS
WITH gap AS (
    SELECT a, supervision_date AS day, day - lag(day, 1, greatest(allocated, opens))
        OVER (PARTITION BY a ORDER BY supervision_date) AS length
    FROM supervisions JOIN audit USING (audit_id)
    WHERE supervision_date BETWEEN greatest(allocated, opens) AND cut
),
longest AS (SELECT a, max(length) AS length, max(day) AS latest FROM gap GROUP BY a)
SELECT u.a, CASE
    WHEN greatest(allocated, opens) IS NULL THEN 3
    WHEN cut - greatest(allocated, opens) < 31 THEN 0
    WHEN no_supervisions THEN 3
    WHEN greatest(allocated, opens) < DATE '2015-01-01' THEN 3
    WHEN latest IS NULL THEN if(cut - greatest(allocated, opens) <= 31, 1, 5)
    WHEN greatest(length, cut - latest) <= 31 THEN 2
    ELSE 6 END::UTINYINT AS su01
FROM audit u LEFT JOIN longest USING (a);

-- SU-02: supervision is reflective, and its actions are owned and dated. Every action has to be, so
-- the worst of the actions is the worst of the supervision, and nothing need be grouped by it.
CREATE TEMP TABLE reflective_results AS
SELECT u.a, max(CASE
    WHEN supervision_date < opens THEN NULL
    WHEN coalesce(supervision_date, cut) < DATE '2015-01-01' THEN 3
    WHEN NOT reflective THEN 6
    WHEN reflective IS NULL OR action.audit_id IS NULL THEN 5
    WHEN owner IS NULL OR due_date IS NULL THEN 6
    ELSE 2 END)::UTINYINT AS su02
FROM supervisions s JOIN audit u USING (audit_id)
LEFT JOIN supervision_actions action
    ON action.audit_id = s.audit_id AND action.supervision_id = s.supervision_id
WHERE supervision_date IS NULL OR supervision_date <= cut
GROUP BY u.a;

-- OV-01: a manager keeps oversight of the case after it is allocated.
CREATE TEMP TABLE oversight_results AS
WITH entry AS (
    SELECT DISTINCT a FROM oversight JOIN audit USING (audit_id)
    WHERE entry_date BETWEEN greatest(allocated + 1, opens) AND cut
)
SELECT u.a, CASE
    WHEN c.n - l.n < 20 THEN 0
    WHEN allocated IS NULL OR l.n IS NULL OR c.n IS NULL OR no_oversight THEN 3
    WHEN cut < greatest(allocated + 1, opens) THEN 0
    WHEN greatest(allocated + 1, opens) < DATE '2015-01-01' THEN 3
    WHEN entry.a IS NULL THEN 5
    ELSE 2 END::UTINYINT AS ov01
FROM audit u LEFT JOIN entry USING (a)
LEFT JOIN calendar l ON l.day = allocated
LEFT JOIN calendar c ON c.day = cut;
