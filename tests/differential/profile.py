"""How long the differential tests look: a small fixed set each time, a long random one by night.

`AUDIT_EXAMPLES=2000 pytest tests/differential` draws so many new standards of each kind.
"""

import os

from hypothesis import HealthCheck, Phase, settings

_ASKED = int(os.environ.get("AUDIT_EXAMPLES", "0"))
_FIXED = 25


def examples(share: float = 1.0) -> settings:
    """Return the settings of a test that looks at a share of the usual number of examples."""
    return settings(
        max_examples=max(1, int((_ASKED or _FIXED) * share)),
        derandomize=not _ASKED,
        database=None,
        deadline=None,
        # Records come from a seed, which Hypothesis cannot make small; `smallest.py` does.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
