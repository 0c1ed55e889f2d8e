-- The whole shipped rulebook by hand, first part: the macros, the auditor's answers, the audits.
-- In: a view for each table of the batch, `calendar(day, n)` with the working days so far, and the
-- variable `as_of`. Out: the table `audit`, which every later statement joins.
--
-- Outcomes are small numbers so that "the worst decides" is max(): 0 not applicable, 1 not yet due,
-- 2 met, 3 not assessable, 4 partly met, 5 not evidenced, 6 not met. Three bits hold one; twenty-one
-- standards go into one number, in the order of this type, so five numbers hold an audit.
CREATE TYPE standard_id AS ENUM (
    -- of the audit itself, of feedback, of allocations
    'AL-01', 'AL-03', 'CC-02', 'CC-04', 'CC-05', 'CL-01', 'CL-04', 'EX-01', 'HE-01', 'HE-02', 'OV-01',
    'OV-04', 'OV-05', 'PM-01', 'PM-03', 'SU-01', 'SU-06', 'VO-03', 'VO-05', 'VO-06', 'AL-02',
    -- of assessments, of referrals, of domestic abuse
    'AL-04', 'AS-01', 'AS-02', 'AS-03', 'AS-04', 'AS-05', 'AS-06', 'AS-07', 'EH-01', 'EH-02', 'VO-01',
    'VO-04', 'VO-07', 'FD-01', 'FD-02', 'FD-03', 'FD-04', 'TH-02', 'DA-01', 'DA-02', 'DA-03',
    -- of plans, of their actions, of missing episodes
    'AS-08', 'CC-03', 'CL-02', 'CN-01', 'CN-02', 'CN-03', 'CP-05', 'CP-06', 'CP-07', 'CP-08', 'CP-11',
    'PL-01', 'PL-02', 'PL-03', 'PL-04', 'PL-05', 'VO-02', 'PL-06', 'MI-01', 'MI-02', 'MI-03',
    -- of placements, of visits, of supervisions, of their actions, of threshold decisions
    'CC-01', 'CC-06', 'CL-03', 'KC-01', 'KC-02', 'KC-03', 'PD-01', 'PD-02', 'PD-03', 'PF-01', 'PF-04',
    'PM-02', 'CC-07', 'PF-02', 'PF-03', 'RC-01', 'SU-02', 'SU-04', 'SU-05', 'SU-03', 'TH-01',
    -- of strategy discussions, enquiries, oversight, transfers, exploitation, allegations, escalations
    'CP-02', 'CP-03', 'CP-09', 'CP-10', 'CP-01', 'SF-01', 'SF-02', 'OV-02', 'OV-03', 'RC-03', 'RC-02',
    'RC-04', 'EX-02', 'EX-03', 'LA-01', 'LA-02', 'LA-03', 'LA-04', 'LA-05', 'ES-01', 'ES-02'
);

CREATE MACRO place(id) AS enum_code(id::standard_id)::INTEGER;
-- Where an outcome lies in its number: packed(o, id) puts it there, outcome_of(number, id) takes it.
CREATE MACRO packed(o, id) AS (coalesce(o, 0)::BIGINT << (place(id) % 21 * 3));
CREATE MACRO outcome_of(number, id) AS (number >> (place(id) % 21 * 3) & 7)::UTINYINT;

-- An answer lies where the outcome does, one higher, so that 0 is none. Who was not asked cannot say.
CREATE MACRO told(answers, id) AS CASE
    WHEN NOT list_contains(getvariable('asked'), id) THEN 3
    ELSE CASE outcome_of(answers, id) WHEN 7 THEN 6 WHEN 5 THEN 4 WHEN 3 THEN 2 WHEN 1 THEN 0
        ELSE 5 END END;
-- What a yes or no on the file shows, and what a field that has to be filled shows.
CREATE MACRO shown(fact) AS CASE WHEN fact THEN 2 WHEN NOT fact THEN 6 ELSE 5 END;
CREATE MACRO filled(field) AS CASE WHEN field IS NULL THEN 5 ELSE 2 END;
-- The time from one day to another: `took` so many units, `run` so many until the cut-off.
CREATE MACRO timed(first, last, took, run, since, most, partly) AS CASE
    WHEN first IS NULL THEN 5
    WHEN first < since THEN 3
    WHEN last IS NULL THEN CASE WHEN run <= most THEN 1 WHEN run > most THEN 5 ELSE 3 END
    WHEN last < first THEN 3
    WHEN took <= most THEN 2
    WHEN took <= partly THEN 4
    WHEN took > partly THEN 6
    ELSE 3 END;
-- A day by which something is done, one that went by or is to come, with a fortnight in part.
CREATE MACRO kept(done, due) AS CASE
    WHEN done <= due THEN 2 WHEN done <= due + 14 THEN 4 WHEN done > due THEN 6 ELSE 5 END;
-- An event that has to come before a day that has come.
CREATE MACRO by_day(event, day) AS CASE
    WHEN event > day THEN 6 WHEN event IS NULL OR day IS NULL THEN 5 ELSE 2 END;
-- The longest time without an event, where nothing goes by phases.
CREATE MACRO gapped(first, last, latest, length, since, most, partly) AS CASE
    WHEN last < first THEN 0
    WHEN first IS NULL THEN 5
    WHEN first < since THEN 3
    WHEN latest IS NULL THEN if(last - first <= most, 1, 5)
    WHEN greatest(length, last - latest) <= most THEN 2
    WHEN greatest(length, last - latest) <= partly THEN 4
    ELSE 6 END;
CREATE MACRO months_later(day, months) AS (day + to_months(months))::DATE;
-- Full years from the first of the month of birth, in months: the day of the month never matters.
CREATE MACRO months_old(born, day) AS
    (year(day) - year(born)) * 12 + month(day) - month(born);

CREATE TEMP TABLE answer AS
SELECT audit_id,
    bit_or(if(place < 21, said, 0)) AS said_1,
    bit_or(if(place >= 21 AND place < 42, said, 0)) AS said_2,
    bit_or(if(place >= 42 AND place < 63, said, 0)) AS said_3,
    bit_or(if(place >= 63 AND place < 84, said, 0)) AS said_4,
    bit_or(if(place >= 84, said, 0)) AS said_5
FROM (
    SELECT audit_id, place(standard) AS place,
        (CASE answer WHEN 'met' THEN 3 WHEN 'partly_met' THEN 5 WHEN 'not_met' THEN 7
            WHEN 'not_applicable' THEN 1 ELSE 0 END)::BIGINT << (place(standard) % 21 * 3) AS said
    FROM answers
)
GROUP BY audit_id;
SET VARIABLE asked = (SELECT list(DISTINCT standard) FROM answers);

-- An integer for each audit: every later grouping is on it.
CREATE TEMP TABLE audit AS
WITH known AS (SELECT *, least(getvariable('as_of'), audit_date, period_end) AS cut FROM audits)
SELECT
    (row_number() OVER () - 1)::INTEGER AS a,
    audit_id, case_type, team, auditor_id, cut, n AS n_cut, period_start AS opens,
    birth_month, unborn, not_examined,
    list_position(['inadequate', 'requires_improvement', 'good', 'outstanding'], overall_grade)
        ::UTINYINT AS auditor,
    CASE WHEN allocated_date <= cut THEN allocated_date END AS allocated,
    unallocated, worker_changes_12m, new_worker, exploitation_signs, interpreter_needed,
    interpreter_used,
    CASE WHEN came_into_care_date <= cut THEN came_into_care_date END AS came,
    CASE WHEN left_care_date <= cut THEN left_care_date END AS left_care,
    CASE WHEN first_care_plan_date <= cut THEN first_care_plan_date END AS planned,
    CASE WHEN permanence_plan_date <= cut THEN permanence_plan_date END AS permanence,
    CASE WHEN life_story_started_date <= cut THEN life_story_started_date END AS life_story,
    CASE WHEN pathway_eligible_date <= cut THEN pathway_eligible_date END AS eligible,
    CASE WHEN health_history_date <= cut THEN health_history_date END AS history,
    coalesce(said_1, 0) AS said_1, coalesce(said_2, 0) AS said_2, coalesce(said_3, 0) AS said_3,
    coalesce(said_4, 0) AS said_4, coalesce(said_5, 0) AS said_5
FROM known LEFT JOIN calendar ON day = cut LEFT JOIN answer USING (audit_id);

-- Few audits have tables that the auditor did not look at: they leave what needs them not assessable.
CREATE TEMP TABLE unseen AS
SELECT a,
    list_contains(not_examined, 'referrals') AS no_referrals,
    list_contains(not_examined, 'assessments') AS no_assessments,
    list_contains(not_examined, 'strategy_discussions') AS no_discussions,
    list_contains(not_examined, 'enquiries') AS no_enquiries,
    list_contains(not_examined, 'conferences') AS no_conferences,
    list_contains(not_examined, 'core_groups') AS no_core_groups,
    list_contains(not_examined, 'plans') AS no_plans,
    list_contains(not_examined, 'plan_actions') AS no_plan_actions,
    list_contains(not_examined, 'reviews') AS no_reviews,
    list_contains(not_examined, 'chronologies') AS no_chronologies,
    list_contains(not_examined, 'placements') AS no_placements,
    list_contains(not_examined, 'health_assessments') AS no_health,
    list_contains(not_examined, 'visits') AS no_visits,
    list_contains(not_examined, 'supervisions') AS no_supervisions,
    list_contains(not_examined, 'supervision_actions') AS no_supervision_actions,
    list_contains(not_examined, 'oversight') AS no_oversight,
    list_contains(not_examined, 'allocations') AS no_allocations,
    list_contains(not_examined, 'transfers') AS no_transfers,
    list_contains(not_examined, 'missing_episodes') AS no_missing,
    list_contains(not_examined, 'exploitation_risks') AS no_exploitation,
    list_contains(not_examined, 'allegations') AS no_allegations,
    list_contains(not_examined, 'threshold_decisions') AS no_thresholds,
    list_contains(not_examined, 'domestic_abuse') AS no_abuse,
    list_contains(not_examined, 'iro_escalations') AS no_escalations,
    list_contains(not_examined, 'feedback') AS no_feedback
FROM audit WHERE len(not_examined) > 0;
