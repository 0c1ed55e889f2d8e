"""The versions of a ledger, from the first: Alembic runs those that a ledger has not had."""
