"""The commands of `audit rules` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsOf, Rules

Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Folder of rules, then each overlay over it; ./rules or the packaged book."
    ),
]

rules_app = typer.Typer(help="Check the rule files.", no_args_is_help=True, rich_markup_mode=None)


@rules_app.command("check")
def rules_check(folders: Folders = None, rules: Rules = None) -> None:
    """Say everything that is wrong with a folder of rules, at once."""
    from engine.cli.common import open_rulebook, show, tell
    from engine.cli.rules_lints import lints_of

    rulebook = open_rulebook([*(folders or ()), *(rules or ())])
    tell(lints_of(rulebook))
    read = " + ".join(layer.folder for layer in rulebook.layers)
    show([f"{len(rulebook.live)} live standards in {read}: nothing wrong."])


@rules_app.command("test")
def rules_test(folders: Folders = None, rules: Rules = None) -> None:
    """Run the examples that stand in each rule file."""
    from engine.cli.rules_test import run_rules_test

    raise typer.Exit(int(run_rules_test([*(folders or ()), *(rules or ())])))


class ShowFormat(StrEnum):
    """How a standard is shown."""

    FULL = "full"
    JSON = "json"


class ListFormat(StrEnum):
    """How standards are listed."""

    FULL = "full"
    CSV = "csv"
    JSON = "json"


@rules_app.command("show")
def rules_show(
    name: Annotated[
        str, typer.Argument(help="The id of a standard (CP-05), or of an overlay.", metavar="ID")
    ],
    *,
    rules: Rules = None,
    output_format: Annotated[
        ShowFormat, typer.Option("--output-format", help="How it is shown.")
    ] = ShowFormat.FULL,
) -> None:
    """Show a standard as it holds, and from which file and line each value comes."""
    from engine.cli.rules_show import run_rules_show

    raise typer.Exit(int(run_rules_show(name, rules, output_format.value)))


@rules_app.command("list")
def rules_list(
    *,
    rules: Rules = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help="Only standards of this stage.")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option("--level", help="Only regulation, guidance, local or quality."),
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", help="Only draft, live or retired.")
    ] = None,
    output_format: Annotated[
        ListFormat, typer.Option("--output-format", help="How they are listed.")
    ] = ListFormat.FULL,
) -> None:
    """List the standards: stage, domain, level, severity, status, version in force today."""
    from engine.authoring.listing import Wanted
    from engine.cli.rules_show import run_rules_list

    wanted = Wanted(stage, level, status)
    raise typer.Exit(int(run_rules_list(rules, wanted, None, output_format.value)))


class ProveFormat(StrEnum):
    """How proofs are printed."""

    FULL = "full"
    JSON = "json"
    JUNIT = "junit"


@rules_app.command("prove")
def rules_prove(
    folders: Folders = None,
    *,
    rules: Rules = None,
    output_format: Annotated[
        ProveFormat, typer.Option("--output-format", help="How proofs are printed.")
    ] = ProveFormat.FULL,
) -> None:
    """Try the promises of promises.yaml on every pattern that an audit can have."""
    from engine.cli.rules_prove import run_rules_prove

    raise typer.Exit(int(run_rules_prove([*(folders or ()), *(rules or ())], output_format.value)))


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
    out: Annotated[Path, typer.Option("--out", help="Folder for the JSON Schemas.")] = Path(
        "rules/schemas"
    ),
) -> None:
    """Write the JSON Schemas of the rule files, for editors."""
    from engine.cli.common import say
    from engine.cli.outputs import check_writable
    from engine.rulebook.schema import schemas

    check_writable(out)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (out / name).write_text(text, encoding="utf-8")
    say(f"{len(schemas())} schemas in {out}")
