"""Promises of `engine.rulebook.validate`: every mistake at its place, in words an author knows."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from engine.errors import Problem
from engine.rulebook.frames import frame
from engine.rulebook.measures import Window as RealWindow
from engine.rulebook.scalars import Day, Duration, Fault, Name, Text, Whole, YesNo
from engine.rulebook.source import Source, read_source
from engine.rulebook.validate import MODEL_CODES, validate


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Severity(StrEnum):
    MAJOR = "major"
    MINOR = "minor"


class EntryKind(StrEnum):
    DECISION = "decision"


class Window(Strict):
    from_: Day = Field(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.to and self.to < self.from_:
            raise Fault("the window ends before it begins", "swap them", at=["to"])
        return self


class Test(Strict):
    """Takes a short form, as conditions do: its own keys are then not in the source."""

    __test__ = False
    one_of: tuple[Name, ...]

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: object) -> object:
        return {"one_of": data} if isinstance(data, list) else data


class Within(Strict):
    kind: Literal["within"]
    window: Window | None = None
    # A key named like a tag, to show that labels and keys are told apart.
    within: "Within | None" = None
    grace: Duration | None = None


class Share(Strict):
    kind: Literal["share"]
    where: dict[Name, Test] = {}
    at_least: Annotated[Whole, Field(ge=0, le=100)] = 0


Measure = Annotated[Within | Share, Field(discriminator="kind")]


class Rows(RootModel[list[Window]]):
    pass


class Rule(Strict):
    title: Text
    severity: Severity = Severity.MAJOR
    silence: Literal["not_met", "not_evidenced"] = "not_met"
    entry: EntryKind | None = None
    live: YesNo = True
    measure: Measure | None = None
    parts: Annotated[tuple[Window, ...], Field(min_length=1, max_length=2)] | None = None
    rows: Rows | None = None
    words: list[Annotated[str, Field(min_length=2, max_length=3)]] = []
    by_severity: dict[Severity, str] = {}
    limit: Whole | dict[Name, Duration] | None = None
    weight: Annotated[float, Field(gt=0, lt=1)] | None = None
    note: str = ""
    exact: Annotated[Decimal, Field(multiple_of=2)] | None = None

    @model_validator(mode="after")
    def _notes(self) -> "Rule":
        if self.note.startswith(("R", "never")):
            raise ValueError(self.note)
        return self


ALLOWED_KINDS = "allowed: `within`, `share`"
KEYS = (
    "known keys: `title`, `severity`, `silence`, `entry`, `live`, `measure`, `parts`, `rows`, "
    "`words`, `by_severity`, `limit`, `weight`, `note`, `exact`"
)
BRACKET = "text that starts with a bracket needs quotes"
GROUP = "write `key: value`, each on its own line and indented"
LIST = "write `[one, two]`, or each item on its own line after `- `"

# what stands after `title: x` → place, code, message, help of its only problem
WRONG = {
    "tilte: y": ("2:1", "R001", "unknown key `tilte`", "did you mean `title`?"),
    "q: y": ("2:1", "R001", "unknown key `q`", KEYS),
    "rows: [{from: 2024-01-01, form: x}]": (
        "2:27", "R001", "unknown key `form`", "did you mean `from`?",
    ),
    "measure: {kind: within, window: {}}": ("2:25", "R002", "missing key `from`", ""),
    "measure: {kind: within, within: {}}": ("2:25", "R002", "missing key `kind`", ""),
    "measure: {}": ("2:1", "R002", "missing key `kind`", ALLOWED_KINDS),
    "parts: [{}]": ("2:9", "R002", "missing key `from`", ""),
    "measure: x": ("2:10", "R003", "`x` is not a group of keys", GROUP),
    "parts: x": ("2:8", "R003", "`x` is not a list", LIST),
    "parts: {a: b}": (
        "2:8", "R003", "`parts` must be a list, not a group of keys", "begin each item with `- `",
    ),
    "words: [[a]]": ("2:9", "R003", "this item must be text, not a list", BRACKET),
    "note: [a]": ("2:7", "R003", "`note` must be text, not a list", BRACKET),
    "note:": ("2:6", "R003", "`note` has no value", "write text"),
    "live:": ("2:6", "R003", "`live` has no value", "write `yes` or `no`"),
    "live: [a]": ("2:7", "R003", "`live` must be `yes` or `no`, not a list", ""),
    "live: maybe": ("2:7", "R003", "`maybe` is neither yes nor no", "write `yes` or `no`"),
    "weight: heavy": ("2:9", "R003", "`heavy` is not a number", ""),
    "exact: x": ("2:8", "R003", "`exact` must be a valid decimal", ""),
    "by_severity: {major: [a]}": ("2:22", "R003", "`major` must be text, not a list", BRACKET),
    "measure: {kind: share, where: {A b: [x]}}": (
        "2:32", "R003", "`A b` is not a name",
        "write `a_b`; use small letters, digits and `_`, with a letter first",
    ),
    "measure: {kind: share, where: {a: [x, Y]}}": (
        "2:39", "R003", "`Y` is not a name",
        "write `y`; use small letters, digits and `_`, with a letter first",
    ),
    "measure: {kind: within, within: {kind: within, grace: 4}}": (
        "2:55", "R003", "`4` has no unit", "write `4 days` or `4 working days`",
    ),
    "limit: ten": ("2:8", "R003", "`ten` is not a whole number", "write `10`"),
    "limit: {a: 1}": ("2:12", "R003", "`1` has no unit", "write `1 day` or `1 working day`"),
    "measure: {kind: }": ("2:17", "R003", "`kind` has no value", ALLOWED_KINDS),
    "measure: {kind: [a]}": ("2:17", "R003", "`kind` must be text, not a list", ALLOWED_KINDS),
    "severity: majr": (
        "2:11", "R004", "`majr` is not a severity",
        "did you mean `major`? allowed: `major`, `minor`",
    ),
    "entry: x": ("2:8", "R004", "`x` is not an entry kind", "allowed: `decision`"),
    "severity:": ("2:10", "R003", "`severity` has no value", "allowed: `major`, `minor`"),
    "silence: x": (
        "2:10", "R004", "`x` is not allowed for `silence`", "allowed: `not_met`, `not_evidenced`",
    ),
    "by_severity: {mild: b}": (
        "2:15", "R004", "`mild` is not allowed as a key", "allowed: `major`, `minor`",
    ),
    "measure: {kind: shear}": (
        "2:17", "R004", "`shear` is not allowed for `kind`",
        f"did you mean `share`? {ALLOWED_KINDS}",
    ),
    "measure: {kind: share, at_least: -1}": ("2:34", "R004", "`at_least` must be at least 0", ""),
    "measure: {kind: share, at_least: 101}": ("2:34", "R004", "`at_least` must be at most 100", ""),
    "weight: 0": ("2:9", "R004", "`weight` must be more than 0.0", ""),
    "weight: 1": ("2:9", "R004", "`weight` must be less than 1.0", ""),
    "parts: []": ("2:8", "R004", "`parts` must hold at least 1", ""),
    "rows: [{from: 2024-01-01}, {}]": ("2:28", "R002", "missing key `from`", ""),
    "words: [a]": ("2:9", "R004", "this item must have at least 2 characters", ""),
    "words: [abcd]": ("2:9", "R004", "this item must have at most 3 characters", ""),
    "parts: [{from: 2024-01-02, to: 2024-01-01}]": (
        "2:32", "R005", "the window ends before it begins", "swap them",
    ),
    "note: never": ("1:1", "R005", "never", ""),
    "note: R042 a rule says so": ("1:1", "R042", "a rule says so", ""),
}  # fmt: skip


def source_of(text: str) -> Source:
    source, problems = read_source(text, "r.yaml")
    assert problems == ()
    assert source is not None
    return source


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_is_one_problem_at_its_place(line: str) -> None:
    """Every mistake gives exactly its problem, where the author made it."""
    place, code, message, help_ = WRONG[line]
    value, problems = validate(Rule, source_of(f"title: x\n{line}\n"))
    assert value is None
    assert [str(each.location) for each in problems] == [f"r.yaml:{place}"]
    assert [(each.code, each.message, each.help) for each in problems] == [(code, message, help_)]


def test_every_code_is_shown_by_a_mistake() -> None:
    """The catalogue has no code without a mistake; validators may bring codes of their own."""
    assert {wrong[1] for wrong in WRONG.values()} == {*MODEL_CODES, "R042"}


def test_all_problems_come_back_sorted() -> None:
    """One validation gives all problems of a file, in the order of its lines, each once."""
    text = "severity: x\nparts:\n  - form: 1\n  - from: 1/2/2024\nlive: 2\n"
    problems = validate(Rule, source_of(text))[1]
    assert [(each.location.line, each.code) for each in problems] == [
        (1, "R002"), (1, "R004"), (3, "R001"), (4, "R003"), (5, "R003"),
    ]  # fmt: skip


def test_a_list_is_not_called_short_because_its_items_are_wrong() -> None:
    """Only the items are problems; pydantic counts them out and finds the list too short."""
    problems = validate(Rule, source_of("title: x\nparts: [{from: x}]\n"))[1]
    assert [each.message for each in problems] == ["`x` is not a date"]


def test_a_list_may_be_too_long() -> None:
    """A list with more items than allowed is a problem of the list."""
    item = "{from: 2024-01-01}"
    problems = validate(Rule, source_of(f"title: x\nparts: [{item}, {item}, {item}]\n"))[1]
    assert [str(each) for each in problems] == ["r.yaml:2:8: R004 `parts` must hold at most 2"]


@pytest.mark.parametrize(("text", "found"), [("a", "`a` is not"), ("[a]", "the file must be")])
def test_a_file_that_is_no_group_says_so(text: str, found: str) -> None:
    """The whole file can be of the wrong kind too."""
    (problem,) = validate(Rule, source_of(text))[1]
    assert (str(problem.location), problem.code) == ("r.yaml:1:1", "R003")
    assert problem.message.startswith(found)


def test_a_good_file_gives_the_model() -> None:
    """Text becomes what the fields are, without a problem."""
    text = (
        "title: x\nlive: no\nseverity: minor\nlimit: {a: 6 weeks}\nparts: [{from: 2024-01-01}]\n"
        "measure: {kind: share, where: {a: [x]}, at_least: 80}\nby_severity: {major: b}\n"
    )
    rule, problems = validate(Rule, source_of(text))
    assert problems == ()
    assert rule is not None
    assert (rule.live, rule.severity) == (False, Severity.MINOR)
    assert rule.limit == {"a": Duration.parse("42 days")}
    assert rule.parts == (Window.model_validate({"from": date(2024, 1, 1)}),)
    assert isinstance(rule.measure, Share)
    assert rule.measure.where["a"].one_of == ("x",)


def test_a_part_of_a_file_can_be_validated() -> None:
    """With a path, only that part is read, and its problems stand where they are in the file."""
    source = source_of("window:\n  - {from: 2024-01-01}\n  - {form: 2}\n")
    assert validate(Window, source, ["window", 0])[1] == ()
    problems = validate(Window, source, ["window", 1])[1]
    assert [str(each.location) for each in problems] == ["r.yaml:3:6"]


def test_a_part_that_is_not_there_is_a_missing_key() -> None:
    """A path that leads nowhere is a problem, placed at the nearest part that is there."""
    _, problems = validate(Window, source_of("a:\n  b: c\n"), ["a", "window"])
    assert [str(each) for each in problems] == ["r.yaml:1:1: R002 missing key `window`"]


def test_what_a_key_is_called_in_the_code_is_not_a_way_of_writing_it() -> None:
    _, problems = validate(RealWindow, source_of("from_: trigger.start_date"))
    assert [(p.code, p.help) for p in problems] == [("R001", "did you mean `from`?")]


def test_a_problem_can_be_drawn() -> None:
    """Place, message, the line with a caret and the help stand together."""
    source = source_of("title: x\nseverity: majr\n")
    (problem,) = validate(Rule, source)[1]
    assert frame(problem, source.line_text(problem.location.line)) == (
        "r.yaml:2:11: R004 `majr` is not a severity\n"
        "  |\n"
        "2 | severity: majr\n"
        "  |           ^^^^\n"
        "  = help: did you mean `major`? allowed: `major`, `minor`"
    )


class Loose(BaseModel):
    """Types that the walk along a location cannot see into."""

    anything: dict[str, Any] = {}
    pair: tuple[Whole, Name] | None = None
    either: Window | Rows | None = None
    nested: list[dict[Name, list[Measure]]] = []


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("pair: [1, X]", "1:11", "R003"),
        ("pair: [1]", "1:1", "R002"),
        ("either: {from: 1}", "1:16", "R003"),
        ("either: [{from: 1}]", "1:17", "R003"),
        ("nested: [{a: [{kind: share, at_least: x}]}]", "1:39", "R003"),
        ("nested: [{a: [{kind: share, b: x}]}]", "1:29", "R001"),
    ],
)
def test_deep_and_mixed_types_are_followed(text: str, place: str, code: str) -> None:
    """Tuples, unions of models, lists of groups of lists: the place is still the author's."""
    problems = validate(Loose, source_of(text))[1]
    assert [(str(each.location), each.code) for each in problems] == [(f"r.yaml:{place}", code)]


words = st.sampled_from(
    ["", "x", "yes", "014", "2024-01-01", "10 days", "share", "within", "major", "~"]
)
keys = st.sampled_from([*Rule.model_fields, "from", "to", "kind", "within", "window", "where", "A"])
trees = st.recursive(
    words, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12
)


def written(tree: object) -> str:
    """Write a tree in YAML's flow style, its words plain."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, value in tree.items()) + "}"
    return f"[{', '.join(map(written, tree))}]" if isinstance(tree, list) else str(tree) or "''"


@given(st.dictionaries(keys, trees, min_size=1))
def test_any_tree_gives_a_model_or_problems_in_plain_words(tree: dict[str, object]) -> None:
    """Whatever the tree is, there is a model or there are problems at places within the file."""
    source = source_of(written(tree))
    value, problems = validate(Rule, source)
    assert (value is None) == bool(problems)
    assert list(problems) == sorted(set(problems))
    for problem in problems:
        check_words(problem, source)


def check_words(problem: Problem, source: Source) -> None:
    assert problem.code in MODEL_CODES
    assert problem.location.line == 1
    assert 1 <= problem.location.column <= len(source.line_text(1)) + 1
    assert not problem.message.endswith(".")
    for ours in ("str", "int", "dict", "tuple", "pydantic", "Input", "Value error", "function"):
        assert ours not in problem.message.split()
