"""The promises of overlays: a book with overlays is the book that one would have written by hand."""

import json
from dataclasses import replace
from pathlib import Path

from engine.authoring.examples import run_examples
from engine.rulebook.book import Rulebook
from engine.rulebook.measures import LongestGap
from engine.rulebook.standard import Example
from tests.rules.overlays import KEPT, book, loaded, overlay, said_of
from tests.rules.rulebooks import RULES

VISITS, _, _, RECORDED = KEPT
FIFTEEN = """\
changes:
  - standard: CP-05
    version_from: 2015-01-01
    set: {met: {at_most: 15}}
    remove: [partly_met]
    reason: Our procedures say fifteen.
  - {standard: RC-01, retire: yes, reason: Another audit.}
"""


def test_a_limit_that_is_changed_names_the_overlay_as_its_source(tmp_path: Path) -> None:
    """A council's own limit never passes for that of the source before it."""
    rulebook = loaded(book(tmp_path), overlay(tmp_path, FIFTEEN))
    (version,) = rulebook.by_id["CP-05"].versions
    assert version.met is not None
    assert (version.met.at_most, version.partly_met, version.note) == (15, None, "")
    source = version.source
    said = (source.title, source.paragraph, str(source.checked))
    assert said == ("Ours, 1", "Our procedures say fifteen.", "2026-10-01")


def test_a_source_that_is_named_stays(tmp_path: Path) -> None:
    """Who names a source for a new limit is taken at their word, and may keep the level."""
    named = "source: {title: New guidance, paragraph: '12', checked: 2026-10-01}"
    body = (
        "changes:\n  - standard: CP-01\n    version_from: 2015-01-01\n    reason: It came.\n"
        f"    set: {{met: {{at_most: 14}}, {named}}}\n"
    )
    rulebook = loaded(book(tmp_path), overlay(tmp_path, body))
    (version,) = rulebook.by_id["CP-01"].versions
    assert (version.source.title, rulebook.by_id["CP-01"].level) == ("New guidance", "guidance")


def test_a_council_may_set_its_own_limit_once_it_is_local(tmp_path: Path) -> None:
    """What guidance asks can be asked otherwise, if the standard no longer says it is guidance."""
    body = (
        "changes:\n  - {standard: CP-01, set: {level: local}, reason: Ours.}\n  - standard: CP-01\n"
        "    version_from: 2015-01-01\n    set: {met.at_most: 14}\n    reason: Ours.\n"
    )
    rulebook = loaded(book(tmp_path), overlay(tmp_path, body))
    assert rulebook.by_id["CP-01"].level == "local"


def test_every_value_knows_its_file_and_line(tmp_path: Path) -> None:
    """A value of the overlay stands in the overlay, and what is beside it where it stood."""
    base, ours = book(tmp_path), overlay(tmp_path, FIFTEEN)
    source = loaded(base, ours).sources["CP-05"]
    places = {
        key: str(source.at(("versions", 0, *key.split("."))))
        for key in ("from", "met.at_most", "source.title", "source.paragraph", "source.checked")
    }
    beneath, above = (base / VISITS).as_posix(), (ours / "overlay.yaml").as_posix()
    assert places == {
        "from": f"{beneath}:22:11",
        "met.at_most": f"{above}:9:26",
        "source.title": f"{above}:2:8",
        "source.paragraph": f"{above}:11:13",
        "source.checked": f"{above}:5:10",
    }


def test_what_was_there_is_remembered(tmp_path: Path) -> None:
    """Each edit says what was there before, and why it no longer is."""
    rulebook = loaded(book(tmp_path), overlay(tmp_path, FIFTEEN))
    found = [
        (edit.target, edit.key, edit.was) for edit in rulebook.edits if "source" not in edit.key
    ]
    assert found == [
        ("CP-05", "versions.2015-01-01.met", {"at_most": "10"}),
        ("CP-05", "versions.2015-01-01.partly_met", {"at_most": "15"}),
        ("RC-01", "status", "live"),
    ]
    assert {edit.reason for edit in rulebook.edits_of("RC-01")} == {"Another audit."}


def test_the_books_are_named_with_their_hashes(tmp_path: Path) -> None:
    """The base keeps its own hash under an overlay; where the folders lie changes none."""
    base, ours = book(tmp_path), overlay(tmp_path, FIFTEEN)
    alone, stacked = loaded(base), loaded(base, ours)
    assert [one.id for one in stacked.layers] == ["practice_audit_england", "ours"]
    assert stacked.layers[0] == alone.layers[0]
    assert alone.hash == alone.layers[0].hash != stacked.hash
    (tmp_path / "moved").mkdir()
    moved = loaded(base.rename(tmp_path / "moved" / "a"), ours.rename(tmp_path / "moved" / "b"))
    assert moved.hash == stacked.hash
    body = FIFTEEN.replace("fifteen.", "sixteen.")
    other = loaded(tmp_path / "moved" / "a", overlay(tmp_path, body))
    assert other.hash != stacked.hash


def test_overlays_lie_over_one_another(tmp_path: Path) -> None:
    """A team's overlay changes what the council's overlay made of the book."""
    council = overlay(tmp_path, FIFTEEN)
    body = (
        "changes:\n  - {standard: RC-01, set: {status: live}, reason: We still look.}\n"
        "  - {standard: CP-05, version_from: 2015-01-01, set: {met.at_most: 12}, reason: Stricter.}\n"
    )
    team = overlay(tmp_path, body, name="team", over="ours")
    rulebook = loaded(book(tmp_path), council, team)
    (version,) = rulebook.by_id["CP-05"].versions
    assert version.met is not None
    assert (version.met.at_most, rulebook.by_id["RC-01"].status) == (12, "live")
    assert version.source.paragraph == "Stricter."


def test_a_new_version_is_put_in_the_order_of_its_day(tmp_path: Path) -> None:
    """A version from an earlier day comes first, and names the overlay if it names no source."""
    body = (
        "changes:\n  - standard: CP-05\n    reason: Long ago.\n"
        "    add_version: {from: 2012-04-01, met: {at_most: 20}}\n"
    )
    versions = loaded(book(tmp_path), overlay(tmp_path, body)).by_id["CP-05"].versions
    assert [str(version.from_) for version in versions] == ["2012-04-01", "2015-01-01"]
    assert versions[0].source.paragraph == "Long ago."


def test_a_branch_is_changed_by_its_name(tmp_path: Path) -> None:
    """Only the branch that is named asks something else."""
    body = (
        "changes:\n  - {standard: CP-05, set: {level: local}, reason: x}\n"
        "  - {standard: CP-05, branch: Unborn child, reason: Ours,"
        " set: {measure.grace: 5 working days}}\n"
    ).replace("  - {standard: CP-05, set: {level: local}, reason: x}\n", "")
    rulebook = loaded(RULES, overlay(tmp_path, body))
    graces = [
        str(branch.measure.grace)
        for branch in rulebook.by_id["CP-05"].branches()
        if isinstance(branch.measure, LongestGap)
    ]
    assert graces == ["5 working days", "10 working days", "10 working days"]


def test_standards_rules_settings_and_fields_are_added(tmp_path: Path) -> None:
    """What is new stands in files of the overlay's own, as in any book."""
    base = book(tmp_path)
    ours = overlay(
        tmp_path, "adds: {settings: {our_age: 12}, stages: [{id: pilot, title: Pilot}]}\n"
    )
    (ours / "pilot").mkdir()
    text = (base / RECORDED).read_text("utf-8")
    (ours / "pilot/own.yaml").write_text(text.replace("RC-01", "OC-01"), "utf-8")
    fields = "tables: {visits: {fields: {weather: {type: text, meaning: The weather}}}}\n"
    (ours / "fields.yaml").write_text(fields, "utf-8")
    rule = "{id: own, title: Own, when: {alert: yes}, route: panel}"
    (ours / "judgement.yaml").write_text(f"route: [{rule}]\n", "utf-8")
    rulebook = loaded(base, ours)
    assert rulebook.book.settings["our_age"] == 12
    assert rulebook.stage_title(rulebook.by_id["OC-01"]) == "Pilot"
    assert rulebook.file_of(rulebook.by_id["OC-01"]) == (ours / "pilot/own.yaml").as_posix()
    assert rulebook.judgement.route[-1].id == "own"
    assert "weather" in rulebook.fields.tables["visits"].fields


def test_keep_only_retires_all_others(tmp_path: Path) -> None:
    """A pilot keeps a few standards; the others stay in the book, retired, with the reason."""
    rulebook = loaded(
        book(tmp_path), overlay(tmp_path, "keep_only: {standards: [CP-05], reason: A pilot.}\n")
    )
    assert [one.id for one in rulebook.live] == ["CP-05"]
    assert {one.reason for one in rulebook.edits} == {"A pilot."}
    assert len(rulebook.by_id) == len(KEPT)


def test_an_example_that_no_longer_holds_says_what_changed_it(tmp_path: Path) -> None:
    """An example of the book beneath that an overlay made untrue is told with the overlay's line."""
    base, ours = book(tmp_path), overlay(tmp_path, FIFTEEN)
    rulebook = loaded(base, ours)
    only = replace(rulebook, standards=(rulebook.by_id["CP-05"],))
    (problem,), _ = run_examples(only)
    assert problem.location.file == (base / VISITS).as_posix()
    assert problem.help.endswith(
        f"Changed at {ours.as_posix()}/overlay.yaml:9:16, {ours.as_posix()}/overlay.yaml:10:14: "
        "an overlay drops an example that no longer holds (`drop_examples`), and adds one that does "
        "(`add_examples`)."
    )
    (example,) = (one for one in only.standards[0].examples if one.expect == "partly_met")
    body = FIFTEEN.replace(
        "    reason: Our", f"    drop_examples: [{json.dumps(example.it)}]\n    reason: Our"
    )
    assert run_examples(loaded(base, overlay(tmp_path, body))) == ((), len(_all(rulebook)) - 1)


def _all(rulebook: Rulebook) -> list[Example]:
    return [example for standard in rulebook.standards for example in standard.examples]


def test_an_overlay_of_any_bytes_is_a_problem_or_a_book(tmp_path: Path) -> None:
    """Whatever overlay.yaml holds, it is told: nothing is raised."""
    base, ours = book(tmp_path), overlay(tmp_path)
    for text in (
        "",
        "[]",
        "changes",
        "id: [",
        "changes: [{standard: [], set: 3}]",
        "\x00",
        "- - -",
    ):
        (ours / "overlay.yaml").write_text(text, "utf-8")
        assert said_of(tmp_path, base, ours).startswith("ours/overlay.yaml")
