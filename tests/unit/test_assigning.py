"""The promises of who moderates what."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.moderation.assigning import Moderator, assign
from engine.moderation.frame import FrameRow

TEAMS = ("North", "South", "East", "")
IDS = ("P1", "P2", "P3", "P4", "")


def row(number: int, team: str = "", auditor: str = "", worker: str = "") -> FrameRow:
    names = (team or None, auditor or None, worker or None)
    return FrameRow(f"A{number:03}", None, *names, overall=3, cap=None, alert=False)


rows = st.lists(
    st.tuples(st.sampled_from(TEAMS), st.sampled_from(IDS), st.sampled_from(IDS)), max_size=40
).map(lambda found: [row(n, *one) for n, one in enumerate(found)])
people = st.lists(
    st.tuples(st.sampled_from(TEAMS), st.sampled_from(IDS)), min_size=1, max_size=5
).map(lambda found: [Moderator(f"M{n}", *one) for n, one in enumerate(found)])


@given(rows, people, st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_nobody_has_an_audit_of_their_own_or_of_their_own_team(
    audits: list[FrameRow], moderators: list[Moderator], seed: int
) -> None:
    """First and second moderators are neither auditor nor worker, nor of the team, nor the same."""
    made = assign(audits, moderators, seed)
    by_id, by_name = {one.audit_id: one for one in audits}, {one.name: one for one in moderators}
    for turn in (made.first, made.second):
        for audit, name in turn.items():
            one, held = by_name[name], by_id[audit]
            assert one.id == "" or one.id not in (held.auditor_id, held.worker_id)
            assert not one.team or one.team != held.team
    assert all(made.first[audit] != name for audit, name in made.second.items())


@given(rows, people, st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_every_audit_has_a_moderator_or_a_problem_that_names_it(
    audits: list[FrameRow], moderators: list[Moderator], seed: int
) -> None:
    """An audit without a moderator is one that nobody may have, and it is named."""
    made = assign(audits, moderators, seed)
    told = " ".join(one.message for one in made.problems if one.code == "M401")
    for one in audits:
        free = any(somebody.may_have(one) for somebody in moderators)
        assert (one.audit_id in made.first) is free
        assert (f"`{one.audit_id}`" in told) is not free


@given(rows, people, st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_no_audit_can_be_passed_on_to_even_the_loads(
    audits: list[FrameRow], moderators: list[Moderator], seed: int
) -> None:
    """Whoever may have an audit has at most one fewer first audits than whoever has it."""
    made = assign(audits, moderators, seed, copies=False)
    loads = Counter(made.first.values())
    for one in audits:
        for other in moderators:
            if one.audit_id in made.first and other.may_have(one):
                assert loads[made.first[one.audit_id]] - loads[other.name] <= 1


@given(rows, people, st.integers(0, 9), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_same_seed_gives_the_same_whatever_the_order(
    audits: list[FrameRow], moderators: list[Moderator], seed: int, shuffled: object
) -> None:
    """Neither the order of the audits nor that of the moderators plays a part."""
    again, others = list(audits), list(moderators)
    shuffled.shuffle(again)  # type: ignore[attr-defined] # Hypothesis's own Random
    shuffled.shuffle(others)  # type: ignore[attr-defined]
    assert assign(again, others, seed) == assign(audits, moderators, seed)


def test_a_tenth_has_a_second_moderator_and_one_audit_has_one_too() -> None:
    """Of 41 audits five have a second moderator; with one moderator there is none."""
    three = [Moderator(name) for name in ("Ann", "Ben", "Cal")]
    audits = [row(n) for n in range(41)]
    assert len(assign(audits, three, 1).second) == 5
    assert len(assign(audits[:1], three, 1).second) == 1
    assert not assign(audits, three[:1], 1).second
    assert set(assign(audits, three, 1).loads().values()) <= {15, 16}


def test_another_seed_gives_another_dealing() -> None:
    """Who has what is drawn."""
    three = [Moderator(name) for name in ("Ann", "Ben", "Cal")]
    audits = [row(n) for n in range(20)]
    assert assign(audits, three, 1).first != assign(audits, three, 2).first


def test_what_nobody_may_have_is_told_with_the_reason() -> None:
    """The message says of each moderator why not, and the rest is assigned."""
    moderators = [Moderator("Ann", "North"), Moderator("Ben", "", "P1"), Moderator("W9")]
    made = assign([row(1, "north", "p1", "w9"), row(2)], moderators, 1)
    assert [str(one) for one in made.problems] == [
        "--moderator: M401 nobody can moderate audit `A001`: Ann is of the same team; "
        "Ben audited it; W9 works with the child\n"
        "  help: give the same command again with a moderator of another team added"
    ]
    assert list(made.first) == ["A002"]
    assert list(made.second) == ["A002"]


def test_fewer_second_copies_than_wanted_are_told() -> None:
    """Where only one moderator may have the audits, there is no second."""
    moderators = [Moderator("Ann", "North"), Moderator("Ben")]
    made = assign([row(1, "North"), row(2, "North")], moderators, 1)
    assert [one.message for one in made.problems] == [
        "0 of 1 second-moderator copies have a second moderator"
    ]
    assert made.first == {"A001": "Ben", "A002": "Ben"}
