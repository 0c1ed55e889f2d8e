"""What is wrong with a folder of rules, as text for people and as data for other programs.

Problems and the lines of their files come in, text goes out. It must not know where files are.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import quote

from engine.errors import Problem
from engine.rulebook.frames import frame, headline

Lines = Mapping[str, Sequence[str]]
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _line(problem: Problem, lines: Lines) -> str:
    number, known = problem.location.line, lines.get(problem.location.file, ())
    return known[number - 1] if 0 < number <= len(known) else ""


def as_full(problems: Sequence[Problem], lines: Lines) -> str:
    """Draw each problem with its line, a caret below it, and the way out."""
    drawn = [frame(problem, _line(problem, lines)) for problem in problems]
    return "".join(f"{one}\n\n" for one in drawn)


def as_concise(problems: Sequence[Problem]) -> str:
    """Give each problem one line."""
    return "".join(f"{headline(problem)}\n" for problem in problems)


def as_json(problems: Sequence[Problem]) -> str:
    """Give every part of each problem a name."""
    listed = [
        {
            "file": problem.location.file,
            "line": problem.location.line or None,
            "column": problem.location.column or None,
            "code": problem.code,
            "severity": _level(problem),
            "message": problem.message,
            "help": problem.help,
        }
        for problem in problems
    ]
    counts = {f"{level}s": _number(problems, level) for level in ("error", "warning")}
    return _dumped({**counts, "problems": listed})


def as_github(problems: Sequence[Problem]) -> str:
    """Write workflow commands: GitHub shows each beside the line that it is about."""
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def as_sarif(problems: Sequence[Problem], version: str, described: Mapping[str, str]) -> str:
    """Write SARIF 2.1.0, with what each code means; `described` gives that by code."""
    codes = sorted({problem.code for problem in problems})
    rules = [
        {"id": code, "shortDescription": {"text": described[code].split("\n")[0]},
         "fullDescription": {"text": described[code]},
         "help": {"text": described[code].split("\n")[-1]}}
        for code in codes
    ]  # fmt: skip
    driver = {"name": "audit rules check", "version": version, "rules": rules}
    results = [_result(problem, codes.index(problem.code)) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return _dumped({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def summary(problems: Sequence[Problem], live: int, folder: str) -> str:
    """Say in one line how it stands."""
    if not problems:
        return f"{live} live standard{'s' if live != 1 else ''} in {folder}: nothing wrong."
    said = [
        f"{number} {level}{'s' if number > 1 else ''}"
        for level in ("error", "warning")
        if (number := _number(problems, level))
    ]
    return f"{' and '.join(said)} in {folder}."


def _level(problem: Problem) -> str:
    return "warning" if problem.warning else "error"


def _number(problems: Iterable[Problem], level: str) -> int:
    return sum(_level(problem) == level for problem in problems)


def _annotation(problem: Problem) -> str:
    place = problem.location
    parts = {"file": place.file, "line": place.line, "col": place.column, "title": problem.code}
    given = ",".join(f"{k}={_escaped(str(v), ':,')}" for k, v in parts.items() if v)
    text = f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message
    return f"::{_level(problem)} {given}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _result(problem: Problem, index: int) -> dict[str, object]:
    place = problem.location
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(place.file)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column or 1}
    text = f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _level(problem),
        "message": {"text": text},
        "locations": [{"physicalLocation": physical}],
    }


def _dumped(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


Draw = Callable[[Sequence[Problem], Lines], str]
