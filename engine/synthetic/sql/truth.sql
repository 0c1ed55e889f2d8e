-- truth.audits, truth.auditors: what only the maker of the batch knows. In: cases, said.
-- `contradictions` are answers better than the record shows; `unsupported`, that it does not show.
CREATE OR REPLACE VIEW truth.audits AS
SELECT
    i, audit_id, auditor_id, latent_quality, true_grade,
    coalesce(contradictions, '') AS contradictions,
    coalesce(unsupported, '') AS unsupported
FROM (
    SELECT i, audit_id,
        numbered('AU', auditor, 4) AS auditor_id,
        CAST(worth / 1000 AS DECIMAL(6, 3)) AS latent_quality,
        grade_name(true_grade) AS true_grade
    FROM cases
)
LEFT JOIN (
    SELECT i,
        string_agg(standard, ';' ORDER BY standard) FILTER (
            answer = 'met' AND shown IN (4, 6)
            OR answer IN ('partly_met', 'not_applicable') AND shown = 6) AS contradictions,
        string_agg(standard, ';' ORDER BY standard) FILTER (
            answer <> 'not_met' AND shown = 5) AS unsupported
    FROM said GROUP BY i
) USING (i);

CREATE OR REPLACE VIEW truth.auditors AS
SELECT DISTINCT
    numbered('AU', auditor, 4) AS auditor_id,
    CAST(leniency / 1000 AS DECIMAL(6, 3)) AS leniency,
    CAST(noise / 1000 AS DECIMAL(6, 3)) AS noise
FROM cases;
