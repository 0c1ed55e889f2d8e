-- Referrals, strategy discussions, enquiries, domestic abuse and the other tables of single events.

-- FD-01 to FD-04, TH-02.
CREATE TEMP TABLE referral_results AS
WITH referral AS (
    SELECT u.a, u.cut, n_cut, said_2, received_date AS received, risk_level, decided_by_role,
        history_considered, decided_by_manager, rereferral,
        CASE WHEN decision_date <= cut THEN decision_date END AS decided,
        CASE WHEN reconsidered_date <= cut THEN reconsidered_date END AS reconsidered,
        coalesce(received_date, cut) < DATE '2015-01-01' AS early
    FROM referrals JOIN audit u USING (audit_id)
    WHERE (received_date IS NULL OR received_date <= cut)
        AND NOT coalesce(decided < opens, false)
)
SELECT a, packed(max(timed(received, decided, d.n - r.n, n_cut - r.n, DATE '2015-01-01', 1, 1)), 'FD-01')
    | packed(max(CASE WHEN decided IS NULL THEN 0 WHEN early THEN 3
        ELSE shown(history_considered) END), 'FD-02')
    | packed(max(CASE
        WHEN decided IS NULL THEN 0
        WHEN early THEN 3
        WHEN decided_by_manager IS NOT NULL THEN shown(decided_by_manager)
        WHEN decided_by_role IS NULL THEN 5
        ELSE told(said_2, 'FD-03') END), 'FD-03')
    | packed(max(CASE
        WHEN risk_level IS DISTINCT FROM 'high' THEN 0
        WHEN decided IS NULL THEN timed(received, NULL::DATE, 0, n_cut - r.n, DATE '2015-01-01', 1, 1)
        WHEN early THEN 3
        ELSE told(said_2, 'FD-04') END), 'FD-04')
    | packed(max(CASE WHEN rereferral THEN
        timed(received, reconsidered, s.n - r.n, n_cut - r.n, DATE '2015-01-01', 10, 10) END), 'TH-02')
    AS referral
FROM referral
LEFT JOIN calendar r ON r.day = received
LEFT JOIN calendar d ON d.day = decided
LEFT JOIN calendar s ON s.day = reconsidered
GROUP BY a;

-- CP-02: an enquiry follows a discussion. CP-03: one by telephone is followed by a meeting.
-- CP-09: the threshold is decided. CP-10: the first discussion is prompt.
CREATE TEMP TABLE discussion AS
SELECT row_number() OVER () AS t, u.a, cut, n_cut, said_5, held_date AS held, threshold_met, kind,
    telephone_only, least(held_date + 21, cut) AS until,
    CASE WHEN concern_date <= cut THEN concern_date END AS concern,
    CASE WHEN followup_date <= cut THEN followup_date END AS followup
FROM strategy_discussions JOIN audit u USING (audit_id)
WHERE held_date IS NULL OR (held_date <= cut AND NOT coalesce(held_date < opens, false));

CREATE TEMP TABLE discussion_results AS
WITH enquired AS (
    SELECT DISTINCT t
    FROM discussion JOIN audit USING (a) JOIN enquiries e USING (audit_id)
    WHERE threshold_met AND e.start_date BETWEEN held - 28 AND until
)
SELECT a,
    packed(max(CASE
        WHEN NOT threshold_met OR threshold_met IS NULL OR kind = 'later' THEN 0
        WHEN no_enquiries THEN 3
        WHEN held IS NULL THEN 5
        WHEN held - 28 < DATE '2015-01-01' THEN 3
        WHEN enquired.t IS NOT NULL THEN 2
        WHEN until - (held - 28) <= 31 THEN 1
        ELSE 6 END), 'CP-02')
    | packed(max(CASE WHEN telephone_only THEN
        timed(held, followup, f.n - h.n, n_cut - h.n, DATE '2015-01-01', 5, 5) END), 'CP-03')
    | packed(max(CASE
        WHEN coalesce(held, cut) < DATE '2015-01-01' THEN 3
        WHEN threshold_met IS NULL THEN 5
        ELSE told(said_5, 'CP-09') END), 'CP-09')
    | packed(max(CASE WHEN kind = 'later' THEN 0 ELSE
        timed(concern, held, h.n - k.n, n_cut - k.n, DATE '2015-01-01', 1, 3) END), 'CP-10')
    AS discussion
FROM discussion LEFT JOIN enquired USING (t) LEFT JOIN unseen USING (a)
LEFT JOIN calendar h ON h.day = held
LEFT JOIN calendar f ON f.day = followup
LEFT JOIN calendar k ON k.day = concern
GROUP BY a;

-- CP-01: a conference within 15 working days. SF-01: a return home only when it is agreed.
-- SF-02: a manager signs a written agreement before the child goes home.
CREATE TEMP TABLE enquiry AS
SELECT row_number() OVER () AS t, u.a, audit_id, cut, n_cut, start_date AS start, conference_required,
    returned_home, returned_home_date AS home,
    coalesce(returned_home, home <= cut) AS returned,
    CASE WHEN risk_assessment_date <= cut THEN risk_assessment_date END AS assessed,
    CASE WHEN manager_agreement_date <= cut THEN manager_agreement_date END AS agreed,
    written_agreement, written_agreement_signed AS signed,
    CASE WHEN written_agreement_signed_date <= cut THEN written_agreement_signed_date END AS signed_on,
    coalesce(start_date, cut) < DATE '2015-01-01' AS early
FROM enquiries JOIN audit u USING (audit_id)
WHERE (start_date IS NULL OR start_date <= cut)
    AND NOT coalesce(end_date <= cut AND end_date < opens, false);

CREATE TEMP TABLE enquiry_results AS
WITH discussed AS (
    SELECT t, max(held_date) AS day
    FROM enquiry JOIN strategy_discussions USING (audit_id)
    WHERE conference_required AND held_date <= start
    GROUP BY t
),
conferred AS (
    SELECT t, discussed.day AS first, min(held_date) AS last
    FROM discussed JOIN enquiry USING (t) JOIN conferences USING (audit_id)
    WHERE kind IN ('initial', 'pre_birth') AND held_date BETWEEN discussed.day AND cut
    GROUP BY ALL
)
SELECT a,
    packed(max(CASE
        WHEN NOT conference_required OR conference_required IS NULL THEN 0
        WHEN no_discussions OR no_conferences THEN 3
        ELSE timed(discussed.day, last, l.n - f.n, n_cut - f.n, DATE '2015-01-01', 15, 15) END), 'CP-01')
    | packed(max(CASE
        WHEN NOT returned OR returned IS NULL THEN 0
        WHEN early THEN 3
        WHEN home > cut THEN 1
        WHEN assessed > home OR agreed > home THEN 6
        WHEN home IS NULL OR assessed IS NULL OR agreed IS NULL THEN 6
        ELSE 2 END), 'SF-01')
    | packed(max(CASE
        WHEN NOT written_agreement OR written_agreement IS NULL THEN 0
        WHEN early THEN 3
        WHEN NOT signed THEN 6
        WHEN home <= cut THEN by_day(signed_on, home)
        WHEN signed_on IS NOT NULL THEN 2
        ELSE shown(signed) END), 'SF-02')
    AS enquiry
FROM enquiry LEFT JOIN discussed USING (t) LEFT JOIN conferred USING (t) LEFT JOIN unseen USING (a)
LEFT JOIN calendar f ON f.day = discussed.day
LEFT JOIN calendar l ON l.day = last
GROUP BY a;

-- DA-01 to DA-03.
CREATE TEMP TABLE abuse_results AS
WITH abuse AS (
    SELECT u.a, cut, n_cut, said_2, identified_date AS identified, support_offered,
        CASE WHEN screened_date <= cut THEN screened_date END AS screened,
        coalesce(identified_date, cut) < DATE '2015-01-01' AS early
    FROM domestic_abuse JOIN audit u USING (audit_id)
    WHERE identified_date IS NULL
        OR (identified_date <= cut AND NOT coalesce(identified_date < opens, false))
)
SELECT a,
    packed(max(timed(identified, screened, s.n - i.n, n_cut - i.n, DATE '2015-01-01', 1, 1)), 'DA-01')
    | packed(max(CASE WHEN screened IS NULL THEN 0 WHEN early THEN 3
        ELSE shown(support_offered) END), 'DA-02')
    | packed(max(CASE
        WHEN NOT support_offered THEN if(early, 3, 6)
        WHEN screened IS NULL AND cut <= identified + 1 THEN 0
        WHEN early THEN 3
        ELSE told(said_2, 'DA-03') END), 'DA-03')
    AS abuse
FROM abuse
LEFT JOIN calendar i ON i.day = identified
LEFT JOIN calendar s ON s.day = screened
GROUP BY a;

-- MI-01 to MI-03: the interview after a child was missing, by days.
CREATE TEMP TABLE missing_results AS
WITH episode AS (
    SELECT u.a, cut, missing_at::DATE AS missing, accepted, independent,
        CASE WHEN returned_at::DATE <= cut THEN returned_at::DATE END AS back,
        CASE WHEN interview_offered_at::DATE <= cut THEN interview_offered_at::DATE END AS offered,
        CASE WHEN interview_at::DATE <= cut THEN interview_at::DATE END AS held
    FROM missing_episodes JOIN audit u USING (audit_id)
    WHERE (missing_at IS NULL OR missing_at::DATE <= cut) AND NOT coalesce(back < opens, false)
)
SELECT a,
    packed(max(CASE WHEN back IS NULL OR (offered IS NULL AND held IS NOT NULL) THEN 0
        ELSE timed(back, offered, offered - back, cut - back, DATE '2014-01-01', 3, 3) END), 'MI-01')
    | packed(max(CASE WHEN back IS NULL OR (NOT accepted AND held IS NULL) THEN 0
        ELSE timed(back, held, held - back, cut - back, DATE '2014-01-01', 3, 3) END), 'MI-02')
    | packed(max(CASE WHEN held IS NULL THEN 0
        WHEN coalesce(missing, cut) < DATE '2014-01-01' THEN 3
        ELSE shown(independent) END), 'MI-03')
    AS missing
FROM episode GROUP BY a;

-- EX-02, EX-03.
CREATE TEMP TABLE exploitation_results AS
WITH risk AS (
    SELECT u.a, cut, n_cut, said_5, identified_date AS identified, risk_trend,
        CASE WHEN assessed_date <= cut THEN assessed_date END AS assessed
    FROM exploitation_risks JOIN audit u USING (audit_id)
    WHERE (identified_date IS NULL OR identified_date <= cut)
        AND NOT coalesce(ended_date <= cut AND ended_date < opens, false)
)
SELECT a,
    packed(max(timed(identified, assessed, s.n - i.n, n_cut - i.n, DATE '2015-01-01', 10, 10)), 'EX-02')
    | packed(max(CASE
        WHEN cut - identified < 30 THEN 0
        WHEN identified IS NULL OR identified < DATE '2015-01-01' THEN 3
        WHEN risk_trend = 'increased' THEN 6
        WHEN risk_trend IS NULL THEN 5
        ELSE told(said_5, 'EX-03') END), 'EX-03')
    AS exploitation
FROM risk
LEFT JOIN calendar i ON i.day = identified
LEFT JOIN calendar s ON s.day = assessed
GROUP BY a;

-- LA-01 to LA-05: allegations against people who work with children.
CREATE TEMP TABLE allegation_results AS
WITH allegation AS (
    SELECT u.a, cut, n_cut, known_date AS known, meeting_needed, outcome, family_told,
        CASE WHEN referral_date <= cut THEN referral_date END AS referred,
        CASE WHEN meeting_date <= cut THEN meeting_date END AS met,
        CASE WHEN outcome_date <= cut THEN outcome_date END AS concluded,
        CASE WHEN recorded_date <= cut THEN recorded_date END AS recorded
    FROM allegations JOIN audit u USING (audit_id)
    WHERE (known_date IS NULL OR known_date <= cut) AND NOT coalesce(concluded < opens, false)
)
SELECT a,
    packed(max(timed(known, referred, f.n - k.n, n_cut - k.n, DATE '2015-01-01', 1, 1)), 'LA-01')
    | packed(max(CASE WHEN meeting_needed IS DISTINCT FROM false THEN
        timed(referred, met, met - referred, cut - referred, DATE '2015-01-01', 5, 7) END), 'LA-02')
    | packed(max(timed(known, concluded, (concluded > months_later(known, 3))::INTEGER,
        (cut > months_later(known, 3))::INTEGER, DATE '2015-01-01', 0, 0)), 'LA-03')
    | packed(max(CASE
        WHEN concluded IS NULL THEN 0
        WHEN coalesce(known, cut) < DATE '2015-01-01' THEN 3
        WHEN outcome IS NULL THEN 5
        ELSE shown(family_told) END), 'LA-04')
    | packed(max(timed(known, recorded, r.n - k.n, n_cut - k.n, DATE '2015-01-01', 5, 5)), 'LA-05')
    AS allegation
FROM allegation
LEFT JOIN calendar k ON k.day = known
LEFT JOIN calendar f ON f.day = referred
LEFT JOIN calendar r ON r.day = recorded
GROUP BY a;

-- TH-01: a second look agrees with a decision on the threshold.
CREATE TEMP TABLE threshold_results AS
SELECT u.a, packed(max(CASE
    WHEN coalesce(decision_date, cut) < DATE '2015-01-01' THEN 3
    WHEN NOT threshold_agreed THEN 6
    ELSE told(said_4, 'TH-01') END), 'TH-01') AS threshold
FROM threshold_decisions JOIN audit u USING (audit_id)
WHERE decision_date IS NULL OR (decision_date <= cut AND NOT coalesce(decision_date < opens, false))
GROUP BY u.a;

-- ES-01, ES-02: what the independent reviewing officer raised.
CREATE TEMP TABLE escalation_results AS
WITH escalation AS (
    SELECT u.a, cut, n_cut, said_5, raised_date AS raised, stage, outcome_changed,
        CASE WHEN resolved_date <= cut THEN resolved_date END AS resolved
    FROM iro_escalations JOIN audit u USING (audit_id)
    WHERE (raised_date IS NULL OR raised_date <= cut) AND NOT coalesce(resolved < opens, false)
)
SELECT a,
    packed(max(CASE WHEN stage = 'informal' THEN 0 ELSE
        timed(raised, resolved, s.n - r.n, n_cut - r.n, DATE '2011-04-01', 20, 20) END), 'ES-01')
    | packed(max(CASE
        WHEN resolved IS NULL AND outcome_changed IS NULL THEN 0
        WHEN coalesce(raised, cut) < DATE '2015-01-01' THEN 3
        WHEN NOT outcome_changed THEN 6
        ELSE told(said_5, 'ES-02') END), 'ES-02')
    AS escalation
FROM escalation
LEFT JOIN calendar r ON r.day = raised
LEFT JOIN calendar s ON s.day = resolved
GROUP BY a;

-- RC-02, RC-04: the summary and the chronology of a case that passes to another team.
CREATE TEMP TABLE transfer_results AS
WITH transfer AS (
    SELECT u.a, cut, transfer_date AS day,
        CASE WHEN summary_date <= cut THEN summary_date END AS summary,
        CASE WHEN chronology_date <= cut THEN chronology_date END AS chronology
    FROM transfers JOIN audit u USING (audit_id)
    WHERE transfer_date IS NULL
        OR (transfer_date <= cut AND NOT coalesce(transfer_date < opens, false))
)
SELECT a,
    packed(max(if(coalesce(day, cut) < DATE '2015-01-01', 3, by_day(summary, day))), 'RC-02')
    | packed(max(if(coalesce(day, cut) < DATE '2015-01-01', 3,
        shown(chronology BETWEEN day - 28 AND day))), 'RC-04')
    AS transfer
FROM transfer GROUP BY a;

-- VO-06: those who were asked understand why the service is involved.
CREATE TEMP TABLE feedback_results AS
WITH voice AS (
    SELECT u.a, date, cut, opens, understands_why
    FROM feedback JOIN audit u USING (audit_id)
    WHERE (date IS NULL OR date <= cut) AND given_by IN ('child', 'parent', 'carer')
),
counted AS (
    SELECT a, count(understands_why) AS n, count_if(understands_why) AS good,
        max(CASE WHEN date < opens THEN NULL WHEN coalesce(date, cut) < DATE '2015-01-01' THEN 3 ELSE 0
            END) AS early,
        bool_or(NOT coalesce(date < opens, false) AND coalesce(date, cut) >= DATE '2015-01-01') AS asked,
        -- VO-03 asks of the audited period, or of all time where the audit names none.
        bool_or(opens IS NULL OR date >= opens) AS sought
    FROM voice GROUP BY a
)
SELECT a, packed(greatest(early, CASE
    WHEN NOT asked THEN NULL
    WHEN n = 0 THEN 5
    WHEN good = n THEN 2
    WHEN good * 2 >= n THEN 4
    ELSE 6 END), 'VO-06') AS feedback, sought
FROM counted;
