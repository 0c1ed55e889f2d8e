"""The promises of the sentence that explains a finding: every outcome and kind has its own."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.findings.stage import Evidence, Unread
from engine.reports.because import Known, because, limit_in_words, source_of
from engine.reports.cannot_tell import Held
from engine.rulebook.conditions import Test
from engine.rulebook.measures import AnswerMeasure, Threshold
from engine.rulebook.scalars import Duration
from engine.rulebook.standard import Standard
from engine.terms import Outcome, Unit
from tests.rules.rulebooks import shipped

MARCH_3, MARCH_31 = date(2025, 3, 3), date(2025, 3, 31)
LATE = " Recorded after the case was selected for audit."


def standard(name: str) -> Standard:
    return shipped().by_id[name]


def found(name: str, outcome: Outcome, **values: object) -> Evidence:
    """Return evidence of a standard, its first branch with a measure (of CP-05 the last) deciding."""
    measured = [branch for branch in standard(name).branches() if branch.measure]
    branch = measured[-1 if name == "CP-05" else 0]
    given: dict[str, Any] = {
        "standard": name,
        "code": outcome.code,
        "outcome": outcome,
        "silent": outcome is Outcome.NOT_EVIDENCED,
        "value": None,
        "day_from": None,
        "day_to": None,
        "rows": 0,
        "clock": MARCH_3,
        "version": standard(name).versions_of(branch)[0],
        "branch": branch if branch.name else None,
        "back_filled": False,
        "phase": None,
    }
    return Evidence(**{**given, **values})


def said(name: str, outcome: Outcome, **values: object) -> str:
    return because(shipped(), standard(name), found(name, outcome, **values))


def test_outcomes_that_show_nothing_have_a_sentence_each() -> None:
    """Not applicable, not yet due and not assessable are told apart in words."""
    assert because(shipped(), standard("CP-05"), None) == "The standard does not bind this case."
    assert said("CP-05", Outcome.NOT_APPLICABLE) == "The standard does not bind this case."
    assert said("CP-05", Outcome.NOT_YET_DUE) == (
        "The time allowed has not run out at the cut-off. It started on 3 March 2025."
    )
    assert said("CP-05", Outcome.NOT_YET_DUE, clock=None) == (
        "The time allowed has not run out at the cut-off."
    )


def test_what_the_input_lacks_is_named() -> None:
    """A finding that cannot be assessed names the tables and columns that are not there."""
    lacking = found("CP-05", Outcome.NOT_ASSESSABLE)
    absent = ("plans.kind", "visits")
    assert because(
        shipped(), standard("CP-05"), replace(lacking, clock=None), Known(Held(absent))
    ) == ("The input cannot tell: it has no `plans.kind`, `visits`.")
    assert because(shipped(), standard("CP-05"), lacking) == (
        "The input cannot tell: a table was not examined, or a date or row cannot be used."
    )


VISITS, PLANS = frozenset({"visits"}), frozenset({"plans"})


@pytest.mark.parametrize(
    ("name", "values", "held", "text"),
    [
        (
            "CP-05",
            {"clock": None},
            Held(latest=VISITS),
            "of `visits` it holds the latest row alone",
        ),
        ("CP-06", {}, Held(latest=VISITS), "of `visits` it holds the latest row alone"),
        ("CP-05", {}, Held(unread=Unread(VISITS, PLANS)), "the auditor did not examine `visits`"),
        (
            "CP-05",
            {"clock": None},
            Held(unread=Unread(PLANS)),
            "the auditor did not examine `plans`",
        ),
        ("CP-05", {}, Held(unread=Unread(lost=VISITS)), "a row of `visits` was put aside"),
        (
            "CP-05",
            {"clock": None},
            Held(("reviews",), unread=Unread(lost=PLANS)),
            "a row of `plans` was put aside",
        ),
        (
            "FD-01",
            {"version": None},
            Held(),
            "no version of the standard was in force on 3 March 2025",
        ),
        (
            "FD-01",
            {"day_from": MARCH_31, "day_to": MARCH_3},
            Held(),
            "the time counts from 31 March 2025 and ends before that, on 3 March 2025",
        ),
        ("FD-01", {"day_from": MARCH_3}, Held(), "a day on the record lies outside the calendar"),
        (
            "SU-01",
            {"clock": None},
            Held(),
            "a day on which it depends is blank or lies outside the calendar",
        ),
    ],
)
def test_the_true_reason_is_given_where_it_is_known(
    name: str, values: dict[str, Any], held: Held, text: str
) -> None:
    """A finding that could not be assessed says what of the input or the record is to blame."""
    given = found(name, Outcome.NOT_ASSESSABLE, **values)
    assert (
        because(shipped(), standard(name), given, Known(held)) == f"The input cannot tell: {text}."
    )


@pytest.mark.parametrize("outcome", [Outcome.MET, Outcome.PARTLY_MET, Outcome.NOT_MET])
def test_a_measured_finding_is_told_in_the_author_s_words(outcome: Outcome) -> None:
    """The message of the rule file is filled with the figures, days and limits of the finding."""
    values = {"value": 1200, "day_from": MARCH_3, "day_to": MARCH_31}
    text = (
        "The longest time without a visit that counts was 1,200 working days, 3 March 2025 to "
        "31 March 2025. The standard is no more than 10."
    )
    assert said("CP-05", outcome, **values) == text
    assert said("CP-05", outcome, **values, back_filled=True) == text + LATE


def test_every_value_has_its_place() -> None:
    """Rows, per cent and both limits are filled in; a day that is not known is called so."""
    assert said("PL-01", Outcome.PARTLY_MET, value=80, rows=5) == (
        "Of the plan's 5 actions, 80 per cent have an owner and a due date. The standard is 100 "
        "per cent."
    )
    message = "{value} of {met} or {partly_met}, {from} to {to}, {rows}"
    both = standard("CP-05").model_copy(update={"because": message})
    assert because(shipped(), both, found("CP-05", Outcome.MET, value=0, rows=2)) == (
        "0 of 10 or 15, a day that is not on record to a day that is not on record, 2"
    )
    unknown = found("CP-05", Outcome.MET, version=None)
    assert because(shipped(), both, unknown).startswith(" of  or , ")


def test_the_limit_of_a_phase_is_a_length_of_time() -> None:
    """Where limits go by phase, the message shows that of the gap's phase, with its unit."""
    values = {"value": 40, "day_from": MARCH_3, "day_to": MARCH_31}
    assert said("CC-01", Outcome.NOT_MET, **values, phase=0).endswith("is 7 days.")
    assert said("CC-01", Outcome.NOT_MET, **values, phase=1).endswith("is 28 days.")
    assert said("CC-01", Outcome.MET, **values).endswith(
        "is until first review: 7 days; after first review: 28 days."
    )


def test_a_limit_is_a_number_or_the_time_of_a_phase() -> None:
    """A threshold is shown as its number, its phase's time, or all of its times."""
    limits = {"first": Duration(1, Unit.MONTHS), "later": Duration(10, Unit.WORKING_DAYS)}
    assert limit_in_words(None) == ""
    assert limit_in_words(Threshold(at_least=80)) == "80"
    assert limit_in_words(Threshold(at_most=0)) == "0"
    assert limit_in_words(Threshold(at_most=limits), "first") == "1 month"
    assert limit_in_words(Threshold(at_most=limits)) == "first: 1 month; later: 10 working days"


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        (
            "CP-05",
            {"day_from": MARCH_3, "day_to": MARCH_31},
            (
                "The record shows no entry under visits to the child (child seen: yes) "
                "where one is expected, 3 March 2025 to 31 March 2025."
            ),
        ),
        (
            "PL-01",
            {},
            (
                "The record shows no entry under what each plan says will be done"
                " where one is expected."
            ),
        ),
        (
            "CP-05",
            {"clock": None},
            "The day from which the time counts is blank: the day the plan began.",
        ),
        (
            "FD-01",
            {},
            (
                "Blank: the day a manager decided what to do. "
                "The time has counted from 3 March 2025."
            ),
        ),
        (
            "CP-01",
            {},
            (
                "The record shows no entry under child protection conferences (kind: initial or "
                "pre birth). The time has counted from 3 March 2025."
            ),
        ),
        ("RC-01", {}, "There is no day of recording. The time has counted from 3 March 2025."),
        ("PL-02", {}, "Blank: what the plan says will happen if nothing changes."),
        ("AS-02", {}, "The file does not say whether the child was seen."),
        (
            "AS-02",
            {"branch": standard("AS-02").branches()[-1]},
            "The record is blank where an entry is expected.",
        ),
    ],
)
def test_silence_says_what_was_looked_for(name: str, values: dict[str, Any], text: str) -> None:
    """A silent finding says which entry or day is missing, in the words of the dictionary."""
    assert said(name, Outcome.NOT_EVIDENCED, **values) == text
    assert said(name, Outcome.NOT_MET, **values, silent=True) == text
    assert said(name, Outcome.NOT_EVIDENCED, **values, back_filled=True) == text + LATE


def test_a_branch_with_a_message_of_its_own_speaks_for_itself() -> None:
    """What decided is said in the words of the branch, and else in those of the standard."""
    against, asked = standard("TH-01").branches()
    assert said("TH-01", Outcome.NOT_MET, branch=against) == (
        "Somebody who looked at the decision again did not agree that the threshold was applied "
        "rightly."
    )
    assert said("TH-01", Outcome.NOT_MET, branch=asked) == (
        "The auditor is to find that the threshold was applied rightly."
    )


def test_silence_says_which_entries_would_have_counted() -> None:
    """Entries that do not count may be on record, so what was asked of them is said."""
    where = {
        "kind": {"one_of": ("care_leaver", "other")},
        "purpose": {"present": "yes"},
        "reason_not_seen": {"present": "no"},
        "trigger.plan_id": {"not": "P1"},
        "seen_alone": {"not": "yes"},
        "audit.caseload": {"at_most": 20},
        "visit_date": {"on_or_after": "trigger.start_date"},
    }
    measure = standard("SU-01").measure
    tests = {name: Test.model_validate(test) for name, test in where.items()}
    asked = standard("SU-01").model_copy(
        update={"measure": measure.model_copy(update={"of": "visits", "where": tests})}
    )
    assert because(shipped(), asked, found("SU-01", Outcome.NOT_EVIDENCED)) == (
        "The record shows no entry under visits to the child (kind: care leaver or other; "
        "purpose: filled; reason not seen: blank; plan id: anything but P1; seen alone: no or blank; caseload: at most 20; "
        "visit date: on or after a certain day) where one is expected."
    )


def test_a_day_of_the_audit_is_looked_up_in_the_audits() -> None:
    """The words for a blank day of the audit are those of its own table."""
    measure = standard("FD-01").measure
    to = {"field": "audit.allocated_date"}
    changed = measure.model_copy(update={"to": type(measure).model_fields["to"].annotation(**to)})  # type: ignore[misc]
    other = standard("FD-01").model_copy(update={"measure": changed})
    assert because(shipped(), other, found("FD-01", Outcome.NOT_EVIDENCED)).startswith(
        "Blank: the day the case was allocated to the present worker."
    )


def test_an_answer_that_was_not_given_is_told() -> None:
    """Where the auditor's answer is all there is, its absence is said to be the auditor's."""
    asked = standard("SU-01").model_copy(update={"measure": AnswerMeasure(kind="answer")})
    assert because(shipped(), asked, found("SU-01", Outcome.NOT_EVIDENCED)) == (
        "The auditor gave no answer, and the record cannot show it."
    )


def test_the_source_is_that_of_the_version_in_force() -> None:
    """A finding cites the version that decided; without one, what the branches have in common."""
    local = "Local practice standard, Visits to a child on a child protection plan"
    assert source_of(standard("CP-05")) == local
    assert source_of(standard("CP-05"), found("CP-05", Outcome.MET)) == local
    regulations = "The Care Planning, Placement and Case Review (England) Regulations 2010"
    assert source_of(standard("CC-01"), found("CC-01", Outcome.MET)) == (
        f"{regulations}, Regulation 28, for a placement under regulation 24"
    )
    assert source_of(standard("CC-01")) == regulations
    assert source_of(standard("CP-05").model_copy(update={"versions": ()})) == ""
