"""The commands of `audit rules` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsOf, Plain, Rules, read_day

Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Folder of rules, then each overlay over it; ./rules or the packaged book."
    ),
]

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
            help="Folders of rules (a book, then overlays), or files and folders inside one; "
            "./rules or the packaged book."
        ),
    ] = None,
    *,
    rules: Rules = None,
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

    asked = CheckAsked(tuple(paths or ()), tuple(rules or ()), output_format.value, as_of, watch)
    raise typer.Exit(int(run_rules_check(asked)))


class TestFormat(StrEnum):
    """How what became of the examples is written."""

    __test__ = False  # pytest: this is not a test case

    FULL = "full"
    JUNIT = "junit"
    JSON = "json"


@rules_app.command("test")
def rules_test(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Folders of rules (a book, then overlays), or files of standards; ./rules or the "
            "packaged book.",
        ),
    ] = None,
    *,
    rules: Rules = None,
    output_format: Annotated[
        TestFormat, typer.Option("--output-format", help="How the results are written.")
    ] = TestFormat.FULL,
    out: Annotated[
        Path | None, typer.Option("--out", help="File for the results, instead of the screen.")
    ] = None,
) -> None:
    """Run the examples that stand in each rule file."""
    from engine.cli.rules_test import Asked, run_rules_test

    asked = Asked(tuple(paths or ()), tuple(rules or ()), output_format.value, out)
    raise typer.Exit(int(run_rules_test(asked)))


class ImpactFormat(StrEnum):
    """How the impact of an edit is written."""

    FULL = "full"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"


@rules_app.command("impact")
def rules_impact(
    batch: Annotated[str, typer.Argument(help="The batch that both rulebooks are tried on.")],
    *,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            help="Folder of the rules as they were before; more than once: then each overlay.",
        ),
    ] = None,
    against_git: Annotated[
        str | None,
        typer.Option(
            "--against-git",
            metavar="REVISION",
            help="The rules as they stood at this revision of git, such as main or HEAD~1.",
        ),
    ] = None,
    rules: Rules = None,
    as_of: AsOf = None,
    output_format: Annotated[
        ImpactFormat,
        typer.Option(
            "--output-format",
            help="How the impact is written: markdown for a pull request; csv lists every audit.",
        ),
    ] = ImpactFormat.FULL,
    out: Annotated[
        Path | None, typer.Option("--out", help="File for the results, instead of the screen.")
    ] = None,
    most: Annotated[
        int,
        typer.Option("--show", min=0, max=10_000, help="How many audits are shown with reasons."),
    ] = 50,
    fail_on_change: Annotated[
        bool,
        typer.Option(
            "--fail-on-change",
            help="End with exit code 1 if any audit would have another grade, cap, next step or "
            "alert.",
        ),
    ] = False,
    plain_judge: Plain = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print results and problems only.")
    ] = False,
) -> None:
    """Say what an edit of the rules would do to the grades of a batch, before it is in force."""
    from engine.cli.earlier import Earlier
    from engine.cli.rules_impact import Asked, run_rules_impact

    asked = Asked(
        batch=batch,
        earlier=Earlier(against, against_git),
        rules=rules,
        as_of=as_of,
        output_format=output_format.value,
        out=out,
        most=most,
        fail_on_change=fail_on_change,
        plain=plain_judge,
        quiet=quiet,
    )
    raise typer.Exit(int(run_rules_impact(asked)))


class Kind(StrEnum):
    """How a new standard is tested."""

    WITHIN = "within"
    LONGEST_GAP = "longest_gap"
    EVERY = "every"
    SHARE = "share"
    COUNT = "count"
    PRESENT = "present"
    ANSWER = "answer"
    RECORDED_WITHIN = "recorded_within"
    BEFORE = "before"
    CHOOSE = "choose"


@rules_app.command("new")
def rules_new(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of the standard: CP-09.")],
    *,
    kind: Annotated[Kind, typer.Option("--kind", help="How it is tested.")] = Kind.WITHIN,
    stage: Annotated[
        str | None,
        typer.Option("--stage", help="The folder it goes into; that of its like if not given."),
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option("--domain", help="Section of the audit form; that of its like if not given."),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="What good practice is, in one sentence.")
    ] = None,
    rules: Rules = None,
) -> None:
    """Write a new standard as a file to be filled in, with examples and a comment for each part."""
    from engine.authoring.new import Wish
    from engine.cli.rules_new import run_rules_new

    wish = Wish(name, kind.value, stage, domain, title)
    raise typer.Exit(int(run_rules_new(wish, rules)))


@rules_app.command("handbook")
def rules_handbook(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages.")],
    *,
    rules: Rules = None,
) -> None:
    """Write the standards as a handbook for social workers: HTML, a page a stage, to print too."""
    from engine.cli.rules_handbook import run_rules_handbook

    raise typer.Exit(int(run_rules_handbook(out, rules)))


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
    folders: Folders = None,
    *,
    rules: Rules = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for the JSON Schemas; `schemas` in the last folder of rules."
        ),
    ] = None,
) -> None:
    """Write the JSON Schemas of the rule files, for editors."""
    from engine.cli.rules_schema import run_rules_schema

    raise typer.Exit(int(run_rules_schema([*(folders or ()), *(rules or ())], out)))
