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

-- What the auditor says is all there is of some standards: ten is added to such an outcome.
CREATE OR REPLACE MACRO told(shown, asked) AS shown + if(asked, 10, 0);

-- `shown` is the outcome by the record; `lenient` says whether this answer is given too kindly. Where
-- the record leaves it to the auditor, the outcome is the answer, and a blank one is no evidence.
CREATE OR REPLACE TABLE said AS
SELECT i, n, audit_id, standard, shown, words, CASE
    WHEN asked THEN CASE shown WHEN 2 THEN 'met' WHEN 4 THEN 'partly_met' WHEN 6 THEN 'not_met' END
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
    SELECT * REPLACE (shown % 10 AS shown),
        shown > 10 AS asked,
        pick(h, 1000) < greatest(40, 220 + leniency * 6 // 10) AS lenient,
        (h & 1023) < greatest(8, 40 - leniency // 20) AS harsh,
        ((h >> 10) & 1023) < 25 AS left_out,
        pick(coin_draw, 100) AS coin,
        (h >> 5) & 7 AS words
    FROM (
        SELECT i, audit_id, leniency, n, standard, shown,
            draw_row(k, 'answer', n) AS h, draw_row(k, 'answer coin', n) AS coin_draw
        FROM (
            SELECT i, k, audit_id, leniency,
                unnest(range(105)) AS n,
                unnest([
                    'AL-01', 'AL-02', 'AL-03', 'AL-04', 'AS-01', 'AS-02', 'AS-03', 'AS-04',
                    'AS-05', 'AS-06', 'AS-07', 'AS-08', 'CC-01', 'CC-02', 'CC-03', 'CC-04',
                    'CC-05', 'CC-06', 'CC-07', 'CL-01', 'CL-02', 'CL-03', 'CL-04', 'CN-01',
                    'CN-02', 'CN-03', 'CP-01', 'CP-02', 'CP-03', 'CP-05', 'CP-06', 'CP-07',
                    'CP-08', 'CP-09', 'CP-10', 'CP-11', 'DA-01', 'DA-02', 'DA-03', 'EH-01',
                    'EH-02', 'ES-01', 'ES-02', 'EX-01', 'EX-02', 'EX-03', 'FD-01', 'FD-02',
                    'FD-03', 'FD-04', 'HE-01', 'HE-02', 'KC-01', 'KC-02', 'KC-03', 'LA-01',
                    'LA-02', 'LA-03', 'LA-04', 'LA-05', 'MI-01', 'MI-02', 'MI-03', 'OV-01',
                    'OV-02', 'OV-03', 'OV-04', 'OV-05', 'PD-01', 'PD-02', 'PD-03', 'PF-01',
                    'PF-02', 'PF-03', 'PF-04', 'PL-01', 'PL-02', 'PL-03', 'PL-04', 'PL-05',
                    'PL-06', 'PM-01', 'PM-02', 'PM-03', 'RC-01', 'RC-02', 'RC-03', 'RC-04',
                    'SF-01', 'SF-02', 'SU-01', 'SU-02', 'SU-03', 'SU-04', 'SU-05', 'SU-06',
                    'TH-01', 'TH-02', 'VO-01', 'VO-02', 'VO-03', 'VO-04', 'VO-05', 'VO-06', 'VO-07'
                ]) AS standard,
                unnest([
                    "AL-01", "AL-02", "AL-03", "AL-04", "AS-01", "AS-02",
                    told("AS-03", "AS-03" IN (2, 5)), "AS-04", "AS-05",
                    told("AS-06", "AS-06" IN (2, 4, 5)), told("AS-07", "AS-07" IN (2, 4, 5)),
                    "AS-08", "CC-01", "CC-02", told("CC-03", "CC-03" IN (2, 4, 5)), "CC-04",
                    "CC-05", "CC-06", told("CC-07", "CC-07" IN (2, 4, 5)), "CL-01", "CL-02",
                    "CL-03", "CL-04", "CN-01", "CN-02", "CN-03", "CP-01", "CP-02", "CP-03",
                    "CP-05", "CP-06", "CP-07", "CP-08", told("CP-09", true), "CP-10", "CP-11",
                    "DA-01", "DA-02", told("DA-03", "DA-03" IN (2, 4, 5)), "EH-01", "EH-02",
                    "ES-01", told("ES-02", "ES-02" IN (2, 4, 5)), "EX-01", "EX-02",
                    told("EX-03", "EX-03" IN (2, 4)), "FD-01", "FD-02",
                    told("FD-03", "asks FD-03"), told("FD-04", "asks FD-04"), "HE-01", "HE-02",
                    told("KC-01", "KC-01" IN (2, 4, 5)), "KC-02", "KC-03", "LA-01", "LA-02",
                    "LA-03", "LA-04", "LA-05", "MI-01", "MI-02", "MI-03", "OV-01", "OV-02",
                    "OV-03", told("OV-04", "OV-04" <> 3), told("OV-05", true), "PD-01", "PD-02",
                    "PD-03", "PF-01", "PF-02", "PF-03", "PF-04", "PL-01", "PL-02", "PL-03",
                    "PL-04", told("PL-05", "PL-05" IN (2, 4, 5)), "PL-06", "PM-01", "PM-02",
                    told("PM-03", "PM-03" <> 5), "RC-01", "RC-02", "RC-03", "RC-04", "SF-01",
                    "SF-02", "SU-01", "SU-02", "SU-03", "SU-04",
                    told("SU-05", "SU-05" IN (2, 4, 5)), "SU-06",
                    told("TH-01", "TH-01" IN (2, 4, 5)), "TH-02", "VO-01",
                    told("VO-02", "VO-02" IN (2, 4, 5)), "VO-03", "VO-04", "VO-05", "VO-06",
                    told("VO-07", "VO-07" IN (2, 4, 5))
                ]) AS shown
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
