"""The tables of a ledger, as SQLAlchemy sees them. Migrations make them, with their triggers."""

import sqlalchemy as sa

from engine.moderation.ledger_text import Row

REVISIONS = ("0001",)
"""every version of a ledger, from the first to that of this tool; each is a migration"""
TRIGGERS = {
    "sqlite": frozenset({"ledger_no_update", "ledger_no_delete", "ledger_only_append"}),
    "postgresql": frozenset({"ledger_no_change", "ledger_only_append"}),
}
LOCK = 0x41554449545F4C44
"""names the ledger among the advisory locks of a PostgreSQL database (`AUDIT_LD`)"""
WAIT = 30
"""seconds that a writer waits for another"""

ENTRIES = sa.table(
    "ledger_entries",
    sa.column("seq", sa.BigInteger),
    sa.column("kind", sa.Text),
    sa.column("audit_id", sa.Text),
    sa.column("entry", sa.Text),
    sa.column("prev", sa.Text),
    sa.column("hash", sa.Text),
)
VERSION = sa.table("ledger_version", sa.column("version_num", sa.Text))
ORDER = tuple(Row.__dataclass_fields__)
"""the columns, in the order of a row"""


def lock(connection: sa.Connection) -> None:
    """Hold the ledger against other writers until the transaction ends.

    SQLite holds it already: its transactions for writing begin with `BEGIN IMMEDIATE`.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
