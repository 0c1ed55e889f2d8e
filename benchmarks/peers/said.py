"""The facts of what the auditor said: the grades, and whether most of the sections are worse."""

from peers.counting import Case, Facts

GRADES = {"inadequate": 1, "requires_improvement": 2, "good": 3, "outstanding": 4}
ANSWERS = {"met": 2, "partly_met": 4, "not_met": 6, "not_applicable": 0}
DOMAINS = (
    "decision_making", "assessment", "planning", "visits", "voice", "oversight", "safety",
    "permanence", "care_leaving", "recording",
)  # fmt: skip
# an answer and an outcome that go together so, each as one number: ten times the answer, and it
CONTRADICTIONS = frozenset((24, 26, 27, 46, 47, 6, 7))
UNSUPPORTED = frozenset((25, 45, 5))
HARSHER = frozenset((42, 62, 64))


def said(case: Case) -> None:
    """Add the grades, 0 for none, and by how many the worse sections outnumber the others."""
    facts = case.facts
    facts["auditor"] = auditor = GRADES.get(case.audit.own["overall_grade"], 0)
    for domain in DOMAINS:
        facts[f"own_{domain}"] = 0
    for domain, grade in case.audit.rows["domain_grades"]:
        case.most(f"own_{domain}", GRADES.get(grade, 0))
    own = [grade for domain in DOMAINS if (grade := facts[f"own_{domain}"])] if auditor else []
    facts["votes"] = sum(1 if grade < auditor else -1 for grade in own)


def answered(rows: list[tuple[str, str]], found: Facts) -> tuple[int, int, int]:
    """Return how many answers contradict the record, lack support, and are harsher than it."""
    best: Facts = {}
    for standard, answer in rows:
        if answer in ANSWERS:
            best[standard] = max(best.get(standard, 0), ANSWERS[answer])
    pairs = [10 * code + found[name] for one, code in best.items()
             if (name := one.lower().replace("-", "")) in found]  # fmt: skip
    return (
        sum(pair in CONTRADICTIONS for pair in pairs),
        sum(pair in UNSUPPORTED for pair in pairs),
        sum(pair in HARSHER for pair in pairs),
    )
