"""A hash of this engine's own source: what was kept by other code is not taken over."""

import hashlib
from functools import cache
from pathlib import Path

from engine import __version__

ROOT = Path(__file__).resolve().parent


@cache
def source_hash(room: str = "") -> str:
    """Return a hash of the version and of every module of a room of the engine, or of all.

    The version alone would do for what is installed, and not for a checkout that is worked on.
    """
    made = hashlib.sha256(__version__.encode())
    for path in sorted((ROOT / room).rglob("*.py")):
        made.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return made.hexdigest()
