"""An editor with the language server for YAML: mistakes are underlined, keys are completed.

Needs Node and the pinned `yaml-language-server`. It is installed outside the checkout, once:

    npm ci --prefix FOLDER      with package.json and package-lock.json of this folder copied there
    export AUDIT_LANGUAGE_SERVER=FOLDER

Without it these tests are skipped, unless AUDIT_REQUIRE_LANGUAGE_SERVER is set, as in `.ci/run`.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.server import Server
from tests.rules.rulebooks import PLAIN, RULES

CP05 = "child_protection/visits.yaml"
SCHEMA = "# yaml-language-server: $schema=../schemas/standard.schema.json"
SEVERITIES = '"critical", "major", "minor"'
UNDERLINED = {
    "severity: major → severity: high": (
        "high", f"Value is not accepted. Valid values: {SEVERITIES}."
    ),
    "severity: → serverity:": ("serverity", "Property serverity is not allowed."),
    "of: visits → of: visit": ("visit", "Value is not accepted. Valid values: "),
    "{child_seen: yes} → {child_sene: yes}": ("child_sene", "Property child_sene is not allowed."),
    "{child_seen: yes} → {child_seen: maybe}": (
        "maybe", 'Value is not accepted. Valid values: "yes", "no".'
    ),
    "{at_most: 10} → {at_most: ten}": ("ten", 'Incorrect type. Expected "integer | object".'),
    "grace: 10 working days → grace: 10 fortnights": ("10 fortnights", "String does not match"),
    "{kind: child_protection}} → {kind: child_protecton}}": (
        "child_protecton", "Value is not accepted. Valid values: "
    ),
    "unit: working_days → period: 1 month": ("period", "Property period is not allowed."),
    "case_type: child_protection → case_typ: child_protection": (
        "case_typ", "Property case_typ is not allowed."
    ),
    "expect: met → expect: failed": ("failed", "Value is not accepted. Valid values: "),
    "checked: 2026-11-22 → check: 2026-11-22": ("check", "Property check is not allowed."),
}  # fmt: skip


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the rules with their schemas, and with a CP-05 that has but one measure."""
    folder = tmp_path_factory.mktemp("editor") / "rules"
    shutil.copytree(RULES, folder)
    text = (PLAIN / CP05).read_text("utf-8")
    (folder / CP05).write_text("\n".join([SCHEMA, *text.split("\n")[1:]]), "utf-8")
    return folder


@pytest.fixture(scope="module")
def server(rules: Path) -> Iterator[Server]:
    """Start the server once."""
    with Server([*_command(), "--stdio"], rules) as server:
        yield server


def _command() -> list[str]:
    """Return how the server is started; skip, or fail where it is required, without it."""
    place = os.environ.get("AUDIT_LANGUAGE_SERVER", "")
    program = Path(place) / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    node = shutil.which("node")
    if node and place and program.is_file():
        return [node, str(program)]
    reason = (
        "no yaml-language-server: AUDIT_LANGUAGE_SERVER names no folder that has it, or no Node"
    )
    if os.environ.get("AUDIT_REQUIRE_LANGUAGE_SERVER"):
        pytest.fail(reason)
    pytest.skip(reason)


def changed(rules: Path, name: str, old: str, new: str) -> Path:
    """Write a copy of CP-05 with one thing changed, beside it."""
    text = (rules / CP05).read_text("utf-8")
    assert old in text
    path = (rules / CP05).with_name(f"{name}.yaml")
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def place_of(path: Path, words: str) -> tuple[int, int]:
    """Return where words stand first, counting from 1."""
    before = path.read_text("utf-8").split(words)[0]
    return before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1


FILES = sorted(
    path.relative_to(RULES).as_posix()
    for path in RULES.rglob("*.yaml")
    if path.parent.name != "calendars"
)


def test_nothing_of_the_shipped_rules_is_underlined(server: Server, rules: Path) -> None:
    """A file without a mistake is left alone, in every folder."""
    # it looks at a file a fifth of a second after it was opened: all at once they wait but once
    opened = {server.open(rules / name): name for name in FILES}
    underlined = server.underlined_each([*opened])
    assert {opened[uri]: said for uri, said in underlined.items() if said} == {}
    assert len(underlined) == len(FILES) > 100


@pytest.mark.parametrize("change", UNDERLINED)
def test_a_mistake_is_underlined_where_it_stands(server: Server, rules: Path, change: str) -> None:
    """The word in question is underlined, from its first letter to its last, and says why."""
    old, new = change.split(" → ")
    path = changed(rules, f"wrong{list(UNDERLINED).index(change)}", old, new)
    words, message = UNDERLINED[change]
    line, column = place_of(path, new)
    column += new.rindex(words)
    told = [
        one for one in server.underlined(server.open(path)) if one["message"].startswith(message)
    ]
    assert [one["range"] for one in told] == [
        {
            "start": {"line": line - 1, "character": column - 1},
            "end": {"line": line - 1, "character": column - 1 + len(words)},
        }
    ]


def labels(server: Server, path: Path, marker: str) -> set[str]:
    """Return what is offered at a marker, which is taken out of the file first."""
    line, column = place_of(path, marker)
    path.write_text(path.read_text("utf-8").replace(marker, "", 1), "utf-8")
    return {item["label"] for item in server.completed(server.open(path), line, column)}


COMPLETED = {
    "a key of the standard": (
        "may_be_absent: ", "@\nmay_be_absent: ", {"silence", "applies_to", "exceptions"},
    ),
    "a key of the measure": ("  unit: working_days", "  @", {"unit", "start_day", "end_day"}),
    "a domain": ("domain: visits", "domain: @", {"visits", "safety", "recording"}),
    "a table": ("  of: visits", "  of: @", {"visits", "plans", "supervisions"}),
    "a field of a table": (
        "  where: {child_seen: yes}", "  where:\n    @", {"child_seen", "seen_alone", "purpose"},
    ),
    "a value of a field": (
        "where: {kind: child_protection}}", "where: {kind: @}}", {"child_protection", "care"},
    ),
    "an outcome of an example": ("    expect: met", "    expect: @", {"met", "not_yet_due"}),
}  # fmt: skip


@pytest.mark.parametrize("what", COMPLETED)
def test_what_can_stand_at_a_place_is_offered(server: Server, rules: Path, what: str) -> None:
    """Keys, tables, fields and values are offered where they can stand, from the rulebook."""
    old, new, wanted = COMPLETED[what]
    path = changed(rules, f"half{list(COMPLETED).index(what)}", old, new)
    assert wanted <= labels(server, path, "@")


def test_a_key_says_what_it_is_for(server: Server, rules: Path) -> None:
    """Resting on a key shows in a sentence what is to be written there."""
    path = rules / CP05
    said = server.hovered(server.open(path), *place_of(path, "severity"))
    assert "how much a miss weighs: `critical`, `major` or `minor`" in said
