"""What tests on Apache Spark need: its package and a Java runtime.

Without them they are skipped, unless AUDIT_REQUIRE_SPARK is set.
"""

import os
import shutil
from importlib.util import find_spec

import pytest

REQUIRED = bool(os.environ.get("AUDIT_REQUIRE_SPARK"))


def skip_without_spark() -> None:
    """Skip the test that asks, unless Spark can be started here."""
    lacking = [name for name in ("pyspark", "sqlglot") if find_spec(name) is None]
    lacking += [] if shutil.which("java") else ["a Java runtime"]
    if lacking and REQUIRED:
        pytest.fail(f"AUDIT_REQUIRE_SPARK is set and there is no {' and no '.join(lacking)}")
    if lacking:
        pytest.skip(f"Apache Spark is not installed: there is no {' and no '.join(lacking)}")
