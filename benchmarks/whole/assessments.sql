-- The assessments, with the visits, allocations and managers' entries that they are held against.

CREATE TEMP TABLE assessment AS
SELECT row_number() OVER () AS t, u.a, u.audit_id, case_type, cut, n_cut, opens, unborn, birth_month,
    said_2, coalesce(start_date, cut) < DATE '2015-01-01' AS early,
    kind, start_date AS start, agreed_date AS agreed_by, reason_recorded, child_seen, seen_alone,
    chronology_complete, analysis_rating, views_recorded, diversity_considered, shared_with_family,
    CASE WHEN referral_date <= cut THEN referral_date END AS referred,
    CASE WHEN authorised_date <= cut THEN authorised_date END AS authorised,
    CASE WHEN shared_date <= cut THEN shared_date END AS shared,
    coalesce(kind IN ('early_help', 'pathway_needs', 'connected_carer', 'other'), false) AS of_others,
    -- An assessment still being made is given nine weeks.
    coalesce(authorised IS NULL AND cut <= start_date + 63, false) AS in_hand
FROM assessments JOIN audit u USING (audit_id)
WHERE (start_date IS NULL OR start_date <= cut) AND NOT coalesce(authorised < opens, false);

CREATE TEMP TABLE assessment_results AS
WITH visited AS (
    SELECT t, count(*) AS visits
    FROM assessment JOIN visits v USING (audit_id)
    WHERE v.child_seen AND visit_date BETWEEN start AND coalesce(authorised, cut)
    GROUP BY t
),
changed AS (
    SELECT t, count(*) AS changes
    FROM assessment JOIN allocations l USING (audit_id)
    WHERE l.reason IS DISTINCT FROM 'first_worker' AND NOT coalesce(l.needed_date > cut, false)
        AND l.start_date BETWEEN greatest(start + 1, opens) AND authorised
    GROUP BY t
),
overseen AS (
    SELECT t, min(entry_date) AS entry
    FROM assessment JOIN oversight USING (audit_id)
    WHERE entry_date BETWEEN start AND cut
        AND (assessment.kind = 'early_help' OR (assessment.kind IS NULL AND case_type = 'early_help'))
    GROUP BY t
)
SELECT a,
    packed(max(CASE WHEN of_others THEN 0 ELSE
        timed(referred, authorised, d.n - r.n, n_cut - r.n, DATE '2015-01-01', 45, 45) END), 'AS-01')
    | packed(max(CASE
        WHEN unborn OR kind IN ('pre_birth', 'connected_carer') THEN 0
        WHEN early THEN 3
        WHEN months_old(birth_month, start) < 36 THEN shown(child_seen)
        WHEN child_seen IS NULL THEN 5
        WHEN child_seen AND NOT seen_alone THEN 4
        ELSE shown(child_seen AND seen_alone) END), 'AS-02')
    | packed(max(CASE
        WHEN of_others OR in_hand THEN 0
        WHEN early THEN 3
        WHEN analysis_rating = 'description' THEN 6
        WHEN analysis_rating = 'some_analysis' THEN 4
        ELSE told(said_2, 'AS-03') END), 'AS-03')
    | packed(max(CASE
        WHEN agreed_by IS NULL THEN 0
        WHEN early THEN 3
        WHEN authorised IS NOT NULL THEN shown(authorised <= agreed_by)
        WHEN agreed_by > cut THEN 1
        ELSE 5 END), 'AS-04')
    | packed(max(CASE
        WHEN unborn OR of_others OR kind = 'pre_birth' OR in_hand THEN 0
        WHEN NOT child_seen THEN if(early, 3, 6)
        WHEN no_visits THEN 3
        WHEN start IS NULL THEN 5
        WHEN authorised < start THEN 0
        WHEN early THEN 3
        WHEN visits >= 2 THEN 2
        WHEN visits = 1 THEN 4
        ELSE 5 END), 'AS-05')
    | packed(max(CASE
        WHEN of_others OR kind = 'pre_birth' OR unborn OR in_hand THEN 0
        WHEN early THEN 3
        WHEN NOT chronology_complete THEN 6
        ELSE told(said_2, 'AS-06') END), 'AS-06')
    | packed(max(CASE
        WHEN of_others OR in_hand THEN 0
        WHEN kind IS DISTINCT FROM 'pre_birth' AND unborn IS DISTINCT FROM true THEN 0
        WHEN early THEN 3
        WHEN NOT chronology_complete THEN 6
        ELSE told(said_2, 'AS-07') END), 'AS-07')
    | packed(max(CASE
        WHEN kind <> 'early_help' OR (kind IS NULL AND case_type IS DISTINCT FROM 'early_help') THEN 0
        WHEN early THEN 3
        ELSE shown(reason_recorded) END), 'EH-01')
    | packed(max(CASE
        WHEN kind <> 'early_help' OR (kind IS NULL AND case_type IS DISTINCT FROM 'early_help') THEN 0
        WHEN authorised <= start + 28 THEN
            timed(start, authorised, authorised - start, 0, DATE '2015-01-01', 28, 28)
        WHEN no_oversight THEN 3
        ELSE timed(start, entry, entry - start, cut - start, DATE '2015-01-01', 28, 28) END), 'EH-02')
    | packed(max(CASE
        WHEN unborn OR kind IN ('pre_birth', 'connected_carer') THEN 0
        WHEN early THEN 3
        ELSE shown(views_recorded) END), 'VO-01')
    | packed(max(CASE
        WHEN authorised IS NULL OR n_cut - d.n < 10 THEN 0
        WHEN d.n IS NULL OR n_cut IS NULL OR early THEN 3
        WHEN shared IS NOT NULL THEN 2
        ELSE shown(shared_with_family) END), 'VO-04')
    | packed(max(CASE
        WHEN early THEN 3
        WHEN NOT diversity_considered THEN 6
        ELSE told(said_2, 'VO-07') END), 'VO-07')
    | packed(max(CASE
        WHEN authorised IS NULL THEN 0
        WHEN no_allocations THEN 3
        WHEN greatest(start + 1, opens) IS NULL THEN 5
        WHEN authorised < greatest(start + 1, opens) THEN 0
        WHEN greatest(start + 1, opens) < DATE '2015-01-01' THEN 3
        WHEN changes IS NULL THEN 2
        WHEN changes = 1 THEN 4
        ELSE 6 END), 'AL-04')
    AS assessment
FROM assessment
LEFT JOIN visited USING (t) LEFT JOIN changed USING (t) LEFT JOIN overseen USING (t)
LEFT JOIN unseen USING (a)
LEFT JOIN calendar r ON r.day = referred
LEFT JOIN calendar d ON d.day = authorised
GROUP BY a;
