"""`audit ledger show`: the entries of a ledger, for people or as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from engine.cli.common import show
from engine.errors import Exit, Location, Problem, Stop
from engine.reports.ledger_screen import still_blind, told
from engine.reports.screen import shown

if TYPE_CHECKING:
    from engine.moderation.entries import Entry

SCHEMA = "audit-ledger/1"


def run_ledger_show(audit: str | None, where: str, output_format: str) -> Exit:
    """Print the entries of an audit, or all; return the exit code.

    Raises:
        Stop: the ledger cannot be read, or holds nothing of that audit.
    """
    from engine.moderation.ledger import open_ledger

    ledger = open_ledger(where, create=False)
    entries = ledger.entries(audit)
    first = next(entries, None)
    if first is None and audit is not None:
        said = f"the ledger holds nothing of an audit `{shown(audit)}`"
        help_ = "check the spelling; `audit ledger show` without an id prints everything"
        raise Stop(Exit.USAGE, (Problem(Location(ledger.name), "M115", said, help_),))
    found = _again(first, entries)
    if output_format == "json":
        show(_json(found))
    else:
        show(told(found, audit, still_blind(ledger.entries(audit))))
    return Exit.DONE


def _again(first: "Entry | None", rest: Iterable["Entry"]) -> Iterator["Entry"]:
    if first is not None:
        yield first
        yield from rest


def _json(entries: Iterable["Entry"]) -> Iterator[str]:
    """Return one document, an entry a line, so that a ledger of any length can be printed."""
    yield f'{{"schema": "{SCHEMA}", "entries": ['
    before = None
    for one in entries:
        if before is not None:
            yield f"{before},"
        before = json.dumps(_data(one))
    if before is not None:
        yield before
    yield "]}"


def _data(one: "Entry") -> dict[str, object]:
    return {
        "seq": one.seq,
        "at": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": one.by,
        "audit_id": one.audit_id,
        "kind": one.body.kind,
        "body": one.body.model_dump(mode="json"),
        "prev": one.prev,
        "hash": one.hash,
    }
