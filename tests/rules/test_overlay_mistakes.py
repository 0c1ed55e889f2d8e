"""The promises of overlays that are wrong: each mistake at its place, with a way out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.rulebook.stack import CODES as STACK_CODES
from engine.rulebook.values import CODES as VALUE_CODES
from tests.rules.overlays import book, overlay, said_of

CASES = yaml.safe_load((Path(__file__).parent / "bad_overlays.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_a_mistake_of_an_overlay_is_told_word_for_word(
    case: dict[str, Any], tmp_path: Path
) -> None:
    """A wrong overlay gives its code, message and help, at its own line and column, and no more."""
    base = book(tmp_path)
    assert said_of(tmp_path, base, overlay(tmp_path, case["body"])) == case["says"]


def test_every_code_of_overlays_is_shown() -> None:
    """Each code of overlays is among the mistakes of the file or of this module."""
    said = "\n".join(case["says"] for case in CASES) + Path(__file__).read_text("utf-8")
    assert [code for code in (*STACK_CODES, *VALUE_CODES) if f" {code} " not in said] == []


def test_an_overlay_without_its_book_is_told(tmp_path: Path) -> None:
    """An overlay alone says which book is to lie beneath it."""
    assert said_of(tmp_path, overlay(tmp_path)) == (
        "ours/overlay.yaml:4:7: R040 `ours` is over `practice_audit_england`, which is not given\n"
        f"  help: give the folder of `practice_audit_england` before {tmp_path.as_posix()}/ours"
    ).replace(f"{tmp_path.as_posix()}/", "")


def test_an_overlay_over_another_book_is_told(tmp_path: Path) -> None:
    """An overlay over a book that is not the one beneath names both."""
    assert said_of(tmp_path, book(tmp_path), overlay(tmp_path, over="wales")) == (
        "ours/overlay.yaml:4:7: R040 `ours` is over `wales`, which is not given; "
        "beneath it lies `practice_audit_england`\n"
        "  help: give the folder of `wales` before ours"
    )


def test_the_wrong_order_is_told(tmp_path: Path) -> None:
    """An overlay that comes before its book says which folder comes first."""
    assert said_of(tmp_path, overlay(tmp_path), book(tmp_path)) == (
        "ours/overlay.yaml:4:7: R040 `ours` is over `practice_audit_england`, which comes after it\n"
        "  help: give rules before ours"
    )


def test_an_overlay_between_is_told(tmp_path: Path) -> None:
    """An overlay is over what lies directly beneath it, not over something further down."""
    one, other = overlay(tmp_path), overlay(tmp_path, name="team")
    assert said_of(tmp_path, book(tmp_path), one, other) == (
        "team/overlay.yaml:4:7: R040 `team` is over `practice_audit_england`, "
        "and `ours` lies between them\n"
        "  help: write `over: ours`, or leave one of the two out"
    )


def test_a_book_given_twice_is_told(tmp_path: Path) -> None:
    """A folder that is given twice is told, whatever path leads to it."""
    one = overlay(tmp_path)
    assert said_of(tmp_path, book(tmp_path), one, tmp_path / "rules" / ".." / "ours") == (
        "rules/../ours: R041 this folder is given twice\n"
        "  help: give each folder once, the book beneath first"
    )


def test_two_overlays_of_one_id_are_told(tmp_path: Path) -> None:
    """Two overlays cannot have one id, since `over` could mean either."""
    one, other = overlay(tmp_path), overlay(tmp_path, name="team", over="ours")
    (other / "overlay.yaml").write_text((one / "overlay.yaml").read_text("utf-8"), "utf-8")
    assert said_of(tmp_path, book(tmp_path), one, other) == (
        "team/overlay.yaml:1:5: R041 `ours` is also the id of ours\n"
        "  help: give each overlay an id of its own"
    )


def test_overlays_over_each_other_are_told(tmp_path: Path) -> None:
    """A ring of overlays is told once, with every link of it."""
    one, other = overlay(tmp_path, over="team"), overlay(tmp_path, name="team", over="ours")
    assert said_of(tmp_path, book(tmp_path), one, other) == (
        "ours/overlay.yaml:4:7: R042 `ours` is over `team`, `team` is over `ours`\n"
        "  help: one of them has to be over a whole rulebook"
    )


def test_an_overlay_over_itself_is_told(tmp_path: Path) -> None:
    """An overlay that names itself is a ring of one."""
    assert said_of(tmp_path, book(tmp_path), overlay(tmp_path, over="ours")) == (
        "ours/overlay.yaml:4:7: R042 `ours` is over `ours`\n"
        "  help: one of them has to be over a whole rulebook"
    )


def test_a_folder_that_is_no_overlay_is_told(tmp_path: Path) -> None:
    """What lies over a book is an overlay: no other folder, no second book, nothing missing."""
    base, empty, mixed = book(tmp_path), tmp_path / "empty", overlay(tmp_path, name="mixed")
    empty.mkdir()
    (mixed / "rulebook.yaml").touch()
    second = book(tmp_path / "second")
    assert said_of(tmp_path, base, empty, mixed, second, tmp_path / "gone") == (
        "empty: R043 this is neither a rulebook nor an overlay\n"
        "  help: an overlay is a folder with overlay.yaml\n"
        "gone: R010 there is no such folder\n"
        "  help: give the folder that holds overlay.yaml\n"
        "mixed: R043 the folder holds both rulebook.yaml and overlay.yaml\n"
        "  help: an overlay has a folder of its own\n"
        "second/rules: R043 a whole rulebook cannot lie over another\n"
        "  help: give one rulebook, and overlays over it"
    )


def test_a_standard_of_the_book_beneath_is_told(tmp_path: Path) -> None:
    """A copy of a shipped file in an overlay is no way to change it."""
    base, ours = book(tmp_path), overlay(tmp_path)
    (ours / "recording").mkdir()
    name = "recording/visits-recorded.yaml"
    (ours / name).write_bytes((base / name).read_bytes())
    assert said_of(tmp_path, base, ours) == (
        "ours/recording/visits-recorded.yaml:2:5: R047 `RC-01` stands in the book beneath, "
        "in rules/recording/visits-recorded.yaml\n"
        "  help: change it in ours/overlay.yaml, or give the new standard another id"
    )


def test_an_overlay_does_not_change_its_own_standard(tmp_path: Path) -> None:
    """What the overlay itself adds is changed where it stands."""
    base = book(tmp_path)
    body = "changes:\n  - {standard: OC-01, reason: Ours, set: {severity: major}}\n"
    ours = overlay(tmp_path, body)
    (ours / "recording").mkdir()
    text = (base / "recording/visits-recorded.yaml").read_text("utf-8")
    (ours / "recording/own.yaml").write_text(text.replace("RC-01", "OC-01"), "utf-8")
    assert said_of(tmp_path, base, ours) == (
        "ours/overlay.yaml:7:16: R048 `OC-01` is a standard of this overlay\n"
        "  help: change it where it stands, in ours/recording/own.yaml"
    )


def test_what_is_wrong_with_the_book_beneath_comes_first(tmp_path: Path) -> None:
    """Nothing is laid over a book that cannot be read: its own mistakes are told."""
    base = book(tmp_path)
    (base / "judgement.yaml").write_text("domain: [", "utf-8")
    said = said_of(tmp_path, base, overlay(tmp_path))
    assert said.startswith("rules/judgement.yaml:2:1: Y002 ")
    assert "ours" not in said


def test_a_field_that_is_there_is_told(tmp_path: Path) -> None:
    """An overlay adds fields to the dictionary and changes none."""
    ours = overlay(tmp_path)
    text = "tables: {visits: {fields: {child_seen: {type: text, meaning: Seen}}}}\n"
    (ours / "fields.yaml").write_text(text, "utf-8")
    assert said_of(tmp_path, book(tmp_path), ours) == (
        "ours/fields.yaml:1:28: R047 the book beneath has `child_seen` of table `visits` already\n"
        "  help: an overlay adds tables and fields only"
    )
