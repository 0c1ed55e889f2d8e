"""A day on the command line: as it is written in the files, or as it is written in England."""

from contextlib import suppress
from datetime import date, datetime

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
