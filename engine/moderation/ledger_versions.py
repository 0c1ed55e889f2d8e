"""Bring a ledger to the version of this tool: begin one, or migrate an older one.

A ledger of a newer version is left alone: what it holds may mean something else there.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import Stop
from engine.moderation.ledger_errors import BACKUP, stop

if TYPE_CHECKING:
    import sqlalchemy as sa

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
NOT_HERE = "give the file that `audit sample` made, mostly `audit-ledger.sqlite` beside the batch"


def needs_work(connection: "sa.Connection", name: str, *, create: bool) -> bool:
    """Return whether a ledger has to be begun or migrated before it can be used.

    Raises:
        Stop: there is none and none is to be made, something else is there, or it is too new.
    """
    from engine.moderation.ledger_tables import REVISIONS

    version = _version(connection)
    if version is None:
        _may_begin(connection, name, create=create)
        return True
    if version not in REVISIONS:
        if not re.fullmatch(r"[0-9a-z]{1,32}", version):
            raise _no_ledger(connection, name)
        help_ = "install the newest version of this tool, and read and write it with that"
        raise stop(name, "M104", f"this ledger is of a newer version (`{version}`)", help_)
    return version != REVISIONS[-1]


def migrate(connection: "sa.Connection") -> None:
    """Run every migration that the ledger has not had, in the transaction of the connection."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(MIGRATIONS))

    def steps(heads: tuple[str, ...], _: MigrationContext) -> list[MigrationStep]:
        newer = [*script.iterate_revisions("head", heads or "base")]
        made = MigrationStep.upgrade_from_script
        return [made(script.revision_map, one) for one in reversed(newer)]

    context = MigrationContext.configure(
        connection,
        opts={"fn": steps, "transactional_ddl": True, "version_table": "ledger_version"},
    )
    with Operations.context(context):
        context.run_migrations()


def _version(connection: "sa.Connection") -> str | None:
    import sqlalchemy as sa

    from engine.moderation.ledger_tables import VERSION

    if not sa.inspect(connection).has_table("ledger_version"):
        return None
    found = connection.scalar(sa.select(VERSION.c.version_num).limit(1))
    return None if found is None else str(found)


def _may_begin(connection: "sa.Connection", name: str, *, create: bool) -> None:
    import sqlalchemy as sa

    tables = sa.inspect(connection).get_table_names()
    # a server's database is often shared; a file that holds something else was given by mistake
    if tables and connection.dialect.name == "sqlite":
        raise _no_ledger(connection, name)
    if not create:
        help_ = "`audit sample` begins one; if there is one elsewhere, give it with --ledger"
        raise stop(name, "M101", "there is no ledger here yet", help_)


def _no_ledger(connection: "sa.Connection", name: str) -> Stop:
    """Return what is said of a database that tells no version: a damaged ledger, or none."""
    import sqlalchemy as sa

    if {"ledger_version", "ledger_entries"} <= set(sa.inspect(connection).get_table_names()):
        return stop(name, "M108", "the file is damaged", BACKUP)
    return stop(name, "M103", "this file is a database, but not a ledger", NOT_HERE)
