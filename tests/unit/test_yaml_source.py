"""Promises of `engine.rulebook.source` and `frames`: any bytes give a tree or problems."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Location, Problem
from engine.rulebook import source as module
from engine.rulebook.frames import frame, ticked
from engine.rulebook.source import YAML_CODES, Source, read_source

AS_UTF8 = "save the file as UTF-8 (in Notepad: Save as, Encoding)"
SPACES = "delete it and type spaces: as many as the lines around it have"
FILL = "write the file, or take it out of the folder"
QUOTES = "put the whole text in quotes"
WRITE_OUT = "write the value out in full; text that starts with `&` or `*` needs quotes"
UNTAG = "take the tag out; text that starts with `!` needs quotes"
ESCAPE = "write `\\\\` for a backslash, or put the text in single quotes"
BLOCK = "only a comment may follow `|` or `>` on its line"

# text → where, code, message, help of its only problem
WRONG: dict[str, tuple[bytes | str, str, str, str, str]] = {
    "bad byte": (
        b"a: 1\nb: \xff", "2:4", "Y001", "the file is not text in UTF-8: `ÿ` stands here", AS_UTF8
    ),
    "half a UTF-16 character": (
        b"\xff\xfea\x00b", "1:2", "Y001", "the file is not text in UTF-8", AS_UTF8
    ),
    "null byte": (
        b"a: \x00", "1:4", "Y001", "the character U+0000 cannot stand in text",
        "take it out; is this a text file?",
    ),
    "half a character": (
        "a: \ud800", "1:4", "Y001", "the character U+D800 cannot stand in text",
        "take it out; is this a text file?",
    ),
    "escape to the terminal": (
        'a: "\\e[1m"', "1:4", "Y001", "the character U+001B cannot stand in text",
        "take it out; is this a text file?",
    ),
    "second value": (
        "a: b: c", "1:5", "Y002", "text that holds `: ` needs quotes",
        'put the whole text in quotes: `a: "…"`',
    ),
    "indented key": (
        "a: 1\n  b: 2", "2:3", "Y002", "`b` is indented further than the keys above it",
        "move it in line with them; if it is text that goes on, the whole text needs quotes",
    ),
    "outdented key": (" a: 1\nb: 2", "2:1", "Y002", "this does not belong here",
                      "check the indentation, and the quotes and brackets before it"),
    "half indented key": (
        "a:\n  - x\n b: 1", "3:2", "Y002", "`b` is not in line with the keys above it",
        "keys of one group begin in the same column",
    ),
    "text after quotes": (
        "a: 'it's'", "1:8", "Y002", "the text in quotes ends before this",
        "inside it write `''`, or put double quotes (`\"`) around the whole text",
    ),
    "list in a group": (
        "a: 1\n- b", "2:1", "Y002", "a list item cannot stand among the keys of a group",
        "take the `- ` away, or make every key of the group an item of a list",
    ),
    "tab": ("a:\n\tb: 1", "2:1", "Y002", "a tab stands where YAML wants spaces", SPACES),
    "tab in text": ("a: b\n\tc: d", "2:1", "Y002", "a tab stands where YAML wants spaces", SPACES),
    "key alone": (
        "a: 1\nkey\n", "2:1", "Y002", "this key has no `: ` after it",
        "write `key: value`; a text that goes on is indented",
    ),
    "open list": (
        "a: [1, 2\nb: 3", "1:4", "Y002", "this `[` is not closed", "write `]` where it ends",
    ),
    "open quotes": (
        'a: "abc\nb: 1\n', "1:4", "Y002", "these quotes are not closed",
        "write the same quote mark at the end of the text",
    ),
    "gap in a list": (
        "a: [, b]", "1:5", "Y002", "a value is missing before this", "check commas and brackets"
    ),
    "at sign": ("a: @x", "1:4", "Y002", "text cannot start with `@`", QUOTES),
    "backtick": ("a: `x`", "1:4", "Y002", "text cannot start with a backtick", QUOTES),
    "asterisks": ("a: *x*", "1:4", "Y002", "text cannot start with `*`", QUOTES),
    "question mark": ("a: ? b", "1:4", "Y002", "text cannot start with `? `", QUOTES),
    "escape": ('a: "\\q"', "1:5", "Y002", "YAML does not know this `\\` escape", ESCAPE),
    "list on the key's line": (
        "a: - b", "1:4", "Y002", "a list item cannot start here",
        "start the list on a line of its own",
    ),
    "text after a bar": (
        "a: |x\n  b", "1:5", "Y002", BLOCK, "start the text on the next line, indented"
    ),
    "too deep": (
        "[" * 41, "1:41", "Y003", "nested deeper than 40 levels",
        "are brackets missing that close a list or a group?",
    ),
    "alias": ("a: *x", "1:4", "Y004", "alias `*x`", WRITE_OUT),
    "alias alone": ("*x", "1:1", "Y004", "alias `*x`", WRITE_OUT),
    "alias as a key": ("*x : 1", "1:1", "Y004", "alias `*x`", WRITE_OUT),
    "anchor": ("a: &x 1", "1:4", "Y004", "anchor `&x`", WRITE_OUT),
    "merge key": ("a: {<<: {b: 1}}", "1:5", "Y004", "merge key `<<`", "write the keys out in full"),
    "tag": ("a: !!str 1", "1:4", "Y005", "tag `!!str`", UNTAG),
    "dangerous tag": (
        "a: !!python/object/apply:os.system [ls]", "1:4", "Y005",
        "tag `!!python/object/apply:os.system`", UNTAG,
    ),
    "unknown tag": (
        "a: !x!y z", "1:4", "Y005", "a tag (`!name`) is not allowed",
        "text that starts with `!` needs quotes",
    ),
    "duplicate key": (
        "a: 1\nb: 2\n'a': 3", "3:1", "Y006", "duplicate key `a`", "first set on line 1"
    ),
    "list as a key": ("[a]: 1", "1:1", "Y007", "a key must be plain text", "write `key: value`"),
    "empty key": ("a: {'': 1}", "1:5", "Y007", "a key must be plain text", "write `key: value`"),
    "two documents": (
        "---\na: 1\n---\nb: 1", "3:1", "Y008", "a second document starts here",
        "keep one document in each file; take out the line `---`",
    ),
    "too large": (
        "a" * 1_000_001, "", "Y009", "the file is larger than 1,000,000 bytes", "split it"
    ),
    "empty": ("", "", "Y010", "the file is empty", FILL),
    "comment only": (b"# nothing\n", "", "Y010", "the file is empty", FILL),
    "null": ("~", "1:1", "Y010", "the file is empty", FILL),
    "directive": (
        "# x\n%YAML 1.1\n---\na: 1", "2:1", "Y011", "a line cannot start with `%`",
        "take it out, or put text in quotes",
    ),
    "swallowed item": (
        "a:\n  - b\n   - c", "3:4", "Y012", "this list item is read as part of the text above",
        "line the item up with the others, or put the whole text in quotes",
    ),
}  # fmt: skip

SAMPLE = """\
id: CP-05
title: "A child is visited: often enough"
bottom_line: yes
trigger: {table: plans, where: {kind: child_protection}}
measure:
  window: {from: trigger.start_date, to: ~}
versions:
  - from: 2015-01-01
    met: {at_most: 10}
    source: {title: 'London procedures', url: https://example.org/#x}
because: >-
  Longest gap {value}
  working days.
"""


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the C library and without it."""
    monkeypatch.setattr(module, "_LOADER", getattr(yaml, request.param))
    return str(request.param)


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_one_problem_in_plain_words(name: str, either_parser: str) -> None:
    """Every mistake gives exactly its problem, with the C library and without it."""
    text, place, code, message, help_ = WRONG[name]
    if (name, either_parser) == ("escape", "SafeLoader"):
        place = "1:6"  # that parser points at the letter
    _, problems = read_source(text, "f")
    assert [str(each.location) for each in problems] == [f"f:{place}".rstrip(":")]
    assert [(each.code, each.message, each.help) for each in problems] == [(code, message, help_)]


def test_every_code_is_shown_by_a_mistake() -> None:
    """The catalogue has no code without a mistake, and no mistake has a code outside it."""
    assert {wrong[2] for wrong in WRONG.values()} == set(YAML_CODES)


@pytest.mark.parametrize("name", WRONG)
def test_only_a_whole_tree_is_handed_on(name: str) -> None:
    """A source comes with problems only where there is no doubt about what was meant."""
    source, _ = read_source(WRONG[name][0], "f")
    undoubted = {"duplicate key", "swallowed item"}
    assert (source is not None) == (name in undoubted)


def test_all_problems_come_back_sorted() -> None:
    """One reading gives all problems of a file, in the order of its lines."""
    _, problems = read_source("a: *x\nb: !t 1\na: &y 2\n{}: 3\nc: [", "f")
    assert [(each.location.line, each.code) for each in problems] == [
        (1, "Y004"), (2, "Y005"), (3, "Y006"), (3, "Y004"), (4, "Y007"), (6, "Y002"),
    ]  # fmt: skip


def test_the_first_of_two_values_stands() -> None:
    """Where a key is written twice, its first value counts until the author decides."""
    source, _ = read_source("a: 1\na: 2", "f")
    assert source is not None
    assert source.value == {"a": "1"}


def test_yaml_never_guesses() -> None:
    """A scalar is the text as written, whatever YAML would make of it."""
    words = ["yes", "no", "on", "014", "12:30:45", "2015-01-01", "1.0", "0x1F", ".inf", "1_000"]
    source = good("".join(f"{word}: {word}\n" for word in words))
    assert source.value == {word: word for word in words}


def test_only_an_empty_plain_scalar_is_none() -> None:
    """Nothing, `~` and `null` are None; in quotes they are text."""
    source = good("a:\nb: ~\nc: null\nd: ''\ne: '~'\nf: \"null\"\ng: [~, '']\n'<<': |\n  null\n")
    assert source.value == {
        "a": None, "b": None, "c": None, "d": "", "e": "~", "f": "null", "g": [None, ""],
        "<<": "null\n",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_are_read(encoding: str) -> None:
    """UTF-8 with or without its mark and UTF-16 with one give the same tree and places."""
    source, problems = read_source("é: [ü, 🧒]\n".encode(encoding), "f")
    assert problems == ()
    assert source is not None
    assert source.value == {"é": ["ü", "🧒"]}
    assert str(source.at(["é", 1])) == "f:1:8"


def test_depth_forty_is_allowed() -> None:
    """Forty levels are read; the limit is on the forty-first."""
    assert read_source("[" * 40 + "]" * 40, "f")[1] == ()


def test_places_of_values_keys_and_ends() -> None:
    """Each part knows where its value and its key begin and where the value ends."""
    source = good(SAMPLE)
    path: list[str | int] = ["versions", 0, "source", "title"]
    assert str(source.at(path)) == "f:10:21"
    assert str(source.end_at(path)) == "f:10:40"
    assert str(source.key_at(path)) == "f:10:14"
    assert str(source.key_at(["versions", 0])) == str(source.at(["versions", 0])) == "f:8:5"
    assert (source.has(path), source.value_at(path)) == (True, "London procedures")


def test_a_path_that_does_not_exist_leads_to_its_nearest_ancestor() -> None:
    """What is missing is placed at the nearest part that is there."""
    source = good(SAMPLE)
    assert not source.has(["trigger", "where", "kidn"])
    assert str(source.at(["trigger", "where", "kidn"])) == "f:4:32"
    assert str(source.key_at(["trigger", "where", "kidn"])) == "f:4:25"
    assert str(source.key_at(["nothing", 3, "here"])) == "f:1:1"
    assert str(source.at(["measure", "window", "to"])) == "f:6:42"


def test_lines_are_kept_for_frames() -> None:
    """A line of the text can be had by its number; outside the text it is empty."""
    source = good("a: 1\r\nb: 2\rc: 3\n")
    assert [source.line_text(n) for n in (0, 1, 2, 3, 5)] == ["", "a: 1", "b: 2", "c: 3", ""]


BOMBS = {
    "brackets": "[" * 150_000,
    "lists": "- " * 75_000,
    "keys": "? " * 75_000,
    "braces": "{a: " * 40_000,
    "steps": "".join(" " * n + "a:\n" for n in range(500)),
    "laughs": "a0: &a0 x\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 4000)),
    "tags": "".join(f"%TAG !a{n}! x\n" for n in range(8_000)) + "---\na",
    "items": "[" + "a, " * 50_000,
    "documents": "---\n" * 40_000,
    "long key": "x" * 150_000 + ": 1",
    "duplicates": "a: 1\n" * 25_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(name: str, either_parser: str) -> None:
    """Hostile text ends in problems, in time that grows with its size and not with its square."""
    started = time.perf_counter()
    source, problems = read_source(BOMBS[name], "f")
    assert problems
    assert source is None or {each.code for each in problems} == {"Y006"}
    assert time.perf_counter() - started < (5 if either_parser == "CSafeLoader" else 20)


def test_a_deep_bomb_stops_at_once() -> None:
    """The crash of the C library (`[` 200,000 times) is a problem within half a second."""
    started = time.perf_counter()
    _, problems = read_source("[" * 200_000, "f")
    assert [each.code for each in problems] == ["Y003"]
    assert time.perf_counter() - started < 0.5


@given(
    st.one_of(st.binary(), st.text(), st.text("[]{}:,-?&*!|>'\"%@`#~ \t\nab\\<0").map(str.encode))
)
def test_arbitrary_bytes_give_a_source_or_problems(data: bytes | str) -> None:
    """Any bytes and any text give a tree of text or problems in known words, nothing else."""
    check_reading(data)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SAMPLE)), st.integers(0, 3),
            st.one_of(st.sampled_from(list("[]{}:,-?&*!|>'\"%\t\n \\")), st.characters()),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_a_rule_with_slips_gives_a_source_or_problems(slips: list[tuple[int, int, str]]) -> None:
    """Typing slips in a rule give a tree of text or problems in known words, nothing else."""
    text = SAMPLE
    for at, cut, put in slips:
        text = text[:at] + put + text[at + cut :]
    check_reading(text)


@given(
    st.recursive(
        st.text(st.characters(exclude_categories=["C"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc<é-", min_size=1), inner),
        max_leaves=20,
    )
)
def test_what_is_written_is_read(value: object) -> None:
    """Text, lists and groups that PyYAML writes in quotes are read back as they were."""
    source, problems = read_source(
        yaml.safe_dump(value, default_style='"', allow_unicode=True), "f"
    )
    # PyYAML writes an anchor where the very same list stands twice; no tree of ours has one.
    if not any(each.code == "Y004" for each in problems):
        assert problems == ()
        assert source is not None
        assert source.value == value


def check_reading(data: bytes | str) -> None:
    source, problems = read_source(data, "f")
    assert source is not None or problems
    assert list(problems) == sorted(problems)
    for problem in problems:
        assert problem.code in YAML_CODES
        assert str(problem).encode()
        line = source.line_text(problem.location.line) if source else "x"
        assert frame(problem, line).startswith("f:") or not problem.location.line
    if source:
        check_tree(source, source.value, ())


def check_tree(source: Source, value: object, path: tuple[str | int, ...]) -> None:
    assert isinstance(value, dict | list | str | None)
    place = source.at(path)
    assert 1 <= place.line <= len(source.lines)
    assert 1 <= place.column <= len(source.line_text(place.line)) + 1
    children = value.items() if isinstance(value, dict) else enumerate(value or ())
    for key, child in children if isinstance(value, dict | list) else ():
        assert isinstance(key, str | int)
        check_tree(source, child, (*path, key))


def good(text: str) -> Source:
    source, problems = read_source(text, "f")
    assert problems == ()
    assert source is not None
    return source


# --- frames


def at(line: int, column: int, message: str = "m", help_: str = "") -> Problem:
    return Problem(Location("a.yaml", line=line, column=column), "R001", message, help_)


def test_a_frame_without_a_line_is_the_message_and_the_help() -> None:
    """A problem without a line or a place still says all that it knows."""
    assert frame(at(0, 0, "m", "h")) == "a.yaml: R001 m\n  = help: h"
    assert frame(at(12, 3)) == "a.yaml:12:3: R001 m"


def test_the_caret_stands_under_the_words_in_question() -> None:
    """The caret is as wide as the quoted words where they stand there, in quotes or not."""
    drawn = frame(at(12, 8, "`a.b` is wrong"), "\tkey:  'a.b' # a.b")
    assert drawn == (
        "a.yaml:12:8: R001 `a.b` is wrong\n   |\n12 | \tkey:  'a.b' # a.b\n   | \t      ^^^^^"
    )
    assert frame(at(1, 1, "missing key `id`"), "x: 1").endswith("\n  | ^")


def test_a_long_line_is_cut_to_a_window() -> None:
    """However long the line is, the frame stays narrow and the caret stays under its place."""
    drawn = frame(at(1, 501, "`here`"), "x" * 500 + "here" + "y" * 500).splitlines()
    assert drawn[2] == "1 | …" + "x" * 60 + "here" + "y" * 96 + "…"
    assert drawn[3] == "  | " + " " * 61 + "^^^^"


def test_nothing_in_a_frame_moves_the_terminal() -> None:
    """Control and format characters of the author's text are never printed."""
    assert ticked("a\x1b[1m`b`\u202e") == "`a\ufffd[1m'b'\ufffd`"
    assert frame(at(1, 1), "\x1b[2J").splitlines()[2] == "1 | \ufffd[2J"
    assert len(ticked("x" * 1000)) == 62
