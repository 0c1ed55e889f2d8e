-- The judgement on the fifteen standards, written by hand; it follows handwritten_standards.sql.
-- In: the tables `*_results` and `audit`, the views `answers` and `domain_grades`.
-- Out: the view `results`, one row an audit in words.

-- What the auditor said: answers as outcome codes, and the grades of the sections of the form.
CREATE TEMP TABLE answer AS
SELECT a,
    max(said) FILTER (standard = 'FD-01') AS said_fd01,
    max(said) FILTER (standard = 'AS-01') AS said_as01,
    max(said) FILTER (standard = 'AS-02') AS said_as02,
    max(said) FILTER (standard = 'CN-01') AS said_cn01,
    max(said) FILTER (standard = 'CP-01') AS said_cp01,
    max(said) FILTER (standard = 'CP-05') AS said_cp05,
    max(said) FILTER (standard = 'CP-06') AS said_cp06,
    max(said) FILTER (standard = 'SF-01') AS said_sf01,
    max(said) FILTER (standard = 'PL-01') AS said_pl01,
    max(said) FILTER (standard = 'PL-02') AS said_pl02,
    max(said) FILTER (standard = 'CC-01') AS said_cc01,
    max(said) FILTER (standard = 'SU-01') AS said_su01,
    max(said) FILTER (standard = 'SU-02') AS said_su02,
    max(said) FILTER (standard = 'OV-01') AS said_ov01,
    max(said) FILTER (standard = 'RC-01') AS said_rc01
FROM (
    SELECT audit_id, standard, CASE answer WHEN 'met' THEN 2 WHEN 'partly_met' THEN 4
        WHEN 'not_met' THEN 6 WHEN 'not_applicable' THEN 0 END::UTINYINT AS said FROM answers
) JOIN audit USING (audit_id)
GROUP BY a;

CREATE TEMP TABLE section AS
SELECT a,
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
) JOIN audit USING (audit_id)
GROUP BY a;

-- One row an audit. A table that the auditor did not examine leaves what needs it not assessable.
CREATE TEMP VIEW finding AS
SELECT u.audit_id, u.case_type, u.team, u.auditor_id, u.auditor,
    if(no_referrals, 3, coalesce(fd01, 0)) AS fd01,
    if(no_assessments, 3, coalesce(as01, 0)) AS as01,
    if(no_assessments, 3, coalesce(as02, 0)) AS as02,
    if(no_plans OR (no_visits AND cn01 IS NOT NULL), 3, coalesce(cn01, 0)) AS cn01,
    if(no_enquiries OR (no_meetings AND cp01 IS NOT NULL), 3, coalesce(cp01, 0)) AS cp01,
    if(no_plans OR (no_visits AND cp05 IS NOT NULL), 3, coalesce(cp05, 0)) AS cp05,
    if(no_plans OR (no_visits AND cp06 IS NOT NULL), 3, coalesce(cp06, 0)) AS cp06,
    if(no_enquiries, 3, coalesce(sf01, 0)) AS sf01,
    if(no_plans OR (no_plan_actions AND pl01 IS NOT NULL), 3, coalesce(pl01, 0)) AS pl01,
    if(no_plans, 3, coalesce(pl02, 0)) AS pl02,
    if(no_placements, 3, coalesce(cc01, 0)) AS cc01,
    coalesce(su01, 0) AS su01,
    if(no_supervisions OR (no_supervision_actions AND su02 IS NOT NULL), 3, coalesce(su02, 0))
        AS su02,
    coalesce(ov01, 0) AS ov01,
    if(no_visits, 3, coalesce(rc01, 0)) AS rc01,
    answer.* EXCLUDE (a), section.* EXCLUDE (a)
FROM audit u
LEFT JOIN referral_results USING (a)
LEFT JOIN assessment_results USING (a)
LEFT JOIN in_need_results USING (a)
LEFT JOIN enquiry_results USING (a)
LEFT JOIN protection_results USING (a)
LEFT JOIN plan_results USING (a)
LEFT JOIN care_results USING (a)
LEFT JOIN supervised_results USING (a)
LEFT JOIN reflective_results USING (a)
LEFT JOIN oversight_results USING (a)
LEFT JOIN visit_results USING (a)
LEFT JOIN answer USING (a)
LEFT JOIN section USING (a);

-- What a standard caps its domain at. 9 stands for no cap, so that least() and "worse" are plain.
CREATE MACRO critical(o) AS CASE WHEN o >= 6 THEN 1 WHEN o >= 4 THEN 2 ELSE 9 END;
CREATE MACRO major(o) AS CASE WHEN o >= 5 THEN 2 WHEN o = 4 THEN 3 ELSE 9 END;
CREATE MACRO minor(o) AS CASE WHEN o >= 5 THEN 3 ELSE 9 END;
CREATE MACRO worse(grade, cap) AS CASE WHEN cap < grade THEN cap ELSE grade END;
CREATE MACRO vote(section, overall) AS
    CASE WHEN section < overall THEN 1 WHEN section IS NULL OR overall IS NULL THEN 0 ELSE -1 END;
CREATE MACRO contradicts(answer, o) AS
    coalesce((answer = 2 AND (o = 4 OR o >= 6)) OR (answer IN (0, 4) AND o >= 6), false)::INTEGER;
CREATE MACRO unsupported(answer, o) AS coalesce(answer IN (0, 2, 4) AND o = 5, false)::INTEGER;
CREATE MACRO harsher(answer, o) AS
    coalesce((answer = 4 AND o = 2) OR (answer = 6 AND o IN (2, 4)), false)::INTEGER;
-- Words as enumerations: a small number in memory, a dictionary in the file.
CREATE TYPE grade AS ENUM ('inadequate', 'requires_improvement', 'good', 'outstanding');
CREATE TYPE outcome AS ENUM ('not_applicable', 'not_yet_due', 'met', 'not_assessable',
    'partly_met', 'not_evidenced', 'not_met');
CREATE MACRO grade_name(g) AS
    CASE g WHEN 1 THEN 'inadequate'::grade WHEN 2 THEN 'requires_improvement'::grade
        WHEN 3 THEN 'good'::grade WHEN 4 THEN 'outstanding'::grade END;
CREATE MACRO outcome_name(o) AS
    CASE o WHEN 0 THEN 'not_applicable'::outcome WHEN 1 THEN 'not_yet_due'::outcome
        WHEN 2 THEN 'met'::outcome WHEN 3 THEN 'not_assessable'::outcome
        WHEN 4 THEN 'partly_met'::outcome WHEN 5 THEN 'not_evidenced'::outcome
        ELSE 'not_met'::outcome END;

CREATE TEMP VIEW results AS
WITH capped AS (
    SELECT *,
        major(fd01) AS cap_decision_making,
        least(major(as01), major(as02)) AS cap_assessment,
        least(major(pl01), minor(pl02)) AS cap_planning,
        least(major(cn01), major(cp05), major(cc01), critical(cp06)) AS cap_visits,
        least(major(su01), minor(su02), minor(ov01)) AS cap_oversight,
        least(major(cp01), critical(sf01)) AS cap_safety,
        minor(rc01) AS cap_recording,
        least(critical(cp06), critical(sf01)) AS at_risk
    FROM finding
),
weighed AS (
    SELECT *,
        (cap_decision_making <= 2)::INTEGER + (cap_assessment <= 2)::INTEGER +
            (cap_planning <= 2)::INTEGER + (cap_visits <= 2)::INTEGER +
            (cap_oversight <= 2)::INTEGER + (cap_safety <= 2)::INTEGER +
            (cap_recording <= 2)::INTEGER AS weak,
        fd01 = 2 OR as01 = 2 OR as02 = 2 OR cn01 = 2 OR cp01 = 2 OR cp05 = 2 OR cp06 = 2 OR
            sf01 = 2 OR pl01 = 2 OR pl02 = 2 OR cc01 = 2 OR su01 = 2 OR su02 = 2 OR ov01 = 2 OR
            rc01 = 2 AS any_met,
        vote(own_decision_making, auditor) + vote(own_assessment, auditor) +
            vote(own_planning, auditor) + vote(own_visits, auditor) +
            vote(own_voice, auditor) + vote(own_oversight, auditor) +
            vote(own_safety, auditor) + vote(own_permanence, auditor) +
            vote(own_care_leaving, auditor) + vote(own_recording, auditor) > 0
            AS better_than_most
    FROM capped
),
judged AS (
    SELECT *,
        least(
            at_risk,
            CASE WHEN greatest(cp05, cc01, su01) >= 5 OR weak >= 2 THEN 2 WHEN weak = 1 THEN 3
                ELSE 9 END,
            CASE WHEN least(own_safety, own_visits, own_decision_making) = 1 THEN 2 ELSE 9 END
        ) AS cap,
        worse(auditor, cap) AS moderated
    FROM weighed
)
SELECT
    audit_id, case_type, team, auditor_id,
    grade_name(auditor) AS auditor_grade,
    grade_name(judged.cap) AS cap,
    grade_name(moderated) AS moderated_grade,
    grade_name(CASE WHEN any_met AND least(judged.cap, 3) > auditor THEN least(judged.cap, 3) END)
        AS suggested_grade,
    'proposed' AS status,
    CASE
        WHEN at_risk < 9 THEN 'alert'
        WHEN auditor - moderated >= 2 OR (moderated = 1 AND auditor > 1) THEN 'panel'
        WHEN auditor > moderated OR better_than_most THEN 'moderate'
        ELSE 'none' END AS route,
    at_risk < 9 AS alert,
    contradicts(said_fd01, fd01) + contradicts(said_as01, as01) +
        contradicts(said_as02, as02) + contradicts(said_cn01, cn01) +
        contradicts(said_cp01, cp01) + contradicts(said_cp05, cp05) +
        contradicts(said_cp06, cp06) + contradicts(said_sf01, sf01) +
        contradicts(said_pl01, pl01) + contradicts(said_pl02, pl02) +
        contradicts(said_cc01, cc01) + contradicts(said_su01, su01) +
        contradicts(said_su02, su02) + contradicts(said_ov01, ov01) +
        contradicts(said_rc01, rc01)
        AS contradictions,
    unsupported(said_fd01, fd01) + unsupported(said_as01, as01) +
        unsupported(said_as02, as02) + unsupported(said_cn01, cn01) +
        unsupported(said_cp01, cp01) + unsupported(said_cp05, cp05) +
        unsupported(said_cp06, cp06) + unsupported(said_sf01, sf01) +
        unsupported(said_pl01, pl01) + unsupported(said_pl02, pl02) +
        unsupported(said_cc01, cc01) + unsupported(said_su01, su01) +
        unsupported(said_su02, su02) + unsupported(said_ov01, ov01) +
        unsupported(said_rc01, rc01)
        AS unsupported,
    harsher(said_fd01, fd01) + harsher(said_as01, as01) + harsher(said_as02, as02) +
        harsher(said_cn01, cn01) + harsher(said_cp01, cp01) + harsher(said_cp05, cp05) +
        harsher(said_cp06, cp06) + harsher(said_sf01, sf01) + harsher(said_pl01, pl01) +
        harsher(said_pl02, pl02) + harsher(said_cc01, cc01) + harsher(said_su01, su01) +
        harsher(said_su02, su02) + harsher(said_ov01, ov01) + harsher(said_rc01, rc01)
        AS harsher,
    grade_name(own_decision_making) AS "decision_making:auditor_grade",
    grade_name(cap_decision_making) AS "decision_making:cap",
    grade_name(worse(own_decision_making, cap_decision_making)) AS "decision_making:moderated_grade",
    grade_name(own_assessment) AS "assessment:auditor_grade",
    grade_name(cap_assessment) AS "assessment:cap",
    grade_name(worse(own_assessment, cap_assessment)) AS "assessment:moderated_grade",
    grade_name(own_planning) AS "planning:auditor_grade",
    grade_name(cap_planning) AS "planning:cap",
    grade_name(worse(own_planning, cap_planning)) AS "planning:moderated_grade",
    grade_name(own_visits) AS "visits:auditor_grade",
    grade_name(cap_visits) AS "visits:cap",
    grade_name(worse(own_visits, cap_visits)) AS "visits:moderated_grade",
    grade_name(own_voice) AS "voice:auditor_grade",
    NULL::grade AS "voice:cap",
    grade_name(own_voice) AS "voice:moderated_grade",
    grade_name(own_oversight) AS "oversight:auditor_grade",
    grade_name(cap_oversight) AS "oversight:cap",
    grade_name(worse(own_oversight, cap_oversight)) AS "oversight:moderated_grade",
    grade_name(own_safety) AS "safety:auditor_grade",
    grade_name(cap_safety) AS "safety:cap",
    grade_name(worse(own_safety, cap_safety)) AS "safety:moderated_grade",
    grade_name(own_permanence) AS "permanence:auditor_grade",
    NULL::grade AS "permanence:cap",
    grade_name(own_permanence) AS "permanence:moderated_grade",
    grade_name(own_care_leaving) AS "care_leaving:auditor_grade",
    NULL::grade AS "care_leaving:cap",
    grade_name(own_care_leaving) AS "care_leaving:moderated_grade",
    grade_name(own_recording) AS "recording:auditor_grade",
    grade_name(cap_recording) AS "recording:cap",
    grade_name(worse(own_recording, cap_recording)) AS "recording:moderated_grade",
    outcome_name(fd01) AS "FD-01",
    outcome_name(as01) AS "AS-01",
    outcome_name(as02) AS "AS-02",
    outcome_name(cn01) AS "CN-01",
    outcome_name(cp01) AS "CP-01",
    outcome_name(cp05) AS "CP-05",
    outcome_name(cp06) AS "CP-06",
    outcome_name(sf01) AS "SF-01",
    outcome_name(pl01) AS "PL-01",
    outcome_name(pl02) AS "PL-02",
    outcome_name(cc01) AS "CC-01",
    outcome_name(su01) AS "SU-01",
    outcome_name(su02) AS "SU-02",
    outcome_name(ov01) AS "OV-01",
    outcome_name(rc01) AS "RC-01"
FROM judged;
