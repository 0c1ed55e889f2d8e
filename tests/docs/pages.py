"""Pages of the reference that are made from the program itself, so that they cannot be stale.

`AUDIT_WRITE_DOCS=1 python3 run.py test tests/docs` writes them.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer

from engine.cli.advice import ADVICE
from engine.cli.app import app
from engine.cli.codes import ALL_CODES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
MADE = "*Made from the program by `tests/docs`; to change it, change the program.*"

EXITS = """\
| code | means |
|---|---|
| 0 | done; a low grade is no failure, and warnings are none |
| 1 | `--fail-on` matched, or a check failed |
| 2 | wrong usage, or the batch or the output place cannot be read or written at all |
| 3 | the rulebook has errors, nothing scored |
| 4 | some records were put aside, the rest scored (with `--strict`: nothing scored, nothing written) |
| 130 | interrupted |

4 outranks 1. Results go to standard output, all else to standard error."""

ENVIRONMENT = """\
| in the environment | means |
|---|---|
| `AUDIT_MEMORY` | what the database may hold in memory at once, as `--memory` of `audit score` |
| `AUDIT_CACHE` | a folder for the verdicts on patterns that are kept from run to run, in place of the \
user's cache folder; `off` keeps none. They are tallies of outcomes: no audit, child or name |"""

FAMILIES = {
    "B": "The batch: B0 cannot be read at all, B1 a warning, B2 to B4 a row that is put aside",
    "C": "The calendar of working days",
    "K": "A performance extract, and keys of pseudonyms",
    "M": "Moderation and mappings: M0 mappings, M1 the ledger, M2 and M3 decisions, M4 the sample, "
    "M5 and M7 the report of a week",
    "Q": "Data quality: errors and queries, never held against practice",
    "R": "The rulebook: R0 its files and standards (R05 and R06 only warn), R3 its rules of judgement",
    "S": "Synthetic batches (S0), and Apache Spark (S1)",
    "U": "The command line",
    "Y": "YAML, in any file of the rulebook",
}


def commands() -> dict[str, Any]:
    """Return each command of `audit` that can be run, by its words."""
    return dict(_commands(typer.main.get_command(app), "audit"))


def _commands(command: Any, words: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Typer's own
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
        return
    if any(param.name == "version" for param in command.params):
        yield words, command
    for name, one in inner.items():
        yield from _commands(one, f"{words} {name}")


def options(command: Any) -> tuple[str, ...]:  # noqa: ANN401 - Typer's own
    """Return the options of a command as they are typed."""
    every = (opt for param in command.params for opt in (*param.opts, *param.secondary_opts))
    return tuple(opt for opt in every if opt.startswith("-"))


def cli_page() -> str:
    """Return the page of the command line."""
    parts = ["# The command line", MADE, EXITS, ENVIRONMENT]
    for words, command in commands().items():
        parts.append(f"## {words}\n\n{command.help}")
        hints = get_type_hints(command.callback)
        rows = [_row(p, _values(hints[p.name])) for p in command.params if p.name in hints]
        if rows:
            parts.append("\n".join(("| | | |", "|---|---|---|", *rows)))
    return "\n\n".join(parts) + "\n"


def _values(hint: object) -> str:
    """Return the values that a parameter takes, if it takes only some."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{one.value}`" for one in hint)
    return "".join(map(_values, get_args(hint)))


def _row(param: Any, values: str) -> str:  # noqa: ANN401 - Typer's own
    both = (*param.opts, *param.secondary_opts)
    typed = ", ".join(f"`{opt}`" for opt in both) if _is_option(param) else f"*{param.name}*"
    return f"| {typed} | {_notes(param, values)} | {param.help} |"


def _notes(param: Any, values: str) -> str:  # noqa: ANN401 - Typer's own
    default = getattr(param.default, "value", param.default)
    notes = [values]
    if param.required:
        notes.append("required")
    elif default not in (None, False):
        notes.append(f"`{default}` if not given")
    if getattr(param, "envvar", None):
        notes.append(f"or `{param.envvar}` in the environment")
    return "; ".join(note for note in notes if note)


def _is_option(param: Any) -> bool:  # noqa: ANN401 - Typer's own
    return all(opt.startswith("-") for opt in param.opts)


def problems_page() -> str:
    """Return the page of every code, with what to do about it."""
    parts = ["# Problems", MADE, "`audit explain CODE` prints what stands here."]
    for letter, title in FAMILIES.items():
        parts.append(f"## {title}")
        codes: Sequence[str] = [code for code in ALL_CODES if code.startswith(letter)]
        parts += [f"### {code}\n\n{_sentence(ALL_CODES[code])}\n{ADVICE[code]}" for code in codes]
    return "\n\n".join(parts) + "\n"


def _sentence(meaning: str) -> str:
    return f"{meaning[0].upper()}{meaning[1:]}."
