"""The commands of `audit actions` and their arguments."""

from datetime import date
from typing import Annotated

import typer

from engine.cli.moderate_app import Audit, Beside, LedgerAt, ListFormat
from engine.cli.options import Rules, read_day

actions_app = typer.Typer(
    help="What has to be done after moderation: who, by when, and how it is known to be done.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

By = Annotated[str, typer.Option("--as", help="Who says so.")]
Day = Annotated[
    date | None,
    typer.Option(
        "--day",
        parser=read_day,
        metavar="YYYY-MM-DD",
        help="The day on which it was done; today if not given.",
    ),
]
Week = Annotated[str, typer.Option("--week", help="The week that it belongs to, by its title.")]


@actions_app.callback()
def actions() -> None:
    """Keep what has to be done after moderation: who, by when, and how it is known to be done."""


@actions_app.command("add")
def actions_add(
    what: Annotated[str, typer.Argument(help="What is to be done.")],
    *,
    owner: Annotated[str, typer.Option("--owner", help="The one person who does it.")],
    due: Annotated[
        date,
        typer.Option("--due", parser=read_day, metavar="YYYY-MM-DD", help="By which day."),
    ],
    audit: Annotated[
        str | None, typer.Option("--audit", help="The audit that it came from.")
    ] = None,
    standard: Annotated[
        str, typer.Option("--standard", help="The standard that it is about: CP-05.")
    ] = "",
    week: Week = "",
    by: By,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Set an action: what, who, by when."""
    from engine.cli.actions import Added, run_add
    from engine.cli.moderating import Place

    added = Added(what, owner, due, audit, standard, week)
    raise typer.Exit(int(run_add(added, Place(ledger, batch, rules), by)))


@actions_app.command("list")
def actions_list(
    *,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those that are open past their day.")
    ] = False,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            parser=read_day,
            metavar="YYYY-MM-DD",
            help="Overdue on this day; today if not given.",
        ),
    ] = None,
    week: Annotated[str | None, typer.Option("--week", help="Only those of this week.")] = None,
    output_format: Annotated[
        ListFormat, typer.Option("--output-format", help="How they are listed.")
    ] = ListFormat.FULL,
    ledger: LedgerAt = None,
    batch: Beside = None,
) -> None:
    """List the actions, and which of them are overdue."""
    from engine.cli.actions import run_list
    from engine.cli.common import today
    from engine.cli.moderating import Place

    day, place = as_of or today(), Place(ledger, batch)
    code = run_list(place, day, week, overdue=overdue, as_json=output_format is ListFormat.JSON)
    raise typer.Exit(int(code))


@actions_app.command("close")
def actions_close(
    action: Annotated[str, typer.Argument(help="The id of the action: A1.")],
    *,
    evidence: Annotated[str, typer.Option("--evidence", help="How it is known that it was done.")],
    day: Day = None,
    by: By,
    ledger: LedgerAt = None,
    batch: Beside = None,
) -> None:
    """Close an action that was done."""
    from engine.cli.actions import run_close
    from engine.cli.common import today
    from engine.cli.moderating import Place
    from engine.moderation.actions import Closed

    done = Closed(day or today(), evidence)
    raise typer.Exit(int(run_close(Place(ledger, batch), action, done, by)))


@actions_app.command("carry")
def actions_carry(
    *,
    week: Annotated[str, typer.Option("--week", help="The week that goes on with them.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", help="The ledger of the earlier week; this one if it is not given."),
    ] = None,
    by: By,
    ledger: LedgerAt = None,
    batch: Beside = None,
) -> None:
    """Carry the open actions of an earlier week to the next; each keeps its owner, day and link.

    The other ledger is only read.
    """
    from engine.cli.actions import run_carry
    from engine.cli.moderating import Place

    raise typer.Exit(int(run_carry(Place(ledger, batch), from_, week, by)))


@actions_app.command("reaudit")
def actions_reaudit(
    audit: Audit,
    *,
    again: Annotated[
        str, typer.Option("--again", help="The id of the later audit of the same child.")
    ],
    action: Annotated[str, typer.Option("--action", help="The action that asked for it.")] = "",
    by: By,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Link an audit to the one that was made again as its follow-up."""
    from engine.cli.actions import run_reaudit
    from engine.cli.moderate import Who
    from engine.cli.moderating import Place

    who = Who(audit, by, Place(ledger, batch, rules))
    raise typer.Exit(int(run_reaudit(who, again, action)))
