"""`audit moderate` and `audit actions`, as a moderator uses them."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.cli.moderate import Who, run_confirm
from engine.cli.moderating import Place, Typed, lists_of, named
from engine.errors import Exit, Stop
from engine.moderation import book_words as words
from engine.moderation.cases import Case, cases
from engine.moderation.entries import Assigned, Body, Draft, Draw, Included, Inclusions, Standing
from engine.moderation.ledger import open_ledger
from tests.unit.commands import Audit
from tests.unit.moderated_cases import GRADES, blind, revealed, second

SMALL = Path(__file__).parents[1] / "rules" / "small"
AT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
BATCH = '{"audit_id": "AUD-1", "audit_date": "2026-01-05", "auditor_id": "AU7", "case_type": "child_in_need", "overall_grade": "good"}\n'


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def drawn(version: str = "1", hash_: str = "") -> tuple[tuple[Body, str | None], ...]:
    """Return a draw of two audits of three, one with a cap below the auditor's grade."""
    from engine.cli.common import open_rulebook

    draw = Draw(
        draw="d1", seed=1, budget=2, audits=3, drawn=2, moderators=("Ann", "Bob"), input_hash="b1",
        rulebook_hash=hash_ or open_rulebook(SMALL, examples=False).hash, rulebook_version=version,
        engine_version="0", as_of=date(2026, 1, 10),
    )  # fmt: skip
    audits = tuple(
        Included(
            audit_id=f"AUD-{n}", inclusion=0.5, tier="other", reason="any", drawn=n < 3,
            auditor_id="AU7", overall=Standing(auditor_grade="good", cap=cap),
            domains={"visits": Standing(auditor_grade="outstanding", cap=cap)},
        )
        for n, cap in ((1, None), (2, "requires_improvement"), (3, None))
    )  # fmt: skip
    given = [(Assigned(draw="d1", moderator="Ann", turn="first"), f"AUD-{n}") for n in (1, 2)]
    also = (Assigned(draw="d1", moderator="Bob", turn="second"), "AUD-1")
    return ((draw, None), (Inclusions(draw="d1", audits=audits), None), *given, also)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "audit-ledger.sqlite"
    open_ledger(path, create=True).append([Draft(b, "Quinn", AT, a) for b, a in drawn()])
    return path


def more(ledger: Path, audit_id: str, *bodies: Body) -> None:
    open_ledger(ledger, create=False).append([Draft(b, "Ann", AT, audit_id) for b in bodies])


def case(ledger: Path, audit_id: str = "AUD-1") -> Case:
    return cases(open_ledger(ledger, create=False).entries(), GRADES)[audit_id]


def test_an_audit_goes_from_a_blind_grade_to_a_settled_one(audit: Audit, ledger: Path) -> None:
    place = ("--ledger", ledger, "--rules", SMALL)
    record = audit(
        "moderate",
        "record",
        "AUD-2",
        "--grade",
        "Good",
        "--domain",
        "Visits=requires improvement",
        "--note",
        "drift",
        "--as",
        "ann",
        *place,
    )
    assert record.out == (
        "AUD-2: Good, the blind grade of ann, is sealed (entry 6)\n"
        f"next: Ann: see the auditor's grade (`audit moderate reveal AUD-2 --ledger {ledger} …`)\n"
    )
    assert audit("moderate", "reveal", "AUD-2", "--as", "Ann", *place).out.splitlines()[:6] == [
        "AUD-2, as seen by Ann",
        "",
        "         Yours, blind          Auditor's    Cap                   Auditor above you",
        "Overall  Good                  Good         Requires improvement  0",
        "Visits   Requires improvement  Outstanding  Requires improvement  +2",
        "",
    ]
    refused = audit("moderate", "confirm", "AUD-2", "--as", "Ann", *place)
    assert (refused.code, refused.out) == (2, "")
    assert (
        refused.err.splitlines()[0]
        == "audit AUD-2: M214 Good (overall) is above the cap, Requires improvement, and no override is given"
    )
    above = ("--override-reason", "the record lags", "--second", "Bob")
    confirm = audit("moderate", "confirm", "AUD-2", "--as", "Ann", *above, *place)
    assert (
        confirm.out.splitlines()[0] == "AUD-2: Good, confirmed by Ann (entry 8), is the final grade"
    )
    assert audit("moderate", "respond", "AUD-2", "--accepts", "--as", "AU7", *place).out == (
        "AUD-2: AU7 accepts the grade (entry 9)\nnothing is left to do\n"
    )
    found = case(ledger, "AUD-2")
    assert found.confirmed is not None
    assert found.confirmed.graded.domains == {"visits": "requires_improvement"}
    assert found.confirmed.graded.note == "drift"
    assert found.confirmed.moderator == "Ann"


def test_a_panel_decides_and_an_appeal_is_answered(audit: Audit, ledger: Path) -> None:
    place = ("--ledger", ledger, "--rules", SMALL)
    more(ledger, "AUD-1", blind(grade="inadequate"), revealed())
    confirm = audit("moderate", "confirm", "AUD-1", "--as", "Ann", *place)
    assert confirm.out.splitlines()[:2] == [
        "AUD-1: Inadequate, confirmed by Ann (entry 8); it is not final",
        "the auditor's grade is Good: a panel decides",
    ]
    members = ("--member", "Ann", "--member", "Eve")
    panel = audit(
        "moderate",
        "panel",
        "AUD-1",
        *members,
        "--grade",
        "requires_improvement",
        "--as",
        "Quinn",
        *place,
    )
    assert (
        panel.out.splitlines()[0]
        == "AUD-1: Requires improvement, decided by the panel (Ann, Eve), is the final grade (entry 9)"
    )
    appeal = audit("moderate", "appeal", "AUD-1", "--grounds", "seen twice", "--as", "AU7", *place)
    assert (
        appeal.out.splitlines()[0]
        == "AUD-1: AU7 appeals; no grade is final until it is answered (entry 10)"
    )
    answer = ("--uphold", "--note", "it was", "--grade", "good", "--as", "Dora")
    assert audit("moderate", "appeal-decide", "AUD-1", *answer, *place).out == (
        "AUD-1: the appeal is upheld by Dora; the final grade is Good (entry 11)\n"
        "no grade is decided for Visits: there the proposed grade stands; --domain gives one\n"
        f"next: Bob: grade the second copy blind (`audit moderate record AUD-1 --ledger {ledger} …`)\n"
    )


def test_a_panel_is_told_which_grades_of_domains_stand(audit: Audit, ledger: Path) -> None:
    """One that it names, else the moderator's (sealed while another grades blind), else proposed."""
    place = ("--ledger", ledger, "--rules", SMALL)
    members = ("--member", "Ann", "--member", "Eve", "--as", "Quinn")
    more(ledger, "AUD-1", blind(grade="inadequate", visits="inadequate"), revealed())
    audit("moderate", "confirm", "AUD-1", "--as", "Ann", *place)
    more(ledger, "AUD-2", blind(grade="inadequate"), revealed())
    audit("moderate", "confirm", "AUD-2", "--as", "Ann", *place)
    decided = ("--grade", "requires_improvement", *members, *place)
    assert audit("moderate", "panel", "AUD-1", *decided).out.splitlines()[1] == (
        "domains as the moderator confirmed them: Visits (sealed)"
    )
    assert audit("moderate", "panel", "AUD-2", *decided).out.splitlines()[1] == (
        "no grade is decided for Visits: there the proposed grade stands; --domain gives one"
    )


def test_the_list_shows_who_has_what_left_to_do_and_no_grade_that_is_not_final(
    audit: Audit, ledger: Path
) -> None:
    more(ledger, "AUD-1", blind(grade="inadequate"))
    place = ("--ledger", ledger, "--rules", SMALL)
    assert audit("moderate", "list", *place).out.splitlines() == [
        "Audit  Stands              Final grade  Left to do                   By",
        "AUD-1  graded blind                     see the auditor's grade      Ann",
        "                                        grade the second copy blind  Bob",
        "AUD-2  to be graded blind               grade it blind               Ann",
        "",
        "2 audits: 1 to be graded blind, 1 graded blind",
    ]
    listed = json.loads(
        audit("moderate", "list", "--as", "bob", "--output-format", "json", *place).out
    )
    assert [one["audit_id"] for one in listed] == ["AUD-1"]
    assert listed[0]["final_grade"] is None


def test_another_rulebook_is_told_and_unknown_grades_stop(audit: Audit, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    opened = open_ledger(path, create=True)
    opened.append([Draft(b, "Quinn", AT, a) for b, a in drawn("0.9", "feedc0ffee12ab")])
    told = audit("moderate", "list", "--ledger", path, "--rules", SMALL)
    assert told.code == 0
    assert (
        "M230 the sample was drawn with version `0.9` of the rulebook (feedc0ffee12), and this is `1`"
        in told.err
    )
    more(path, "AUD-1", blind(grade="adequate"))
    stopped = audit(
        "moderate", "reveal", "AUD-1", "--as", "Ann", "--ledger", path, "--rules", SMALL
    )
    assert stopped.code == 2
    assert (
        "M229 the ledger holds the grade `adequate`, which the rulebook does not have"
        in stopped.err
    )


def test_of_two_who_confirm_at_once_only_one_does(ledger: Path) -> None:
    more(ledger, "AUD-1", blind(), second(), revealed(), revealed("Bob"))

    def confirm(name: str) -> str:
        who = Who("AUD-1", name, Place(str(ledger), None, SMALL), AT)
        try:
            return str(int(run_confirm(who, Typed(), None, None)))
        except Stop as stop:
            return stop.problems[0].code

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(confirm, ("Ann", "Bob"))) == ["0", "M213"]


def workbook(folder: Path, stage: str, rows: list[tuple[str, ...]], draw: str = "d1") -> Path:
    """Write what a moderator sends back."""
    book = Workbook()
    book.remove(book.worksheets[0])
    cover = book.create_sheet(words.COVER)
    for pair in ((words.STAGE, stage), (words.DRAW, draw), (words.MODERATOR, "Ann")):
        cover.append(pair)
    overall = words.OVERALL if stage == words.BLIND else words.CONFIRMED
    sheet = book.create_sheet(words.GRADES)
    for row in ((words.AUDIT, overall, words.NOTE, words.OVERRIDE, words.SECOND), *rows):
        sheet.append(row)
    if stage == words.CONFIRM:
        book.create_sheet(words.DOMAINS).append((words.AUDIT, words.DOMAIN, words.DOMAIN_GRADE))
    path = folder / f"{stage.split(maxsplit=1)[0].lower()}.xlsx"
    book.save(path)
    return path


def test_workbooks_are_taken_blind_first_and_once(audit: Audit, ledger: Path) -> None:
    place = ("--ledger", ledger, "--rules", SMALL)
    first = workbook(ledger.parent, words.BLIND, [("AUD-1", "Good", "fine"), ("AUD-2", "")])
    last = workbook(ledger.parent, words.CONFIRM, [("AUD-1", "Good", "")])
    taken = audit("moderate", "import", last, first, *place)
    assert (taken.code, taken.out.splitlines()) == (
        0,
        [
            "blind.xlsx: 1 grade of Ann sealed",
            "  not done yet: AUD-2",
            "confirmed.xlsx: 1 grade of Ann confirmed",
        ],
    )
    found = case(ledger)
    assert (found.stage.value, len(found.revealed)) == ("confirmed", 1)
    head = open_ledger(ledger, create=False).head()
    again = audit("moderate", "import", first, last, *place)
    assert (
        again.out.splitlines()[0]
        == "blind.xlsx: nothing new; all that Ann says is in the ledger already"
    )
    assert open_ledger(ledger, create=False).head() == head


def test_a_workbook_with_a_mistake_is_not_taken_and_the_others_are(
    audit: Audit, ledger: Path
) -> None:
    place = ("--ledger", ledger, "--rules", SMALL)
    wrong = workbook(ledger.parent, words.CONFIRM, [("AUD-1", "Good", ""), ("AUD-2", "Good", "")])
    right = workbook(ledger.parent, words.BLIND, [("AUD-1", "Good", ""), ("AUD-2", "Good", "")])
    ended = audit("moderate", "import", wrong, right, *place)
    assert ended.code == Exit.PUT_ASIDE
    assert f"{wrong.as_posix()}!Your grades!B3: M214 Good (overall) is above the cap" in ended.err
    assert (
        "confirmed.xlsx: nothing of it was taken; put this right and import it again" in ended.err
    )
    assert (case(ledger).stage.value, case(ledger, "AUD-2").stage.value) == ("graded", "graded")


def test_a_sealed_grade_is_not_changed_by_a_later_workbook(audit: Audit, ledger: Path) -> None:
    more(ledger, "AUD-1", blind())
    path = workbook(ledger.parent, words.BLIND, [("AUD-1", "Outstanding", "")])
    ended = audit("moderate", "import", path, "--ledger", ledger, "--rules", SMALL)
    assert ended.code == Exit.USAGE
    assert "!Your grades!B2: M208 `Ann` has graded `AUD-1` already (Good)" in ended.err
    other = workbook(ledger.parent, words.BLIND, [("AUD-1", "Good", "")], draw="d9")
    ended = audit("moderate", "import", other, "--ledger", ledger, "--rules", SMALL)
    assert "M232 the workbook belongs to the draw `d9`, which is not in this ledger" in ended.err


def test_a_corrected_fact_scores_the_audit_again_and_both_versions_stay(
    audit: Audit, ledger: Path
) -> None:
    batch = ledger.parent / "corrected.jsonl"
    batch.write_text(BATCH, "utf-8")
    rescore = (
        "moderate",
        "rescore",
        "AUD-1",
        "--batch",
        batch,
        "--reason",
        "a visit was added",
        "--as",
        "Ann",
        "--as-of",
        "2026-01-12",
    )
    ended = audit(*rescore)
    assert (ended.code, ended.out.splitlines()[0]) == (
        0,
        "AUD-1: scored again after a correction (entry 6); what it said before stays",
    )
    assert ended.out.splitlines()[1] == (
        "somebody has still to grade it blind: what has changed is not shown before"
    )
    (entry,) = case(ledger).rescored
    assert entry.before["visits"].auditor_grade == "outstanding"
    assert "visits" not in entry.after
    assert "M226 `AUD-1` was scored from this batch already" in audit(*rescore).err
    missing = audit("moderate", "rescore", "AUD-2", *rescore[3:])
    assert "M225 there is no audit `AUD-2` in the corrected batch" in missing.err


def test_actions_are_set_listed_carried_and_closed(audit: Audit, tmp_path: Path) -> None:
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    add = (
        "actions",
        "add",
        "Visit weekly",
        "--owner",
        "Eve",
        "--due",
        "2026-01-20",
        "--week",
        "L1",
        "--as",
        "Ann",
        "--ledger",
        old,
    )
    assert audit(*add).out.splitlines()[0] == "A1: Eve, by 2026-01-20: Visit weekly (entry 1)"
    carry = ("actions", "carry", "--from", old, "--week", "L2", "--as", "Ann", "--ledger", new)
    assert audit(*carry).out == "A1: goes on with A1 of L1: Visit weekly, Eve, by 2026-01-20\n"
    assert (
        audit(*carry).out == "nothing is carried: no action is open, or all were carried before\n"
    )
    late = audit("actions", "list", "--overdue", "--as-of", "2026-01-21", "--ledger", new)
    assert late.out.splitlines()[1:] == [
        "A1      Visit weekly  Eve    2026-01-20  overdue by 1 day",
        "",
        "1 action: 1 open, 1 overdue on 2026-01-21",
    ]
    close = (
        "actions",
        "close",
        "a1",
        "--evidence",
        "it is recorded",
        "--day",
        "2026-01-22",
        "--as",
        "Ann",
        "--ledger",
        new,
    )
    assert audit(*close).out == "A1: closed on 2026-01-22 (entry 2); 0 left open\n"
    assert "action A1: M241 `A1` was closed on 2026-01-22" in audit(*close).err
    missing = audit("actions", "close", "A7", "--evidence", "x", "--as", "Ann", "--ledger", new)
    assert (missing.code, missing.err.splitlines()[0]) == (
        2,
        "action A7: M240 there is no action `A7`",
    )


def test_a_follow_up_is_linked(audit: Audit, ledger: Path) -> None:
    place = ("--as", "Ann", "--ledger", ledger, "--rules", SMALL)
    assert audit("actions", "reaudit", "AUD-1", "--again", "AUD-9", *place).out == (
        "AUD-1: audited again as AUD-9 (entry 6)\n"
    )
    assert [one.again for one in case(ledger).reaudited] == ["AUD-9"]


def test_grades_domains_and_reasons_go_by_id_or_title() -> None:
    from engine.cli.common import open_rulebook

    lists = lists_of(open_rulebook(None, examples=False))
    assert len(lists.reasons) >= 12
    assert named("Voice of the child", lists.domains) == "voice"
    assert named("requires-improvement", lists.grades) == "requires_improvement"
    assert named("good-ish", lists.grades) == "good-ish"
