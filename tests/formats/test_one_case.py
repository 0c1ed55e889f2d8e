"""One case in every format: the same findings, or the fact that the format lacks.

The case is a child on a child protection plan, from the referral to the first review conference.
It is written as an auditor's workbook, which can say everything, and as each national return.
"""

import re
from datetime import date

import pytest

from engine.records.batch import Presence
from engine.reports.view import FindingView
from engine.terms import Outcome
from tests.formats import workbook
from tests.formats.cases import AUDIT, PROTECTED, whole
from tests.formats.every import OF_A_PROTECTED_CHILD, WRITERS, book, findings

AS_OF = date(2025, 3, 7)
NAMED = re.compile(r"`([a-z_0-9.]+)(?: on [A-Z0-9-]+)?`")

Found = tuple[Presence, dict[str, FindingView]]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what the workbook shows."""
    path = tmp_path_factory.mktemp("case") / "case.xlsx"
    return findings(workbook.write(whole(PROTECTED, book()), path), AUDIT, AS_OF)


@pytest.fixture(scope="module", params=OF_A_PROTECTED_CHILD)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what one of the returns shows."""
    write = WRITERS[request.param]
    path = tmp_path_factory.mktemp("case") / "case"
    return findings(write(whole(PROTECTED, book()), path), AUDIT, AS_OF)


def test_the_workbook_can_say_everything(plain: Found) -> None:
    """No standard is beyond what an auditor can fill in, and the case is worth comparing."""
    _, found = plain
    outcomes = [one.outcome for one in found.values()]
    assert Outcome.NOT_ASSESSABLE not in outcomes
    assert outcomes.count("met") >= 40
    assert {"not_met", "partly_met", "not_evidenced"} <= set(outcomes)


def test_the_same_findings_or_the_fact_that_is_lacking(plain: Found, other: Found) -> None:
    """Every finding of a return is the workbook's, or says what the return does not hold."""
    _, expected = plain
    presence, found = other
    assert found.keys() == expected.keys()
    for name, one in found.items():
        if one.outcome == Outcome.NOT_ASSESSABLE:
            assert one.because.startswith("The input cannot tell: "), name
            assert f"this {presence.source} " in one.because, name
            assert _lacking(one.because, presence), (name, one.because)
        else:
            assert one.outcome == expected[name].outcome, name


def test_what_is_timed_is_timed_alike(plain: Found, other: Found) -> None:
    """Where both find how long something took, they count from the same day to the same day."""
    timed = {
        one.id
        for one in book().standards
        if all(getattr(b.measure, "kind", "") == "within" for b in one.branches())
    }
    _, expected = plain
    for name, one in other[1].items():
        if name in timed and one.outcome == expected[name].outcome:
            there = expected[name]
            assert (one.value, one.day_from, one.day_to) == (
                there.value,
                there.day_from,
                there.day_to,
            ), name


def _lacking(because: str, presence: Presence) -> bool:
    """Say whether each name in a reason is of something that the input does not hold in full."""
    named = NAMED.findall(because)
    return bool(named) and all(_lacks(name, presence) for name in named)


def _lacks(name: str, presence: Presence) -> bool:
    table, _, column = name.partition(".")
    if table in presence.latest_only or table in presence.not_examined:
        return True
    return (column or "audit_id") not in presence.columns.get(table, frozenset())
