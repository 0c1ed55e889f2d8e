from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.cli.report import Asked, run_report
from engine.errors import Exit, Stop
from engine.moderation.entries import Draft, Draw, Head, Included, Inclusions, WeekReported
from engine.moderation.ledger import Ledger, open_ledger
from engine.moderation.ledger_errors import stop
from engine.pipeline import Scoring, gather
from engine.records import read_batch
from engine.reports.week.build import whole
from engine.reports.week.document import Audience
from engine.reports.week.facts import Asked as Week
from engine.reports.week.facts import facts_of
from engine.reports.week.pruning import pruned
from tests.unit.attacker import worked_out
from tests.unit.synthetic_batches import ROOT
from tests.unit.weeks import DAY, Said, rulebook

AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
EXAMPLES = ROOT / "audits" / "examples"


def asked(out: Path, **also: object) -> Asked:
    given: dict[str, object] = {
        "batch": str(EXAMPLES), "week": "Practice week", "out": out, "formats": "csv",
        "audience": "leaders", "as_of": DAY, "rules": ROOT / "rules", "quiet": True,
    }  # fmt: skip
    return Asked(**{**given, **also})  # type: ignore[arg-type]


def first_audit() -> str:
    """Return the id of an audit of the examples."""
    book = rulebook()
    with read_batch(str(EXAMPLES), book.fields, book.allowed) as batch:
        found = batch.con.execute("SELECT min(audit_id) FROM typed.audits").fetchone()
    assert found is not None
    return str(found[0])


def refusal(given: Asked) -> list[str]:
    with pytest.raises(Stop) as stop:
        run_report(given, AT)
    assert stop.value.exit_code == Exit.USAGE
    return [str(problem) for problem in stop.value.problems]


def test_what_there_is_not_is_refused_before_any_work(tmp_path: Path) -> None:
    given = asked(tmp_path / "out", formats="pdf,pfd", audience="leader", week=" ")
    assert refusal(given) == [
        "--audience: M500 `leader` is not an audience\n  help: did you mean `leaders`?",
        "--format: M501 `pfd` is not a format\n  help: did you mean `pdf`?",
        '--week: M502 the week has no name\n  help: write it as it is called: --week "Listening & Learning, January 2026"',
    ]
    assert not (tmp_path / "out").exists()


def test_a_ledger_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no.sqlite")
    assert refusal(asked(tmp_path / "out", ledger=nowhere)) == [
        f"{nowhere}: M503 there is no such ledger\n  help: check the path; leave --ledger out for a report without moderation"
    ]
    assert refusal(asked(tmp_path / "out", previous=nowhere)) == [
        f"{nowhere}: M504 there is no such ledger\n  help: give the ledger of the week before with --previous, or leave it out"
    ]


def test_a_report_is_noted_in_the_ledger_at_the_head_that_it_prints(tmp_path: Path) -> None:
    where = tmp_path / "ledger.sqlite"
    ledger = open_ledger(where, create=True)
    body = WeekReported(week="Before", audience="panel", head="0" * 64)
    ledger.append((Draft(body, "Sam Ryde", AT),))
    head = ledger.head()
    assert run_report(asked(tmp_path / "out", ledger=str(where)), AT) is Exit.DONE
    *_, last = ledger.entries()
    assert last.body == WeekReported(week="Practice week", audience="leaders", head=head.hash)
    facts = (tmp_path / "out" / "week-csv" / "facts.csv").read_text(encoding="utf-8-sig")
    assert f"Ledger head,{head.seq}:{head.hash}" in facts


def test_a_ledger_that_may_only_be_read_costs_the_note_and_not_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / "ledger.sqlite"
    ledger = open_ledger(where, create=True)
    ledger.append((Draft(WeekReported(week="B", audience="panel", head="0" * 64), "Sam", AT),))

    def read_only(self: Ledger, _drafts: object) -> None:
        raise stop(self.name, "M105", "this ledger may only be read; nothing was written", "ask")

    monkeypatch.setattr(Ledger, "append", read_only)
    assert run_report(asked(tmp_path / "out", ledger=str(where)), AT) is Exit.DONE
    assert (tmp_path / "out" / "week-csv" / "facts.csv").is_file()
    assert ledger.head().seq == 1
    said = "the report is written, and the ledger could not note it (this ledger may only be read; "
    assert f"{where}: M506 {said}nothing was written)" in capsys.readouterr().err


def test_batch_and_ledger_that_do_not_belong_together_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / "ledger.sqlite"
    ledger = open_ledger(where, create=True)
    draw = Draw(
        draw="d1", seed=1, budget=1, audits=1, drawn=1, moderators=("Ann Reed",),
        input_hash="other", rulebook_hash="r", rulebook_version="1", engine_version="0.1.0",
        as_of=DAY,
    )  # fmt: skip
    included = Included(audit_id="NOT-HERE", inclusion=1.0, tier="other", reason="x", drawn=True)
    known = Included(audit_id=first_audit(), inclusion=1.0, tier="other", reason="x", drawn=True)
    bodies = (draw, Inclusions(draw="d1", audits=(included, known)))
    ledger.append([Draft(body, "Sam Ryde", AT) for body in bodies])
    given = asked(tmp_path / "out", ledger=str(where), previous=str(where))
    assert run_report(given, AT) is Exit.DONE
    codes = [line.split()[1] for line in capsys.readouterr().err.splitlines() if ": M5" in line]
    assert codes == ["M505", "M507", "M508", "M509"]


def test_nothing_small_can_be_worked_out_of_a_real_batch_that_is_published() -> None:
    book, ledger = rulebook(), Said()
    with read_batch(str(EXAMPLES), book.fields, book.allowed) as batch:
        found = gather(Scoring(book, batch, DAY))
    ids = [one.audit_id for one in found.audits]
    ledger.draw(found.audits, ids)
    for one in found.audits:
        ledger.moderate(one.audit_id, max(1, one.said - 1))
    asked = Week("Practice week", DAY, ledger=tuple(ledger.entries), head=Head(1, "a" * 64))
    facts = facts_of(asked, book, found)
    # what `unmasked` and `build` return, worked out once
    assert worked_out(*pruned(whole(facts, Audience.PUBLISHED))) == {}


def test_without_a_ledger_every_format_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run_report(asked(out, formats="html,xlsx,docx,csv"), AT) is Exit.DONE
    assert sorted(path.name for path in out.iterdir()) == [
        "self_evaluation.docx",
        "week-csv",
        "week.docx",
        "week.html",
        "week.xlsx",
    ]
    names = {path.name for path in (out / "week-csv").iterdir()}
    assert "self-evaluation-self-evaluation.csv" in names
