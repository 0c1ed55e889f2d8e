-- people: who each audit is about and who made it, and how good the practice truly is.
-- In: the variables `seed`, `first` and `last`. One row an audit; audit i is the same in any batch.
CREATE OR REPLACE TABLE people AS
WITH numbered AS (
    SELECT
        i,
        mix(xor(mix(i), getvariable('seed'))) AS k,
        -- A golden-ratio sequence and not a draw: every stretch of 55 audits holds every case type.
        pick((i * 2654435769 + getvariable('seed')) & 4294967295, 1000) AS slot,
        -- One authority makes 5,000 audits, with teams and auditors of its own.
        ((i - 1) // 5000)::INTEGER AS authority
    FROM (SELECT range::UBIGINT AS i FROM range(getvariable('first'), getvariable('last') + 1))
),
typed AS (
    SELECT *,
        CASE
            WHEN slot < 140 THEN 'front_door'
            WHEN slot < 220 THEN 'early_help'
            WHEN slot < 420 THEN 'assessment'
            WHEN slot < 610 THEN 'child_in_need'
            WHEN slot < 760 THEN 'child_protection'
            WHEN slot < 910 THEN 'child_in_care'
            WHEN slot < 975 THEN 'care_leaver'
            ELSE 'private_fostering' END AS case_type,
        pick(draw(k, 'team'), 840) AS team_draw,
        pick(draw(k, 'provider'), 1000) AS provider_draw,
        pick(draw(k, 'sample'), 100) AS sample_draw,
        if(slot < 140, 999, pick(draw(k, 'not examined'), 1000)) AS unread_draw,
        authority * 40 + 1 + pick_low(draw(k, 'auditor'), 40) AS auditor
    FROM numbered
),
placed AS (
    SELECT *,
        authority * 24 + CASE case_type
            WHEN 'front_door' THEN 1 + team_draw % 2
            WHEN 'early_help' THEN 3 + team_draw % 3
            WHEN 'assessment' THEN 6 + team_draw % 6
            WHEN 'private_fostering' THEN 6 + team_draw % 6
            WHEN 'child_in_need' THEN 12 + team_draw % 7
            WHEN 'child_protection' THEN 12 + team_draw % 7
            WHEN 'child_in_care' THEN 19 + team_draw % 4
            ELSE 23 + team_draw % 2 END AS team,
        -- The domains that matter for the case type, one bit each in the order of the audit form.
        CASE case_type
            WHEN 'front_door' THEN 609
            WHEN 'early_help' THEN 54
            WHEN 'assessment' THEN 563
            WHEN 'child_in_need' THEN 572
            WHEN 'child_protection' THEN 637
            WHEN 'child_in_care' THEN 700
            WHEN 'care_leaver' THEN 820
            ELSE 602 END AS form,
        mix(xor(getvariable('seed'), auditor::UBIGINT)) AS auditor_key
    FROM typed
),
teamed AS (
    SELECT *, mix(xor(getvariable('seed'), team::UBIGINT)) AS team_key FROM placed
),
rated AS (
    SELECT *,
        -- A quarter of the spread in quality lies between teams.
        (bell(draw(team_key, 'team quality')) * 5
            + bell(draw(k, 'quality')) * 9) // 10 AS quality,
        -- Thousandths of a grade: mean 340, standard deviation 260.
        340 + bell(draw(auditor_key, 'leniency')) * 260 // 148 AS leniency
    FROM teamed
),
domains AS (
    SELECT *,
        blend_6(quality, bell(draw(k, 'domain decision_making'))) AS x_decision,
        blend_6(quality, bell(draw(k, 'domain assessment'))) AS x_assessment,
        blend_6(quality, bell(draw(k, 'domain planning'))) AS x_planning,
        blend_6(quality, bell(draw(k, 'domain visits'))) AS x_visits,
        blend_6(quality, bell(draw(k, 'domain voice'))) AS x_voice,
        blend_6(quality, bell(draw(k, 'domain oversight'))) AS x_oversight,
        blend_6(quality, bell(draw(k, 'domain safety'))) AS x_safety,
        blend_6(quality, bell(draw(k, 'domain permanence'))) AS x_permanence,
        blend_6(quality, bell(draw(k, 'domain care_leaving'))) AS x_leaving,
        blend_6(quality, bell(draw(k, 'domain recording'))) AS x_recording
    FROM rated
)
SELECT *,
    -- The mean over the domains that matter, spread again to what one domain has.
    (x_decision * (form & 1) + x_assessment * ((form >> 1) & 1) + x_planning * ((form >> 2) & 1)
        + x_visits * ((form >> 3) & 1) + x_voice * ((form >> 4) & 1)
        + x_oversight * ((form >> 5) & 1) + x_safety * ((form >> 6) & 1)
        + x_permanence * ((form >> 7) & 1) + x_leaving * ((form >> 8) & 1)
        + x_recording * ((form >> 9) & 1)) * 14 // (10 * bit_count(form)::INTEGER) AS x_overall,
    CASE
        WHEN unread_draw < 8 THEN ['visits']
        WHEN unread_draw < 18 THEN ['supervision_actions', 'supervisions']
        WHEN unread_draw < 50 THEN ['feedback']
        WHEN unread_draw < 62 THEN ['core_groups'] END AS not_examined,
    unread_draw >= 8 AS visits_read,
    unread_draw NOT BETWEEN 8 AND 17 AS supervisions_read,
    unread_draw NOT BETWEEN 18 AND 49 AS feedback_read,
    unread_draw NOT BETWEEN 50 AND 61 AS core_groups_read
FROM domains;
