"""What may be written next: every refusal with its words, and what no sequence can reach."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.moderation.cases import Case, after
from engine.moderation.decide import RULES, turn_of
from engine.moderation.entries import (
    Appeal,
    AppealDecided,
    Blind,
    Body,
    Confirmed,
    Graded,
    Inclusions,
    Override,
    Panel,
    Reaudited,
    Response,
    Safe,
)
from engine.moderation.people import same
from tests.unit.moderated_cases import (
    DAY,
    DRAWN,
    FINAL,
    GRADES,
    SEALED,
    SHOWN,
    assigned,
    blind,
    case_of,
    confirmed,
    graded,
    included,
    refused,
    rescored,
    revealed,
    second,
)

APPEAL = Appeal(auditor="au7", grounds="the visit was made")
NO = AppealDecided(by="Dora", upheld=False, note="it was not")
PANEL = Panel(members=("Ann", "Eve"), graded=graded("good"))
LOW = (included("outstanding", "requires_improvement"), blind(), revealed())
ONCE = "only a corrected fact opens it again: `audit moderate rescore AUD-1 …`"

REFUSED = [
    ((), blind(), ("M201", "the ledger holds no audit `AUD-1`", "check the id; `audit moderate list` shows those that were drawn")),
    ((included(drawn=False),), blind(), ("M202", "`AUD-1` was not drawn for moderation", "add it first: `audit sample BATCH --add AUD-1 --because …`")),
    (DRAWN, blind(grade="god"), ("M203", "`god` is no grade of the rulebook", "did you mean `good`?")),
    (DRAWN, blind(visit="good"), ("M204", "`visit` is no domain of the rulebook", "did you mean `visits`?")),
    (DRAWN, Blind(moderator="Ann", turn="first", graded=graded("good", "voice")), ("M205", "`voice` is no reason of the rulebook", "reasons: voice_missing, other")),
    (DRAWN, blind(" "), ("M206", "a name is missing", "give it with --as")),
    (DRAWN, blind("au7 "), ("M207", "`au7 ` audited `AUD-1` and cannot moderate it", "another moderator has to grade it")),
    (SEALED, blind("ann", "outstanding"), ("M208", "`ann` has graded `AUD-1` already (Good)", "a sealed grade stays; `audit moderate reveal AUD-1` comes next, and then the grade that is confirmed may be another")),
    ((*FINAL, PANEL), second("Eve"), ("M209", "`Eve` has seen the auditor's grade of `AUD-1` and cannot grade it blind", "somebody who has not seen it has to grade it")),
    ((*SEALED, second()), second("Eve"), ("M210", "`AUD-1` needs no further blind grade: `Ann` and `Bob` graded it", "if the grades are in doubt, a panel decides")),
    (DRAWN, revealed(), ("M211", "`Ann` has not graded `AUD-1`, so nothing is revealed", "grade it first: `audit moderate record AUD-1 --grade …`")),
    (DRAWN, confirmed(), ("M211", "`Ann` has not graded `AUD-1` blind, so there is nothing to confirm", "grade it first: `audit moderate record AUD-1 --grade …`")),
    (LOW[:2], confirmed(), ("M212", "the auditor's grade of `AUD-1` was not shown to `Ann` yet", "see it first: `audit moderate reveal AUD-1 --as Ann`")),
    (FINAL, confirmed(), ("M213", "`Ann` has confirmed the grade of `AUD-1`", "a panel may decide otherwise: `audit moderate panel AUD-1 …`")),
    ((*FINAL, PANEL), PANEL, ("M213", "the grade of `AUD-1` was decided by a panel", "the auditor may appeal: `audit moderate appeal AUD-1 …`")),
    ((*FINAL, APPEAL, NO), confirmed(), ("M213", "the grade of `AUD-1` was decided on appeal", ONCE)),
    (LOW, confirmed(), ("M214", "Good (overall) is above the cap, Requires improvement, and no override is given", "give a grade within the cap, or both the reason and a second moderator who agrees (--override-reason and --second, or their columns in the workbook)")),
    (LOW, confirmed(by=""), ("M206", "the second moderator of the override is missing", "give it with --second")),
    (LOW, confirmed(by="ANN"), ("M215", "`ANN` cannot agree to their own override", "name another person with --second")),
    (LOW, confirmed(by="AU7"), ("M215", "`AU7` audited `AUD-1` and cannot agree to an override", "name another person with --second")),
    (SHOWN, Confirmed(moderator="Ann", graded=Graded(grade="outstanding")), ("M216", "Outstanding differs from the auditor's Good, and no reason is given", "give --reason (one of voice_missing, other) or --note")),
    (SHOWN, PANEL, ("M217", "no grade of `AUD-1` is confirmed, so there is nothing for a panel", "its moderator confirms it first: `audit moderate confirm AUD-1 …`")),
    ((*FINAL, APPEAL), PANEL, ("M217", "an appeal about `AUD-1` waits for its answer", "`audit moderate appeal-decide AUD-1 …` answers it")),
    (FINAL, Panel(members=("Ann", "ann "), graded=graded("good")), ("M218", "a panel has at least two members", "name each with --member; the moderator may be one of them")),
    (FINAL, Panel(members=("Ann", "AU7"), graded=graded("good")), ("M218", "`AU7` audited `AUD-1` and cannot sit on its panel", "name other members")),
    (FINAL, Response(auditor="AU8", accepts=True), ("M219", "`AU8` is not the auditor of `AUD-1`, who alone answers for it", "name the auditor as the batch does: --as AU7")),
    (SEALED, Response(auditor="AU7", accepts=True), ("M220", "`AUD-1` has no final grade yet", "its moderator confirms it first: `audit moderate confirm AUD-1 …`")),
    (DRAWN, APPEAL, ("M220", "`AUD-1` has no final grade yet", "a moderator grades it first: `audit moderate record AUD-1 --grade …`")),
    ((*FINAL, APPEAL), APPEAL, ("M221", "an appeal about `AUD-1` waits for its answer", "`audit moderate appeal-decide AUD-1 …` answers it")),
    ((*FINAL, APPEAL, NO), APPEAL, ("M221", "an appeal about `AUD-1` was answered by `Dora`", ONCE)),
    ((*FINAL, APPEAL), AppealDecided(by="ann", upheld=False, note="no"), ("M222", "`ann` has decided on `AUD-1` before", "somebody who has not decided on it has to answer")),
    ((*FINAL, APPEAL), AppealDecided(by="AU7", upheld=False, note="no"), ("M222", "`AU7` audited `AUD-1` and cannot answer the appeal", "somebody who has not decided on it has to answer")),
    (FINAL, NO, ("M223", "no appeal about `AUD-1` waits for an answer", "the auditor appeals with `audit moderate appeal AUD-1 …`")),
    ((*FINAL, APPEAL), AppealDecided(by="Dora", upheld=True, note="yes"), ("M224", "an appeal that is upheld needs the grade that follows", "give it with --grade")),
    ((*FINAL, APPEAL), NO.model_copy(update={"graded": graded("good")}), ("M224", "an appeal that is dismissed leaves the grade as it is", "leave --grade out, or uphold the appeal")),
    ((*FINAL, APPEAL), NO.model_copy(update={"override": Override(reason="it lags", second="AU7")}), ("M224", "an appeal that is dismissed leaves the grade as it is, so nothing is overridden", "leave --override-reason and --second out, or uphold the appeal")),
    ((*DRAWN, rescored("good")), rescored("good"), ("M226", "`AUD-1` was scored from this batch already", "`audit ledger show AUD-1` shows what that changed")),
    (DRAWN, Safe(by="Ann", day=DAY, alerted=DAY.replace(day=20), how="seen"), ("M227", "the child was found safe on 2026-01-12, before the alert of 2026-01-20", "check --day and --alerted")),
    ((*DRAWN, Safe(by="Ann", day=DAY, alerted=DAY, how="seen")), Safe(by="Bob", day=DAY, alerted=DAY, how="seen"), ("M228", "`AUD-1` was confirmed as safe after the alert of 2026-01-12", "a later alert has another day: give it with --alerted")),
    (DRAWN, Reaudited(again="AUD-1"), ("M243", "`AUD-1` cannot be the follow-up of itself", "give the later audit")),
    ((*DRAWN, Reaudited(again="AUD-9")), Reaudited(again="AUD-9"), ("M228", "`AUD-9` stands already as the follow-up of `AUD-1`", "nothing needs to be done")),
]  # fmt: skip


@pytest.mark.parametrize(("bodies", "body", "expected"), REFUSED)
def test_what_is_refused_is_said_with_a_way_out(
    bodies: tuple[Body, ...], body: Body, expected: tuple[str, str, str]
) -> None:
    assert refused(case_of(*bodies), body) == [expected]


ALLOWED = [
    (DRAWN, blind()),
    (SEALED, second()),
    (FINAL, second()),
    ((included(auditor_id=None),), blind()),
    (SEALED, revealed("ANN")),
    (SHOWN, confirmed()),
    (LOW, confirmed(by="Bob")),
    (LOW, confirmed("requires_improvement")),
    (FINAL, PANEL),
    (FINAL, Response(auditor="au7", accepts=False)),
    (FINAL, APPEAL),
    ((*FINAL, APPEAL), NO),
    ((*FINAL, rescored("requires_improvement")), confirmed("requires_improvement")),
    ((*FINAL, rescored("good"), rescored(None, batch="b3")), rescored("good")),
    (DRAWN, Safe(by="Ann", day=DAY, alerted=DAY, how="seen")),
]


@pytest.mark.parametrize(("bodies", "body"), ALLOWED)
def test_what_the_rules_allow_is_allowed(bodies: tuple[Body, ...], body: Body) -> None:
    assert refused(case_of(*bodies), body) == []


def test_nothing_tells_of_the_cap_or_the_auditor_before_the_reveal() -> None:
    told = refused(case_of(*LOW[:2]), confirmed("outstanding"))
    assert [code for code, _, _ in told] == ["M212"]


def test_who_is_given_the_second_copy_grades_it_and_a_stand_in_takes_a_free_one() -> None:
    case = case_of(*DRAWN, assigned("Ann"), assigned("Bob", "second"))
    assert [turn_of(case, name) for name in ("ann", "BOB", "Eve")] == ["first", "second", "first"]
    assert turn_of(case_of(*SEALED), "Eve") == "second"


PEOPLE = ("Ann", "Bob", "Eve", "Dora", "AU7")
names, ranks = st.sampled_from(PEOPLE), st.sampled_from(GRADES)
grades = st.builds(
    lambda overall, visits: graded(overall, **({"visits": visits} if visits else {})),
    ranks,
    st.none() | ranks,
)
overrides = st.none() | st.builds(Override, reason=st.just("it lags"), second=names)
BODIES = st.one_of(
    st.builds(Blind, moderator=names, turn=st.sampled_from(["first", "second"]), graded=grades),
    st.builds(revealed, names),
    st.builds(Confirmed, moderator=names, graded=grades, override=overrides),
    st.builds(Panel, members=st.tuples(names, names), graded=grades, override=overrides),
    st.builds(Response, auditor=names, accepts=st.booleans()),
    st.just(APPEAL),
    st.builds(
        AppealDecided, by=names, upheld=st.booleans(), note=st.just("so"),
        graded=st.none() | grades, override=overrides,
    ),
    st.builds(rescored, st.none() | ranks, ranks, st.sampled_from(["b1", "b2"])),
)  # fmt: skip


def _holds(case: Case) -> None:
    """Assert what is so wherever the rules lead."""
    assert not any(same(one.moderator, "AU7") for one in case.blind)
    assert len({one.moderator for one in case.blind}) == len(case.blind)
    assert len({one.turn for one in case.blind}) == len(case.blind)
    assert "AU7" not in case.deciders
    decision = case.decision
    if case.final is None or decision is None:
        return
    if case.breaches(case.final):
        assert decision.override is not None
        assert decision.override.second.strip()
        assert not same(decision.override.second, "AU7")
    if case.confirmed is not None and case.routed:
        assert case.panel is not None or case.upheld is not None
    assert case.moderated or case.second


@settings(max_examples=60, deadline=None)
@given(
    st.builds(included, ranks, st.none() | ranks),
    st.lists(BODIES, min_size=40, max_size=60),
)
def test_no_sequence_of_allowed_entries_ends_above_the_cap_unanswered_for(
    first: Inclusions, bodies: list[Body]
) -> None:
    case = case_of(first)
    sealed: dict[str, Blind] = {}
    for body in bodies:
        if refused(case, body):
            continue
        case = after(case, body)
        _holds(case)
        for one in case.blind:
            assert sealed.setdefault(one.moderator, one) == one
    if case.moderated is not None:
        assert case.moderated == next(one.graded for one in sealed.values() if one.turn == "first")


def _prefixes(depth: int) -> None:
    """Follow every allowed sequence of a small alphabet to a depth."""
    alphabet: tuple[Body, ...] = (
        blind(), second(), revealed(), revealed("Bob"), confirmed("outstanding"),
        confirmed("outstanding", by="Eve"), confirmed("inadequate"), confirmed(name="Bob"), PANEL,
        APPEAL, NO, rescored("requires_improvement"), rescored("inadequate", batch="b3"),
    )  # fmt: skip
    front = {repr(case_of(included("good", "good"))): case_of(included("good", "good"))}
    for _ in range(depth):
        nexts: dict[str, Case] = {}
        for case in front.values():
            for body in alphabet:
                if not refused(case, body):
                    new = after(case, body)
                    _holds(new)
                    nexts[repr(new)] = new
        front = nexts
    assert front


def test_every_sequence_of_seven_of_a_small_alphabet_holds() -> None:
    _prefixes(7)


def test_every_kind_of_entry_about_an_audit_has_its_rule() -> None:
    names_ = {kind.kind for kind in RULES}
    assert names_ == {
        "blind", "revealed", "confirmed", "panel", "response", "appeal", "appeal_decided",
        "rescored", "safe", "reaudited",
    }  # fmt: skip
