"""Expected texts in `tests/golden/`: compared, or written anew if AUDIT_WRITE_GOLDEN is set."""

import os
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"
FLAG = "AUDIT_WRITE_GOLDEN"


def check(name: str, text: str) -> None:
    """Compare a text with the golden one of that name."""
    path = GOLDEN / name
    if os.environ.get(FLAG):
        path.write_text(text, "utf-8", newline="\n")
    assert text == path.read_text("utf-8"), f"{name} differs; with {FLAG}=1 it is written anew"
