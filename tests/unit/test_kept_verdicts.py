"""Verdicts kept on disk: used where all that they hang on is the same, and never in the way."""

import sqlite3
from pathlib import Path

import pytest

from engine.cli.kept_verdicts import BOOKS, FILE, LARGEST, VerdictFile, kept_verdicts
from engine.judgement.judge import Kept, Verdict, Verdicts, book_of
from engine.judgement.patterns import Pattern
from engine.judgement.plain import PlainJudge
from engine.rulebook.judgement import Judgement, Stratum
from tests.unit.commands import AS_OF, ROOT, Audit
from tests.unit.judgement_book import GRADES, shipped

NEW: Kept = {("domain", 0): (), ("domain", 7): (0, 2), ("route", 3): (1,)}


class Counting:
    """A judge that counts how often it was asked."""

    def __init__(self, judgement: Judgement) -> None:
        self.judge = PlainJudge(judgement, GRADES)
        self.name, self.asked = self.judge.name, 0

    def fired(self, stratum: Stratum, pattern: Pattern) -> frozenset[str]:
        self.asked += 1
        return self.judge.fired(stratum, pattern)

    def close(self) -> None:
        self.judge.close()


@pytest.fixture
def file(tmp_path: Path) -> VerdictFile:
    return VerdictFile(tmp_path / "kept" / FILE)


def judged(file: VerdictFile, judgement: Judgement) -> tuple[list[Verdict], int]:
    """Return the verdicts on some patterns, and how many of them had to be judged."""
    judge = Counting(judgement)
    verdicts = Verdicts(judgement, GRADES, judge, file)
    found = [verdicts.fired(stratum, key) for stratum in ("domain", "route") for key in range(9)]
    verdicts.keep()
    return found, judge.asked


def test_what_was_kept_is_read_again_and_only_for_its_own_book(file: VerdictFile) -> None:
    file.write("one", NEW)
    assert (file.read("one"), file.read("another")) == (NEW, {})


def test_the_second_run_judges_nothing_and_finds_the_same(file: VerdictFile) -> None:
    first, judged_first = judged(file, shipped())
    second, judged_second = judged(file, shipped())
    assert (second, judged_first, judged_second) == (first, 18, 0)


def test_verdicts_by_other_rules_are_not_used(file: VerdictFile) -> None:
    """A file full of wrong verdicts, all proper and proved, but of rules that say another thing."""
    other = shipped().model_copy(update={"compliance_earns_at_most": "outstanding"})
    book = book_of(other, GRADES, PlainJudge(other, GRADES).name)
    file.write(book, {("domain", key): (0,) for key in range(9)})
    found, asked = judged(file, shipped())
    alone, _ = judged(VerdictFile(file.path.with_name("empty")), shipped())
    assert (found, asked) == (alone, 18)


def test_a_book_hangs_on_rules_grades_and_judge() -> None:
    rules = shipped()
    other = rules.model_copy(update={"route": rules.route[:-1]})
    books = {
        book_of(rules, GRADES, "plain"),
        book_of(rules, GRADES, "durable-rules 2.0"),
        book_of(rules, GRADES[:3], "plain"),
        book_of(other, GRADES, "plain"),
    }
    assert len(books) == 4


def test_a_verdict_that_was_changed_in_the_file_is_judged_again(file: VerdictFile) -> None:
    first, _ = judged(file, shipped())
    with sqlite3.connect(file.path) as con:
        con.execute("UPDATE verdicts SET fired = fired || ' 1' WHERE stratum = 'domain'")
    con.close()
    assert judged(file, shipped()) == (first, 9)


def test_a_kept_verdict_by_a_rule_that_is_not_there_is_judged_again(file: VerdictFile) -> None:
    rules = shipped()
    book = book_of(rules, GRADES, PlainJudge(rules, GRADES).name)
    file.write(book, {("domain", 0): (999,)})
    assert judged(file, rules)[1] == 18


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(99)])
def test_a_damaged_file_holds_nothing_and_is_made_anew(file: VerdictFile, content: bytes) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    assert file.read("one") == {}
    file.write("one", NEW)  # a damaged file goes
    file.write("one", NEW)
    assert file.read("one") == NEW


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    file = VerdictFile(tmp_path / "a file" / "folder" / FILE)
    file.write("one", NEW)
    assert file.read("one") == {}


def test_a_file_in_use_by_another_run_is_left_alone(
    file: VerdictFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.cli.kept_verdicts.PATIENCE", 0.01)
    file.write("one", NEW)
    other = sqlite3.connect(file.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    file.write("two", NEW)
    assert file.read("one") == {}
    other.execute("ROLLBACK")
    other.close()
    assert (file.read("one"), file.read("two")) == (NEW, {})


def test_a_full_file_takes_no_more_and_keeps_what_it_has(
    file: VerdictFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write("one", NEW)
    monkeypatch.setattr("engine.cli.kept_verdicts.PAGES", 8)
    file.write("two", {("domain", key): (0,) for key in range(5_000)})
    assert (file.read("one"), file.read("two")) == (NEW, {})
    assert file.path.stat().st_size <= 8 * 4_096


def test_of_many_rulebooks_those_added_to_last_are_kept(file: VerdictFile) -> None:
    for number in range(BOOKS + 1):
        file.write(f"book {number}", {("domain", 0): ()})
    found = [bool(file.read(f"book {number}")) for number in range(BOOKS + 1)]
    assert found == [False] + [True] * BOOKS


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in ("AUDIT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    return monkeypatch


def test_the_folder_is_the_users_own_unless_another_is_named(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = [kept_verdicts()]
    environment.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    found.append(kept_verdicts())
    environment.setenv("AUDIT_CACHE", str(tmp_path / "named"))
    found.append(kept_verdicts())
    assert [one.path for one in found if isinstance(one, VerdictFile)] == [
        tmp_path / ".cache" / "practice-audit" / FILE,
        tmp_path / "xdg" / "practice-audit" / FILE,
        tmp_path / "named" / FILE,
    ]


def test_the_store_can_be_switched_off(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AUDIT_CACHE", "off")
    assert kept_verdicts() is None


def test_whoever_has_no_home_keeps_nothing(environment: pytest.MonkeyPatch) -> None:
    """A container may run as a number that no list of users knows: that is no failure."""
    environment.setattr("os.path.expanduser", lambda path: path)
    found = [kept_verdicts()]
    environment.setattr("sys.platform", "darwin")
    assert [*found, kept_verdicts()] == [None, None]


def test_a_pattern_too_large_for_the_file_is_judged_each_time(file: VerdictFile) -> None:
    """Many tallies with high limits make patterns of more than 64 bits."""
    file.write("one", NEW | {("route", LARGEST): (0,), ("route", LARGEST + 1): (0,)})
    assert file.read("one") == NEW | {("route", LARGEST): (0,)}


def test_results_are_the_same_bytes_with_the_store_and_without(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    audit, batch = Audit(monkeypatch, capsys), ROOT / "audits" / "examples"
    command = ("score", batch, "--output-format", "json", "--quiet", *AS_OF)
    without = audit(*command)
    monkeypatch.setenv("AUDIT_CACHE", str(tmp_path))
    first, second = audit(*command), audit(*command)
    assert (tmp_path / FILE).stat().st_size > 0
    assert without == first == second
