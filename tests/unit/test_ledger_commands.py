"""`audit ledger verify` and `audit ledger show`, as a person meets them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from engine.moderation.entries import (
    KINDS,
    ActionClosed,
    ActionSet,
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
    Override,
    Panel,
    Reaudited,
    Rescored,
    Response,
    Revealed,
    Safe,
    Standing,
    WeekReported,
)
from engine.moderation.ledger import Ledger, open_ledger
from tests.unit.commands import Audit, process
from tests.unit.ledgers import AT, meddle, unguard

DAY = date(2026, 1, 12)
GRADED = Graded(
    grade="requires_improvement",
    domains={"planning": "good", "visits": "inadequate"},
    reasons=("missing_evidence",),
    note="no visit \x1b[31m\nin May",
)
OVERRIDE = Override(reason="the visit is in the paper notes", second="Bo Sample")
MINE = Included(
    audit_id="A1",
    inclusion=0.4,
    tier="certainty",
    reason="two grades above the record",
    drawn=True,
    overall=Standing(auditor_grade="good", cap="inadequate"),
)
OTHER = MINE.model_copy(update={"audit_id": "A2", "drawn": False, "tier": "other"})
ADDED = MINE.model_copy(update={"audit_id": "A3", "tier": "added", "reason": "on request"})
DRAW = Draw(
    draw="d1",
    seed=7,
    budget=60,
    audits=400,
    drawn=60,
    moderators=("Ann Example", "Bo Sample"),
    input_hash="x",
    rulebook_hash="y",
    rulebook_version="1",
    engine_version="0.1",
    as_of=DAY,
)
BEGUN: tuple[tuple[Body, str | None], ...] = (
    (DRAW, None),
    (Inclusions(draw="d1", audits=(MINE, OTHER)), None),
    (Inclusions(draw="d1", audits=(ADDED,)), None),
    (Assigned(draw="d1", moderator="Ann Example", turn="first"), "A1"),
    (Assigned(draw="d1", moderator="Bo Sample", turn="second"), "A1"),
    (Blind(moderator="Ann Example", turn="first", graded=GRADED), "A1"),
)
REST: tuple[tuple[Body, str | None], ...] = (
    (Blind(moderator="Bo Sample", turn="second", graded=Graded(grade="good")), "A1"),
    (Revealed(moderator="Ann Example"), "A1"),
    (Confirmed(moderator="Ann Example", graded=Graded(grade="good"), override=OVERRIDE), "A1"),
    (Panel(members=("Ann Example", "Cy Test"), graded=Graded(grade="good")), "A1"),
    (Response(auditor="W9", accepts=False, note="see the log"), "A1"),
    (Response(auditor="W9", accepts=True), "A1"),
    (Appeal(auditor="W9", grounds="the plan was shared"), "A1"),
    (AppealDecided(by="Cy Test", upheld=False, note="it was not"), "A1"),
    (AppealDecided(by="Cy Test", upheld=True, note="", graded=Graded(grade="good")), "A1"),
    (
        Rescored(
            by="Cy Test",
            correction="visit on 3 May",
            before={"overall": Standing(cap="inadequate"), "visits": Standing(cap="good")},
            after={"overall": Standing(cap="good"), "visits": Standing(cap="good")},
            input_hash="x",
            rulebook_hash="y",
            as_of=DAY,
        ),
        "A1",
    ),
    (Safe(by="Cy Test", day=DAY, alerted=DAY, how="seen at home"), "A1"),
    (
        ActionSet(
            action="A1",
            what="visit weekly",
            owner="Team North",
            due=DAY,
            week="January 2026",
            standard="CP-05",
            carried_from="A9",
        ),
        "A1",
    ),
    (ActionClosed(action="A1", evidence="the visit log", day=DAY), "A1"),
    (Reaudited(again="A77", action="A1"), "A1"),
    (WeekReported(week="January 2026", audience="panel", head="9:abc"), None),
)


def write(ledger: Ledger, bodies: Sequence[tuple[Body, str | None]]) -> None:
    ledger.append([Draft(body, "Ann Example", AT, audit_id) for body, audit_id in bodies])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "audit-ledger.sqlite"
    write(open_ledger(path, create=True), BEGUN)
    return path


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def test_while_an_audit_is_graded_blind_nothing_is_shown_that_moderators_may_not_see(
    audit: Audit, path: Path
) -> None:
    write(open_ledger(path, create=False), [(Revealed(moderator="Ann Example"), "A1")])
    done = audit("ledger", "show", "A1", "--ledger", path)
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == """\
   2  2026-01-12 09:30 UTC, Ann Example: drew it in draw d1; why, and where it stood, is sealed
      until all who grade it blind have done so
   4  2026-01-12 09:30 UTC, Ann Example: gave it to Ann Example as first moderator (draw d1)
   5  2026-01-12 09:30 UTC, Ann Example: gave it to Bo Sample as second moderator (draw d1)
   6  2026-01-12 09:30 UTC, Ann Example: sealed the blind grades of Ann Example, first moderator:
      sealed until all who grade it blind have done so
   7  2026-01-12 09:30 UTC, Ann Example: showed Ann Example the auditor's grades and the caps
"""
    )
    assert "requires" not in audit("ledger", "show", "--ledger", path).out


def test_the_history_of_an_audit_is_told_in_order(audit: Audit, path: Path) -> None:
    write(open_ledger(path, create=False), REST)
    assert (
        audit("ledger", "show", "A1", "--ledger", path).out
        == """\
   2  2026-01-12 09:30 UTC, Ann Example: drew it in draw d1, with a chance of 0.400 (two grades
      above the record); the auditor's grade was good, the cap inadequate
   4  2026-01-12 09:30 UTC, Ann Example: gave it to Ann Example as first moderator (draw d1)
   5  2026-01-12 09:30 UTC, Ann Example: gave it to Bo Sample as second moderator (draw d1)
   6  2026-01-12 09:30 UTC, Ann Example: sealed the blind grades of Ann Example, first moderator:
      requires improvement (planning good; visits inadequate), for missing_evidence, with the words
      "no visit ?[31m in May"
   7  2026-01-12 09:30 UTC, Ann Example: sealed the blind grades of Bo Sample, second moderator:
      good
   8  2026-01-12 09:30 UTC, Ann Example: showed Ann Example the auditor's grades and the caps
   9  2026-01-12 09:30 UTC, Ann Example: confirmed the grade of Ann Example: good; above the cap,
      with Bo Sample: "the visit is in the paper notes"
  10  2026-01-12 09:30 UTC, Ann Example: the panel (Ann Example, Cy Test) decided: good
  11  2026-01-12 09:30 UTC, Ann Example: the auditor W9 does not accept the moderated grade, with
      the words "see the log"
  12  2026-01-12 09:30 UTC, Ann Example: the auditor W9 accepts the moderated grade
  13  2026-01-12 09:30 UTC, Ann Example: the auditor W9 appealed: "the plan was shared"
  14  2026-01-12 09:30 UTC, Ann Example: Cy Test dismissed the appeal: "it was not"
  15  2026-01-12 09:30 UTC, Ann Example: Cy Test upheld the appeal; the grade is good
  16  2026-01-12 09:30 UTC, Ann Example: Cy Test corrected a fact and it was scored again: "visit on
      3 May"; the cap of overall was inadequate and is good
  17  2026-01-12 09:30 UTC, Ann Example: Cy Test confirmed on 2026-01-12 that the child is safe
      (alert of 2026-01-12): "seen at home"
  18  2026-01-12 09:30 UTC, Ann Example: set action A1 for Team North, due 2026-01-12: "visit
      weekly"; standard CP-05; for January 2026; carried on from A9
  19  2026-01-12 09:30 UTC, Ann Example: closed action A1 on 2026-01-12: "the visit log"
  20  2026-01-12 09:30 UTC, Ann Example: the case was audited again, as audit A77 (action A1)
"""
    )


def test_without_an_audit_everything_is_told(audit: Audit, path: Path) -> None:
    write(open_ledger(path, create=False), REST)
    lines = audit("ledger", "show", "--ledger", path).out.splitlines()
    assert lines[:4] == [
        "   1  2026-01-12 09:30 UTC, Ann Example: drew 60 of 400 audits (draw d1, budget 60, seed 7, as at",
        "      2026-01-12) for Ann Example, Bo Sample",
        "   2  2026-01-12 09:30 UTC, Ann Example: entered 2 audits of draw d1, 1 of them drawn",
        "   3  2026-01-12 09:30 UTC, Ann Example: entered 1 audit of draw d1, 1 of them drawn",
    ]
    assert lines[4].startswith("   4  2026-01-12 09:30 UTC, Ann Example: audit A1: gave it to")
    assert lines[-1] == (
        "  21  2026-01-12 09:30 UTC, Ann Example: made the report of January 2026 for panel, at head 9:abc"
    )


def test_an_audit_that_was_not_drawn_and_one_that_was_added_say_so(
    audit: Audit, path: Path
) -> None:
    assert (
        audit("ledger", "show", "A2", "--ledger", path).out
        == """\
   2  2026-01-12 09:30 UTC, Ann Example: did not draw it in draw d1, with a chance of 0.400 (two
      grades above the record); the auditor's grade was good, the cap inadequate
"""
    )
    assert (
        audit("ledger", "show", "A3", "--ledger", path).out
        == """\
   3  2026-01-12 09:30 UTC, Ann Example: added it to draw d1 (on request); where it stood is sealed
      until all who grade it blind have done so
"""
    )


def test_every_kind_is_told(path: Path) -> None:
    write(open_ledger(path, create=False), REST)
    assert {one.body.kind for one in open_ledger(path, create=False).entries()} == set(KINDS)


def test_the_entries_as_json_are_one_document(audit: Audit, path: Path) -> None:
    done = audit("ledger", "show", "A1", "--ledger", path, "--output-format", "json")
    held = json.loads(done.out)
    assert held["schema"] == "audit-ledger/1"
    assert [one["seq"] for one in held["entries"]] == [2, 4, 5, 6]
    assert held["entries"][1] == {
        "seq": 4,
        "at": "2026-01-12T09:30:00Z",
        "by": "Ann Example",
        "audit_id": "A1",
        "kind": "assigned",
        "body": {
            "draw": "d1",
            "moderator": "Ann Example",
            "turn": "first",
            "moderator_id": "",
            "moderator_team": "",
        },
        "prev": held["entries"][1]["prev"],
        "hash": held["entries"][1]["hash"],
    }


def test_an_empty_ledger_has_nothing_to_show(audit: Audit, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    open_ledger(path, create=True)
    assert audit("ledger", "show", "--ledger", path).out == ""
    empty = audit("ledger", "show", "--ledger", path, "--output-format", "json").out
    assert json.loads(empty) == {"schema": "audit-ledger/1", "entries": []}
    assert audit("ledger", "verify", "--ledger", path).out.startswith(f"{path}: 0 entries\n")


def test_an_audit_of_which_nothing_is_known_is_a_problem(audit: Audit, path: Path) -> None:
    done = audit("ledger", "show", "A9\x1b[2J", "--ledger", path)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"{path}: M115 the ledger holds nothing of an audit `A9?[2J`\n"
        "  help: check the spelling; `audit ledger show` without an id prints everything\n"
    )


def test_a_whole_ledger_is_said_to_be(audit: Audit, path: Path) -> None:
    head = open_ledger(path, create=False).head()
    done = audit("ledger", "verify", "--ledger", path, "--head", f"6:{head.hash}")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{path}: 6 entries\nhead 6:{head.hash}\n"
        "every entry is as it was written, and follows the one before it\n"
        "the head that was given is still in it\n"
    )


def test_a_ledger_that_is_not_whole_ends_with_1(audit: Audit, path: Path) -> None:
    ledger = open_ledger(path, create=False)
    old = ledger.head()
    unguard(ledger)
    meddle(
        ledger,
        "DELETE FROM ledger_entries WHERE seq = 6",
        "UPDATE ledger_entries SET entry = replace(entry, 'Ann', 'Bob') WHERE seq = 2",
    )
    done = audit("ledger", "verify", "--ledger", path, "--head", f"6:{old.hash}")
    assert done.code == 1
    assert done.out == (
        f"{path}: 5 entries\nhead 5:{ledger.head().hash}\n"
        "- entry 2 was altered\n"
        "- the triggers that refuse changes are gone: "
        "ledger_no_delete, ledger_no_update, ledger_only_append\n"
        "- entry 6 is missing: it was cut off the end\n"
    )
    assert done.err == (
        "the ledger is not as it was written: keep a copy, and ask who could change it\n"
    )


def test_only_the_first_breaches_are_printed(audit: Audit, path: Path) -> None:
    ledger = open_ledger(path, create=False)
    write(ledger, REST * 2)
    unguard(ledger)
    meddle(ledger, "UPDATE ledger_entries SET entry = '{}'")
    lines = audit("ledger", "verify", "--ledger", path).out.splitlines()
    assert lines[2] == "- entry 1 was altered"
    assert lines[-1] == "- and 17 more"
    assert len(lines) == 2 + 20 + 1


@pytest.mark.parametrize("head", ["x", "7:", "-1:abcdefabcdef", "abc", "٣:abcdefabcdef", ""])
def test_what_is_no_head_is_a_problem(audit: Audit, path: Path, head: str) -> None:
    done = audit("ledger", "verify", "--ledger", path, f"--head={head}")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"--head: M114 `{head}` is no head of a ledger\n"
        "  help: copy it from the report: a number, a colon and 64 letters and digits\n"
    )


def test_the_ledger_is_looked_for_here(
    audit: Audit, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(path.parent)
    assert audit("ledger", "verify").out.startswith("audit-ledger.sqlite: 6 entries\n")
    path.unlink()
    assert audit("ledger", "show").err == (
        "audit-ledger.sqlite: M101 there is no ledger here\n"
        "  help: `audit sample` begins one; if there is one elsewhere, give it with --ledger\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_not_imported_for_help() -> None:
    program = (
        "import sys; import engine.moderation.ledger, engine.cli.app; "
        "print([name for name in ('sqlalchemy', 'alembic', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert "show" in process("ledger", "--help").out
