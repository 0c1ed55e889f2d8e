"""What a terminal shows: plain lines that fit, worst first, readable aloud."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.reports import screen
from engine.reports.view import View
from tests.web import views

FULL = """\
Audits whose grade is capped or contradicted, worst first

Audit  Auditor's  Moderated    Next      Why
       grade      grade        step
-----  ---------  -----------  --------  ---------------------------------------
A-2    Good       Inadequate   Alert     REF-01: Longest gap 23 working days,
                                         2026-03-02 to 2026-04-02; the standard
                                         is 10
A-3    Good       Requires     Moderate  CP-05: Longest gap 23 working days,
                  improvement            2026-03-02 to 2026-04-02; the standard
                                         is 10
A-4    No grade   No grade     None      contradiction on PLAN-01: 2 of 5
                                         actions have no owner

Look at these files today

A-2: REF-01: no evidence: check the child today

Grades before and after

Grade                        Auditors        Moderated
Outstanding                   0    0%          0    0%
Good                          3   60%          1   20%
Requires improvement          1   20%          2   40%
Inadequate                    0    0%          1   20%
No grade                      1   20%          1   20%
All                           5  100%          5  100%

Auditors graded 3 of 5 files good or better; the record supports at most 1.
2 audits capped, 2 of them below the auditor's grade.
2 contradictions in 2 audits.
1 audit with an alert.
1 data gap on 1 standard.
1 row put aside.
Could not be assessed: REF-01 (1 audit).
Rows put aside are in rejected.csv (with --out).

As of 22 November 2026. Rulebook practice_audit_test 2026.11 (abababababab).
Engine 0.1.0, judge plain. Every grade is proposed until a named moderator
confirms it."""
ALL = [views.small_view, views.calm_view, views.empty_view, views.hostile_view]


def test_full_on_eighty_columns() -> None:
    """The whole screen, word for word."""
    assert "\n".join(screen.full(views.small_view(), 80)) == FULL


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("make", ALL)
def test_lines_fit(make: Callable[[], View], width: int) -> None:
    """No line is wider than the terminal, except where the table of grades cannot be narrower."""
    lines = list(screen.full(make(), width))
    assert max(map(len, lines)) <= max(width, 54)
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("name", ["full", "concise"])
def test_nothing_steers_the_terminal(make: Callable[[], View], name: str) -> None:
    """Control characters in the data are shown as question marks, and a line stays a line."""
    for line in screen.FORMATS[name](make(), 80):
        assert line.isprintable()


def test_own_words_are_ascii() -> None:
    """Old code pages can print everything that is not data."""
    for name in ("full", "concise"):
        assert "\n".join(screen.FORMATS[name](views.small_view(), 100)).isascii()


def test_narrow_terminals_get_lines_instead_of_columns() -> None:
    """Where columns would leave no room for the reason, each fact has its own line."""
    lines = list(screen.full(views.small_view(), 50))
    assert "Moderated grade: Requires improvement" in lines
    assert lines.index("Audit: A-2") < lines.index("Audit: A-3")


def test_concise_is_one_line_an_audit() -> None:
    """One line for each audit on the list, with the whole reason."""
    why = views.BECAUSE["not_met"]
    contradiction = "contradiction on PLAN-01: 2 of 5 actions have no owner"
    assert list(screen.concise(views.small_view())) == [
        f"A-2: auditor good -> moderated inadequate [alert] because REF-01: {why}",
        f"A-3: auditor good -> moderated requires_improvement [moderate] because CP-05: {why}",
        f"A-4: auditor none -> moderated none [none] because {contradiction}",
    ]


def test_no_auditors_grade_shows_the_cap() -> None:
    """Without an auditor's grade nothing can be moderated, and the cap is shown."""
    audit = replace(views.capped("A-1"), auditor_grade=None, moderated_grade=None)
    view = views.view_of([audit])
    assert "moderated none (cap requires_improvement)" in next(screen.concise(view))
    assert "No grade (cap: Requires improvement)" in "\n".join(screen.full(view, 200))


def test_calm_run_says_so() -> None:
    """Where nothing is capped the screen says so, and still sums up."""
    lines = list(screen.full(views.calm_view(), 80))
    assert lines[0] == "No audit is capped or contradicted."
    assert "0 audits capped, 0 of them below the auditor's grade." in lines
    assert list(screen.concise(views.calm_view())) == []


def test_empty_run_says_so() -> None:
    """A run without audits is told in a sentence."""
    assert "No audits were scored." in screen.full(views.empty_view(), 80)


def test_long_lists_stop_and_say_so() -> None:
    """The screen shows the worst and says how the rest can be seen."""
    lines = list(screen.full(views.large_view(90), 100))
    assert "... and 10 more audits; --output-format concise lists all." in lines


def test_closing_line() -> None:
    """The run in one line, for use beside data."""
    assert screen.closing(views.view_of([views.capped("A-1")])) == (
        "1 audit scored: 1 audit capped, 1 of them below the auditor's grade; "
        "1 contradiction in 1 audit; 0 audits with an alert; 1 data gap on 1 standard; "
        "0 rows put aside."
    )


def test_json_is_the_document() -> None:
    """The screen's JSON is what `results.json` holds."""
    document = json.loads("\n".join(screen.FORMATS["json"](views.small_view(), 80)))
    assert document["schema"] == "audit-results/1"
