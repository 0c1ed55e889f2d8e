-- The judgement on all standards, after the findings. In: the tables `*_results`, `audit` and
-- `unseen`, the view `domain_grades`. Out: the view `results`, one row an audit in words.

-- The standards of each domain by severity, as masks: a bit for each standard, two numbers for all.
CREATE TEMP TABLE mask AS
SELECT key, bit_or(if(place(id) < 63, 1::BIGINT << bit, 0)) AS low,
    bit_or(if(place(id) >= 63, 1::BIGINT << bit, 0)) AS high
FROM (
    SELECT key, unnest(ids) AS id, place(id) % 21 * 3 + place(id) // 21 % 3 AS bit
    FROM (VALUES
        ('decision_making major', ['CP-09', 'FD-01', 'FD-04', 'KC-01', 'KC-02', 'KC-03', 'PD-01',
            'PD-02', 'PD-03', 'TH-01']),
        ('decision_making minor', ['FD-02', 'FD-03', 'TH-02']),
        ('assessment major', ['AS-01', 'AS-02', 'AS-03', 'AS-05', 'AS-07', 'EH-01', 'HE-01',
            'HE-02']),
        ('assessment minor', ['AS-04', 'AS-06']),
        ('planning major', ['CC-02', 'CP-07', 'CP-08', 'PL-01']),
        ('planning minor', ['CC-03', 'CN-02', 'CN-03', 'DA-02', 'PL-02', 'PL-03', 'PL-04', 'PL-05',
            'PL-06']),
        ('visits critical', ['CP-06']),
        ('visits major', ['CC-01', 'CL-03', 'CN-01', 'CP-05', 'PF-01', 'PF-04']),
        ('visits minor', ['CC-06', 'CC-07', 'CP-11']),
        ('voice major', ['PF-02', 'VO-01', 'VO-05']),
        ('voice minor', ['VO-02', 'VO-03', 'VO-04', 'VO-06', 'VO-07']),
        ('oversight major', ['AL-01', 'AL-02', 'CC-04', 'CC-05', 'ES-01', 'ES-02', 'SU-01']),
        ('oversight minor', ['AL-03', 'AL-04', 'EH-02', 'OV-01', 'OV-02', 'OV-03', 'OV-04', 'OV-05',
            'SU-02', 'SU-03', 'SU-04', 'SU-05', 'SU-06']),
        ('safety critical', ['CP-02', 'SF-01', 'SF-02']),
        ('safety major', ['CP-01', 'CP-03', 'DA-01', 'DA-03', 'EX-01', 'EX-02', 'EX-03', 'LA-01',
            'MI-01', 'MI-02']),
        ('safety minor', ['CP-10', 'LA-02', 'LA-03', 'LA-04', 'MI-03']),
        ('permanence major', ['PM-01', 'PM-02']),
        ('permanence minor', ['PM-03']),
        ('care_leaving major', ['CL-01', 'CL-02']),
        ('care_leaving minor', ['CL-04']),
        ('recording minor', ['AS-08', 'LA-05', 'PF-03', 'RC-01', 'RC-02', 'RC-03', 'RC-04']),
        ('bottom line', ['AL-01', 'CC-01', 'CP-05', 'LA-01', 'SU-01'])
    ) AS book (key, ids)
)
GROUP BY key;
SET VARIABLE low = (SELECT map(list(key), list(low)) FROM mask);
SET VARIABLE high = (SELECT map(list(key), list(high)) FROM mask);

-- Which of the 21 outcomes of a number are so: a bit for each, at the lowest of its three.
CREATE MACRO met(o) AS (o >> 1) & ~o & ~(o >> 2) & 1317624576693539401::BIGINT;
CREATE MACRO partly(o) AS (o >> 2) & ~o & ~(o >> 1) & 1317624576693539401::BIGINT;
CREATE MACRO unseen(o) AS (o >> 2) & o & ~(o >> 1) & 1317624576693539401::BIGINT;
CREATE MACRO unmet(o) AS (o >> 2) & (o >> 1) & 1317624576693539401::BIGINT;
-- Which answers are so; they lie one higher, and an answer that is given is odd.
CREATE MACRO said_met(s) AS (s >> 1) & ~(s >> 2) & 1317624576693539401::BIGINT;
CREATE MACRO said_partly(s) AS (s >> 2) & ~(s >> 1) & 1317624576693539401::BIGINT;
CREATE MACRO said_unmet(s) AS (s >> 2) & (s >> 1) & 1317624576693539401::BIGINT;
CREATE MACRO said_no_miss(s) AS s & ~((s >> 2) & (s >> 1)) & 1317624576693539401::BIGINT;
CREATE MACRO contradicted(s, o) AS
    bit_count((said_met(s) & partly(o)) | (said_no_miss(s) & unmet(o)));
CREATE MACRO unsupported(s, o) AS bit_count(said_no_miss(s) & unseen(o));
CREATE MACRO harsher(s, o) AS
    bit_count((said_partly(s) & met(o)) | (said_unmet(s) & (met(o) | partly(o))));

CREATE MACRO one_of(low, high, key) AS
    ((low & getvariable('low')[key]) | (high & getvariable('high')[key])) <> 0;
CREATE MACRO three_of(low, high, key) AS
    bit_count(low & getvariable('low')[key]) + bit_count(high & getvariable('high')[key]) >= 3;
-- What a domain is capped at. 9 stands for no cap, so that least() and "worse" are plain.
CREATE MACRO critical_cap(domain) AS CASE
    WHEN one_of(unmet_low, unmet_high, domain || ' critical') THEN 1
    WHEN one_of(missed_low | partly_low, missed_high | partly_high, domain || ' critical') THEN 2
    ELSE 9 END;
CREATE MACRO domain_cap(domain) AS CASE
    WHEN one_of(missed_low, missed_high, domain || ' major')
        OR three_of(missed_low, missed_high, domain || ' minor') THEN 2
    WHEN one_of(partly_low, partly_high, domain || ' major')
        OR one_of(missed_low, missed_high, domain || ' minor') THEN 3
    ELSE 9 END;
CREATE MACRO worse(grade, cap) AS CASE WHEN cap < grade THEN cap ELSE grade END;
CREATE MACRO vote(section, overall) AS
    CASE WHEN section < overall THEN 1 WHEN section IS NULL OR overall IS NULL THEN 0 ELSE -1 END;
-- Words as enumerations: a small number in memory, a dictionary in the file.
CREATE TYPE grade AS ENUM ('inadequate', 'requires_improvement', 'good', 'outstanding');
CREATE TYPE outcome AS ENUM ('not_applicable', 'not_yet_due', 'met', 'not_assessable',
    'partly_met', 'not_evidenced', 'not_met');
CREATE MACRO grade_name(g) AS
    CASE g WHEN 1 THEN 'inadequate'::grade WHEN 2 THEN 'requires_improvement'::grade
        WHEN 3 THEN 'good'::grade WHEN 4 THEN 'outstanding'::grade END;
CREATE MACRO shown_as(number, id) AS ([
    'not_applicable'::outcome, 'not_yet_due'::outcome, 'met'::outcome, 'not_assessable'::outcome,
    'partly_met'::outcome, 'not_evidenced'::outcome, 'not_met'::outcome
])[1 + (number >> (place(id) % 21 * 3) & 7)];
-- What a table that the auditor did not examine makes of its standards.
CREATE MACRO three(id) AS packed(3, id);

CREATE TEMP TABLE section AS
SELECT audit_id,
    max(rank) FILTER (domain = 'decision_making') AS own_decision_making,
    max(rank) FILTER (domain = 'assessment') AS own_assessment,
    max(rank) FILTER (domain = 'planning') AS own_planning,
    max(rank) FILTER (domain = 'visits') AS own_visits,
    max(rank) FILTER (domain = 'voice') AS own_voice,
    max(rank) FILTER (domain = 'oversight') AS own_oversight,
    max(rank) FILTER (domain = 'safety') AS own_safety,
    max(rank) FILTER (domain = 'permanence') AS own_permanence,
    max(rank) FILTER (domain = 'care_leaving') AS own_care_leaving,
    max(rank) FILTER (domain = 'recording') AS own_recording
FROM (
    SELECT audit_id, domain, list_position(['inadequate', 'requires_improvement', 'good',
        'outstanding'], grade)::UTINYINT AS rank FROM domain_grades
)
GROUP BY audit_id;

-- One row an audit: five numbers with the outcomes of all standards.
CREATE TEMP VIEW finding AS
SELECT u.audit_id, u.case_type, u.team, u.auditor_id, u.auditor,
    said_1, said_2, said_3, said_4, said_5,
    file | coalesce(in_care, 0)
    | if(no_feedback, three('VO-06'), coalesce(feedback, 0))
    | if(no_allocations, three('AL-02'), coalesce(allocation, 0)) AS o_1,
    if(no_assessments, three('AL-04') | three('AS-01') | three('AS-02') | three('AS-03') | three('AS-04') |
        three('AS-05') | three('AS-06') | three('AS-07') | three('EH-01') | three('EH-02') |
        three('VO-01') | three('VO-04') | three('VO-07'),
        coalesce(assessment, 0))
    | if(no_referrals, three('FD-01') | three('FD-02') | three('FD-03') | three('FD-04') | three('TH-02'),
        coalesce(referral, 0))
    | if(no_abuse, three('DA-01') | three('DA-02') | three('DA-03'),
        coalesce(abuse, 0)) AS o_2,
    if(no_plans, three('AS-08') | three('CC-03') | three('CL-02') | three('CN-01') | three('CN-02') |
        three('CN-03') | three('CP-05') | three('CP-06') | three('CP-07') | three('CP-08') |
        three('CP-11') | three('PL-01') | three('PL-02') | three('PL-03') | three('PL-04') |
        three('PL-05') | three('VO-02'),
        coalesce(plan, 0) | coalesce(plan_visit, 0) | coalesce(plan_review, 0))
    | if(no_plan_actions, three('PL-06'),
        coalesce(action, 0))
    | if(no_missing, three('MI-01') | three('MI-02') | three('MI-03'),
        coalesce(missing, 0)) AS o_3,
    if(no_placements, three('CC-01') | three('CC-06') | three('CL-03') | three('KC-01') | three('KC-02') |
        three('KC-03') | three('PD-01') | three('PD-02') | three('PD-03') | three('PF-01') |
        three('PF-04') | three('PM-02'),
        coalesce(placement, 0) | coalesce(placement_visit, 0))
    | CASE
        WHEN no_visits AND case_type = 'child_in_care'
            THEN three('CC-07') | three('PF-02') | three('PF-03') | three('RC-01')
        WHEN no_visits THEN three('PF-02') | three('PF-03') | three('RC-01')
        ELSE coalesce(visit, 0) END
    | if(no_supervisions, three('SU-02') | three('SU-04') | three('SU-05'),
        coalesce(supervision, 0))
    | if(no_supervision_actions, three('SU-03'),
        coalesce(task, 0))
    | if(no_thresholds, three('TH-01'),
        coalesce(threshold, 0)) AS o_4,
    if(no_discussions, three('CP-02') | three('CP-03') | three('CP-09') | three('CP-10'),
        coalesce(discussion, 0))
    | if(no_enquiries, three('CP-01') | three('SF-01') | three('SF-02'),
        coalesce(enquiry, 0))
    | if(no_oversight, three('OV-02') | three('OV-03') | three('RC-03'),
        coalesce(oversight, 0))
    | if(no_transfers, three('RC-02') | three('RC-04'),
        coalesce(transfer, 0))
    | if(no_exploitation, three('EX-02') | three('EX-03'),
        coalesce(exploitation, 0))
    | if(no_allegations, three('LA-01') | three('LA-02') | three('LA-03') | three('LA-04') | three('LA-05'),
        coalesce(allegation, 0))
    | if(no_escalations, three('ES-01') | three('ES-02'),
        coalesce(escalation, 0)) AS o_5,
    section.* EXCLUDE (audit_id)
FROM audit u
LEFT JOIN unseen USING (a) LEFT JOIN file_results USING (a) LEFT JOIN in_care_results USING (a)
LEFT JOIN feedback_results USING (a)
LEFT JOIN allocation_results USING (a)
LEFT JOIN assessment_results USING (a)
LEFT JOIN referral_results USING (a)
LEFT JOIN abuse_results USING (a)
LEFT JOIN plan_results USING (a)
LEFT JOIN plan_visit_results USING (a)
LEFT JOIN plan_review_results USING (a)
LEFT JOIN plan_action_results USING (a)
LEFT JOIN missing_results USING (a)
LEFT JOIN placement_results USING (a)
LEFT JOIN placement_visit_results USING (a)
LEFT JOIN visit_results USING (a)
LEFT JOIN supervision_results USING (a)
LEFT JOIN supervision_action_results USING (a)
LEFT JOIN threshold_results USING (a)
LEFT JOIN discussion_results USING (a)
LEFT JOIN enquiry_results USING (a)
LEFT JOIN oversight_results USING (a)
LEFT JOIN transfer_results USING (a)
LEFT JOIN exploitation_results USING (a)
LEFT JOIN allegation_results USING (a)
LEFT JOIN escalation_results USING (a)
LEFT JOIN section USING (audit_id);
