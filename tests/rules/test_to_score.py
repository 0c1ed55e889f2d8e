"""The promises of reading a rulebook to score by it: the same book, without its examples."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.rulebook.load import load_rulebook, load_to_score
from tests.rules.rulebooks import RULES, change, copied, shipped


def standard_file(rules: Path, standard: str) -> str:
    rulebook, _ = load_rulebook(rules)
    assert rulebook is not None
    return rulebook.file_names[standard]


def test_it_is_the_same_book_without_examples() -> None:
    """Every standard, list and rule is equal, and so is the hash of the book's files."""
    book, problems = load_to_score(RULES)
    assert problems == ()
    assert book is not None
    whole = shipped()
    assert sum(len(one.examples) for one in whole.standards) > 700
    bare = tuple(one.model_copy(update={"examples": ()}) for one in whole.standards)
    assert book.standards == bare
    assert (book.hash, book.layers[0].hash) == (whole.hash, whole.layers[0].hash)
    same = replace(book, standards=whole.standards, sources=whole.sources)
    assert same == replace(whole, judgement_source=book.judgement_source)


def overlay(folder: Path, changes: str) -> Path:
    """Write an overlay over the shipped book."""
    folder.mkdir()
    head = (
        "id: ours\ntitle: Ours\nversion: '1'\nover: practice_audit_england\ndecided: 2026-01-01\n"
    )
    (folder / "overlay.yaml").write_text(head + changes, "utf-8")
    return folder


def test_with_an_overlay_it_is_the_same_book_too(tmp_path: Path) -> None:
    """An overlay that leaves examples alone needs none of them: the book is read in half the time."""
    ours = overlay(
        tmp_path / "ours",
        "keep_only: {standards: [CP-05, SU-01], reason: We try these two first.}\n",
    )
    (book, problems), (whole, _) = load_to_score(RULES, ours), load_rulebook(RULES, ours)
    assert problems == ()
    assert book is not None and whole is not None  # noqa: PT018 - for the type checker
    assert any(one.examples for one in whole.standards)
    assert book.standards == tuple(
        one.model_copy(update={"examples": ()}) for one in whole.standards
    )
    assert (book.hash, book.edits, book.layers) == (whole.hash, whole.edits, whole.layers)


def test_an_overlay_that_changes_examples_is_laid_over_them(tmp_path: Path) -> None:
    """What it takes out has to be there, and is told where it is not."""
    sentence = shipped().by_id["CP-05"].examples[0].it
    change = (
        "changes:\n"
        "  - standard: CP-05\n"
        "    drop_examples: ['{}']\n"
        "    reason: It no longer holds here.\n"
    )
    right = overlay(tmp_path / "right", change.format(sentence.replace("'", "''")))
    wrong = overlay(tmp_path / "wrong", change.format("holds never"))
    for ours in (right, wrong):
        assert load_to_score(RULES, ours) == load_rulebook(RULES, ours)
    assert load_to_score(RULES, right)[1] == ()
    assert [problem.code for problem in load_to_score(RULES, wrong)[1]] == ["R044"]


def test_a_mistake_in_an_example_that_an_overlay_adds_is_said(tmp_path: Path) -> None:
    """Who writes an overlay hears at once what in it cannot be read, and scores by nothing less."""
    ours = overlay(
        tmp_path / "ours",
        "changes:\n"
        "  - standard: CP-05\n"
        "    add_examples:\n"
        "      - {it: is met by magic, given: {audits: {audit_id: A1}}, expect: splendid}\n"
        "    reason: We wish so.\n",
    )
    book, (problem,) = load_to_score(RULES, ours)
    assert (book, problem.code) == (None, "R004")
    assert str(problem.location) == f"{ours / 'overlay.yaml'}:9:72"


def test_where_parts_stand_is_the_same_too() -> None:
    """Whatever is said of a standard later names the line that it would name with examples."""
    book, _ = load_to_score(RULES)
    assert book is not None
    for standard in shipped().standards:
        for path in (("id",), ("versions", 0, "from"), ("trigger", "table")):
            assert book.place_of(standard, path) == shipped().place_of(standard, path)


def test_a_mistake_in_an_example_keeps_nobody_from_scoring(tmp_path: Path) -> None:
    """The examples are the concern of `rules check` and `rules test`, which still say so."""
    rules = copied(tmp_path)
    file = standard_file(rules, "CP-05")
    change(rules, file, "expect: not_yet_due", "expect: splendid")
    assert load_to_score(rules)[0] is not None
    assert [problem.code for problem in load_rulebook(rules)[1]] == ["R004"]


def test_with_another_mistake_all_are_said(tmp_path: Path) -> None:
    """Whoever has to mend the book anyway hears of everything that is wrong with it."""
    rules = copied(tmp_path)
    file = standard_file(rules, "CP-05")
    change(rules, file, "expect: not_yet_due", "expect: splendid")
    change(rules, file, "severity: major", "severity: huge")
    assert load_to_score(rules) == load_rulebook(rules)
    assert len(load_to_score(rules)[1]) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_follows_the_examples_is_read(tmp_path: Path, end: str) -> None:
    """An author may put a key below the examples; it counts."""
    rules = copied(tmp_path)
    file = rules / standard_file(rules, "CP-05")
    text = file.read_text(encoding="utf-8").replace("severity: major\n", "")
    file.write_text(text.rstrip("\n") + "\n\nseverity: minor\n", encoding="utf-8", newline=end)
    book, problems = load_to_score(rules)
    assert problems == ()
    assert book is not None
    assert book.by_id["CP-05"].severity == "minor"
