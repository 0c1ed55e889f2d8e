"""The options of `audit sample` and `audit rehearse`."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsOf, Records, Rules, Trust, Trusted

LedgerAt = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        help="The ledger: a file, or the address of a database; audit-ledger.sqlite beside the "
        "batch if not given.",
    ),
]


def sample(
    batch: Annotated[str, typer.Argument(help="The batch, as for `audit score`.")],
    *,
    budget: Annotated[
        int | None, typer.Option("--budget", min=1, help="How many audits are to be moderated.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="The same seed gives the same draw.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the moderators' workbooks.")],
    moderators: Annotated[
        list[Path] | None,
        typer.Option(
            "--moderators",
            help="A CSV file or workbook with the columns name, team and id. May be given more "
            "than once.",
        ),
    ] = None,
    moderator: Annotated[
        list[str] | None,
        typer.Option(
            "--moderator",
            help='A moderator as "Name", "Name:team" or "Name:team:id"; the id is theirs as an '
            "auditor or worker. May be given more than once.",
        ),
    ] = None,
    ledger: LedgerAt = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            "--add",
            help="Moderate this audit too, on suspicion: it is left out of every estimate. May be "
            "given more than once.",
        ),
    ] = None,
    because: Annotated[str, typer.Option("--because", help="Why audits are added.")] = "",
    reveal: Annotated[
        bool,
        typer.Option(
            "--reveal",
            help="Show the auditors' grades to moderators whose blind grades are sealed: write "
            "their second workbooks.",
        ),
    ] = False,
    records: Records = None,
    trust: Trusted = Trust.SYSTEM,
    rules: Rules = None,
    as_of: AsOf = None,
    by: Annotated[str, typer.Option("--as", help="Who draws.")] = "audit sample",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print results and problems only.")
    ] = False,
) -> None:
    """Draw the files to moderate, and write a blind workbook for each moderator."""
    from engine.cli.sample import Asked, run_sample

    asked = Asked(
        batch=batch,
        records=records,
        trust=trust.value,
        rules=rules,
        as_of=as_of,
        budget=budget,
        seed=seed,
        out=out,
        moderators=tuple(moderator or ()),
        files=tuple(moderators or ()),
        ledger=ledger,
        added=tuple(dict.fromkeys(add or ())),
        because=because,
        by=by,
        reveal=reveal,
        quiet=quiet,
    )
    raise typer.Exit(int(run_sample(asked)))


def rehearse(
    folder: Annotated[
        Path, typer.Argument(help="The folder that `audit sample` wrote workbooks into.")
    ],
    *,
    batch: Annotated[
        Path, typer.Option("--batch", help="The synthetic batch, with its truth beside it.")
    ],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same grades.")] = 1,
    rules: Rules = None,
) -> None:
    """Fill in moderators' workbooks of a synthetic batch from its truth, to rehearse a week."""
    from engine.cli.rehearse import run_rehearse

    raise typer.Exit(int(run_rehearse(folder, batch, seed, rules)))
