"""The words that every format shares: titles, counted nouns, dates and the opening sentence.

In: ids and counts. Out: British English. It must not know which format will print it.
"""

from collections.abc import Mapping
from datetime import date

from engine.reports.view import NO_GRADE, OVERALL, Summary, View, Words
from engine.terms import Outcome, Route

MARKING = "OFFICIAL-SENSITIVE"
PROPOSED_NOTE = "Every grade is proposed until a named moderator confirms it."
COMPARISON_NOTE = (
    "A contradiction is an answer better than the record shows. Unsupported: an answer that the "
    "record is silent about. Harsher: an answer worse than the record shows."
)

OUTCOME_TITLES: Mapping[str, str] = {
    Outcome.MET: "Met",
    Outcome.PARTLY_MET: "Partly met",
    Outcome.NOT_EVIDENCED: "Not evidenced",
    Outcome.NOT_MET: "Not met",
    Outcome.NOT_YET_DUE: "Not yet due",
    Outcome.NOT_APPLICABLE: "Not applicable",
    Outcome.NOT_ASSESSABLE: "Could not be assessed",
}
ROUTE_TITLES: Mapping[str, str] = {
    Route.NONE: "None",
    Route.MODERATE: "Moderate",
    Route.PANEL: "Panel",
    Route.ALERT: "Alert",
}
ROUTE_MEANINGS: Mapping[str, str] = {
    Route.ALERT: "Somebody looks at the child's file today.",
    Route.PANEL: "A panel decides the grade.",
    Route.MODERATE: "A second person moderates the grade.",
    Route.NONE: "No further step.",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_PLURALS = {"entry": "entries", "has": "have", "is": "are"}


def counted(number: int, noun: str) -> str:
    """Put a number before a noun, in the plural unless it is one.

    >>> counted(1, "audit"), counted(1200, "audit"), counted(0, "entry")
    ('1 audit', '1,200 audits', '0 entries')
    """
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """Return the word as it stands beside a number.

    >>> plural(1, "is"), plural(2, "is"), plural(2, "row")
    ('is', 'are', 'rows')
    """
    return noun if number == 1 else _PLURALS.get(noun, f"{noun}s")


def long_date(day: date) -> str:
    """Write a day as it is said.

    >>> long_date(date(2026, 11, 2))
    '2 November 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def plain(name: str | None) -> str:
    """Turn an id into words.

    >>> plain("child_in_need"), plain(None)
    ('Child in need', '')
    """
    return (name or "").replace("_", " ").capitalize()


def grade_title(words: Words, grade: str | None) -> str:
    """Return a grade as it is shown, and say so where there is none."""
    if grade is None or grade == NO_GRADE:
        return "No grade"
    return next((item.title for item in words.grades if item.id == grade), plain(grade))


def scope_title(words: Words, scope: str) -> str:
    """Return what a cap is on: the overall grade or a domain."""
    if scope == OVERALL:
        return "Overall"
    return next((item.title for item in words.domains if item.id == scope), plain(scope))


def outcome_title(outcome: str, *, silent: bool = False) -> str:
    """Return an outcome as it is shown; silence is told apart where it counts as a miss.

    >>> outcome_title("not_met", silent=True), outcome_title("not_evidenced", silent=True)
    ('Not met (nothing recorded)', 'Not evidenced')
    """
    title = OUTCOME_TITLES.get(outcome, plain(outcome))
    return f"{title} (nothing recorded)" if silent and outcome == Outcome.NOT_MET else title


def grade_counts(view: View) -> list[tuple[str, str, int, int]]:
    """Return the id and title of each grade, best first, with its count before and after."""
    before, after = view.summary.grades_before, view.summary.grades_after
    ids = (*(grade.id for grade in reversed(view.words.grades)), NO_GRADE)
    return [
        (grade, grade_title(view.words, grade), before.get(grade, 0), after.get(grade, 0))
        for grade in ids
    ]


def ranks(words: Words) -> dict[str, int]:
    """Return the rank of each grade: 1 is the worst."""
    return {grade.id: rank for rank, grade in enumerate(words.grades, start=1)}


def steps_lowered(words: Words, before: str | None, after: str | None) -> int:
    """Count by how many grades the record took the auditor's grade down."""
    rank = ranks(words)
    return rank[before] - rank[after] if before in rank and after in rank else 0


def percent(part: int, whole: int) -> str:
    """Write a share as a whole per cent, rounded half up; a dash where there is nothing.

    >>> percent(1, 8), percent(0, 0)
    ('13%', '-')
    """
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else "-"


def headline(view: View) -> str:
    """Say in one sentence what the auditors claimed and what the record supports."""
    files = sum(view.summary.grades_before.values())
    if not files:
        return "No audits were scored."
    bar = view.words.grades[-2:][0]  # the best grade but one: with Ofsted's words, "good"
    before = _at_least(view.summary.grades_before, view.words, bar.id)
    after = _at_least(view.summary.grades_after, view.words, bar.id)
    said = f"{before:,} of {counted(files, 'file')} {bar.title.lower()} or better"
    if before == after:
        return f"Auditors graded {said}; nothing in the record lowers that number."
    supported = f"at most {after:,}" if after else "none of them"
    return f"Auditors graded {said}; the record supports {supported}."


def totals(summary: Summary) -> tuple[str, ...]:
    """Say how many are capped, contradicted, alerts, data gaps and rows put aside."""
    s = summary
    gaps = sum(s.data_gaps.values())
    return (
        f"{counted(s.capped, 'audit')} capped, {s.lowered:,} of them below the auditor's grade",
        f"{counted(s.contradictions, 'contradiction')} in {counted(s.contradicted, 'audit')}",
        f"{counted(s.alerts, 'audit')} with an alert",
        f"{counted(gaps, 'data gap')} on {counted(len(s.data_gaps), 'standard')}",
        f"{counted(s.put_aside, 'row')} put aside",
    )


def provenance(view: View) -> str:
    """Say in one line what was scored by what."""
    header = view.header
    first = header.books[0].hash if header.books else header.rulebook_hash
    books = [f"Rulebook {header.rulebook_id} {header.rulebook_version} ({first[:12]})"]
    books += [f"overlay {one.id} {one.version} ({one.hash[:12]})" for one in header.overlays]
    return (
        f"As of {long_date(header.as_of)}. {', '.join(books)}. "
        f"Engine {header.engine_version}, judge {header.judge}."
    )


def _at_least(counts: Mapping[str, int], words: Words, grade: str) -> int:
    rank = ranks(words)
    return sum(n for name, n in counts.items() if rank.get(name, 0) >= rank[grade])


def mid_sentence(text: str) -> str:
    """Return a title as it stands in the middle of a sentence.

    >>> mid_sentence("The child was abroad")
    'the child was abroad'
    """
    return text[0].lower() + text[1:]
