"""Laws that hold of every finding, whatever the standard (design, section 10)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.terms import ADVERSE, Outcome
from tests.differential.engine_adapter import Shown, engine_findings
from tests.differential.profile import examples
from tests.differential.record import Record, Row
from tests.differential.reference import Case, Presence
from tests.differential.scene import Scene, all_columns, reference_book
from tests.differential.smallest import problems_of
from tests.differential.strategies import KINDS, SEEDS, scene_of, written_standards
from tests.differential.written import PLAIN, SOURCE

WRITTEN = st.sampled_from(KINDS).flatmap(written_standards)
SIMPLE = st.sampled_from([kind for kind in KINDS if kind != "choose"]).flatmap(written_standards)
# Measures that expect an entry, each with where it looks for one: a table, or a column of it.
FROM_START = {"from": "trigger.start_date"}
EXPECTING: dict[str, tuple[str, dict[str, Any]]] = {
    "within": ("visits", {"from": "trigger.start_date", "to": {"table": "visits"}}),
    "longest_gap": ("visits", {"of": "visits", "window": FROM_START}),
    "every": ("visits", {"of": "visits", "window": FROM_START, "period": "11 days"}),
    "share": ("visits.child_seen", {"of": "visits", "satisfies": {"child_seen": "yes"}}),
    "count": ("visits.child_seen", {"of": "visits", "where": {"child_seen": "yes"}}),
    "present": ("visits", {"of": "visits", "window": FROM_START, "grace": "10 days"}),
    "in_the_row": ("plans.contingency", {"kind": "present", "fields": ["contingency"]}),
    "answer": ("answers.answer", {}),
    "recorded_within": ("plans.recorded_date", {}),
    "before": ("visits", {"events": [{"table": "visits"}], "day": "trigger.end_date"}),
}
LIMITED = ("within", "longest_gap", "recorded_within")
CLOCKED = (*LIMITED, "every", "present", "before")


def expecting(kind: str, silence: str = "not_evidenced") -> dict[str, Any]:
    """Return a standard of a kind about plans, met within ten days or in ten of a hundred."""
    limit = {"at_most": 10} if kind in LIMITED else {"at_least": 1 if kind == "count" else 10}
    asks = {} if kind in ("present", "in_the_row", "answer", "before") else {"met": limit}
    version = {"from": "2000-01-01", "source": SOURCE, **asks}
    return {
        **PLAIN,
        "trigger": {"table": "plans"},
        "measure": {"kind": kind, **EXPECTING[kind][1]},
        "silence": silence,
        "versions": [version],
    }


def found(scene: Scene) -> dict[str, Shown]:
    """Return what the engine finds, by audit."""
    return {audit: shown for (audit, _), shown in engine_findings(scene).items()}


def with_records(scene: Scene, records: Mapping[str, Record]) -> Scene:
    """Return a scene with other records, in which nothing is missing or doubtful."""
    return replace(
        scene, records=records, columns=all_columns(), put_aside={}, latest_only=frozenset()
    )


@examples()
@given(WRITTEN)
def test_a_drawn_standard_is_one_that_an_author_may_write(written: dict[str, Any]) -> None:
    """What the differential tests draw passes the checks of the rulebook."""
    assert problems_of({**written, "id": "SP-01"}) == []


@examples(0.6)
@given(WRITTEN, SEEDS)
def test_the_order_of_rows_is_irrelevant(written: dict[str, Any], seed: int) -> None:
    """Records whose rows come in another order get the same findings, with the same evidence."""
    scene, random = scene_of(written, seed), Random(seed)
    shuffled = {
        audit: {table: random.sample(rows, len(rows)) for table, rows in record.items()}
        for audit, record in scene.records.items()
    }
    assert found(replace(scene, records=shuffled)) == found(scene)


@examples(0.3)
@given(WRITTEN, SEEDS)
def test_a_batch_in_parts_gives_what_the_whole_gives(written: dict[str, Any], seed: int) -> None:
    """A batch that is scored five audits at a time gets the findings of the whole."""
    scene = scene_of(written, seed)
    assert engine_findings(scene, slice_size=5) == engine_findings(scene)


@examples(0.6)
@given(SIMPLE, SEEDS)
def test_a_missing_column_is_never_held_against_the_case(
    written: dict[str, Any], seed: int
) -> None:
    """Without a column that its measure names, a standard is not assessable or does not bind."""
    scene = scene_of({**written, "may_be_absent": []}, seed)
    named = sorted(columns_named(scene) & columns_held(scene))
    if named:
        table, column = Random(seed).choice(named)
        held = {**scene.columns, table: scene.columns[table] - {column}}
        records = {
            audit: {**record, table: [less(row, column) for row in record.get(table, ())]}
            for audit, record in scene.records.items()
        }
        outcomes = {
            s.outcome for s in found(replace(scene, columns=held, records=records)).values()
        }
        assert outcomes <= {Outcome.NOT_ASSESSABLE, Outcome.NOT_APPLICABLE}


def columns_named(scene: Scene) -> set[tuple[str, str]]:
    """Return every table and column that the measure of a scene's standard names."""
    (standard,), record = scene.standards, next(iter(scene.records.values()))
    case = Case(standard, record, Presence(scene.columns), scene.as_of, reference_book())
    return {pair for branch in standard.branches() for pair in case.named_by(branch)}


def columns_held(scene: Scene) -> set[tuple[str, str]]:
    """Return every table and column of the input but the numbers of audits."""
    return {(t, c) for t, columns in scene.columns.items() for c in columns - {AUDIT_ID}}


def less(row: Row, column: str) -> dict[str, object]:
    """Return a row without a column."""
    return {name: value for name, value in row.items() if name != column}


@pytest.mark.parametrize("kind", sorted(EXPECTING))
def test_a_blank_is_never_met(kind: str) -> None:
    """Without the entry that is expected nothing is met, whatever else the record holds."""

    @examples(0.2)
    @given(SEEDS, st.sampled_from(("not_evidenced", "not_met")))
    def look(seed: int, silence: str) -> None:
        scene = scene_of(expecting(kind, silence), seed)
        table, _, column = EXPECTING[kind][0].partition(".")
        blank = {
            audit: {
                **record,
                table: [{**row, column: None} for row in record.get(table, ()) if column],
            }
            for audit, record in scene.records.items()
        }
        outcomes = {shown.outcome for shown in found(with_records(scene, blank)).values()}
        assert not outcomes & {Outcome.MET, Outcome.PARTLY_MET}

    look()


@pytest.mark.parametrize("kind", sorted(CLOCKED))
def test_nothing_is_missed_before_its_clock_runs_out(kind: str) -> None:
    """Until ten days have run since the plan began, no record of it is not met."""

    @examples(0.2)
    @given(SEEDS, st.integers(0, 9), st.sampled_from(("not_evidenced", "not_met")))
    def look(seed: int, days: int, silence: str) -> None:
        scene = scene_of(expecting(kind, silence), seed)
        begun, as_of = date(2025, 3, 3), date(2025, 3, 3) + timedelta(days=days)
        plan = {"plan_id": "P1", "start_date": begun, "end_date": begun + timedelta(days=10)}
        records = {
            audit: {**record, "plans": [{**plan, "recorded_date": None}], AUDITS: [{}]}
            for audit, record in scene.records.items()
        }
        early = replace(with_records(scene, records), as_of=as_of)
        assert all(shown.outcome is not Outcome.NOT_MET for shown in found(early).values())

    look()


@examples(0.4)
@given(SEEDS, st.integers(0, 400))
def test_an_earlier_completion_never_turns_met_into_missed(seed: int, days: int) -> None:
    """A further visit, on any day since the start, takes nothing from a plan visited in time."""
    scene = scene_of(expecting("within"), seed)
    before = with_records(
        scene,
        {
            a: dict(record) | {"plans": record.get("plans", ())[:1]}
            for a, record in scene.records.items()
        },
    )
    further = {
        audit: {**record, "visits": [*record.get("visits", ()), {"visit_date": day}]}
        for audit, record in before.records.items()
        for day in [date(2024, 12, 1) + timedelta(days=days)]
    }
    earlier, after = found(before), found(replace(before, records=further))
    assert not [
        audit
        for audit in earlier
        if earlier[audit].outcome is Outcome.MET and after[audit].outcome in ADVERSE
    ]
