-- cases: everything known of each audit, what the record shows of every standard, the true grade, and
-- the auditor's. In: days, and the `of_...` tables.
CREATE OR REPLACE TABLE cases AS
WITH shown AS (
    SELECT *,
        2740 + x_overall * 4 AS held,
        200 + pick(draw(auditor_key, 'noise'), 300) AS noise,
        bell(draw(k, 'auditor on the whole')) AS impression,
        pick(draw(k, 'no overall grade'), 1000) < 15 AS ungraded
    FROM days
    JOIN of_entry USING (i) JOIN of_plans USING (i) JOIN of_visits USING (i)
    JOIN of_oversight USING (i) JOIN of_allocation USING (i) JOIN of_protection USING (i)
    JOIN of_risk USING (i) JOIN of_voices USING (i)
    LEFT JOIN of_reviews USING (i) LEFT JOIN of_placements USING (i)
    LEFT JOIN of_time_in_care USING (i)
),
-- The domains in which something that matters was missed.
missed AS (
    SELECT *,
        missed("FD-01", "FD-04", "TH-01", "CP-09", "KC-01", "KC-02", "KC-03", "PD-01", "PD-02", "PD-03")
            + missed("CP-01", "CP-03", "MI-01", "MI-02", "EX-01", "EX-02", "EX-03", "LA-01", "DA-01",
                "DA-03")
            + missed("AS-01", "AS-02", "AS-03", "AS-05", "AS-07", "EH-01", "HE-01", "HE-02")
            + missed("PL-01", "CP-07", "CP-08", "CC-02")
            + missed("SU-01", "AL-01", "AL-02", "CC-04", "CC-05", "ES-01", "ES-02")
            + missed("CP-05", "CN-01", "CC-01", "CL-03", "PF-01", "PF-04")
            + missed("VO-01", "VO-05", "PF-02") + missed("PM-01", "PM-02") + missed("CL-01", "CL-02")
            AS weak
    FROM shown
),
-- What a careful reader would see: a miss weighs on the whole, however good the rest.
judged AS (
    SELECT *,
        least(held, CASE
            WHEN "CP-02" = 6 OR "CP-06" = 6 OR "SF-01" = 6 OR "SF-02" = 6 THEN 1100
            WHEN weak >= 3 THEN 1450
            WHEN "CP-05" >= 5 OR "CC-01" >= 5 OR "SU-01" >= 5 OR weak >= 2 THEN 2400
            WHEN weak = 1 THEN 3400
            ELSE 9999 END) AS worth
    FROM missed
)
SELECT *,
    grade_of(worth) AS true_grade,
    CASE WHEN NOT ungraded THEN grade_of(worth + leniency + (held - worth) * 7 // 10 - 100
        + impression * noise // 148) END
        AS auditor_grade
FROM judged;
