"""`audit rules check`: everything that is wrong with a folder of rules, at once."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.cli.common import no_folder, rules_folders, say, show, today
from engine.cli.rule_paths import around, sorted_out
from engine.errors import Exit, Problem, Stop
from engine.rulebook.book import Rulebook


@dataclass(frozen=True)
class CheckAsked:
    """What was asked for on the command line."""

    paths: tuple[Path, ...]
    rules: tuple[Path, ...]
    output_format: str
    as_of: date | None
    watch: bool


def run_rules_check(asked: CheckAsked) -> Exit:
    """Check the rules once, or again and again until it is stopped; return the exit code."""
    if not asked.watch:
        return check_once(asked)
    from engine.cli.watching import changes

    folders, _ = books_and_parts(asked)
    with suppress(KeyboardInterrupt):  # it is how watching ends
        for number, _ in enumerate(changes(folders)):
            if number:
                say(f"\n{'─' * 72}\n")
            check_once(asked)
            say(f"watching {_named(folders)}; Ctrl-C ends it")
    return Exit.DONE


def check_once(asked: CheckAsked) -> Exit:
    """Check the rules and print what is wrong; return the exit code."""
    folders, parts = books_and_parts(asked)
    problems, live = problems_of(folders, asked.as_of or today())
    shown = [one for one in problems if not parts or _within(one.location.file, parts)]
    show(_drawn(asked.output_format, shown, live, _named(folders)).removesuffix("\n").split("\n"))
    return Exit.DONE if all(problem.warning for problem in shown) else Exit.RULEBOOK


def problems_of(folders: Sequence[Path], as_of: date) -> tuple[tuple[Problem, ...], int]:
    """Return all errors and warnings of stacked books, and how many standards are live."""
    from engine.rulebook.lints import lint
    from engine.rulebook.load import read_folder

    if not folders[0].is_dir():
        return (no_folder(folders[0]),), 0
    loaded = read_folder(*folders)
    # A standard with errors of its own is first put right: its warnings would only distract.
    broken = {problem.location.file for problem in loaded.problems}
    whole = tuple(part for part in loaded.parts if part[1].file not in broken)
    doubts: tuple[Problem, ...] = ()
    if loaded.book and loaded.fields:
        doubts = lint(whole, loaded.book, loaded.fields, as_of)
    if loaded.rulebook:
        doubts += _of_judgement(loaded.rulebook)
    live = sum(standard.status == "live" for standard, _ in loaded.parts)
    return tuple(sorted((*loaded.problems, *doubts))), live


def _of_judgement(rulebook: Rulebook) -> tuple[Problem, ...]:
    from engine.cli.rules_lints import lints_of

    try:
        return lints_of(rulebook)
    except Stop as stop:
        return stop.problems


def books_and_parts(asked: CheckAsked) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the folders of rules, and the files or folders inside them that are asked for."""
    given, parts = sorted_out(asked.paths, asked.rules)
    if given or not parts:
        return rules_folders(given), parts
    book = around(parts[0]) if parts[0].exists() else None
    return (parts[:1], ()) if book is None else (rules_folders(book), parts)


def _within(file: str, parts: Sequence[Path]) -> bool:
    return any(Path(file) == part or part in Path(file).parents for part in parts)


def _named(folders: Sequence[Path]) -> str:
    return " + ".join(folder.as_posix() for folder in folders)


def _drawn(format_: str, problems: Sequence[Problem], live: int, folders: str) -> str:
    from engine.reports import rule_problems as drawing

    if format_ == "json":
        return drawing.as_json(problems)
    if format_ == "github":
        return drawing.as_github(problems)
    if format_ == "sarif":
        return _sarif(problems)
    text = (
        drawing.as_concise(problems)
        if format_ == "concise"
        else drawing.as_full(problems, lines_of(problems))
    )
    return f"{text}{drawing.summary(problems, live, folders)}\n"


def _sarif(problems: Sequence[Problem]) -> str:
    from engine import __version__
    from engine.cli.advice import ADVICE
    from engine.cli.codes import ALL_CODES
    from engine.reports.rule_problems import as_sarif

    described = {
        code: f"{means[:1].upper()}{means[1:]}.\n{ADVICE[code]}"
        for code, means in ALL_CODES.items()
    }
    return as_sarif(problems, __version__, described)


def lines_of(problems: Sequence[Problem]) -> dict[str, tuple[str, ...]]:
    """Return the lines of every file that has a problem; of one that is not text, none."""
    from engine.rulebook.source import text_lines

    lines = {}
    for file in {problem.location.file for problem in problems}:
        try:
            lines[file] = text_lines(Path(file).read_bytes())
        except OSError:
            lines[file] = ()
    return lines
