"""docs/reference/formats.md says of each format what the program finds in it."""

import os
from pathlib import Path

from tests.docs.lacking import PARTS, filled_in
from tests.docs.pages import REFERENCE
from tests.docs.test_docs import FLAG

PAGE: Path = REFERENCE / "formats.md"


def test_the_tables_are_as_the_program_makes_them() -> None:
    """What each format lacks is found by reading it, for every live standard."""
    page = PAGE.read_text("utf-8")
    assert [part[1] for part in PARTS.findall(page)] == ["one-case", "by-standard"]
    made = filled_in(page)
    if os.environ.get(FLAG):
        PAGE.write_text(made, "utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == made, f"{FLAG}=1 writes it anew"
