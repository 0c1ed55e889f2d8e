"""The commands of `audit moderate` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsOf, Rules, read_day

if TYPE_CHECKING:
    from engine.cli.moderate import Who
    from engine.cli.moderating import Place

moderate_app = typer.Typer(
    help="Decide on the audits that were drawn: blind first, then the reveal, then for good.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Audit = Annotated[str, typer.Argument(help="The id of the audit.")]
As = Annotated[str, typer.Option("--as", help="Who decides: the name, as it always is written.")]
AsAuditor = Annotated[str, typer.Option("--as", help="The auditor, as the batch names them.")]
LedgerAt = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        help="The ledger: a file, or postgresql://user@server/database; audit-ledger.sqlite beside "
        "the batch, or in this folder, if not given.",
    ),
]
Beside = Annotated[
    str | None, typer.Option("--batch", help="The batch; the ledger stands beside it.")
]
Grade = Annotated[str, typer.Option("--grade", help="The overall grade.")]
MaybeGrade = Annotated[
    str | None, typer.Option("--grade", help="The overall grade; the blind one if not given.")
]
Domains = Annotated[
    list[str] | None,
    typer.Option(
        "--domain", help="The grade of a domain, as visits=good. May be given more than once."
    ),
]
Reasons = Annotated[
    list[str] | None,
    typer.Option(
        "--reason",
        help="A reason, of `moderation_reasons` in rules/rulebook.yaml. May be given more than "
        "once.",
    ),
]
Note = Annotated[str | None, typer.Option("--note", help="In words.")]
OverrideReason = Annotated[
    str | None, typer.Option("--override-reason", help="Why the grade may be above the cap.")
]
Second = Annotated[
    str | None, typer.Option("--second", help="The second moderator, who agrees to that.")
]


class ListFormat(StrEnum):
    """How audits or actions are listed."""

    FULL = "full"
    JSON = "json"


class Stands(StrEnum):
    """How far the moderation of an audit has come."""

    DRAWN = "drawn"
    GRADED = "graded"
    REVEALED = "revealed"
    PANEL = "panel"
    CONFIRMED = "confirmed"
    SETTLED = "settled"


@moderate_app.callback()
def moderate() -> None:
    """Decide on the audits that were drawn: blind first, then the reveal, then for good."""


def _place(ledger: str | None, batch: str | None, rules: list[Path] | None) -> "Place":
    from engine.cli.moderating import Place

    return Place(ledger, batch, rules)


def _who(audit: str, by: str, place: "Place") -> "Who":
    from engine.cli.moderate import Who

    return Who(audit, by, place)


@moderate_app.command("record")
def moderate_record(
    audit: Audit,
    *,
    grade: Grade,
    domain: Domains = None,
    reason: Reasons = None,
    note: Note = None,
    by: As,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Seal a blind grade: given before the auditor's grade and the cap are seen."""
    from engine.cli.moderate import run_record
    from engine.cli.moderating import Typed

    typed = Typed(grade, tuple(domain or ()), tuple(reason or ()), note)
    raise typer.Exit(int(run_record(_who(audit, by, _place(ledger, batch, rules)), typed)))


@moderate_app.command("reveal")
def moderate_reveal(
    audit: Audit,
    *,
    by: As,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Show the auditor's grades, the caps and the differences to who has sealed a grade."""
    from engine.cli.moderate import run_reveal

    raise typer.Exit(int(run_reveal(_who(audit, by, _place(ledger, batch, rules)))))


@moderate_app.command("confirm")
def moderate_confirm(
    audit: Audit,
    *,
    grade: MaybeGrade = None,
    domain: Domains = None,
    reason: Reasons = None,
    note: Note = None,
    by: As,
    override_reason: OverrideReason = None,
    second: Second = None,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Confirm the grade after the reveal; what is not given stays as it was graded blind.

    Above the cap it takes a reason and a second moderator; far from the auditor's grade, or to or
    from the worst, a panel decides.
    """
    from engine.cli.moderate import run_confirm
    from engine.cli.moderating import Typed

    typed = Typed(grade, tuple(domain or ()), tuple(reason or ()), note)
    who = _who(audit, by, _place(ledger, batch, rules))
    raise typer.Exit(int(run_confirm(who, typed, override_reason, second)))


@moderate_app.command("import")
def moderate_import(
    workbooks: Annotated[
        list[Path], typer.Argument(help="Workbooks that `audit sample` wrote, filled in.")
    ],
    *,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Take moderators' workbooks: blind grades first, then confirmed ones.

    A workbook is taken whole or not at all. One that was taken before changes nothing.
    """
    from engine.cli.moderate_import import run_import_books

    place = _place(ledger, batch, rules)
    raise typer.Exit(int(run_import_books(tuple(workbooks), place)))


@moderate_app.command("panel")
def moderate_panel(
    audit: Audit,
    *,
    member: Annotated[
        list[str], typer.Option("--member", help="A member of the panel; at least two.")
    ],
    grade: Grade,
    domain: Domains = None,
    reason: Reasons = None,
    note: Note = None,
    by: As,
    override_reason: OverrideReason = None,
    second: Second = None,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Write what a panel decided; its grade is the audit's."""
    from engine.cli.moderate_after import run_panel
    from engine.cli.moderating import Typed

    typed = Typed(grade, tuple(domain or ()), tuple(reason or ()), note)
    who = _who(audit, by, _place(ledger, batch, rules))
    raise typer.Exit(int(run_panel(who, tuple(member), typed, override_reason, second)))


@moderate_app.command("respond")
def moderate_respond(
    audit: Audit,
    *,
    accepts: Annotated[
        bool, typer.Option("--accepts/--objects", help="Whether the auditor accepts the grade.")
    ],
    note: Annotated[str, typer.Option("--note", help="In words.")] = "",
    by: AsAuditor,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Write what the auditor says of the final grade."""
    from engine.cli.moderate_after import run_respond

    who = _who(audit, by, _place(ledger, batch, rules))
    raise typer.Exit(int(run_respond(who, accepts=accepts, note=note)))


@moderate_app.command("appeal")
def moderate_appeal(
    audit: Audit,
    *,
    grounds: Annotated[str, typer.Option("--grounds", help="Why the grade is thought wrong.")],
    by: AsAuditor,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Appeal against the final grade; until it is answered, no grade is final."""
    from engine.cli.moderate_after import run_appeal

    raise typer.Exit(int(run_appeal(_who(audit, by, _place(ledger, batch, rules)), grounds)))


@moderate_app.command("appeal-decide")
def moderate_appeal_decide(
    audit: Audit,
    *,
    uphold: Annotated[
        bool, typer.Option("--uphold/--dismiss", help="Whether the appeal is right.")
    ],
    note: Annotated[str, typer.Option("--note", help="Why.")],
    grade: Annotated[
        str | None, typer.Option("--grade", help="The grade that follows, if it is upheld.")
    ] = None,
    domain: Domains = None,
    reason: Reasons = None,
    by: As,
    override_reason: OverrideReason = None,
    second: Second = None,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Answer an appeal; by somebody who has not decided on the audit before."""
    from engine.cli.moderate_after import run_appeal_decide
    from engine.cli.moderating import Typed, override_of

    typed = Typed(grade, tuple(domain or ()), tuple(reason or ()), note)
    who = _who(audit, by, _place(ledger, batch, rules))
    override = override_of(override_reason, second)
    code = run_appeal_decide(who, upheld=uphold, note=note, typed=typed, override=override)
    raise typer.Exit(int(code))


@moderate_app.command("rescore")
def moderate_rescore(
    audit: Audit,
    *,
    batch: Annotated[str, typer.Option("--batch", help="The corrected batch.")],
    records: Annotated[
        str | None, typer.Option("--records", help="The records, as for `audit score`.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="What was corrected, in words.")],
    by: As,
    as_of: AsOf = None,
    ledger: LedgerAt = None,
    rules: Rules = None,
) -> None:
    """Score an audit again after a fact was corrected; what was said before stays.

    If its final grade is above the new cap, the audit is open again. The ledger is looked for
    beside the corrected batch, unless it is given.
    """
    from engine.cli.joined import Source
    from engine.cli.moderate_rescore import Asked, run_rescore

    place = _place(ledger, batch, rules)
    asked = Asked(audit, by, place, Source(batch, records), reason, as_of)
    raise typer.Exit(int(run_rescore(asked)))


@moderate_app.command("safe")
def moderate_safe(
    audit: Audit,
    *,
    how: Annotated[str, typer.Option("--how", help="How it is known that the child is safe.")],
    alerted: Annotated[
        date,
        typer.Option(
            "--alerted",
            parser=read_day,
            metavar="YYYY-MM-DD",
            help="The day on which the alert was raised.",
        ),
    ],
    day: Annotated[
        date | None,
        typer.Option(
            "--day",
            parser=read_day,
            metavar="YYYY-MM-DD",
            help="The day on which it was found out; today if not given.",
        ),
    ] = None,
    by: As,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """Write that the child of a critical case is safe, and how that was found out.

    The audit need not be drawn: with --batch any audit of the batch will do, and the ledger is
    begun where there is none. Whether the audit carries an alert is not checked.
    """
    from engine.cli.common import today
    from engine.cli.moderate_safe import run_safe

    who = _who(audit, by, _place(ledger, batch, rules))
    raise typer.Exit(int(run_safe(who, how, alerted, day or today())))


@moderate_app.command("list")
def moderate_list(
    *,
    by: Annotated[
        str | None, typer.Option("--as", help="Only what this person has left to do.")
    ] = None,
    stage: Annotated[
        Stands | None, typer.Option("--stage", help="Only audits that have come so far.")
    ] = None,
    output_format: Annotated[
        ListFormat, typer.Option("--output-format", help="How they are listed.")
    ] = ListFormat.FULL,
    ledger: LedgerAt = None,
    batch: Beside = None,
    rules: Rules = None,
) -> None:
    """List the audits that are moderated: how far each is, and who has what left to do.

    No grade is shown before it is final.
    """
    from engine.cli.moderate_list import run_list

    place = _place(ledger, batch, rules)
    wanted = stage.value if stage else None
    raise typer.Exit(int(run_list(place, by, wanted, output_format.value)))
