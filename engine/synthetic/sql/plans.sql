-- made.plans, made.plan_actions. In: cases.
CREATE OR REPLACE VIEW made.plans AS
SELECT
    i, 0 AS n, audit_id,
    numbered('P', i, 8) AS plan_id,
    plan_kind AS kind,
    began AS start_date,
    ended AS end_date,
    CASE WHEN l_contingency = 0 THEN [
        'If nothing changes within six weeks, a conference will be called.',
        'If worries grow, legal advice will be taken.',
        'If the plan does not help, the family will be offered a meeting to find another way.',
        'If the placement is at risk, a disruption meeting will be held.'][1 + pick(h, 4)] END
        AS contingency,
    CASE WHEN h & 15 < 11 THEN true WHEN h & 15 < 14 THEN false END AS shared_with_family,
    least(audit_date, workday(began + pick(h, 6))) AS recorded_date
FROM (SELECT *, draw(k, 'plan') AS h FROM cases WHERE plan_kind IS NOT NULL);

-- Four actions kept whole; one of five without an owner or date; half of them; or none at all.
CREATE OR REPLACE VIEW made.plan_actions AS
SELECT
    i, n, audit_id,
    numbered('P', i, 8) AS plan_id,
    ['Visit the school and talk to the class teacher.', 'Book the health review.',
        'Help with the routine at bedtime.', 'Find a place in the parenting group.',
        'Arrange time with grandparents.', 'Talk with the child about what matters most.',
        'Apply for housing support.', 'Go to the appointment at the clinic.']
        [1 + (gap_draw + n * 3) % 8] AS action,
    CASE WHEN NOT (faulty AND h & 1 = 0) THEN ['Social worker', 'Mother', 'Father',
        'Health visitor', 'School', 'Carer', 'Team manager', 'Family support worker']
        [1 + ((h >> 8) & 7)::INTEGER] END AS owner,
    CASE WHEN NOT (faulty AND h & 1 = 1) THEN due END AS due_date,
    CASE WHEN done <= audit_date AND (h >> 12) & 7 < 5 THEN done END AS completed_date,
    CASE WHEN (h >> 16) & 7 < 4 THEN ['The child says that things are better.',
        'School attendance is above nine days in ten.', 'No new worries from the health visitor.',
        'The child has a settled routine.'][1 + ((h >> 20) & 3)::INTEGER] END AS outcome_measure,
    least(audit_date, workday(agreed + pick(h, 6))) AS recorded_date
FROM (
    SELECT *,
        draw_row(k, 'plan action', n) AS h,
        CASE l_actions WHEN 1 THEN n = 2 WHEN 2 THEN n % 2 = 0 ELSE false END AS faulty,
        workday((agreed + 30 + n * 14)::DATE) AS due,
        workday((agreed + 16 + n * 15 + pick(h, 18))::DATE) AS done
    FROM (
        -- A plan of long ago was agreed anew not long before the period.
        SELECT i, k, audit_id, audit_date, l_actions, gap_draw,
            greatest(began, period_start - 45) AS agreed,
            unnest(range(CASE l_actions
            WHEN 0 THEN 3 + gap_draw % 3 WHEN 1 THEN 5 WHEN 2 THEN 2 + gap_draw % 3 ELSE 0 END))
            ::INTEGER AS n
        FROM cases WHERE plan_kind IS NOT NULL
    )
);
