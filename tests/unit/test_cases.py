"""What the ledger says of an audit: the fold, and what it makes of entries in any order."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.moderation.actions import actions
from engine.moderation.cases import OVERALL, Stage, cases
from engine.moderation.entries import (
    ActionClosed,
    ActionSet,
    Appeal,
    AppealDecided,
    Body,
    Panel,
    Response,
    WeekReported,
)
from engine.moderation.routes import tasks
from tests.unit.moderated_cases import (
    AUDIT,
    DAY,
    DRAWN,
    FINAL,
    GRADES,
    SEALED,
    SHOWN,
    all_of,
    assigned,
    blind,
    case_of,
    confirmed,
    entries,
    graded,
    included,
    rescored,
    revealed,
    second,
)

PANEL = Panel(members=("Ann", "Eve"), graded=graded("requires_improvement"))
ACCEPTS = Response(auditor="AU7", accepts=True)
APPEAL = Appeal(auditor="AU7", grounds="the visit was made")
DISMISSED = AppealDecided(by="Dora", upheld=False, note="it was not")
UPHELD = AppealDecided(by="Dora", upheld=True, note="it was", graded=graded("outstanding"))
FAR = (included("outstanding"), blind(), revealed(), confirmed("requires_improvement"))


@pytest.mark.parametrize(
    ("bodies", "stage", "final"),
    [
        ((included(drawn=False),), Stage.NOT_DRAWN, None),
        (DRAWN, Stage.DRAWN, None),
        (SEALED, Stage.GRADED, None),
        (SHOWN, Stage.REVEALED, None),
        (FINAL, Stage.CONFIRMED, "good"),
        ((*FINAL, ACCEPTS), Stage.SETTLED, "good"),
        (FAR, Stage.PANEL, None),
        ((*FAR, PANEL), Stage.CONFIRMED, "requires_improvement"),
        ((*FINAL, APPEAL), Stage.PANEL, None),
        ((*FINAL, APPEAL, DISMISSED), Stage.SETTLED, "good"),
        ((*FAR, PANEL, APPEAL, UPHELD), Stage.SETTLED, "outstanding"),
        ((*FINAL, rescored("good")), Stage.CONFIRMED, "good"),
        ((*FINAL, rescored("requires_improvement")), Stage.REVEALED, None),
        ((*FINAL, rescored("requires_improvement"), PANEL), Stage.CONFIRMED, "requires_improvement"),
    ],
)  # fmt: skip
def test_a_case_stands_where_its_last_decision_put_it(
    bodies: tuple[Body, ...], stage: Stage, final: str | None
) -> None:
    case = case_of(*bodies)
    assert (case.stage, case.final.grade if case.final else None) == (stage, final)


def test_a_domain_that_a_panel_names_no_grade_for_keeps_the_moderators() -> None:
    """Nothing is final before the panel; what it names counts, and then what was confirmed."""
    own = confirmed("requires_improvement")
    of_two = graded("requires_improvement", visits="good", planning="inadequate")
    far = (*FAR[:-1], own.model_copy(update={"graded": of_two}))
    named = PANEL.model_copy(update={"graded": graded("requires_improvement", visits="inadequate")})
    assert case_of(*far).final_domains == {}
    assert case_of(*far, PANEL).final_domains == {"visits": "good", "planning": "inadequate"}
    assert case_of(*far, named).final_domains["visits"] == "inadequate"
    assert case_of(*far, named, APPEAL, UPHELD).final_domains["visits"] == "good"


@pytest.mark.parametrize("said", GRADES)
@pytest.mark.parametrize("given_", GRADES)
def test_two_grades_apart_or_to_or_from_the_worst_is_for_a_panel(said: str, given_: str) -> None:
    case = case_of(included(said), blind(grade=given_), revealed(), confirmed(given_))
    apart = abs(GRADES.index(said) - GRADES.index(given_))
    worst = said != given_ and "inadequate" in (said, given_)
    assert case.needs_panel == (apart >= 2 or worst)
    assert (case.final is None) == case.needs_panel


def test_the_grade_of_the_statistics_is_the_first_blind_one_whatever_follows() -> None:
    case = case_of(
        included("outstanding"), second(grade="inadequate"), blind(grade="good"),
        blind(grade="outstanding"), revealed(), confirmed("requires_improvement"), PANEL, APPEAL, UPHELD,
    )  # fmt: skip
    assert case.moderated is not None
    assert case.second is not None
    assert (case.moderated.grade, case.second.grade) == ("good", "inadequate")


def test_an_override_holds_for_as_long_as_no_cap_is_lower() -> None:
    above = (included("good", "requires_improvement"), blind(), revealed(), confirmed(by="Bob"))
    assert case_of(*above, rescored("requires_improvement")).final is not None
    again = case_of(*above, rescored("inadequate"))
    assert again.final is None
    assert again.reopened
    assert again.earlier == (confirmed(by="Bob"),)
    assert tasks(again)[0].what == "confirm it again: the cap has changed"


def test_what_was_said_before_a_correction_stays_and_no_longer_decides() -> None:
    case = case_of(*FINAL, APPEAL, UPHELD, rescored("good", "outstanding"))
    assert case.final is None
    assert [one.past for one in case.appeals] == [True]
    assert case.earlier == (confirmed(), UPHELD)
    assert case.standing[OVERALL].cap == "good"
    assert case.appeal is None


def test_nothing_of_other_audits_or_of_reports_changes_a_case() -> None:
    report = WeekReported(week="L1", audience="panel", head="1:x")
    others = entries((blind("Zoe", "inadequate"), confirmed("inadequate", "Zoe")), audit="AUD-2")
    own = entries((*FAR, PANEL))
    mixed = (*own[:2], *others, *entries((report,), audit=AUDIT), *own[2:])
    assert cases(mixed, GRADES)[AUDIT] == cases(own, GRADES)[AUDIT]
    assert cases(mixed, GRADES, only=AUDIT) == cases(own, GRADES)


BODIES = (
    *DRAWN, blind(), blind("Bob", "inadequate"), second(), revealed(), confirmed(), PANEL, ACCEPTS,
    APPEAL, DISMISSED, UPHELD, rescored("inadequate"), rescored(None), assigned("Ann"),
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.sampled_from(BODIES), max_size=12))
def test_entries_in_any_order_make_a_case_and_a_sealed_grade_never_changes(
    bodies: list[Body],
) -> None:
    sealed: dict[str, object] = {}
    for end in range(len(bodies) + 1):
        case = case_of(*bodies[:end])
        assert case.stage in Stage
        assert isinstance(tasks(case), tuple)
        for one in case.blind:
            assert sealed.setdefault(one.moderator, one) == one
    assert set(all_of(*bodies)) <= {AUDIT}


def test_an_unknown_grade_is_never_far_from_another_or_above_a_cap() -> None:
    case = case_of(included("adequate", "poor"), blind(grade="fine"), revealed(), confirmed("fine"))
    assert not case.needs_panel
    assert case.breaches(graded("fine")) == ()


def _set(action: str, due: date = DAY, carried: str = "") -> ActionSet:
    return ActionSet(action=action, what="visit", owner="Eve", due=due, carried_from=carried)


def test_an_action_is_open_until_it_is_closed_or_another_goes_on_with_it() -> None:
    done = ActionClosed(action="A2", evidence="the visit is recorded", day=DAY)
    found = actions(entries((_set("A1"), _set("A2", carried="A1"), done, _set("A3"))))
    assert [(one.id, one.open, one.carried_to) for one in found] == [
        ("A1", False, "A2"),
        ("A2", False, ""),
        ("A3", True, ""),
    ]
    assert [one.overdue(date(2026, 1, 13)) for one in found] == [False, False, True]
    assert not found[2].overdue(DAY)
