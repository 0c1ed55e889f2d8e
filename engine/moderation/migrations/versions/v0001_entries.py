"""The first version: the entries, and the triggers that let them only be appended to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# In SQLite a delete that makes room for `INSERT OR REPLACE` runs no trigger: so a row is let in
# only where it follows the last one and nothing has to make room for it.
SQLITE = (
    """
    CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'entries of a ledger are never changed'); END
    """,
    """
    CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'entries of a ledger are never deleted'); END
    """,
    """
    CREATE TRIGGER ledger_only_append BEFORE INSERT ON ledger_entries
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entries)
      OR NEW.prev <> coalesce(
           (SELECT hash FROM ledger_entries ORDER BY seq DESC LIMIT 1),
           '0000000000000000000000000000000000000000000000000000000000000000')
      OR EXISTS (SELECT 1 FROM ledger_entries WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'an entry follows the last one of its ledger'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'entries of a ledger are never changed or deleted';
    END $$
    """,
    """
    CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
    """,
    """
    CREATE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entries)
        OR NEW.prev <> coalesce(
             (SELECT hash FROM ledger_entries ORDER BY seq DESC LIMIT 1), repeat('0', 64))
      THEN
        RAISE EXCEPTION 'an entry follows the last one of its ledger';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER ledger_only_append BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_follows()
    """,
)


def upgrade() -> None:
    """Make the table and its triggers."""
    seq = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "ledger_entries",
        sa.Column("seq", seq, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("audit_id", sa.Text, index=True),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("prev", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        op.execute(statement)
