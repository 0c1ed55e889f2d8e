"""What `audit --version` says: the engine, and which judge is in use."""

from importlib.metadata import version
from importlib.util import find_spec

from engine import __version__


def version_text() -> str:
    """Return the version and the judge, in one line."""
    if find_spec("durable_rules_engine") is None:
        return f"audit {__version__} (judge: plain; durable-rules is not installed)"
    try:
        import durable_rules_engine  # noqa: F401 - is it loadable
    except ImportError:  # built, but not loadable: so on Python 3.13
        return f"audit {__version__} (judge: plain; durable-rules cannot be loaded)"
    return f"audit {__version__} (judge: durable-rules {version('durable_rules')})"
