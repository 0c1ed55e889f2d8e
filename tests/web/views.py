"""Hand-made views for the tests of the reports: synthetic audits, no engine behind them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.errors import Location, Problem
from engine.records.batch import Rejected
from engine.reports.summary import summarise
from engine.reports.view import (
    AlertView,
    AuditView,
    BookView,
    CapView,
    ContradictionView,
    DomainView,
    FindingView,
    Named,
    RunHeader,
    StandardView,
    View,
    Words,
)

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    "first line\nsecond line",
    "Łódź Ωmega 北京",
    '"quoted", comma; {{ 7*7 }} {% raw %}',
    "http://example.invalid/click",
    "\x1b[31mred\x07",
    "x" * 40_000,
    "]]>&amp;\ufffe",
)

WORDS = Words(
    rulebook_title="Practice audit standards",
    grades=(
        Named("inadequate", "Inadequate"),
        Named("requires_improvement", "Requires improvement"),
        Named("good", "Good"),
        Named("outstanding", "Outstanding"),
    ),
    domains=(Named("planning", "Planning"), Named("visits", "Visits"), Named("safety", "Safety")),
    standards=(
        StandardView(
            id="CP-05",
            title="A child on a child protection plan is visited often enough",
            domain="visits",
            severity="major",
            level="local",
            bottom_line=True,
            why="A gap in visits leaves a child at risk unseen.",
            source="Local child protection procedures, 4.2 (checked 2026-10-01)",
        ),
        StandardView(
            id="PLAN-01",
            title="Every action of a plan has an owner and a date",
            domain="planning",
            severity="minor",
            level="guidance",
            bottom_line=False,
            why="An action that is nobody's is not done.",
            source="Statutory guidance, paragraph 3 (checked 2026-10-01)",
        ),
        StandardView(
            id="REF-01",
            title="A referral is decided within one working day",
            domain="safety",
            severity="critical",
            level="guidance",
            bottom_line=True,
            why="A child may be at risk until somebody decides.",
            source="Statutory guidance, paragraph 70 (checked 2026-10-01)",
        ),
    ),
)
SOURCES = {standard.id: standard.source for standard in WORDS.standards}
BECAUSE = {
    "met": "Shown in the record",
    "partly_met": "Longest gap 14 working days, 2026-03-02 to 2026-03-20; the standard is 10",
    "not_met": "Longest gap 23 working days, 2026-03-02 to 2026-04-02; the standard is 10",
    "not_evidenced": "Nothing is recorded where an entry is expected",
    "not_assessable": "The input holds no such table",
}


def finding(
    standard: str, outcome: str, answer: str | None = None, comparison: str | None = None
) -> FindingView:
    """Return a finding with the evidence that goes with its outcome."""
    dated = outcome in ("partly_met", "not_met")
    return FindingView(
        standard=standard,
        outcome=outcome,
        silent=False,
        because=BECAUSE.get(outcome, ""),
        value=23 if dated else None,
        day_from=date(2026, 3, 2) if dated else None,
        day_to=date(2026, 4, 2) if dated else None,
        rows=4,
        version=date(2015, 1, 1),
        source=SOURCES[standard],
        answer=answer,
        comparison=comparison,
        back_filled=outcome == "partly_met",
    )


def calm(audit_id: str, grade: str = "good") -> AuditView:
    """Return an audit that the record bears out."""
    return AuditView(
        audit_id=audit_id,
        case_type="child_in_need",
        team="North",
        auditor_id="AUD-1",
        auditor_grade=grade,
        cap=None,
        moderated_grade=grade,
        route="none",
        alerts=(),
        contradictions=(),
        domains={"visits": DomainView("good", None, "good")},
        caps=(),
        findings=(
            finding("CP-05", "met", "met", "agrees"),
            finding("PLAN-01", "met", "partly_met", "harsher"),
            finding("REF-01", "not_applicable"),
        ),
    )


def capped(audit_id: str) -> AuditView:
    """Return an audit graded good whose visits do not bear it out."""
    why = BECAUSE["not_met"]
    return AuditView(
        audit_id=audit_id,
        case_type="child_protection",
        team="South & East",
        auditor_id="AUD-2",
        auditor_grade="good",
        cap="requires_improvement",
        moderated_grade="requires_improvement",
        route="moderate",
        alerts=(),
        contradictions=(ContradictionView("CP-05", "met", "not_met", why),),
        domains={
            "visits": DomainView("good", "requires_improvement", "requires_improvement"),
            "planning": DomainView("good", None, "good"),
        },
        caps=(
            CapView("major_miss", "visits", "requires_improvement", ("CP-05",), why, "4.2"),
            CapView(
                "one_domain", "overall", "good", (), "Visits is capped", "Local moderation policy"
            ),
            CapView(
                "bottom_line",
                "overall",
                "requires_improvement",
                ("CP-05",),
                why,
                SOURCES["CP-05"],
            ),
        ),
        findings=(
            finding("CP-05", "not_met", "met", "contradiction"),
            finding("PLAN-01", "not_evidenced", "met", "unsupported"),
            finding("REF-01", "not_assessable"),
        ),
    )


def alarming(audit_id: str) -> AuditView:
    """Return an audit graded good on which a critical standard is missed."""
    why = "No decision is recorded after the referral of 2026-02-03"
    return AuditView(
        audit_id=audit_id,
        case_type="front_door",
        team=None,
        auditor_id=None,
        auditor_grade="good",
        cap="inadequate",
        moderated_grade="inadequate",
        route="alert",
        alerts=(AlertView("critical_miss", "REF-01", "no evidence: check the child today"),),
        contradictions=(),
        domains={"safety": DomainView(None, "inadequate", "inadequate")},
        caps=(
            CapView("critical_miss", "safety", "inadequate", ("REF-01",), why, SOURCES["REF-01"]),
            CapView("critical_miss", "overall", "inadequate", ("REF-01",), why, SOURCES["REF-01"]),
        ),
        findings=(
            finding("CP-05", "not_applicable"),
            finding("PLAN-01", "not_yet_due"),
            replace(finding("REF-01", "not_met", "met", "unsupported"), silent=True),
        ),
    )


def contradicted(audit_id: str) -> AuditView:
    """Return an audit without a grade, one of whose answers the record contradicts."""
    found = ContradictionView("PLAN-01", "met", "partly_met", "2 of 5 actions have no owner")
    return replace(
        calm(audit_id),
        auditor_grade=None,
        moderated_grade=None,
        contradictions=(found,),
        findings=(
            finding("CP-05", "partly_met"),
            finding("PLAN-01", "partly_met", "met", "contradiction"),
            finding("REF-01", "met"),
        ),
    )


def view_of(
    audits: Sequence[AuditView],
    rejected: Sequence[Rejected] = (),
    problems: Sequence[Problem] = (),
    words: Words = WORDS,
) -> View:
    """Return a whole view of some audits, counted as the pipeline counts them."""
    ordered = tuple(sorted(audits, key=lambda audit: audit.audit_id))
    header = RunHeader(
        engine_version="0.1.0",
        rulebook_id="practice_audit_test",
        rulebook_version="2026.11",
        rulebook_hash="ab" * 32,
        rules_folder="rules",
        input="march.xlsx",
        input_hash="cd" * 32,
        as_of=date(2026, 11, 22),
        judge="plain",
        audits=len(ordered),
        put_aside=len(rejected),
        books=(BookView("practice_audit_test", "Practice audit standards", "2026.11", "ab" * 32),),
    )
    summary = summarise(ordered, words, len(rejected))
    return View(header, words, summary, ordered, tuple(problems), tuple(rejected))


def empty_view() -> View:
    """Return a run that scored nothing."""
    return view_of(())


def calm_view() -> View:
    """Return a run in which nothing is capped."""
    return view_of([calm("A-1"), calm("A-2", "requires_improvement")])


def small_view() -> View:
    """Return a run with one audit of each kind and a row put aside."""
    reason = "`31/02/2026` is not a date"
    rejected = Rejected(
        "march.xlsx", "Visits", "C14", "visits", "A-3", "B012", reason, '{"visit_date": "x"}'
    )
    problem = Problem(Location("march.xlsx", sheet="Visits", cell="C14"), "B012", reason, "mend it")
    supported = replace(calm("A-5", "requires_improvement"), suggested_grade="good")
    audits = [calm("A-1"), alarming("A-2"), capped("A-3"), contradicted("A-4"), supported]
    return view_of(audits, [rejected], [problem])


def hostile_view(longest: int = 50_000) -> View:
    """Return a run in which every text of the input and of the rules is an attack or a nuisance."""
    texts = [text[:longest] for text in HOSTILE]
    audits = [_hostile(f"A-{number:02}", text) for number, text in enumerate(texts)]
    rejected = [Rejected(*([text] * 8)) for text in texts]
    problems = [Problem(Location(text), "B001", text, text, warning=True) for text in texts]
    standards = tuple(
        replace(standard, title=HOSTILE[0], why=HOSTILE[1], source=HOSTILE[6])
        for standard in WORDS.standards
    )
    words = replace(WORDS, rulebook_title="=1+1 <script>", standards=standards)
    return view_of(audits, rejected, problems, words)


def _hostile(prefix: str, text: str) -> AuditView:
    audit = capped(f"{text}{prefix}")
    found = replace(audit.contradictions[0], because=text)
    return replace(
        audit,
        team=text,
        auditor_id=text,
        case_type=text,
        alerts=(AlertView(text, "CP-05", text),),
        contradictions=(found,),
        caps=tuple(replace(cap, because=text, source=text, rule=text) for cap in audit.caps),
        findings=tuple(replace(f, because=text, source=text) for f in audit.findings),
    )


def large_view(audits: int) -> View:
    """Return a run of so many audits, of all kinds in turn."""
    kinds = (calm, capped, alarming, contradicted, calm, capped)
    return view_of([kinds[n % len(kinds)](f"A-{n:06}") for n in range(audits)])
