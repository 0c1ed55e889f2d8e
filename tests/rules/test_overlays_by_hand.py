"""The promise of overlays: a book with one is the book that one would have written by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.overlays import KEPT, book, loaded, overlay

VISITS, CONFERENCE, _, RECORDED = KEPT
Files = dict[str, Any]

# What may be changed, and the same done to the files by hand: the promise is that both give one book.
By = Callable[[Files], None]
Pair = tuple[dict[str, Any], By]


def _set(name: str, path: tuple[Any, ...], value: object) -> By:
    def by_hand(files: Files) -> None:
        at = files[name]
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return by_hand


def _limit(name: str, standard: str, limit: int, reason: str) -> Pair:
    change = {"standard": standard, "version_from": "2015-01-01", "reason": reason,
              "set": {"met": {"at_most": str(limit)}}}  # fmt: skip

    def by_hand(files: Files) -> None:
        version = files[name]["versions"][0]
        version["met"] = {"at_most": str(limit)}
        version["source"] = {"title": "Ours, 1", "paragraph": reason, "checked": "2026-10-01"}
        version.pop("note", None)

    return change, by_hand


def _drop_rule(rule: str) -> By:
    def by_hand(files: Files) -> None:
        for stratum in ("domain", "overall", "route"):
            rules = files["judgement.yaml"][stratum]
            files["judgement.yaml"][stratum] = [one for one in rules if one["id"] != rule]

    return by_hand


def _changed(standard: str, name: str, key: str, value: str) -> Pair:
    return {"standard": standard, "reason": "x", "set": {key: value}}, _set(name, (key,), value)


EACH = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(["minor", "critical"]).map(
            lambda one: _changed("CP-05", VISITS, "severity", one)
        ),
        "why": st.text("abc ü", min_size=1).map(str.strip).filter(bool).map(
            lambda one: _changed("CP-05", VISITS, "why", one)
        ),
        "line": st.just(_changed("CP-05", VISITS, "bottom_line", "no")),
        "limit": st.tuples(st.integers(1, 9), st.sampled_from(["Ours.", "Theirs."])).map(
            lambda drawn: _limit(VISITS, "CP-05", *drawn)
        ),
        "grace": st.integers(1, 9).map(
            lambda days: (
                {"standard": "CP-05", "reason": "x", "set": {"measure.grace": f"{days} days"}},
                _set(VISITS, ("measure", "grace"), f"{days} days"),
            )
        ),
        "retire": st.just(
            ({"standard": "RC-01", "retire": "yes", "reason": "x"}, _set(RECORDED, ("status",), "retired"))
        ),
        "domain": st.sampled_from(["safety", "voice"]).map(
            lambda one: _changed("CP-01", CONFERENCE, "domain", one)
        ),
        "setting": st.integers(4, 18).map(
            lambda age: (
                {"settings": {"seen_alone_from_age": str(age)}, "reason": "x"},
                _set("rulebook.yaml", ("settings", "seen_alone_from_age"), str(age)),
            )
        ),
        "rule": st.just(({"rule": "minors-missed", "retire": "yes", "reason": "x"}, _drop_rule("minors-missed"))),
        "earns": st.just(
            (
                {"judgement": {"compliance_earns_at_most": "requires_improvement"}, "reason": "x"},
                _set("judgement.yaml", ("compliance_earns_at_most",), "requires_improvement"),
            )
        ),
    },
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=EACH, order=st.randoms(use_true_random=False))
def test_a_book_with_an_overlay_is_the_book_written_by_hand(
    drawn: dict[str, Pair], order: Random
) -> None:
    """Any set of changes, in any order, gives the standards, lists and rules of the edited files."""
    pairs = [pair for pair in drawn.values() if not _says_nothing(pair)]
    order.shuffle(pairs)
    with TemporaryDirectory() as scratch:
        base = book(Path(scratch))
        body = f"changes: {json.dumps([change for change, _ in pairs])}\n"
        merged = loaded(base, overlay(Path(scratch), body))
        names = ("rulebook.yaml", "judgement.yaml", *KEPT)
        files = {n: yaml.load((base / n).read_text("utf-8"), yaml.BaseLoader) for n in names}  # noqa: S506
        for _, by_hand in pairs:
            by_hand(files)
        for name, content in files.items():
            (base / name).write_text(_written(content), "utf-8")
        written = loaded(base)
    assert merged.standards == written.standards
    assert merged.judgement == written.judgement
    assert merged.book == written.book


def _says_nothing(pair: Pair) -> bool:
    """Say whether the value is the one that is there."""
    return pair[0].get("set") == {"domain": "safety"}


def _written(content: object) -> str:
    """Return a file by hand: JSON is YAML, and an empty text in it stands for nothing."""
    return json.dumps(_emptied(content))


def _emptied(content: object) -> object:
    if isinstance(content, dict):
        return {key: _emptied(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_emptied(value) for value in content]
    return None if content in ("null", "") else content
