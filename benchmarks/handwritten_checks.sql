-- What this engine checks of a batch of Parquet files, checked by hand; handwritten_checks.py runs
-- it. In: a view for each of the twenty tables. Out: each statement but the macros answers with the
-- table's name and, in columns named by what they would find, true for a fault. Figures are no
-- faults: the rows, the sum of their hashes, and how many were recorded before they happened.

-- Days and bounds are those of rules/fields.yaml.
CREATE TEMP MACRO out_of_time(earliest, latest) AS
    earliest::DATE < DATE '1980-01-01' OR latest::DATE > DATE '2100-12-31';

-- The distinct words are few, however many rows have them.
CREATE TEMP MACRO unknown(seen, known) AS NOT list_has_all(known, seen);

-- A word that people write for blank. Long texts are not made lower for it.
CREATE TEMP MACRO says_blank(x) AS CASE WHEN strlen(x) > 7 THEN false ELSE
    lower(x) IN ('', '#n/a', 'n/a', '-', '–', '—', 'null', '(blank)', '(null)') END;

-- A number with invisible edges, a word for blank, or what a spreadsheet made of 17: 17.0. A number
-- begins and ends with a plain letter, figure or mark, so that two comparisons will do.
CREATE TEMP MACRO odd_id(x) AS
    x < '!' OR x > '~' OR right(x, 1) NOT BETWEEN '!' AND '~' OR suffix(x, '.0') OR says_blank(x);

-- Texts may begin and end with any letter that can be seen.
CREATE TEMP MACRO odd_texts(seen) AS len(list_filter(seen,
    lambda x: regexp_matches(x, '^[\pZ\pC]|[\pZ\pC]$') OR says_blank(x))) > 0;

SET VARIABLE grades = ['inadequate', 'requires_improvement', 'good', 'outstanding'];

SET VARIABLE domains = ['decision_making', 'assessment', 'planning', 'visits', 'voice', 'oversight',
    'safety', 'permanence', 'care_leaving', 'recording'];

SET VARIABLE standards = ['AS-01', 'AS-02', 'CC-01', 'CN-01', 'CP-01', 'CP-05', 'CP-06', 'FD-01',
    'OV-01', 'PL-01', 'PL-02', 'RC-01', 'SF-01', 'SU-01', 'SU-02'];

SET VARIABLE tables = [
    'audits', 'domain_grades', 'answers', 'plans', 'plan_actions', 'visits', 'supervisions',
    'supervision_actions', 'oversight', 'referrals', 'assessments', 'strategy_discussions',
    'enquiries', 'conferences', 'core_groups', 'reviews', 'placements', 'missing_episodes',
    'feedback', 'moderations'];

-- Each column has the type that the scripts count on: a day that is a text would sort as one.
SELECT table_name AS "table", bool_or(data_type <> CASE
    WHEN regexp_full_match(column_name, '.*_date|date|period_start|period_end|birth_month')
        THEN 'DATE'
    WHEN column_name LIKE '%\_at' ESCAPE '\' THEN 'TIMESTAMP'
    WHEN column_name IN ('caseload', 'scale') THEN 'INTEGER'
    WHEN column_name = 'not_examined' THEN 'VARCHAR[]'
    WHEN column_name IN (
        'accepted', 'at_distance', 'child_seen', 'chronology_complete', 'conference_required',
        'emergency', 'history_considered', 'independent', 'intended_to_18', 'reason_recorded',
        'reflective', 'returned_home', 'seen_alone', 'shared_with_family', 'threshold_met',
        'unborn')
        THEN 'BOOLEAN'
    ELSE 'VARCHAR' END) AS "a column is of another type"
FROM duckdb_columns()
WHERE list_contains(getvariable('tables'), table_name)
GROUP BY table_name;

-- Days and numbers, by least and greatest: the files state these, so that no row is read for them.
SELECT 'audits' AS "table",
    min(caseload) < 0 OR max(caseload) > 500 AS "caseload is out of bounds",
    out_of_time(
        min(COLUMNS('(.*_date|period_start|period_end|birth_month)$')),
        max(COLUMNS('(.*_date|period_start|period_end|birth_month)$'))
    ) AS "\1 is out of time"
FROM audits;

SELECT 'plans' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM plans;

SELECT 'plan_actions' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM plan_actions;

SELECT 'visits' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM visits;

SELECT 'supervisions' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM supervisions;

SELECT 'supervision_actions' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM supervision_actions;

SELECT 'oversight' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM oversight;

SELECT 'referrals' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM referrals;

SELECT 'assessments' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM assessments;

SELECT 'strategy_discussions' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM strategy_discussions;

SELECT 'enquiries' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM enquiries;

SELECT 'conferences' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM conferences;

SELECT 'core_groups' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM core_groups;

SELECT 'reviews' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM reviews;

SELECT 'placements' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM placements;

SELECT 'missing_episodes' AS "table",
    out_of_time(min(COLUMNS('(.*_at|.*_date)$')), max(COLUMNS('(.*_at|.*_date)$')))
        AS "\1 is out of time"
FROM missing_episodes;

SELECT 'feedback' AS "table",
    min(scale) < 0 OR max(scale) > 10 AS "scale is out of bounds",
    out_of_time(min(COLUMNS('(date|.*_date)$')), max(COLUMNS('(date|.*_date)$')))
        AS "\1 is out of time"
FROM feedback;

SELECT 'moderations' AS "table",
    out_of_time(min(COLUMNS('(.*_date)$')), max(COLUMNS('(.*_date)$'))) AS "\1 is out of time"
FROM moderations;

-- All else that is asked of rows one by one, in one scan a table.
SELECT
    'audits' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(odd_id(audit_id)) AS "audit_id has odd edges",
    bool_or(odd_id(child_id)) AS "child_id has odd edges",
    unknown(array_agg(DISTINCT case_type), ['front_door', 'early_help', 'assessment',
        'child_in_need', 'child_protection', 'child_in_care', 'care_leaver',
        'private_fostering']) AS "case_type is unknown",
    odd_texts(array_agg(DISTINCT team)) AS "team has odd edges",
    odd_texts(array_agg(DISTINCT provider)) AS "provider has odd edges",
    bool_or(odd_id(worker_id)) AS "worker_id has odd edges",
    bool_or(odd_id(auditor_id)) AS "auditor_id has odd edges",
    bool_or(day(birth_month) <> 1) AS "birth_month is not on the first",
    unknown(flatten(array_agg(DISTINCT not_examined)), getvariable('tables'))
        AS "not_examined is unknown",
    unknown(array_agg(DISTINCT sample_type), ['sampled', 'tracked', 'thematic'])
        AS "sample_type is unknown",
    unknown(array_agg(DISTINCT overall_grade), getvariable('grades'))
        AS "overall_grade is unknown",
    bool_or(period_end < period_start) AS "period_end is before period_start"
FROM audits t;

SELECT
    'domain_grades' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(domain IS NULL) AS "domain is blank",
    unknown(array_agg(DISTINCT domain), getvariable('domains')) AS "domain is unknown",
    unknown(array_agg(DISTINCT grade), getvariable('grades')) AS "grade is unknown",
    odd_texts(array_agg(DISTINCT comment)) AS "comment has odd edges"
FROM domain_grades t;

SELECT
    'answers' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(standard IS NULL) AS "standard is blank",
    unknown(array_agg(DISTINCT standard), getvariable('standards')) AS "standard is unknown",
    unknown(array_agg(DISTINCT answer), ['met', 'partly_met', 'not_met', 'not_applicable'])
        AS "answer is unknown",
    odd_texts(array_agg(DISTINCT comment)) AS "comment has odd edges"
FROM answers t;

SELECT
    'plans' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < start_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(odd_id(plan_id)) AS "plan_id has odd edges",
    unknown(array_agg(DISTINCT kind), ['child_in_need', 'child_protection', 'care',
        'pathway']) AS "kind is unknown",
    odd_texts(array_agg(DISTINCT contingency)) AS "contingency has odd edges",
    bool_or(end_date < start_date) AS "end_date is before start_date"
FROM plans t;

SELECT
    'plan_actions' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(odd_id(plan_id)) AS "plan_id has odd edges",
    odd_texts(array_agg(DISTINCT action)) AS "action has odd edges",
    odd_texts(array_agg(DISTINCT owner)) AS "owner has odd edges",
    odd_texts(array_agg(DISTINCT outcome_measure)) AS "outcome_measure has odd edges"
FROM plan_actions t;

SELECT
    'visits' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < visit_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT kind), ['child_protection', 'child_in_need', 'child_in_care',
        'private_fostering', 'assessment', 'care_leaver', 'other']) AS "kind is unknown",
    odd_texts(array_agg(DISTINCT reason_not_seen)) AS "reason_not_seen has odd edges",
    odd_texts(array_agg(DISTINCT purpose)) AS "purpose has odd edges"
FROM visits t;

SELECT
    'supervisions' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < supervision_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(odd_id(supervision_id)) AS "supervision_id has odd edges"
FROM supervisions t;

SELECT
    'supervision_actions' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(odd_id(supervision_id)) AS "supervision_id has odd edges",
    odd_texts(array_agg(DISTINCT action)) AS "action has odd edges",
    odd_texts(array_agg(DISTINCT owner)) AS "owner has odd edges"
FROM supervision_actions t;

SELECT
    'oversight' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < entry_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    odd_texts(array_agg(DISTINCT by_role)) AS "by_role has odd edges",
    unknown(array_agg(DISTINCT kind), ['direction', 'decision', 'review'])
        AS "kind is unknown"
FROM oversight t;

SELECT
    'referrals' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < received_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT risk_level), ['low', 'medium', 'high'])
        AS "risk_level is unknown",
    odd_texts(array_agg(DISTINCT decided_by_role)) AS "decided_by_role has odd edges",
    bool_or(decision_date < received_date) AS "decision_date is before received_date"
FROM referrals t;

SELECT
    'assessments' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < start_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT kind), ['child_and_family', 'early_help', 'pre_birth',
        'pathway_needs', 'connected_carer', 'other']) AS "kind is unknown",
    bool_or(authorised_date < referral_date) AS "authorised_date is before referral_date"
FROM assessments t;

SELECT
    'strategy_discussions' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < held_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank"
FROM strategy_discussions t;

SELECT
    'enquiries' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < start_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(end_date < start_date) AS "end_date is before start_date"
FROM enquiries t;

SELECT
    'conferences' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < held_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT kind), ['initial', 'review', 'pre_birth', 'transfer_in'])
        AS "kind is unknown",
    odd_texts(array_agg(DISTINCT participation)) AS "participation has odd edges"
FROM conferences t;

SELECT
    'core_groups' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < held_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT kind), ['first', 'later']) AS "kind is unknown",
    odd_texts(array_agg(DISTINCT participation)) AS "participation has odd edges"
FROM core_groups t;

SELECT
    'reviews' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < held_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT kind), ['child_in_need', 'child_protection', 'child_in_care',
        'pathway', 'other']) AS "kind is unknown",
    odd_texts(array_agg(DISTINCT participation)) AS "participation has odd edges"
FROM reviews t;

SELECT
    'placements' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < start_date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT arrangement), ['foster_care', 'connected_carer', 'residential',
        'parent', 'semi_independent', 'prospective_adopter', 'family_arrangement',
        'private_fostering', 'care_leaver_accommodation', 'other']) AS "arrangement is unknown",
    unknown(array_agg(DISTINCT regime), ['regulation_28', 'regulation_24', 'regulation_19'])
        AS "regime is unknown",
    bool_or(end_date < start_date) AS "end_date is before start_date"
FROM placements t;

SELECT
    'missing_episodes' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < missing_at::DATE) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(returned_at < missing_at) AS "returned_at is before missing_at"
FROM missing_episodes t;

SELECT
    'feedback' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    count(*) FILTER (recorded_date < date) AS early,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    unknown(array_agg(DISTINCT given_by), ['child', 'parent', 'carer', 'partner', 'worker'])
        AS "given_by is unknown",
    odd_texts(array_agg(DISTINCT text)) AS "text has odd edges"
FROM feedback t;

SELECT
    'moderations' AS "table",
    count(*) AS rows, sum(hash(t)) AS fingerprint,
    bool_or(audit_id IS NULL) AS "audit_id is blank",
    bool_or(odd_id(moderator_id)) AS "moderator_id has odd edges",
    unknown(array_agg(DISTINCT grade), getvariable('grades')) AS "grade is unknown",
    odd_texts(array_agg(DISTINCT reason)) AS "reason has odd edges"
FROM moderations t;

-- No key twice. Each of a few known words is a bit: fewer bits than rows, and one is there twice.
SELECT 'audits' AS "table", count(audit_id) > count(DISTINCT audit_id) AS "an audit stands twice"
FROM audits;

SELECT 'domain_grades' AS "table", EXISTS (
    SELECT 1 FROM domain_grades GROUP BY audit_id
    HAVING count(*) > bit_count(bit_or(1 << list_position(getvariable('domains'), domain)))
) AS "a domain of an audit stands twice";

SELECT 'answers' AS "table", EXISTS (
    SELECT 1 FROM answers GROUP BY audit_id
    HAVING count(*) > bit_count(bit_or(1 << list_position(getvariable('standards'), standard)))
) AS "a standard of an audit stands twice";

SELECT 'plans' AS "table", EXISTS (
    SELECT 1 FROM plans WHERE plan_id IS NOT NULL
    GROUP BY audit_id, plan_id HAVING count(*) > 1
) AS "a plan of an audit stands twice";

SELECT 'supervisions' AS "table", EXISTS (
    SELECT 1 FROM supervisions WHERE supervision_id IS NOT NULL
    GROUP BY audit_id, supervision_id HAVING count(*) > 1
) AS "a supervision of an audit stands twice";

-- No row without its audit: of all tables at once, so that the audits are hashed once.
SELECT DISTINCT child AS "table", true AS "a row has no audit in `audits`" FROM (
    SELECT 'domain_grades' AS child, audit_id FROM domain_grades
    UNION ALL SELECT 'answers', audit_id FROM answers
    UNION ALL SELECT 'plans', audit_id FROM plans
    UNION ALL SELECT 'plan_actions', audit_id FROM plan_actions
    UNION ALL SELECT 'visits', audit_id FROM visits
    UNION ALL SELECT 'supervisions', audit_id FROM supervisions
    UNION ALL SELECT 'supervision_actions', audit_id FROM supervision_actions
    UNION ALL SELECT 'oversight', audit_id FROM oversight
    UNION ALL SELECT 'referrals', audit_id FROM referrals
    UNION ALL SELECT 'assessments', audit_id FROM assessments
    UNION ALL SELECT 'strategy_discussions', audit_id FROM strategy_discussions
    UNION ALL SELECT 'enquiries', audit_id FROM enquiries
    UNION ALL SELECT 'conferences', audit_id FROM conferences
    UNION ALL SELECT 'core_groups', audit_id FROM core_groups
    UNION ALL SELECT 'reviews', audit_id FROM reviews
    UNION ALL SELECT 'placements', audit_id FROM placements
    UNION ALL SELECT 'missing_episodes', audit_id FROM missing_episodes
    UNION ALL SELECT 'feedback', audit_id FROM feedback
    UNION ALL SELECT 'moderations', audit_id FROM moderations
) ANTI JOIN audits USING (audit_id);
