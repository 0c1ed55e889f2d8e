"""The options of `audit report`."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsOf, Rules

FORMAT_HELP = "Any of html,pdf,xlsx,docx,csv; all of them if it is left out."


def report(
    batch: Annotated[str, typer.Argument(help="The batch, as for `audit score`.")],
    *,
    week: Annotated[
        str, typer.Option("--week", help='What the week is called: "Practice week, January 2026".')
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the report.")],
    formats: Annotated[str, typer.Option("--format", help=FORMAT_HELP)] = "html,pdf,xlsx,docx,csv",
    audience: Annotated[
        str,
        typer.Option(
            "--audience",
            help="panel (names), leaders (auditors without names) or published (grades merged, "
            "small numbers hidden).",
        ),
    ] = "leaders",
    previous: Annotated[
        str | None,
        typer.Option("--previous", help="The ledger of the week before, to compare with."),
    ] = None,
    theme: Annotated[str, typer.Option("--theme", help="What the week was about.")] = "",
    ledger: Annotated[
        str | None,
        typer.Option(
            "--ledger",
            help="File or address of the ledger; audit-ledger.sqlite beside the batch if not "
            "given.",
        ),
    ] = None,
    rules: Rules = None,
    as_of: AsOf = None,
    records: Annotated[
        str | None,
        typer.Option("--records", help="Records of the children, joined as by `audit score`."),
    ] = None,
    trust: Annotated[
        str,
        typer.Option(
            "--trust", help="system or form: which decides where forms and records differ."
        ),
    ] = "system",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print problems only.")] = False,
) -> None:
    """Write the report of a Listening & Learning week: grades, what was strong, what worries.

    Without a ledger it says so and gives what there is.
    """
    from engine.cli.report import Asked, run_report

    asked = Asked(
        batch, week, out, formats, audience.strip().lower(), previous, theme, ledger, rules, as_of,
        records, trust, quiet,
    )  # fmt: skip
    raise typer.Exit(int(run_report(asked)))
