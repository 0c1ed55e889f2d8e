"""The summary, the order of the list and the one reason that decided."""

from dataclasses import replace

import pytest

from engine.reports.view import AuditView, CapView
from engine.reports.wording import headline, steps_lowered, totals
from engine.reports.worst import deciding, worst
from tests.web import views
from tests.web.views import WORDS


def test_summary_counts_everything_once() -> None:
    """The counts of a run are those of its audits, with nothing left out."""
    summary = views.small_view().summary
    assert summary.grades_before == {
        "inadequate": 0,
        "requires_improvement": 1,
        "good": 3,
        "outstanding": 0,
        "none": 1,
    }
    assert summary.grades_after["inadequate"] == 1
    assert sum(summary.grades_after.values()) == sum(summary.grades_before.values()) == 5
    assert (summary.flagged, summary.capped, summary.lowered) == (3, 2, 2)
    assert (summary.contradictions, summary.contradicted) == (2, 2)
    assert (summary.unsupported, summary.harsher, summary.alerts) == (2, 2, 1)
    assert summary.routes == {"none": 3, "moderate": 1, "panel": 0, "alert": 1}
    assert summary.data_gaps == {"REF-01": 1}


def test_summary_keeps_outcomes_apart() -> None:
    """Every outcome of every standard is counted by itself, zeros included."""
    row = views.small_view().summary.by_standard["PLAN-01"]
    assert (row["met"], row["partly_met"], row["not_evidenced"], row["not_yet_due"]) == (2, 1, 1, 1)
    assert (row["not_met"], row["not_assessable"], row["not_applicable"]) == (0, 0, 0)
    assert (row["contradictions"], row["unsupported"], row["harsher"]) == (1, 1, 2)


def test_summary_names_auditors_and_the_lack_of_one() -> None:
    """An audit that names no auditor is counted under an empty name."""
    by_auditor = views.small_view().summary.by_auditor
    assert list(by_auditor) == ["", "AUD-1", "AUD-2"]
    assert by_auditor["AUD-1"] == {
        "audits": 3,
        "answers": 5,
        "contradictions": 1,
        "unsupported": 0,
        "harsher": 2,
    }


def test_summary_of_nothing_is_whole() -> None:
    """A run without audits still has every grade, route and standard, all at nought."""
    summary = views.empty_view().summary
    assert set(summary.grades_before.values()) == {0}
    assert list(summary.by_standard) == ["CP-05", "PLAN-01", "REF-01"]
    assert summary.by_auditor == {}


def test_worst_comes_first() -> None:
    """The list runs from the lowest grade up; audits the record bears out are not on it."""
    assert [audit.audit_id for audit in worst(views.small_view())] == ["A-2", "A-3", "A-4"]


def test_worst_is_cut_at_the_right_end() -> None:
    """A shortened list is the beginning of the whole one."""
    view = views.large_view(60)
    assert worst(view, 7) == worst(view)[:7]


def test_the_gravest_finding_decides() -> None:
    """Of several caps at the same grade, the one reason is the finding that weighs most."""
    audit = views.capped("A-1")
    sums_up = CapView("two_domains", "overall", "requires_improvement", (), "Two domains", "policy")
    both = replace(sums_up, rule="many", standards=("PLAN-01", "CP-05"))
    reason = deciding(replace(audit, caps=(sums_up, both, *audit.caps)), WORDS)
    assert reason.text.startswith("CP-05: Longest gap 23")
    assert reason.rule == "bottom_line"
    assert reason.source == views.SOURCES["CP-05"]


def test_a_cap_without_a_standard_speaks_for_itself() -> None:
    """A rule about the auditor's own grades is told in the rule's words."""
    own = CapView("own_grade", "overall", "requires_improvement", (), "Safety is inadequate", "p")
    reason = deciding(replace(views.capped("A-1"), caps=(own,)), WORDS)
    assert (reason.text, reason.rule, reason.source) == ("Safety is inadequate", "own_grade", "p")


def test_without_a_cap_the_contradiction_decides() -> None:
    """An audit that is only contradicted is told by its first contradiction."""
    reason = deciding(views.contradicted("A-1"), WORDS)
    assert reason.text == "contradiction on PLAN-01: 2 of 5 actions have no owner"


@pytest.mark.parametrize(
    ("audits", "sentence"),
    [
        ([], "No audits were scored."),
        (
            [views.calm("A-1")],
            "Auditors graded 1 of 1 file good or better; nothing in the record lowers that number.",
        ),
        (
            [views.capped("A-1")],
            "Auditors graded 1 of 1 file good or better; the record supports none of them.",
        ),
        (
            [views.capped("A-1"), views.calm("A-2", "outstanding"), views.calm("A-3")],
            "Auditors graded 3 of 3 files good or better; the record supports at most 2.",
        ),
    ],
)
def test_headline(audits: list[AuditView], sentence: str) -> None:
    """The first sentence says what auditors claimed and what the record supports."""
    assert headline(views.view_of(audits)) == sentence


def test_totals_mind_singular_and_plural() -> None:
    """One audit is an audit, two are audits."""
    assert totals(views.small_view().summary) == (
        "2 audits capped, 2 of them below the auditor's grade",
        "2 contradictions in 2 audits",
        "1 audit with an alert",
        "1 data gap on 1 standard",
        "1 row put aside",
    )


def test_a_missing_grade_is_not_lowered() -> None:
    """Without the auditor's grade there is nothing that could be taken down."""
    assert steps_lowered(WORDS, None, None) == 0
    assert steps_lowered(WORDS, "outstanding", "inadequate") == 3
