"""The commands of `audit ledger` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from enum import StrEnum
from typing import Annotated

import typer

ledger_app = typer.Typer(
    help="Look at the ledger of moderation: is it whole, and what does it say of an audit.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Where = Annotated[
    str,
    typer.Option(
        "--ledger",
        help="The ledger: a file, or postgresql://user@server/database.",
    ),
]
HERE = "audit-ledger.sqlite"


class ShowFormat(StrEnum):
    """How entries are printed."""

    FULL = "full"
    JSON = "json"


@ledger_app.callback()
def ledger() -> None:
    """Look at the ledger of moderation: is it whole, and what does it say of an audit."""


@ledger_app.command("verify")
def ledger_verify(
    *,
    where: Where = HERE,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            help="The head that an earlier report printed (such as 212:9f3c…, or its hash): is it "
            "still in the ledger?",
        ),
    ] = None,
) -> None:
    """Say whether the ledger is as it was written: nothing altered, removed, put in or moved.

    Exit code 1 if it is not. Only a head from an earlier report shows that the end was cut off.
    """
    from engine.cli.ledger_verify import run_ledger_verify

    raise typer.Exit(int(run_ledger_verify(where, head)))


@ledger_app.command("show")
def ledger_show(
    audit: Annotated[
        str | None, typer.Argument(help="The id of an audit; all entries if it is left out.")
    ] = None,
    *,
    where: Where = HERE,
    output_format: Annotated[
        ShowFormat, typer.Option("--output-format", help="How the entries are printed.")
    ] = ShowFormat.FULL,
) -> None:
    """Print what the ledger says of an audit, in the order in which it happened."""
    from engine.cli.ledger_show import run_ledger_show

    raise typer.Exit(int(run_ledger_show(audit, where, output_format.value)))
