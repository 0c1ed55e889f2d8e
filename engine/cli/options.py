"""Options that several commands share, and those of scoring on Apache Spark."""

from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DAYS = ("%Y-%m-%d", "%d/%m/%Y")


def read_day(text: str) -> date:
    """Read a day.

    Raises:
        BadParameter: it is none.
    """
    for format_ in DAYS:
        with suppress(ValueError):
            return datetime.strptime(text.strip(), format_).date()  # noqa: DTZ007 - a day has no zone
    raise typer.BadParameter(f"`{text}` is no day; write the day as 2026-01-31")


Rules = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        help="Folder of rules; ./rules if there is one, else the packaged book. May be given more "
        "than once: the book, then each overlay over it.",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        parser=read_day,
        metavar="YYYY-MM-DD",
        help="Judge as at this day (also as DD/MM/YYYY); today if not given.",
    ),
]
MappedBy = Annotated[
    Path | None,
    typer.Option("--mapping", help="File that says which columns of a system are which fields."),
]
Plain = Annotated[bool, typer.Option("--plain-judge", help="Judge without durable-rules.")]


class Trust(StrEnum):
    """Which side decides where forms and records differ."""

    SYSTEM = "system"
    FORM = "form"


Records = Annotated[
    str | None,
    typer.Option(
        "--records",
        help="What the case management system holds of the children, in any format that is read: "
        "joined with the forms by child.",
    ),
]
Trusted = Annotated[
    Trust, typer.Option("--trust", help="Which side decides where forms and records differ.")
]
Memory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        envvar="AUDIT_MEMORY",
        metavar="SIZE",
        help="What the database may hold in memory at once, such as 2GB; what is more waits on the "
        "disk. If it is left out: the lesser of 3 GiB and 60 % of the machine's memory.",
    ),
]


class Engine(StrEnum):
    """What a batch is scored on."""

    LOCAL = "local"
    SPARK = "spark"


Master = Annotated[
    str | None,
    typer.Option(
        "--master",
        help="With --engine spark: the master of a cluster, such as spark://host:7077; "
        "this machine alone if not given.",
    ),
]
