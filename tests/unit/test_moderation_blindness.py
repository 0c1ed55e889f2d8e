"""Nothing tells of the auditor's grade or the cap too early, and auditors have no say in their own.

An auditor is known by name, and by the id that a moderator was named with.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.cli.sample_told import plan_told, what_next
from engine.moderation import sampling
from engine.moderation.assigning import Moderator
from engine.moderation.cases import Case
from engine.moderation.entries import (
    Appeal,
    AppealDecided,
    Assigned,
    Blind,
    Body,
    Confirmed,
    Draft,
    Draw,
    Graded,
    Included,
    Inclusions,
    Panel,
    Standing,
)
from engine.moderation.ledger import open_ledger
from tests.unit.commands import Audit
from tests.unit.moderated import AS_OF, AT, asked
from tests.unit.moderated_cases import (
    DRAWN,
    FINAL,
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
)

SMALL = Path(__file__).parents[1] / "rules" / "small"
CAPPED = included("outstanding", "requires_improvement")
TOP = graded("outstanding")
DRAW = Draw(
    draw="d1", seed=1, budget=1, audits=1, drawn=1, moderators=("Ann", "Bob"), ids={"Bob": "AU7"},
    input_hash="b", rulebook_hash="r", rulebook_version="1", engine_version="0",
    as_of=date(2026, 1, 12),
)  # fmt: skip


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (Panel(members=("Ann", "Eve"), graded=TOP), ["M217"]),
        (AppealDecided(by="Eve", upheld=True, note="so", graded=TOP), ["M223"]),
    ],
)
@pytest.mark.parametrize("bodies", [(CAPPED,), (CAPPED, blind()), (CAPPED, blind(), revealed())])
def test_a_panel_or_an_appeal_that_is_too_early_does_not_tell_of_the_cap(
    bodies: tuple[Body, ...], body: Body, expected: list[str]
) -> None:
    assert [code for code, *_ in refused(case_of(*bodies), body)] == expected


@pytest.mark.parametrize("body", [Panel(members=("Ann", "Eve"), graded=TOP)])
def test_above_the_cap_a_panel_is_refused_once_there_is_something_to_decide(body: Body) -> None:
    case = case_of(CAPPED, blind(), revealed(), confirmed("requires_improvement"))
    assert [code for code, *_ in refused(case, body)] == ["M214"]


def known(*bodies: Body, by_assignment: bool = False) -> Case:
    """Return a case of AU7's audit whose moderator Bob is AU7, as the draw or his copy says."""
    if by_assignment:
        also = assigned("Bob").model_copy(update={"moderator_id": "au7"})
        return case_of(*bodies, also)
    return case_of(DRAW, *bodies)


def test_nobody_grades_an_audit_of_their_own_team() -> None:
    """What the draw would not give to a moderator, they cannot record either; others can."""
    draw = DRAW.model_copy(update={"teams": {"Ann": "North", "Bob": "South"}})
    north = included(team="north ")
    for name in ("ann", "ANN "):
        assert refused(case_of(draw, north), blind(name)) == [
            (
                "M234",
                f"`{name}` is of `north `, the team of `AUD-1`, and cannot moderate it",
                "a moderator of another team has to grade it",
            )
        ]
    assert [code for code, *_ in refused(case_of(draw, included(team="South")), blind("au7"))] == [
        "M207"
    ]
    for other in (included(team="South"), included(), included(team="")):
        assert refused(case_of(draw, other), blind("Ann")) == []
    later = assigned("Eve").model_copy(update={"moderator_team": "North"})
    assert [code for code, *_ in refused(case_of(draw, north, later), blind("Eve"))] == ["M234"]
    assert refused(case_of(DRAW, north), blind("Ann")) == []


def test_the_teams_of_moderators_stand_in_the_draw_and_leave_its_id() -> None:
    assert sampling.teams_of((Moderator("Cal"), Moderator("Bob", "North"))) == {"Bob": "North"}


@pytest.mark.parametrize("by_assignment", [False, True])
def test_who_audited_it_is_known_by_the_id_that_was_given_with_the_name(
    *, by_assignment: bool
) -> None:
    upheld = AppealDecided(by="BOB", upheld=False, note="no")
    appeal = Appeal(auditor="AU7", grounds="so")
    above = (included("outstanding", "requires_improvement"), blind(), revealed())
    asked_for: list[tuple[tuple[Body, ...], Body, tuple[str, str]]] = [
        (DRAWN, blind("bob"), ("M207", "`bob` audited `AUD-1` and cannot moderate it")),
        (
            FINAL,
            Panel(members=("Ann", "Bob"), graded=graded("good")),
            ("M218", "`Bob` audited `AUD-1` and cannot sit on its panel"),
        ),
        ((*FINAL, appeal), upheld, ("M222", "`BOB` audited `AUD-1` and cannot answer the appeal")),
        (
            above,
            confirmed(by="Bob"),
            ("M215", "`Bob` audited `AUD-1` and cannot agree to an override"),
        ),
    ]
    for bodies, body, expected in asked_for:
        case = known(*bodies, by_assignment=by_assignment)
        assert [one[:2] for one in refused(case, body)] == [expected]
    assert refused(known(*SHOWN, by_assignment=by_assignment), confirmed()) == []


def test_an_entry_from_before_ids_were_kept_is_still_read() -> None:
    old = {"draw": "d1", "moderator": "Ann", "turn": "first"}
    assert Assigned.model_validate(old) == assigned("Ann")
    before = {k: value for k, value in DRAW.model_dump().items() if k not in {"ids", "teams"}}
    assert Draw.model_validate(before) == DRAW.model_copy(update={"ids": {}})


def test_the_ids_of_moderators_stand_in_the_draw_and_with_what_they_were_given() -> None:
    row = Included(audit_id="A1", inclusion=1, tier="other", reason="any", drawn=True)
    sample = sampling.Sample(DRAW, {"A1": row}, {"A1": "Bob"})
    drafts: list[Draft] = list(
        sampling.drafts(sample, None, "me", AT, (Moderator("Bob", "North", "AU7"),))
    )
    given = [one.body for one in drafts if isinstance(one.body, Assigned)]
    assert [(one.moderator_id, one.moderator_team) for one in given] == [("AU7", "North")]
    assert sampling.ids_of((Moderator("Cal"), Moderator("Bob", "", "AU7"))) == {"Bob": "AU7"}


def two_copies(path: Path, *more: Body) -> None:
    """Write a ledger with one audit whose second moderator has not graded."""
    stood = Standing(auditor_grade="good", cap="requires_improvement")
    row = Included(
        audit_id="AUD-1", inclusion=0.9, tier="certainty", drawn=True, overall=stood,
        reason="the auditor's grade is two or more above what the record allows",
    )  # fmt: skip
    bodies: tuple[Body, ...] = (
        assigned("Ann"), assigned("Bob", "second"), blind(), revealed(), *more,
    )  # fmt: skip
    begun = [Draft(DRAW, "Quinn", AT), Draft(Inclusions(draw="d1", audits=(row,)), "Quinn", AT)]
    open_ledger(path, create=True).append([*begun, *(Draft(b, "Ann", AT, "AUD-1") for b in bodies)])


def test_until_the_second_moderator_has_graded_neither_list_nor_ledger_shows_a_grade(
    audit: Audit, tmp_path: Path
) -> None:
    path = tmp_path / "l.sqlite"
    decided = Confirmed(moderator="Ann", graded=Graded(grade="requires_improvement"))
    two_copies(path, decided, rescored("inadequate"))
    shown = audit("ledger", "show", "AUD-1", "--ledger", path)
    assert "confirmed the grade: sealed until all who grade it blind have done so" in " ".join(
        shown.out.split()
    )
    for word in ("good", "requires", "inadequate", "two or more", "0.9"):
        assert word not in shown.out
    two = tmp_path / "two.sqlite"
    two_copies(two, confirmed("good"))
    listed = audit("moderate", "list", "--ledger", two, "--rules", SMALL)
    assert listed.out.splitlines()[1].startswith("AUD-1  final, to be answered  (sealed)")
    as_json = audit("moderate", "list", "--ledger", two, "--rules", SMALL, "--output-format=json")
    assert '"final_grade": null' in as_json.out
    sealed = Blind(moderator="Bob", turn="second", graded=Graded(grade="good"))
    open_ledger(two, create=False).append([Draft(sealed, "Bob", AT, "AUD-1")])
    listed = audit("moderate", "list", "--ledger", two, "--rules", SMALL)
    assert listed.out.splitlines()[1].startswith("AUD-1  final, to be answered  Good")


def test_a_correction_shows_no_cap_while_somebody_grades_blind() -> None:
    assert case_of(*DRAWN).graded_blind
    assert case_of(*SEALED, assigned("Bob", "second")).graded_blind
    assert not case_of(*SEALED).graded_blind
    assert not case_of(*SEALED, assigned("ANN")).graded_blind


def test_that_a_child_is_safe_is_written_before_any_draw_and_only_of_an_audit_that_there_is(
    audit: Audit, tmp_path: Path
) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        '{"audit_id": "AUD-1", "audit_date": "2026-01-05", "case_type": "child_in_need"}\n'
    )
    safe = ("--how", "seen at home", "--alerted", "2026-01-10", "--day", "2026-01-12", "--as", "E")
    also = ("--rules", SMALL)
    wrong = audit("moderate", "safe", "AUD-2", *safe, "--batch", batch, *also)
    assert (wrong.code, wrong.err) == (
        2,
        "audit AUD-2: M201 neither the ledger nor the batch holds an audit `AUD-2`\n"
        "  help: did you mean `AUD-1`?\n",
    )
    assert not (tmp_path / "audit-ledger.sqlite").exists()
    done = audit("moderate", "safe", "AUD-1", *safe, "--batch", batch, *also)
    assert (done.code, done.out, done.err) == (
        0,
        "AUD-1: the child was found safe on 2026-01-12 by E; alert 2026-01-10, 2 days later "
        "(entry 1)\n",
        "not checked: whether this audit carries an alert, and since when; `audit score` tells\n",
    )
    ledger = tmp_path / "audit-ledger.sqlite"
    alone = audit("moderate", "safe", "AUD-9", *safe, "--ledger", ledger, *also)
    assert (alone.code, alone.err) == (
        2,
        "audit AUD-9: M201 the ledger holds no audit `AUD-9`\n"
        "  help: check the id; where it was not drawn, give the batch that holds it: --batch\n",
    )


def test_moderators_ids_are_kept_by_a_draw(tmp_path: Path) -> None:
    from engine.cli.sample import run_sample

    path = tmp_path / "l.sqlite"
    order = asked(tmp_path / "out", path, moderators=("Ann::AU0001", "Ben", "Cal"), as_of=AS_OF)
    assert run_sample(replace(order, budget=4), AT) == 0
    entries = [one.body for one in open_ledger(path, create=False).entries()]
    assert [one.ids for one in entries if isinstance(one, Draw)] == [{"Ann": "AU0001"}]
    given = {one.moderator_id for one in entries if isinstance(one, Assigned)}
    assert given == {"AU0001", ""}


def test_what_comes_next_names_the_ledger_and_so_few_files_promise_nothing() -> None:
    sample = sampling.Sample(DRAW, {}, {"A1": "Bob"})
    assert what_next("my week", Path("out"), sample).splitlines()[1:] == [
        "  audit moderate import WORKBOOK --batch 'my week', for each",
        "  audit sample 'my week' --reveal --out FOLDER, for the second workbooks",
    ]
    assert what_next("week", Path("out"), sample, "an other.sqlite").splitlines()[1:] == [
        "  audit moderate import WORKBOOK --ledger 'an other.sqlite', for each",
        "  audit sample week --reveal --out FOLDER --ledger 'an other.sqlite', for the second "
        "workbooks",
    ]
    one = Included(audit_id="A1", inclusion=0.1, tier="other", reason="any", drawn=True)
    many = DRAW.model_copy(update={"audits": 119})
    assert "So few files tell nothing of the share of all that are good or better." in plan_told(
        sampling.Sample(many, {"A1": one})
    )
