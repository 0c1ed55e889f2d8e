-- made.placements, and what they show (of_placements): carers, places at a distance, matches.
-- In: days.
CREATE OR REPLACE TABLE lodged AS
SELECT *,
    CASE
        WHEN case_type = 'private_fostering' THEN 'private_fostering'
        WHEN case_type = 'care_leaver' THEN 'care_leaver_accommodation'
        WHEN case_type = 'child_in_need' THEN 'family_arrangement'
        WHEN regime = 'regulation_24' THEN 'connected_carer'
        WHEN regime = 'regulation_19' THEN 'parent'
        WHEN h & 63 > 0 THEN ['foster_care', 'foster_care', 'foster_care', 'foster_care',
            'foster_care', 'residential', 'connected_carer',
            if(months_old >= 192, 'semi_independent', 'foster_care')]
            [1 + ((h >> 6) & 7)::INTEGER] END AS arrangement,
    case_type = 'child_in_care' AND pick(draw_row(k, 'distance', n), 100) < 25 AS away,
    (h >> 19) & 15 = 0 AS emergency,
    (h >> 27) & 3 = 0 AS own_carer,
    case_type = 'child_in_care' AND regime = 'regulation_24' AND (h >> 25) & 1 = 0 AS extended
FROM (
    SELECT *, draw_row(k, 'placement', n) AS h,
        CASE
            WHEN case_type = 'care_leaver' THEN workday(least(began, period_start - 10 - early_days))
            WHEN case_type = 'child_in_need' THEN greatest(began, workday(period_start + 20))
            WHEN n = 0 THEN began
            ELSE moved END AS start_date
    FROM (
        SELECT *, unnest(range(if(moved IS NULL, 1, 2))) AS n,
        FROM days
        WHERE case_type IN ('child_in_care', 'private_fostering')
            OR case_type = 'care_leaver' AND plan_draw < 45
            -- Now and then a relative takes the child in, and not always by the family's own choice.
            OR case_type = 'child_in_need' AND NOT fresh AND ended IS NULL AND plan_draw < 4
    )
);

CREATE OR REPLACE TABLE placed_out AS
SELECT *,
    CASE WHEN regime = 'regulation_24' AND case_type = 'child_in_care' THEN CASE
        WHEN l_approved = 2 THEN workday(start_date + 200)
        WHEN l_approved = 3 THEN NULL
        WHEN extended THEN workday(start_date + 122 + early_days)
        ELSE workday(start_date + 60 + gap_draw % 50) END END AS full_approval_date,
    CASE WHEN case_type = 'private_fostering' THEN CASE
        WHEN start_date < period_start THEN workday(least(start_date, period_start - 36))
        WHEN l_first_visit = 2 THEN workday(start_date - 16)
        ELSE start_date END END AS aware_date,
    CASE WHEN lasting AND arrangement = 'foster_care' AND l_matched < 2
        THEN workday(start_date + 200 + early_days) END AS long_term_match_date,
    -- A place at a distance that was found in the period has to be agreed first.
    away AND start_date >= period_start
        AND NOT coalesce(arrangement IN ('connected_carer', 'parent'), false)
        AND NOT (arrangement = 'foster_care' AND own_carer) AS to_agree
FROM (SELECT * REPLACE (coalesce(arrangement = 'foster_care', false) AND own_carer AS own_carer)
    FROM lodged);

CREATE OR REPLACE TABLE of_placements AS
SELECT
    i,
    max(CASE
        WHEN arrangement = 'family_arrangement' THEN by_level(l_recognised)
        WHEN arrangement = 'connected_carer' THEN [2, 4, 4, 5][l_recognised + 1] END) AS "KC-01",
    max(CASE
        WHEN case_type <> 'child_in_care' OR regime <> 'regulation_24'
            OR full_approval_date <= period_start THEN NULL
        ELSE by_day(full_approval_date, start_date + if(extended, 168, 112), period_end) END)
        AS "KC-02",
    max(CASE WHEN extended THEN strictly(l_extended) END) AS "KC-03",
    max(CASE WHEN to_agree AND NOT emergency THEN strictly(l_consulted) END) AS "PD-01",
    max(CASE WHEN to_agree THEN strictly(l_director) END) AS "PD-02",
    max(CASE WHEN away AND start_date >= period_start THEN strictly(l_notified) END) AS "PD-03",
    max(CASE WHEN arrangement = 'foster_care' AND lasting
        THEN if(long_term_match_date IS NULL, 5, 2) END) AS "PM-02",
    max(CASE WHEN case_type = 'private_fostering' AND aware_date + to_months(1) > period_start
        THEN if(visits_read, if(l_first_visit = 2, 6, 2), 3) END) AS "PF-04",
    max(CASE WHEN case_type = 'care_leaver' THEN CASE WHEN NOT visits_read THEN 3
        WHEN visits_wide IS NULL THEN 2 ELSE 6 END END) AS "CL-03"
FROM placed_out
GROUP BY i;

CREATE OR REPLACE VIEW made.placements AS
SELECT
    i, n, audit_id, start_date,
    CASE WHEN n = 0 THEN moved END AS end_date,
    arrangement,
    CASE WHEN regime <> 'regulation_28' OR (h >> 9) & 31 > 0 THEN regime END AS regime,
    CASE WHEN lasting THEN true WHEN case_type = 'child_in_care' AND (h >> 14) & 3 > 0 THEN false
        END AS intended_to_18,
    CASE WHEN case_type = 'child_in_care' THEN away END AS at_distance,
    CASE WHEN away THEN CASE WHEN to_agree AND NOT emergency AND l_consulted = 3 THEN NULL
        WHEN to_agree AND NOT emergency AND l_consulted = 2 THEN workday(start_date + 9)
        ELSE workday(start_date - 9) END END AS host_consulted_date,
    CASE WHEN away THEN CASE l_notified WHEN 3 THEN NULL WHEN 2 THEN workday(start_date + 20)
        ELSE workday(start_date - 1) END END AS host_notified_date,
    CASE WHEN case_type = 'child_in_care' THEN emergency END AS emergency,
    CASE WHEN arrangement = 'foster_care' THEN own_carer END AS own_foster_carer,
    CASE WHEN to_agree THEN CASE l_director WHEN 3 THEN NULL WHEN 2 THEN workday(start_date + 9)
        ELSE workday(start_date - 2) END END AS director_approval_date,
    CASE WHEN arrangement = 'family_arrangement' THEN l_recognised = 2 END AS arranged_by_authority,
    CASE WHEN regime = 'regulation_24' THEN start_date END AS temporary_approval_date,
    CASE WHEN extended THEN workday(start_date + 100) END AS extension_date,
    CASE WHEN extended THEN workday(start_date + 160) END AS extension_end_date,
    CASE WHEN extended THEN CASE l_extended WHEN 3 THEN NULL WHEN 2 THEN 'somebody_else'
        ELSE 'nominated_officer' END END AS extension_approved_by,
    CASE WHEN extended THEN 'assessment_not_finished' END AS extension_reason,
    CASE WHEN extended THEN 1 END AS extensions,
    full_approval_date,
    long_term_match_date,
    aware_date,
    workday(start_date + ((h >> 23) & 3)::INTEGER) AS recorded_date
FROM placed_out;
