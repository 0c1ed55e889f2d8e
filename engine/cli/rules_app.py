"""The commands of `audit rules` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsOf, Rules, read_day

rules_app = typer.Typer(help="Check the rule files.", no_args_is_help=True, rich_markup_mode=None)


class CheckFormat(StrEnum):
    """How what is wrong is printed."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@rules_app.command("check")
def rules_check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folder of rules, or a file or folder inside one; ./rules or the packaged book."
        ),
    ] = None,
    *,
    output_format: Annotated[
        CheckFormat,
        typer.Option("--output-format", help="How what is wrong is printed."),
    ] = CheckFormat.FULL,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            parser=read_day,
            metavar="YYYY-MM-DD",
            help="Ask on this day whether sources were checked within a year; today if not given.",
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a rule file changes.")
    ] = False,
) -> None:
    """Say everything that is wrong or doubtful in a folder of rules, at once.

    Errors end it with exit code 3; warnings do not.
    """
    from engine.cli.rules_check import CheckAsked, run_rules_check

    asked = CheckAsked(tuple(paths or ()), output_format.value, as_of, watch)
    raise typer.Exit(int(run_rules_check(asked)))


@rules_app.command("test")
def rules_test(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of rules; ./rules or the packaged book.")
    ] = None,
) -> None:
    """Run the examples that stand in each rule file."""
    from engine.cli.rules_test import run_rules_test

    raise typer.Exit(int(run_rules_test(folder)))


class ProveFormat(StrEnum):
    """How proofs are printed."""

    FULL = "full"
    JSON = "json"
    JUNIT = "junit"


@rules_app.command("prove")
def rules_prove(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of rules; ./rules or the packaged book.")
    ] = None,
    output_format: Annotated[
        ProveFormat, typer.Option("--output-format", help="How proofs are printed.")
    ] = ProveFormat.FULL,
) -> None:
    """Try the promises of promises.yaml on every pattern that an audit can have."""
    from engine.cli.rules_prove import run_rules_prove

    raise typer.Exit(int(run_rules_prove(folder, output_format.value)))


class CoverageFormat(StrEnum):
    """How coverage is printed."""

    FULL = "full"
    JSON = "json"
    CSV = "csv"


@rules_app.command("coverage")
def rules_coverage(
    batch: Annotated[
        str | None,
        typer.Argument(help="A batch, as for `audit score`; the rule files' examples if left out."),
    ] = None,
    *,
    rules: Rules = None,
    as_of: AsOf = None,
    output_format: Annotated[
        CoverageFormat, typer.Option("--output-format", help="How coverage is printed.")
    ] = CoverageFormat.FULL,
    fail_under: Annotated[
        int,
        typer.Option(
            "--fail-under", min=0, max=100, help="End with exit code 1 below so many per cent."
        ),
    ] = 0,
) -> None:
    """Say what the examples, or a batch, reach of each standard and rule, and what nothing does."""
    from engine.cli.rules_coverage import Asked, run_rules_coverage

    asked = Asked(batch, rules, as_of, output_format.value, fail_under)
    raise typer.Exit(int(run_rules_coverage(asked)))


@rules_app.command("schema")
def rules_schema(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of rules; ./rules or the packaged book.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the JSON Schemas; `schemas` beside the rules."),
    ] = None,
) -> None:
    """Write the JSON Schemas of the rule files, for editors."""
    from engine.cli.common import open_rulebook, say
    from engine.cli.outputs import check_writable
    from engine.rulebook.schema import schemas

    rulebook = open_rulebook(folder)
    out = out or Path(rulebook.folder) / "schemas"
    check_writable(out)
    out.mkdir(parents=True, exist_ok=True)
    texts = schemas(rulebook.book, rulebook.fields)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    say(f"{len(texts)} schemas in {out}")
