"""No bytes in a rule file end in anything but problems: drawn text, and every shipped file broken.

AUDIT_EXAMPLES sets how many examples each test draws; the default keeps them to some seconds.
"""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cli.rules_check import problems_of
from engine.errors import Problem
from engine.reports import rule_problems as drawing
from engine.rulebook.book import Book
from engine.rulebook.calendar import read_calendar
from engine.rulebook.check import check_book, check_standards
from engine.rulebook.fields import Fields
from engine.rulebook.judgement import Judgement
from engine.rulebook.judgement_check import check_judgement
from engine.rulebook.lints import lint
from engine.rulebook.model import Strict
from engine.rulebook.outages import Outages
from engine.rulebook.promises import Promises
from engine.rulebook.scalars import parse_day
from engine.rulebook.source import read_source, text_lines
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from tests.rules.rulebooks import RULES, shipped

SMALL = Path(__file__).parent / "small"
AS_OF = parse_day("2026-12-01")
EXAMPLES = int(os.environ.get("AUDIT_EXAMPLES", "0"))
TOP: dict[str, type[Strict]] = {
    "fields.yaml": Fields,
    "judgement.yaml": Judgement,
    "outages.yaml": Outages,
    "rulebook.yaml": Book,
    "promises.yaml": Promises,
}
FILES = sorted(path for path in RULES.rglob("*.yaml"))


def examples(number: int) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=EXAMPLES or number, deadline=None, suppress_health_check=quiet)


def problems(data: bytes, like: Path) -> list[Problem]:  # noqa: C901 - one line a kind of file
    """Return all that is said of a file that stands where `like` does."""
    book, fields = shipped().book, shipped().fields
    if like.parent.name == "calendars":
        return list(read_calendar(data, "f.yaml")[1])
    model: type[Strict] = Standard
    if like.parent == RULES:
        model = TOP[like.name]
    source, found = read_source(data, "f.yaml")
    if source is None:
        return list(found)
    read, more = validate(model, source)
    said = [*found, *more]
    if isinstance(read, Standard):
        parts = ((read, source),)
        said += check_standards(parts, book, fields)
        if not said:
            said += lint(parts, book, fields, AS_OF)
    elif isinstance(read, Book):
        said += check_book(read, source)
    elif isinstance(read, Judgement):
        grades, domains = [g.id for g in book.grades], [d.id for d in book.domains]
        for mistake in check_judgement(read, grades, domains):
            place = source.at(mistake.path)
            said.append(Problem(place, mistake.code, mistake.message, mistake.help))
    return said


def are_fit_to_print(said: list[Problem], data: bytes) -> None:
    """Assert that every problem can be drawn in every format, at a place in the file."""
    lines = text_lines(data)
    for problem in said:
        assert problem.message
        assert "\n" not in problem.message
        assert problem.location.line <= len(lines) + 1
    drawn = drawing.as_full(said, {"f.yaml": lines})
    assert all(one.code in drawn for one in said)
    drawing.as_json(said).encode()
    drawing.as_github(said).encode()


@examples(150)
@given(st.binary(max_size=300))
def test_bytes_give_problems(data: bytes) -> None:
    """Whatever the bytes are, a standard made of them is refused, and said to be."""
    said = problems(data, FILES[0])
    assert said
    are_fit_to_print(said, data)


words = st.sampled_from(
    [
        "id",
        "title",
        "status",
        "live",
        "kind",
        "within",
        "longest_gap",
        "of",
        "visits",
        "where",
        "{child_seen:",
        "{present:",
        "trigger.",
        "from:",
        "met:",
        "{at_most:",
        "10}",
        "-",
        "--",
        "---",
        ":",
        "?",
        "|",
        ">",
        ">-",
        "'",
        '"',
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "~",
        "null",
        "yes",
        "no",
        "1",
        "-1",
        "2024-02-30",
        "{value}",
        "<<:",
        "&a",
        "*a",
        "!!x",
        "\t",
        "\\",
        "\xa0",
        "“",
        "”",
        "examples:",
        "given:",
        "audits:",
        "expect:",
    ]
)
lines_drawn = st.lists(st.lists(words, max_size=6).map(" ".join), max_size=12).map("\n".join)


@examples(150)
@given(lines_drawn)
def test_text_like_yaml_gives_problems(text: str) -> None:
    """Words of rule files in any order are refused, and said to be."""
    said = problems(text.encode(), FILES[0])
    assert said
    are_fit_to_print(said, text.encode())


scalars = st.sampled_from(
    ["", "yes", "no", "null", "~", "[]", "{}", "10", "-1", "2024-02-30", "31/12/2024", "[1, [2]]",
     "{a: {b: c}}", "trigger.start_date", "within", "10 working days", "“x”", "'", '"', "a: b",
     "&a x", "*a", "!t x", "9" * 400, "\u00e9" * 3]
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> tuple[Path, bytes]:
    """Draw a shipped file with a few lines taken out, doubled, swapped, moved, or cut short."""
    path = draw(st.sampled_from(FILES))
    lines = path.read_text("utf-8").split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(lines) - 2)))
        what = draw(st.sampled_from(("out", "twice", "swap", "in", "back", "value", "cut", "tab")))
        line = lines[at] if lines else ""
        if what == "out":
            del lines[at : at + 1]
        elif what == "twice":
            lines.insert(at, line)
        elif what == "swap":
            lines[at : at + 2] = lines[at : at + 2][::-1]
        elif what == "cut":
            lines[at:] = [line[: draw(st.integers(0, len(line)))]]
        elif what == "value":
            lines[at : at + 1] = [f"{line.partition(': ')[0]}: {draw(scalars)}"]
        else:
            moved = {"in": f"  {line}", "back": line[1:], "tab": f"\t{line}"}
            lines[at : at + 1] = [moved[what]]
    return path, "\n".join(lines).encode()


@examples(400)
@given(broken())
def test_every_shipped_file_broken_gives_problems_or_is_still_right(
    case: tuple[Path, bytes],
) -> None:
    """A slip of the hand in any shipped file is told, or is none; nothing else comes of it."""
    path, data = case
    are_fit_to_print(problems(data, path), data)


@examples(25)
@given(broken())
def test_a_whole_folder_with_a_broken_file_is_checked(case: tuple[Path, bytes]) -> None:
    """`rules check` on a folder with a broken file ends with problems or with a right rulebook."""
    path, data = case
    name = "child_protection/more.yaml"
    if path.parent == RULES:
        name = path.name
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "rules"
        shutil.copytree(SMALL, folder)
        (folder / name).write_bytes(data)
        for problem in problems_of((folder,), AS_OF)[0]:
            assert problem.message
            assert problem.location.file.startswith(folder.as_posix())


def test_a_huge_file_is_refused_at_once() -> None:
    """A file past the limit is told as too large before anything is read of it."""
    (said,) = problems(b"a: b\n" * 300_000, FILES[0])
    assert (said.code, said.help) == ("Y009", "split it")


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? ", "{", "'", '"', "\t", "&", "\ufeff"])
def test_the_same_again_and_again_is_told(bracket: str) -> None:
    """Brackets, quotes and marks without end neither crash the parser nor take long."""
    data = (bracket * 20_000).encode()
    said = problems(data, FILES[0])
    assert said
    are_fit_to_print(said[:5], data)
