-- The visits once. RC-01: a visit is recorded within five working days. PF-02, PF-03: visits to a
-- child privately fostered. CC-07: visits to a child in care have a purpose.
CREATE TEMP TABLE visit AS
SELECT u.a, visit_date AS day, kind, child_seen AS seen, seen_alone AS alone,
    purpose IS NOT NULL AS purposeful
FROM visits JOIN audit u USING (audit_id)
WHERE visit_date <= cut;

CREATE TEMP TABLE visit_results AS
SELECT u.a,
    packed(max(timed(visit_date, CASE WHEN recorded_date <= cut THEN recorded_date END,
        r.n - v.n, n_cut - v.n, DATE '2015-01-01', 5, 5)), 'RC-01')
    | packed(max(CASE
        WHEN kind <> 'private_fostering' OR kind IS NULL OR NOT child_seen THEN 0
        WHEN NOT seen_alone AND reason_not_alone IS NOT NULL THEN 0
        WHEN months_old(birth_month, visit_date) < 36 THEN 0
        WHEN coalesce(visit_date, cut) < DATE '2005-07-01' THEN 3
        ELSE shown(seen_alone) END), 'PF-02')
    | packed(max(CASE
        WHEN kind <> 'private_fostering' OR kind IS NULL THEN 0
        WHEN coalesce(visit_date, cut) < DATE '2005-07-01' THEN 3
        WHEN report_date <= cut THEN 2
        ELSE 5 END), 'PF-03')
    | packed(max(CASE
        WHEN kind <> 'child_in_care' OR kind IS NULL OR case_type <> 'child_in_care'
            OR case_type IS NULL THEN 0
        WHEN coalesce(visit_date, cut) < DATE '2015-01-01' THEN 3
        WHEN NOT child_seen AND purpose IS NULL THEN 6
        ELSE told(said_4, 'CC-07') END), 'CC-07')
    AS visit
FROM visits JOIN audit u USING (audit_id)
LEFT JOIN calendar v ON v.day = visit_date
LEFT JOIN calendar r ON r.day = recorded_date
WHERE visit_date IS NULL OR (visit_date <= cut AND NOT coalesce(visit_date < opens, false))
GROUP BY u.a;
