-- The placements: how often the child is visited there, and how each was agreed to.

CREATE TEMP TABLE placement AS
SELECT row_number() OVER () AS t, u.a, u.audit_id, cut, n_cut, opens, said_4,
    start_date AS own, greatest(start_date, opens) AS first,
    CASE WHEN end_date <= cut THEN end_date END AS ended, coalesce(ended, cut) AS last,
    coalesce(start_date, cut) AS clock,
    arrangement, coalesce(regime, '') AS regime, coalesce(intended_to_18, false) AS lasting,
    coalesce(arrangement IN ('private_fostering', 'family_arrangement', 'care_leaver_accommodation'),
        false) AS other,
    at_distance, emergency, own_foster_carer, arranged_by_authority, extension_approved_by,
    extension_reason, extensions,
    CASE WHEN host_consulted_date <= cut THEN host_consulted_date END AS consulted,
    CASE WHEN host_notified_date <= cut THEN host_notified_date END AS notified,
    CASE WHEN director_approval_date <= cut THEN director_approval_date END AS approved,
    CASE WHEN temporary_approval_date <= cut THEN temporary_approval_date END AS temporary,
    CASE WHEN extension_date <= cut THEN extension_date END AS extended,
    CASE WHEN extension_end_date <= cut THEN extension_end_date END AS extended_to,
    CASE WHEN full_approval_date <= cut THEN full_approval_date END AS full_approval,
    CASE WHEN long_term_match_date <= cut THEN long_term_match_date END AS matched,
    CASE WHEN aware_date <= cut THEN aware_date END AS aware,
    -- From when a child is visited there: privately fostered, from the day the authority knew.
    CASE WHEN arrangement = 'private_fostering' THEN greatest(aware, opens) ELSE first END AS begins
FROM placements JOIN audit u USING (audit_id)
WHERE (start_date IS NULL OR start_date <= cut)
    AND NOT coalesce(end_date <= cut AND end_date < opens, false);

-- KC-01 to KC-03: connected carers. PD-01 to PD-03: placements at a distance. PM-02: a long-term match.
CREATE TEMP TABLE placement_results AS
SELECT a,
    packed(max(CASE
        WHEN arrangement IN ('family_arrangement', 'connected_carer') THEN CASE
            WHEN clock < DATE '2011-04-01' THEN 3
            WHEN arrangement = 'family_arrangement' AND arranged_by_authority THEN 6
            ELSE told(said_4, 'KC-01') END END), 'KC-01')
    | packed(max(CASE
        WHEN arrangement IS DISTINCT FROM 'connected_carer' OR regime <> 'regulation_24' THEN 0
        WHEN full_approval <= opens OR extension_reason = 'decision_under_review' THEN 0
        ELSE timed(temporary, coalesce(full_approval, ended),
            coalesce(full_approval, ended) - temporary, cut - temporary, DATE '2011-04-01',
            if(extended IS NULL, 112, 168), 0) END), 'KC-02')
    | packed(max(CASE
        WHEN arrangement IS DISTINCT FROM 'connected_carer' OR extended IS NULL THEN 0
        WHEN extension_reason = 'decision_under_review' OR extensions >= 2
                OR extension_approved_by = 'somebody_else' OR extension_approved_by IS NULL
                OR extended >= temporary + 113 THEN CASE
            WHEN clock < DATE '2011-04-01' THEN 3
            WHEN extension_approved_by = 'somebody_else' THEN 6
            WHEN extension_reason = 'decision_under_review' THEN filled(extension_approved_by)
            WHEN extensions >= 2 THEN 6
            WHEN extension_approved_by IS NULL THEN 5
            ELSE 6 END
        ELSE timed(temporary, extended_to, extended_to - temporary, cut - temporary,
            DATE '2011-04-01', 168, 0) END), 'KC-03')
    | packed(max(CASE
        WHEN NOT at_distance OR at_distance IS NULL OR opens >= own + 1 OR own_foster_carer
            OR emergency OR other OR arrangement IN ('connected_carer', 'parent') THEN 0
        WHEN clock < DATE '2014-01-27' THEN 3
        ELSE by_day(consulted, own) END), 'PD-01')
    | packed(max(CASE
        WHEN NOT at_distance OR at_distance IS NULL OR opens >= own + 1 OR own_foster_carer
            OR other OR arrangement IN ('connected_carer', 'parent') THEN 0
        WHEN clock < DATE '2014-01-27' THEN 3
        ELSE by_day(approved, own) END), 'PD-02')
    | packed(max(CASE
        WHEN NOT at_distance OR at_distance IS NULL OR opens >= own + 1 OR other THEN 0
        WHEN emergency AND NOT coalesce(notified <= own, false) THEN
            timed(own, notified, n.n - o.n, n_cut - o.n, DATE '2011-04-01', 5, 5)
        WHEN clock < DATE '2011-04-01' THEN 3
        ELSE by_day(notified, own) END), 'PD-03')
    | packed(max(CASE
        WHEN arrangement IS DISTINCT FROM 'foster_care' OR NOT lasting THEN 0
        WHEN cut < months_later(own, 6) THEN 0
        WHEN own IS NULL OR own < DATE '2011-04-01' THEN 3
        ELSE filled(matched) END), 'PM-02')
    AS placement
FROM placement
LEFT JOIN calendar o ON o.day = own
LEFT JOIN calendar n ON n.day = notified
GROUP BY a;

-- CC-01: a child in care is visited as often as regulation 28 says; CL-03 a care leaver, PF-01 a
-- child privately fostered. `due` is the day by which a gap has to end: a week for the first visit or
-- until the first review, six weeks (under regulation 24, four) as a rule, three months after the
-- first year of a placement meant to last. `until` is the day that a phase ends; a gap that would run
-- out later belongs to the next phase.
CREATE MACRO due(kind, regime, lasting, own, until, since, opening) AS CASE
    WHEN kind = 'private_fostering' THEN
        since + if(until IS NULL OR (since < until AND since + 42 <= until), 42, 84)
    WHEN kind <> 'care_leaver' AND regime IN ('regulation_24', 'regulation_19') THEN CASE
        WHEN until IS NULL OR (since < until AND since + 7 <= until) THEN since + 7
        WHEN regime = 'regulation_24' THEN since + 28
        ELSE since + 42 END
    WHEN opening AND since = own THEN since + 7
    WHEN kind = 'care_leaver' THEN months_later(since, 2)
    WHEN lasting AND until IS NOT NULL AND since + 42 > until THEN months_later(since, 3)
    ELSE since + 42 END;

CREATE TEMP TABLE placement_visit_results AS
WITH review AS (
    SELECT t, min(held_date) AS day
    FROM placement JOIN reviews r USING (audit_id)
    WHERE regime IN ('regulation_24', 'regulation_19') AND r.kind = 'child_in_care'
        AND held_date BETWEEN own AND cut
    GROUP BY t
),
phased AS (
    SELECT t, a, cut, own, begins, last, regime, lasting, CASE arrangement
            WHEN 'private_fostering' THEN 'private_fostering'
            WHEN 'care_leaver_accommodation' THEN 'care_leaver'
            WHEN 'family_arrangement' THEN 'none' ELSE 'child_in_care' END AS kind,
        n_cut, opens, aware, ended, arrangement,
        CASE
            WHEN arrangement = 'private_fostering' THEN months_later(aware, 12)
            WHEN regime IN ('regulation_24', 'regulation_19') THEN review.day
            WHEN lasting THEN months_later(own, 12) END AS until
    FROM placement LEFT JOIN review USING (t)
),
gap AS (
    SELECT p.*, day AS ends, lag(day) OVER (PARTITION BY t ORDER BY day) AS before
    FROM (SELECT t, a, own, begins, last, regime, lasting, kind, until FROM phased
        WHERE kind <> 'none') p
    JOIN (SELECT a, day, seen, kind AS purpose FROM visit) v USING (a)
    WHERE day BETWEEN begins AND last AND CASE p.kind
        WHEN 'child_in_care' THEN seen
        WHEN 'care_leaver' THEN seen AND purpose = 'care_leaver'
        ELSE seen IS DISTINCT FROM false AND purpose = 'private_fostering' END
),
longest AS (
    SELECT t, max(ends) AS latest, bool_or(ends >
        due(kind, regime, lasting, own, until, coalesce(before, begins), before IS NULL)) AS late
    FROM gap GROUP BY t
),
tested AS (
    SELECT phased.*, CASE
        WHEN no_visits OR (no_reviews AND kind = 'child_in_care'
            AND regime IN ('regulation_24', 'regulation_19')) THEN 3
        WHEN last < begins THEN 0
        WHEN begins IS NULL THEN 5
        WHEN begins < if(kind = 'private_fostering', DATE '2005-07-01', DATE '2011-04-01') THEN 3
        WHEN latest IS NULL THEN if(last > due(kind, regime, lasting, own, until, begins, true), 5, 1)
        WHEN late OR last > due(kind, regime, lasting, own, until, latest, false) THEN 6
        ELSE 2 END AS visited, no_visits
    FROM phased LEFT JOIN longest USING (t) LEFT JOIN unseen USING (a)
),
-- CC-06: visits to a child in care say what for. PF-04: the first visit to one privately fostered.
purposed AS (
    SELECT t, count(*) AS n, count_if(purposeful) AS good
    FROM phased p JOIN visit v USING (a)
    WHERE p.kind = 'child_in_care' AND v.kind = 'child_in_care' AND day BETWEEN begins AND last
    GROUP BY t
),
first_seen AS (
    SELECT t, min(day) AS day
    FROM phased p JOIN visit v USING (a)
    WHERE p.kind = 'private_fostering' AND v.kind = 'private_fostering'
        AND seen IS DISTINCT FROM false AND day >= aware
    GROUP BY t
)
SELECT a,
    packed(max(CASE WHEN kind = 'child_in_care' THEN visited END), 'CC-01')
    | packed(max(CASE WHEN kind = 'care_leaver' THEN visited END), 'CL-03')
    | packed(max(CASE WHEN kind = 'private_fostering' THEN visited END), 'PF-01')
    | packed(max(CASE
        WHEN kind <> 'child_in_care' OR ended <= own + 7 THEN 0
        WHEN no_visits THEN 3
        WHEN last < begins THEN 0
        WHEN begins IS NULL THEN 5
        WHEN begins < DATE '2015-01-01' THEN 3
        WHEN purposed.n IS NULL THEN 5
        WHEN good = purposed.n THEN 2
        WHEN good * 100 >= purposed.n * 80 THEN 4
        ELSE 6 END), 'CC-06')
    | packed(max(CASE
        WHEN kind <> 'private_fostering' OR opens >= months_later(aware, 1) THEN 0
        WHEN no_visits THEN 3
        ELSE timed(aware, first_seen.day, s.n - w.n, n_cut - w.n, DATE '2005-07-01', 7, 7) END), 'PF-04')
    AS placement_visit
FROM tested LEFT JOIN purposed USING (t) LEFT JOIN first_seen USING (t)
LEFT JOIN calendar w ON w.day = aware
LEFT JOIN calendar s ON s.day = first_seen.day
GROUP BY a;

-- CC-04, CC-05: reviews of a child in care. HE-01, HE-02: health assessments. All four are asked of
-- the audit. `long`: in care for four months or more when the audited period began. A health
-- assessment before the birth cannot be right: what is missed because of it cannot be told.
-- The day by which the next review (or health assessment) of a child in care is due: the second review
-- three months after the first, a child under five seen every six months, others once a year.
CREATE MACRO next_due(what, long, begins, born, since) AS CASE
    WHEN what = 'review' THEN months_later(since, if(NOT long AND since < months_later(begins, 3)
        AND months_later(since, 3) <= months_later(begins, 3), 3, 6))
    WHEN born IS NULL OR (since < months_later(born, 60)
        AND months_later(since, 6) <= months_later(born, 60)) THEN months_later(since, 6)
    ELSE months_later(since, 12) END;

CREATE TEMP TABLE in_care_results AS
WITH child AS (
    SELECT a, audit_id, cut, n_cut, opens, birth_month, came, left_care, planned, permanence,
        coalesce(left_care, cut) AS last, opens >= months_later(came, 4) IS TRUE AS long
    FROM audit WHERE case_type = 'child_in_care'
),
held AS (
    SELECT a, 'review' AS what, held_date AS day, true AS first_kind, came, opens, last, long,
        birth_month
    FROM child JOIN reviews USING (audit_id)
    WHERE kind = 'child_in_care' AND held_date BETWEEN came AND cut
    UNION ALL
    SELECT a, 'health', assessment_date, kind IS DISTINCT FROM 'review', came, opens, last, long,
        birth_month
    FROM child JOIN health_assessments USING (audit_id)
    WHERE assessment_date BETWEEN came AND cut AND NOT coalesce(assessment_date < birth_month, false)
),
unborn_then AS (
    SELECT DISTINCT a, true AS misdated FROM child JOIN health_assessments USING (audit_id)
    WHERE assessment_date < birth_month
),
begun AS (
    SELECT a, what, min(day) FILTER (first_kind) AS first,
        CASE WHEN any_value(long) THEN max(day) FILTER (day <= opens) ELSE min(day) END AS begins
    FROM held GROUP BY a, what
),
gap AS (
    SELECT a, what, begins, day AS ends, last, long, birth_month,
        lag(day) OVER (PARTITION BY a, what ORDER BY day) AS since
    FROM held JOIN begun USING (a, what)
    WHERE day BETWEEN begins AND last
),
longest AS (
    SELECT a, what, max(ends) AS latest, bool_or(ends > next_due(what, long, begins, birth_month, since))
        AS late
    FROM gap GROUP BY a, what
),
spell AS (
    SELECT a, what, first, begins, coalesce(late, false)
        OR last > next_due(what, long, begins, birth_month, latest) AS late
    FROM begun LEFT JOIN longest USING (a, what) JOIN child USING (a)
)
SELECT child.a,
    packed(CASE
        WHEN opens >= months_later(came, 2) OR left_care <= came + 28 THEN 0
        WHEN no_reviews THEN 3
        ELSE timed(came, r.first, rn.n - n.n, n_cut - n.n, DATE '2011-04-01', 20, 20) END, 'CC-04')
    | packed(CASE
        WHEN cut <= came + 28 THEN 0
        WHEN no_reviews THEN 3
        WHEN last < r.begins THEN 0
        WHEN r.begins IS NULL THEN 5
        WHEN r.begins < DATE '2011-04-01' THEN 3
        ELSE if(r.late, 6, 2) END, 'CC-05')
    | packed(CASE
        WHEN opens >= months_later(came, 2) OR left_care <= came + 28 THEN 0
        WHEN no_health THEN 3
        WHEN misdated AND (h.first IS NULL OR hn.n - n.n > 20) AND n_cut - n.n > 20 THEN 3
        ELSE timed(came, h.first, hn.n - n.n, n_cut - n.n, DATE '2011-04-01', 20, 20) END, 'HE-01')
    | packed(CASE
        WHEN cut <= came + 28 THEN 0
        WHEN no_health THEN 3
        WHEN last < h.begins THEN 0
        WHEN h.begins IS NULL THEN if(misdated, 3, 5)
        WHEN h.begins < DATE '2011-04-01' THEN 3
        ELSE if(h.late, if(misdated, 3, 6), 2) END, 'HE-02')
    | packed(CASE
        WHEN came <= opens AND planned <= opens THEN 0
        WHEN planned <= came THEN if(cut < DATE '2011-04-01', 3, 2)
        ELSE timed(came, planned, pn.n - n.n, n_cut - n.n, DATE '2011-04-01', 10, 10) END, 'CC-02')
    | packed(CASE
        WHEN permanence <= opens OR left_care <= months_later(came, 4) THEN 0
        ELSE timed(came, permanence, (permanence > months_later(came, 4))::INTEGER,
            (cut > months_later(came, 4))::INTEGER, DATE '2011-04-01', 0, 0) END, 'PM-01')
    AS in_care
FROM child
LEFT JOIN (FROM spell WHERE what = 'review') r USING (a)
LEFT JOIN (FROM spell WHERE what = 'health') h USING (a)
LEFT JOIN unseen USING (a) LEFT JOIN unborn_then USING (a)
LEFT JOIN calendar n ON n.day = came
LEFT JOIN calendar rn ON rn.day = r.first
LEFT JOIN calendar hn ON hn.day = h.first
LEFT JOIN calendar pn ON pn.day = planned;
