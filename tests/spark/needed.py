"""What tests on Apache Spark need: its package, a Java runtime, and a book that is soon planned.

Without the first two they are skipped; where AUDIT_REQUIRE_SPARK is set they fail.
"""

import os
import shutil
from collections.abc import Collection
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.rulebook.book import Rulebook

REQUIRED = bool(os.environ.get("AUDIT_REQUIRE_SPARK"))
# one size for all, so that a batch is made once
AUDITS = 60


def skip_without_spark() -> None:
    """Skip the test that asks, unless Spark can be started here."""
    lacking = [name for name in ("pyspark", "sqlglot") if find_spec(name) is None]
    lacking += [] if shutil.which("java") else ["a Java runtime"]
    if lacking and REQUIRED:
        pytest.fail(f"AUDIT_REQUIRE_SPARK is set and there is no {' and no '.join(lacking)}")
    if lacking:
        pytest.skip(f"Apache Spark is not installed: there is no {' and no '.join(lacking)}")


def only(book: Rulebook, live: Collection[str]) -> Rulebook:
    """Return a rulebook in which only some standards are live; answers on the others stay known."""
    standards = (
        one if one.id in live else one.model_copy(update={"status": "draft"})
        for one in book.standards
    )
    return replace(book, standards=tuple(standards))


def rows_of(out: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of moderated results."""
    query = f"FROM read_parquet('{out}/moderated/*.parquet') ORDER BY audit_id"
    found = duckdb.execute(query)
    return [column[0] for column in found.description or ()], found.fetchall()
