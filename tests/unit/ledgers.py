"""Ledgers for the tests: drafts of synthetic people, and hands that change what may not be."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import Exit, Stop
from engine.moderation.entries import ActionSet, Draft, Included, Inclusions, Revealed
from engine.moderation.ledger import Ledger, open_ledger
from engine.moderation.ledger_tables import ENTRIES, ORDER
from engine.moderation.ledger_text import GENESIS, Row, hash_of

AT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)


def revealed(audit_id: str | None = "A1", by: str = "Ann Example") -> Draft:
    return Draft(Revealed(moderator=by), by, AT, audit_id)


def included(*audits: str) -> Draft:
    there = tuple(
        Included(audit_id=one, inclusion=0.1, tier="other", reason="any", drawn=True)
        for one in audits
    )
    return Draft(Inclusions(draw="d1", audits=there), "Ann Example", AT)


def action(number: int, what: str = "Visit weekly") -> Draft:
    body = ActionSet(action=f"A{number}", what=what, owner="Team", due=date(2026, 3, 1))
    return Draft(body, "Ann Example", AT)


def unguard(ledger: Ledger) -> None:
    """Take the triggers away, as somebody with the right to change the tables can."""
    names = (
        ("ledger_no_update", "ledger_no_delete", "ledger_only_append")
        if ledger.engine.dialect.name == "sqlite"
        else ("ledger_no_change", "ledger_only_append")
    )
    over = "" if ledger.engine.dialect.name == "sqlite" else " ON ledger_entries"
    meddle(ledger, *(f"DROP TRIGGER {name}{over}" for name in names))


@contextmanager
def past(ledger: Ledger) -> Iterator[sa.Connection]:
    """Write to the database past the ledger."""
    with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def meddle(ledger: Ledger, *statements: str) -> None:
    """Run SQL past the ledger."""
    with past(ledger) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def rows(ledger: Ledger) -> list[Row]:
    """Return what the table holds."""
    wanted = sa.select(*(ENTRIES.c[name] for name in ORDER)).order_by(ENTRIES.c.seq)
    with ledger.engine.connect() as connection:
        return [Row(*values) for values in connection.execute(wanted)]


def put(ledger: Ledger, held: Sequence[Row]) -> None:
    """Make the table hold these rows and no others; the triggers have to be gone."""
    with past(ledger) as connection:
        connection.execute(sa.delete(ENTRIES))
        connection.execute(sa.insert(ENTRIES), [vars(row) for row in held])


def rebuilt(held: Sequence[Row]) -> list[Row]:
    """Return rows with all their hashes made anew: the whole chain, so that nothing shows."""
    made: list[Row] = []
    for seq, row in enumerate(held, 1):
        prev = made[-1].hash if made else GENESIS
        entry = row.entry.replace(f'"seq":{row.seq}}}', f'"seq":{seq}}}')
        made.append(Row(seq, row.kind, row.audit_id, entry, prev, hash_of(prev, entry)))
    return made


def refusal(where: str | Path, *, create: bool = False) -> tuple[str, str]:
    """Return the code and the message of the problem that opening a ledger ends with."""
    with pytest.raises(Stop) as stopped:
        open_ledger(where, create=create)
    assert stopped.value.exit_code is Exit.USAGE
    (problem,) = stopped.value.problems
    return problem.code, f"{problem.location}: {problem.message}"
