"""What tests on Apache Spark need: its package, a Java runtime, and a book that is soon planned.

Without the first two they are skipped, unless AUDIT_REQUIRE_SPARK is set.
"""

import os
import shutil
from collections.abc import Collection
from dataclasses import replace
from importlib.util import find_spec

import pytest

from engine.rulebook.book import Rulebook

REQUIRED = bool(os.environ.get("AUDIT_REQUIRE_SPARK"))


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
