"""Make a disagreement small: leave out of a scene all that it does not need to stay wrong.

Hypothesis cannot shrink records that come from a seed; this takes away rows, cells and parts of
the standard, one at a time, as long as the two judges still disagree.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from engine.errors import Problem
from engine.rulebook.check import check_standards
from engine.rulebook.fields import AUDITS
from engine.rulebook.source import read_source
from engine.rulebook.standard import Standard
from engine.rulebook.validate import validate
from tests.differential.record import Record
from tests.differential.scene import Scene, rulebook

Wrong = Callable[[Scene], object]


def smallest(scene: Scene, audit: str, wrong: Wrong) -> Scene:
    """Return a scene of one audit that is still wrong, though nothing can be taken from it."""
    aside = {audit: scene.put_aside.get(audit, frozenset())}
    alone = replace(scene, records={audit: scene.records[audit]}, put_aside=aside)
    alone = replace(alone, parts={audit: scene.parts.get(audit, frozenset())})
    scene = alone if wrong(alone) else scene
    while smaller := next((one for one in _smaller(scene) if wrong(one)), None):
        scene = smaller
    return scene


def problems_of(written: dict[str, Any]) -> Sequence[Problem]:
    """Return what the rulebook's checks say of a standard."""
    source, problems = read_source(json.dumps({**written, "status": "draft"}), "a_standard.yaml")
    if source is None:
        return problems
    standard, problems = validate(Standard, source)
    if standard is None:
        return problems
    return check_standards(((standard, source),), rulebook().book, rulebook().fields)


def _smaller(scene: Scene) -> Iterator[Scene]:
    """Return the scenes that have one thing less."""
    if scene.latest_only:
        yield replace(scene, latest_only=frozenset())
    for part in scene.partly:
        kept = {name: held for name, held in scene.partly.items() if name != part}
        parts = {audit: names - {part} for audit, names in scene.parts.items()}
        yield replace(scene, partly=kept, parts=parts)
    if scene.put_aside:
        yield replace(scene, put_aside={})
    for audit, record in scene.records.items():
        for less in _less_record(record):
            yield replace(scene, records={**scene.records, audit: less})
    (standard,) = scene.standards
    written = standard.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for less in _less(written):
        if not problems_of(less):
            smaller = Standard.model_validate({**less, "status": "live"})
            yield replace(scene, standards=(smaller,))


def _less_record(record: Record) -> Iterator[Record]:
    for table, rows in record.items():
        for n, row in enumerate(rows):
            others = [*rows[:n], *rows[n + 1 :]]
            if table != AUDITS:
                yield {**record, table: others}
            for name in row:
                if row[name] is not None:
                    yield {**record, table: [*rows[:n], {**row, name: None}, *rows[n + 1 :]]}


def _less(part: Any) -> Iterator[Any]:  # noqa: ANN401 - any part of what an author wrote
    """Return a part of a standard without one key or item, at any depth."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield {k: v for k, v in part.items() if k != key}
            yield from ({**part, key: less} for less in _less(value))
    elif isinstance(part, list):
        for n, value in enumerate(part):
            yield [*part[:n], *part[n + 1 :]]
            yield from ([*part[:n], less, *part[n + 1 :]] for less in _less(value))
