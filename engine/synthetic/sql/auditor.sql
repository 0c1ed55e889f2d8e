-- made.domain_grades, made.answers, made.moderations: what the auditor and a moderator said.
-- In: cases. What an auditor says is what the record shows, bent by the auditor's own leniency.
CREATE OR REPLACE VIEW made.domain_grades AS
SELECT
    i, n, audit_id, domain,
    CASE WHEN pick(h, 100) < 97 THEN grade_name(grade) END AS grade,
    CASE WHEN h & 3 = 0 THEN [
        'Several serious weaknesses were found.',
        'Some of this work needs to be stronger.',
        'This work is clear and purposeful.',
        'Work of a very high standard.'][grade] END AS comment
FROM (
    SELECT *,
        grade_of(2750 + x * 4 + leniency + (impression * 5 + bell(h) * 8) // 10 * noise // 148)
            AS grade
    FROM (
        SELECT i, k, audit_id, leniency, noise, impression, n, domain, x,
            draw_row(k, 'domain grade', n) AS h
        FROM (
            SELECT i, k, audit_id, form, leniency, noise, impression,
                unnest(range(10)) AS n,
                unnest(['decision_making', 'assessment', 'planning', 'visits', 'voice',
                    'oversight', 'safety', 'permanence', 'care_leaving', 'recording']) AS domain,
                unnest([x_decision, x_assessment, x_planning, x_visits, x_voice, x_oversight,
                    x_safety, x_permanence, x_leaving, x_recording]) AS x
            FROM cases
        )
        WHERE (form >> n::INTEGER) & 1 = 1
    )
);

-- `shown` is the outcome by the record; `lenient` says whether this answer is given too kindly.
CREATE OR REPLACE VIEW said AS
SELECT i, n, audit_id, standard, shown, words, CASE
    WHEN left_out THEN NULL
    WHEN shown = 2 THEN if(harsh, 'partly_met', 'met')
    WHEN shown = 1 THEN if(coin < 50, 'met', 'not_applicable')
    WHEN shown = 3 THEN if(coin < 70, 'met', NULL)
    WHEN shown = 4 THEN CASE WHEN lenient THEN 'met' WHEN harsh THEN 'not_met' ELSE 'partly_met' END
    WHEN shown = 5 THEN CASE WHEN lenient OR coin < 15 THEN 'met' WHEN coin < 40 THEN 'partly_met'
        ELSE 'not_met' END
    WHEN NOT lenient THEN 'not_met'
    WHEN coin < 60 THEN 'met'
    WHEN coin < 92 THEN 'partly_met'
    ELSE 'not_applicable' END AS answer
FROM (
    SELECT *,
        pick(h, 1000) < greatest(40, 220 + leniency * 6 // 10) AS lenient,
        (h & 1023) < greatest(8, 40 - leniency // 20) AS harsh,
        ((h >> 10) & 1023) < 25 AS left_out,
        pick(coin_draw, 100) AS coin,
        (h >> 5) & 7 AS words
    FROM (
        SELECT i, k, audit_id, leniency, n, standard, shown,
            draw_row(k, 'answer', n) AS h, draw_row(k, 'answer coin', n) AS coin_draw
        FROM (
            SELECT i, k, audit_id, leniency,
                unnest(range(15)) AS n,
                unnest(['FD-01', 'AS-01', 'AS-02', 'CN-01', 'CP-01', 'CP-05', 'CP-06', 'SF-01',
                    'PL-01', 'PL-02', 'CC-01', 'SU-01', 'SU-02', 'OV-01', 'RC-01']) AS standard,
                unnest(["FD-01", "AS-01", "AS-02", "CN-01", "CP-01", "CP-05", "CP-06", "SF-01",
                    "PL-01", "PL-02", "CC-01", "SU-01", "SU-02", "OV-01", "RC-01"]) AS shown
            FROM cases
        )
        WHERE shown IS NOT NULL
    )
);

CREATE OR REPLACE VIEW made.answers AS
SELECT
    i, n, audit_id, standard, answer,
    CASE
        WHEN answer IS NULL THEN 'Not looked at.'
        WHEN words = 0 AND answer = 'met' THEN 'Seen on the file.'
        WHEN words = 1 AND answer = 'met' THEN 'The worker described this well.'
        WHEN words < 3 AND answer = 'partly_met' THEN 'Done in part.'
        WHEN words < 3 AND answer = 'not_met' THEN 'This was not found on the file.' END AS comment
FROM said;

-- A few files were moderated before, by somebody who sees the truth with a little noise.
CREATE OR REPLACE VIEW made.moderations AS
SELECT
    i, 0 AS n, audit_id,
    numbered('MO', authority * 6 + 1 + h % 6, 3) AS moderator_id,
    grade_name(grade) AS grade,
    CASE WHEN grade < auditor_grade THEN 'The record does not support the grade.'
        WHEN grade > auditor_grade THEN 'The work is better than the audit says.'
        ELSE 'Agreed with the auditor.' END AS reason,
    workday(audit_date + 10 + (h % 20)::INTEGER) AS decided_date
FROM (
    SELECT i, audit_id, authority, auditor_grade, audit_date, draw(k, 'moderator') AS h,
        grade_of(worth + bell(draw(k, 'moderator noise')) * 2) AS grade
    FROM cases WHERE pick(draw(k, 'moderated'), 100) < 3
);
