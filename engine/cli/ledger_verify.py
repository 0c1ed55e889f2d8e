"""`audit ledger verify`: whether a ledger is as it was written."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.cli.common import say, show
from engine.errors import Exit, Location, Problem, Stop
from engine.moderation.entries import Head
from engine.reports.screen import shown

if TYPE_CHECKING:
    from engine.moderation.ledger_verify import Breach

HEAD = re.compile(r"(\d{1,15}:)?[0-9a-f]{12,64}", re.IGNORECASE | re.ASCII)
MOST = 20
"""breaches that are printed; who has more starts at the first"""


def run_ledger_verify(where: str, head: str | None) -> Exit:
    """Print whether a ledger is as it was written; return the exit code.

    Raises:
        Stop: it cannot be read at all, or the head is none.
    """
    from engine.moderation.ledger import open_ledger

    if head is not None and not HEAD.fullmatch(head.strip()):
        said = f"`{shown(head)}` is no head of a ledger"
        help_ = "copy it from the report: a number, a colon and 64 letters and digits"
        raise Stop(Exit.USAGE, (Problem(Location("--head"), "M114", said, help_),))
    ledger = open_ledger(where, create=False)
    end = ledger.head()  # before verifying, which then reaches at least as far
    breaches = ledger.verify(head)
    show(_lines(ledger.name, end, breaches, head))
    if not breaches:
        return Exit.DONE
    say("the ledger is not as it was written: keep a copy, and ask who could change it")
    return Exit.FAILED


def _lines(name: str, head: Head, breaches: Sequence["Breach"], old: str | None) -> Iterator[str]:
    yield f"{shown(name)}: {head.seq} {'entry' if head.seq == 1 else 'entries'}"
    yield f"head {head.seq}:{head.hash}"
    for breach in breaches[:MOST]:
        yield f"- {shown(breach.text)}"
    if len(breaches) > MOST:
        yield f"- and {len(breaches) - MOST} more"
    if not breaches:
        yield "every entry is as it was written, and follows the one before it"
        if old is not None:
            yield "the head that was given is still in it"
