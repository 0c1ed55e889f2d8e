"""Each rule file says on its first line which schema an editor checks it by."""

import re
from pathlib import Path

import pytest

from engine.rulebook.schema import schemas
from tests.rules.rulebooks import RULES, shipped

OF = {
    "fields.yaml": "fields",
    "judgement.yaml": "judgement",
    "rulebook.yaml": "rulebook",
    "promises.yaml": "promises",
    "outages.yaml": "outages",
}
FILES = [path for path in sorted(RULES.rglob("*.yaml")) if path.parent.name != "calendars"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(RULES).as_posix())
def test_the_first_line_points_at_the_schema_of_the_file(path: Path) -> None:
    """The address leads, from where the file stands, to the schema for its kind of file."""
    first = path.read_text("utf-8").split("\n")[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None, first
    kind = OF[path.name] if path.parent == RULES else "standard"
    assert (path.parent / found[1]).resolve() == RULES / "schemas" / f"{kind}.schema.json"
    assert (path.parent / found[1]).is_file()


def test_the_schemas_that_are_committed_are_those_of_the_rules() -> None:
    """`audit rules schema` was run after the last change to the models, lists or dictionary."""
    made = schemas(shipped().book, shipped().fields)
    kept = {path.name: path.read_text("utf-8") for path in (RULES / "schemas").iterdir()}
    assert kept == made, "run `audit rules schema`"
