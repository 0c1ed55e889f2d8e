-- levels: how well each standard is kept in each audit, before the days are laid out.
-- In: spans. Each level follows the domain's quality for the most part, so that what goes wrong
-- together looks like practice and not like noise.
CREATE OR REPLACE TABLE levels AS
WITH entered AS (
    -- A child placed in the period came into care with the placement, the others long before, and
    -- a baby in the month after birth.
    SELECT *,
        -- Nobody comes into care before birth.
        CASE case_type
            WHEN 'child_in_care' THEN if(began >= period_start, began,
                workday(greatest(least(began, period_start - 400 - days_in * 3),
                    least(began, CAST(birth_month + to_months(1) AS DATE)))))
            WHEN 'care_leaver' THEN workday(least(began - 500,
                CAST(birth_month + to_months(216) AS DATE) - 400) - days_in * 4) END AS came_into_care
    FROM spans JOIN standards USING (i)
),
entitled AS (
    SELECT *, eligible + to_months(12) > period_start AS lately_eligible
    FROM (
        SELECT *,
            CASE
                WHEN case_type = 'care_leaver' THEN workday(began - 100)
                WHEN case_type = 'child_in_care' AND months_old >= 192 THEN workday(greatest(
                    CAST(birth_month + to_months(192) AS DATE) + 1 + early_days,
                    came_into_care + 92)) END AS eligible
        FROM entered
    )
),
scored AS (
    SELECT *,
        blend_6(x_decision, bell(draw(k, 'standard FD-01'))) AS y_referral,
        blend_6(x_assessment, bell(draw(k, 'standard AS-01'))) AS y_assessment,
        blend_6(x_assessment, bell(draw(k, 'standard AS-02'))) AS y_seen,
        blend_6(x_safety, bell(draw(k, 'standard CP-01'))) AS y_conference,
        blend_6(x_visits, bell(draw(k, 'standard visits'))) AS y_visits,
        blend_6(x_planning, bell(draw(k, 'standard PL-01'))) AS y_actions,
        blend_6(x_planning, bell(draw(k, 'standard PL-02'))) AS y_contingency,
        blend_6(x_oversight, bell(draw(k, 'standard SU-01'))) AS y_supervision,
        blend_6(x_oversight, bell(draw(k, 'standard SU-02'))) AS y_reflective,
        blend_6(x_oversight, bell(draw(k, 'standard OV-01'))) AS y_oversight,
        blend_6(x_safety, bell(draw(k, 'standard SF-01'))) AS y_return,
        blend_6(x_recording, bell(draw(k, 'standard RC-01'))) AS y_recording,
        pick(draw(k, 'section 47'), 1000) AS enquiry_draw,
        pick(draw(k, 'returned home'), 1000) AS return_draw,
        pick(draw(k, 'regime'), 1000) AS regime_draw,
        pick(draw(k, 'assessment on file'), 100) AS assessment_draw,
        draw(k, 'what is wrong') AS wrong_draw,
        pick(draw(k, 'wide gap'), 1000) AS gap_draw,
        case_type <> 'front_door' AND NOT newly_allocated AND pick(draw(k, 'new worker'), 100) < 5
            AS new_worker
    FROM entitled
),
levelled AS (
    SELECT *,
        level(y_referral, -128, -128, -263) AS l_referral,
        level(y_assessment, -104, -104, -247) AS l_assessment,
        level(y_seen, -79, -176, -247) AS l_seen,
        level(y_conference, -128, -128, -300) AS l_conference,
        level(y_visits, -55, -98, -288) AS l_visits,
        level(y_actions, -50, -145, -275) AS l_actions,
        level(y_contingency, -140, -140, -140) AS l_contingency,
        level(y_supervision, -98, -98, -258) AS l_supervision,
        level(y_reflective, -80, -80, -220) AS l_reflective,
        level(y_oversight, -150, -150, -150) AS l_oversight,
        level(y_recording, -88, -88, -250) AS l_recording,
        y_return < -137 AS unsafe_return,
        -- Older enquiries and assessments are not on the file that was audited.
        case_type = 'child_protection' AND began > period_start - 120 AS conferenced,
        case_type = 'assessment' AND enquiry_draw < 120 AND referral_date < period_end - 45
            AS enquired,
        CASE case_type
            WHEN 'assessment' THEN CASE WHEN unborn THEN 'pre_birth' ELSE 'child_and_family' END
            WHEN 'child_in_need' THEN if(referral_date IS NULL, NULL, 'child_and_family')
            WHEN 'child_protection' THEN if(referral_date IS NULL, NULL, 'child_and_family')
            WHEN 'early_help' THEN if(assessment_draw < 80 AND NOT newly_allocated, 'early_help', NULL)
            WHEN 'care_leaver' THEN if(if(lately_eligible, l_pathway < 3, assessment_draw < 40),
                'pathway_needs', NULL)
            WHEN 'private_fostering' THEN if(assessment_draw < 60, 'other', NULL)
            WHEN 'child_in_care' THEN CASE
                WHEN months_old >= 192
                    THEN if(l_pathway < 3 AND eligible + 15 <= period_end, 'pathway_needs', NULL)
                WHEN assessment_draw < 50 AND regime_draw >= 880 AND began < period_start
                    AND moved IS NULL THEN 'connected_carer' END END AS assessed,
        CASE WHEN case_type = 'child_in_care' AND moved IS NULL AND began < period_start THEN CASE
            WHEN regime_draw >= 940 THEN 'regulation_19'
            WHEN regime_draw >= 880 THEN 'regulation_24'
            ELSE 'regulation_28' END
            WHEN case_type = 'child_in_care' THEN 'regulation_28' END AS regime
    FROM scored
),
-- The day the assessment began, and the days over which visits are looked at.
bounded AS (
    SELECT *,
        regime = 'regulation_28' AND moved IS NULL AND began < period_start - 380
            AND regime_draw < 350 AS lasting,
        CASE
            WHEN assessed IN ('child_and_family', 'pre_birth')
                THEN workday(referral_date + 1 + early_days % 3)
            WHEN assessed = 'early_help'
                THEN workday(coalesce(allocated_date, period_start) + 6 + early_days % 8)
            WHEN assessed IN ('other', 'connected_carer')
                THEN workday(greatest(began, period_start) + 6 + early_days)
            WHEN assessed = 'pathway_needs' AND lately_eligible THEN workday(eligible + 15)
            WHEN assessed = 'pathway_needs' THEN workday(period_end - 60 - since_allocation)
            END AS assessment_start,
        CASE
            WHEN case_type IN ('child_in_need', 'child_protection', 'child_in_care',
                'private_fostering') THEN greatest(began, period_start)
            WHEN case_type = 'care_leaver' THEN period_start
            WHEN case_type = 'early_help'
                THEN greatest(coalesce(allocated_date, period_start), period_start)
            WHEN case_type = 'assessment' THEN referral_date + 3 END AS visits_from,
        least(coalesce(ended, period_end), period_end) AS visits_until,
        greatest(coalesce(allocated_date, period_start), period_start) AS work_from
    FROM levelled
),
-- How the visits are spaced: the first after so many days, then a step and up to so many days more.
spaced AS (
    SELECT *,
        CASE
            WHEN case_type = 'child_protection' THEN 4 + gap_draw % 7
            WHEN case_type = 'child_in_need' THEN 4 + gap_draw % 16
            WHEN case_type IN ('child_in_care', 'private_fostering') AND began > period_start
                THEN 1 + gap_draw % 5
            WHEN case_type = 'assessment' THEN gap_draw % 3
            WHEN regime = 'regulation_24' THEN 4 + gap_draw % 18
            ELSE 4 + gap_draw % 26 END AS visits_first,
        CASE
            WHEN case_type = 'child_protection' THEN 10
            WHEN case_type = 'assessment' THEN 13
            WHEN case_type = 'child_in_need' THEN 20
            WHEN regime = 'regulation_24' THEN 19
            WHEN case_type = 'care_leaver' THEN 45
            ELSE 30 END AS visits_step,
        CASE
            WHEN case_type IN ('child_protection', 'child_in_need') THEN 4
            WHEN case_type = 'assessment' OR regime = 'regulation_24' THEN 5
            ELSE 8 END AS visits_more,
        -- The gap that misses the standard, in days; a day in four may be a bank holiday.
        CASE
            WHEN case_type = 'child_protection' AND l_visits = 1 THEN 20 + gap_draw % 2
            WHEN case_type = 'child_protection' AND l_visits = 2 THEN 30 + gap_draw % 25
            WHEN case_type = 'child_in_need' AND l_visits = 2 THEN 34 + gap_draw % 35
            WHEN regime = 'regulation_24' AND l_visits = 2 THEN 45 + gap_draw % 40
            WHEN case_type = 'child_in_care' AND l_visits = 2 AND lasting THEN 102 + gap_draw % 14
            WHEN case_type = 'child_in_care' AND l_visits = 2 THEN 55 + gap_draw % 45
            WHEN case_type IN ('private_fostering', 'care_leaver') AND y_visits < -250
                THEN 100 + gap_draw % 14
            END AS visits_gap,
        CASE WHEN l_supervision = 2 THEN 45 + gap_draw % 50 END AS supervision_gap,
        4 + gap_draw % if(new_worker, 7, 17) AS supervision_first,
        -- A new worker is supervised every fortnight.
        if(new_worker, 9, 23) AS supervision_step,
        if(new_worker, 2, 4) AS supervision_more
    FROM bounded
),
-- After how many steps the wide gap begins; none where it has no room.
gapped AS (
    SELECT *,
        CASE WHEN visits_until - visits_from - visits_first - visits_gap >= 0 AND moved IS NULL
            THEN pick(wrong_draw, (visits_until - visits_from - visits_first - visits_gap)
                // visits_step + 1) END AS visits_wide,
        CASE WHEN period_end - work_from - supervision_first - supervision_gap >= 0
            THEN pick(wrong_draw, (period_end - work_from - supervision_first - supervision_gap)
                // supervision_step + 1) END AS supervision_wide,
        -- No visit at all: long enough for the clock to have run out.
        l_visits = 3 AND moved IS NULL AND ended IS NULL AND visits_until - visits_from >= CASE
            case_type WHEN 'child_protection' THEN 30 WHEN 'child_in_need' THEN 40 ELSE 110 END
            AND case_type IN ('child_protection', 'child_in_need', 'child_in_care') AS unvisited
    FROM spaced
)
SELECT *,
    case_type <> 'front_door' AND NOT unvisited AND visits_read
        AND NOT (fresh AND case_type <> 'assessment')
        AND NOT (newly_allocated AND case_type = 'early_help')
        AND visits_from + visits_first + 4 <= period_end AS visited,
    case_type <> 'front_door' AND NOT newly_allocated AND supervisions_read AND l_supervision < 3
        AS supervised,
    -- A late entry can only be told from a missing one once it is there.
    CASE WHEN period_end - visits_from < 50 THEN 0 ELSE l_recording END AS recording,
    case_type IN ('front_door', 'assessment') OR referral_date IS NOT NULL AS referred,
    CASE case_type
        WHEN 'child_in_need' THEN 'child_in_need'
        WHEN 'child_protection' THEN 'child_protection'
        WHEN 'child_in_care' THEN 'care'
        WHEN 'care_leaver' THEN 'pathway'
        WHEN 'assessment' THEN if(began IS NULL, NULL, 'child_in_need') END AS plan_kind
FROM gapped;
