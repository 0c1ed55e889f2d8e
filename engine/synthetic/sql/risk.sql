-- made.missing_episodes, made.exploitation_risks, made.allegations, made.domestic_abuse,
-- made.exceptions, and what they show (of_risk). In: days.
CREATE OR REPLACE TABLE at_risk AS
SELECT *,
    months_old >= 120 AND enquiry_draw < CASE case_type WHEN 'child_in_care' THEN 250
        WHEN 'child_protection' THEN 150 WHEN 'care_leaver' THEN 60 ELSE 0 END AS goes_missing,
    CASE WHEN months_old >= 120 AND case_type IN ('child_in_need', 'child_protection',
            'child_in_care', 'care_leaver') AND pick(draw(k, 'exploited'), 100) < 10
        THEN workday(period_end - 60 - days_in % 110) END AS exploited,
    CASE WHEN case_type IN ('child_in_care', 'child_protection')
            AND pick(draw(k, 'allegation'), 1000) < 25
        THEN workday(period_end - 100 - days_in % 70) END AS alleged,
    CASE WHEN case_type IN ('assessment', 'child_in_need', 'child_protection')
            AND pick(draw(k, 'domestic abuse'), 100) < 14
        THEN workday(period_end - 40 - days_in) END AS abused
FROM (
    SELECT *,
        pick(draw(k, 'exception'), 1000) AS exception_draw
    FROM days
);

-- The first return shows what is wrong, the others were followed up in time.
CREATE OR REPLACE TABLE made.missing_episodes AS
SELECT
    i, n, audit_id, missing_at, returned_at,
    CASE WHEN NOT lost THEN return_day + to_hours(34 + if(first AND l_offered = 2, 120, 0)) END
        AS interview_offered_at,
    CASE WHEN taken AND NOT lost AND NOT (first AND l_interviewed = 3)
        THEN return_day + to_hours(39 + if(first AND (l_interviewed = 2 OR l_offered = 2), 144, 24)) END
        AS interview_at,
    CASE WHEN NOT lost THEN taken END AS accepted,
    CASE WHEN taken AND NOT lost AND NOT (first AND l_interviewed = 3)
        THEN if(first, yes_by(l_independent), true) END AS independent,
    CAST(returned_at AS DATE) + 1 AS recorded_date
FROM (
    SELECT *,
        date_trunc('day', returned_at) AS return_day,
        n = 0 AS first,
        n = 0 AND l_offered = 3 AS lost,
        (h >> 26) & 15 < 11 AS taken
    FROM (
        SELECT *, missing_at + to_minutes(90 + ((h >> 9) & 2047)::INTEGER) AS returned_at
        FROM (
            SELECT *, CAST(period_start + 5 + pick(h, 100) + n::INTEGER * 17 AS TIMESTAMP)
                + to_minutes(900 + (h & 511)::INTEGER) AS missing_at
            FROM (
                SELECT *, draw_row(k, 'missing', n) AS h
                FROM (
                    SELECT *, unnest(range(1 + if(return_draw % 3 = 0, 2, 0))) AS n
                    FROM at_risk WHERE goes_missing
                )
            )
        )
    )
);

CREATE OR REPLACE TABLE of_risk AS
WITH returns AS (
    SELECT i,
        max(CASE WHEN interview_offered_at IS NULL THEN if(interview_at IS NULL, 5, NULL)
            WHEN CAST(interview_offered_at AS DATE) - CAST(returned_at AS DATE) <= 3 THEN 2
            ELSE 6 END) AS offered,
        max(CASE WHEN interview_at IS NULL THEN if(accepted = false, NULL, 5)
            WHEN CAST(interview_at AS DATE) - CAST(returned_at AS DATE) <= 3 THEN 2
            ELSE 6 END) AS interviewed,
        max(CASE WHEN interview_at IS NOT NULL
            THEN CASE WHEN independent THEN 2 WHEN NOT independent THEN 6 ELSE 5 END END) AS independent
    FROM made.missing_episodes GROUP BY i
)
SELECT
    i,
    CASE WHEN exploited IS NOT NULL THEN true WHEN months_old >= 120 THEN false END
        AS exploitation_signs,
    offered AS "MI-01", interviewed AS "MI-02", independent AS "MI-03",
    CASE WHEN exploited IS NOT NULL THEN if(l_exploitation_seen >= 2, 5, 2) END AS "EX-01",
    CASE WHEN recognised THEN strictly(l_assessed) END AS "EX-02",
    CASE WHEN recognised THEN by_level(l_reduced) END AS "EX-03",
    CASE WHEN alleged IS NOT NULL THEN strictly(l_referred) END AS "LA-01",
    CASE WHEN alleged IS NOT NULL AND evaluated
        THEN if(l_referred = 3, 5, strictly(l_evaluated)) END AS "LA-02",
    CASE WHEN alleged IS NOT NULL THEN if(concluded <= period_end,
        if(l_concluded = 2, 6, 2), 5) END AS "LA-03",
    CASE WHEN alleged IS NOT NULL AND concluded <= period_end THEN strictly(l_told) END AS "LA-04",
    CASE WHEN alleged IS NOT NULL THEN strictly(if(l_allegation_written = 3, 2, l_allegation_written)) END AS "LA-05",
    CASE WHEN abused IS NOT NULL THEN strictly(l_screened) END AS "DA-01",
    CASE WHEN abused IS NOT NULL AND l_screened < 3 THEN strictly(l_supported) END AS "DA-02",
    CASE WHEN abused IS NOT NULL THEN if(l_supported = 2, 6, [2, 4, 4, 5][l_response + 1]) END
        AS "DA-03"
FROM (
    SELECT *,
        exploited IS NOT NULL AND l_exploitation_seen < 2 AS recognised,
        gap_draw % 3 > 0 AS evaluated,
        CASE l_concluded WHEN 3 THEN NULL WHEN 2 THEN workday(alleged + 125)
            ELSE workday(alleged + 60 + early_days) END AS concluded
    FROM at_risk
)
LEFT JOIN returns USING (i);

CREATE OR REPLACE VIEW made.exploitation_risks AS
SELECT
    i, 0 AS n, audit_id,
    exploited AS identified_date,
    ['criminal', 'criminal', 'sexual', 'both', 'other'][1 + gap_draw % 5] AS kind,
    CASE l_assessed WHEN 3 THEN NULL WHEN 2 THEN workday(exploited + 30)
        ELSE workday(exploited + 3 + early_days % 9) END AS assessed_date,
    CASE l_reduced WHEN 3 THEN NULL WHEN 2 THEN 'increased'
        ELSE if(gap_draw % 3 = 0, 'unchanged', 'reduced') END AS risk_trend,
    workday(exploited + 1) AS recorded_date
FROM at_risk WHERE exploited IS NOT NULL AND l_exploitation_seen < 2;

CREATE OR REPLACE VIEW made.allegations AS
SELECT
    i, 0 AS n, audit_id,
    alleged AS known_date,
    if(case_type = 'child_in_care', if(gap_draw % 2 = 0, 'foster_carer', 'residential_worker'),
        ['school_staff', 'volunteer', 'other'][1 + gap_draw % 3]) AS about,
    referral_date,
    gap_draw % 3 > 0 AS meeting_needed,
    CASE WHEN gap_draw % 3 > 0 AND referral_date IS NOT NULL THEN CASE l_evaluated WHEN 3 THEN NULL
        WHEN 2 THEN workday(referral_date + 16) ELSE workday(referral_date + early_days % 6) END END
        AS meeting_date,
    concluded AS outcome_date,
    CASE WHEN concluded IS NOT NULL AND NOT l_told = 3 THEN ['substantiated', 'unsubstantiated',
        'unfounded', 'no_further_action'][1 + days_in % 4] END AS outcome,
    CASE WHEN concluded IS NOT NULL THEN yes_by(l_told) END AS family_told,
    if(l_allegation_written >= 2, workday(alleged + 20), workday(alleged + early_days % 4)) AS recorded_date
FROM (
    SELECT * EXCLUDE (referral_date),
        CASE l_referred WHEN 3 THEN NULL WHEN 2 THEN workday(alleged + 10)
            ELSE workday(alleged + gap_draw % 2) END AS referral_date,
        CASE l_concluded WHEN 3 THEN NULL
            WHEN 2 THEN if(workday(alleged + 125) <= period_end, workday(alleged + 125), NULL)
            ELSE workday(alleged + 60 + early_days) END AS concluded
    FROM at_risk WHERE alleged IS NOT NULL
);

CREATE OR REPLACE VIEW made.domestic_abuse AS
SELECT
    i, 0 AS n, audit_id,
    abused AS identified_date,
    CASE l_screened WHEN 3 THEN NULL WHEN 2 THEN workday(abused + 10)
        ELSE workday(abused + gap_draw % 2) END AS screened_date,
    yes_by(l_supported) AS support_offered,
    workday(abused + 1) AS recorded_date
FROM at_risk WHERE abused IS NOT NULL;

-- A few files declare why something could not be done; it is shown, and excuses nothing.
CREATE OR REPLACE VIEW made.exceptions AS
SELECT
    i, 0 AS n, audit_id, kind, start_date,
    workday(start_date + 4 + gap_draw % 20) AS end_date,
    CASE kind
        WHEN 'child_missing' THEN 'The child was missing and the police were told.'
        WHEN 'child_abroad' THEN 'The child was with relatives abroad for the holidays.'
        WHEN 'access_refused' THEN 'The family would not open the door; legal advice was taken.'
        WHEN 'attempted_visit' THEN 'Nobody was at home on two visits; a card was left.'
        WHEN 'in_hospital' THEN 'The child was in hospital after an operation.'
        ELSE 'The recording system was down; notes were kept on paper.' END AS reason,
    workday(start_date + 2) AS recorded_date
FROM (
    SELECT *,
        workday(period_start + 20 + days_in) AS start_date,
        CASE WHEN goes_missing AND exception_draw % 2 = 0 THEN 'child_missing'
            ELSE ['access_refused', 'attempted_visit', 'system_outage', 'child_abroad', 'in_hospital']
            [1 + exception_draw % 5] END AS kind
    FROM at_risk
    WHERE exception_draw < 50 AND case_type <> 'front_door'
);
