"""What the differential tests draw, found by Spark as it is found here: whole scenes as batches."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.findings.spark_slices import lay_out, unpacked
from engine.findings.spark_stage import find
from engine.findings.stage import columns_read, compile_rulebook
from engine.records.batch import PARTLY, PUT_ASIDE
from engine.records.on_spark import OnSpark
from engine.rulebook.standard import Standard
from engine.terms import NOT_MET_BY_SILENCE, OUTCOMES
from tests.differential.engine_adapter import engine_findings, loaded, presence_of
from tests.differential.scene import Scene, rulebook
from tests.differential.strategies import KINDS, scene_of, written_standards

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Found = dict[tuple[str, str], tuple[str, bool]]
SIDE_BY_SIDE = range(5)


@cache
def drawn() -> list[dict[str, Any]]:
    """Return some standards of every kind, the same in each run."""
    kept: list[dict[str, Any]] = []

    @settings(
        max_examples=2, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(st.tuples(*map(written_standards, KINDS)))
    def draw(written: tuple[dict[str, Any], ...]) -> None:
        kept.extend(written)

    draw()
    return kept


def standards() -> tuple[Standard, ...]:
    return tuple(
        Standard.model_validate({**written, "id": f"SP-{n:02}"})
        for n, written in enumerate(drawn(), 1)
    )


def whole() -> Scene:
    """Return the audits of many scenes side by side, on an input that has every column."""
    scenes = [scene_of(drawn()[0], seed) for seed in SIDE_BY_SIDE]
    columns: dict[str, frozenset[str]] = {}
    for scene in scenes:
        for table, names in scene.columns.items():
            columns[table] = columns.get(table, frozenset()) | names
    named = [(f"{n:02}", scene) for n, scene in enumerate(scenes)]
    records = {a + n: record for n, scene in named for a, record in scene.records.items()}
    aside = {a + n: names for n, scene in named for a, names in scene.put_aside.items()}
    return replace(
        scenes[0], standards=standards(), records=records, columns=columns, put_aside=aside,
        latest_only=frozenset(), partly={}, parts={},
    )  # fmt: skip


def lacking() -> Scene:
    """Return a scene in which columns are lacking and some audits cannot tell a part."""
    every = (scene_of(drawn()[0], seed) for seed in range(1000))
    full = {name: len(names) for name, names in whole().columns.items()}
    scene = next(
        scene
        for scene in every
        if scene.partly
        and scene.latest_only
        and any(scene.put_aside.values())
        and {name: len(names) for name, names in scene.columns.items()} != full
    )
    return replace(scene, standards=standards()[len(KINDS) :])


def found_on_spark(spark: "SparkSession", scene: Scene, folder: Path) -> Found:
    """Return the outcome of each audit and standard, and whether silence is the reason."""
    presence, book = presence_of(scene), replace(rulebook(), standards=scene.standards)
    compiled = compile_rulebook(book, presence)
    con = loaded(scene, scene.columns)
    on = OnSpark(spark)
    try:
        with on:
            for table in (*scene.columns, PUT_ASIDE, PARTLY):
                path = folder / f"{table}.parquet"
                con.execute(f"COPY typed.\"{table}\" TO '{path}' (FORMAT parquet)")
                said = "tested" if table in {PUT_ASIDE, PARTLY} else "typed"
                on.view(f"{said}_{table}", spark.read.parquet(str(path)))
            reads = columns_read(compiled, evidence=False)
            views = lay_out(on, book, presence, scene.as_of, reads)
            outcomes = on.make("outcomes", find(on, compiled, views))
            places = ", ".join(unpacked("o", place) for place, _ in enumerate(compiled))
            rows = on.rows(f"SELECT a, array({places}) FROM {outcomes}")
    finally:
        on.close()
    return {
        (audit, one.standard.id): (
            OUTCOMES[min(code, len(OUTCOMES) - 1)].value,
            code == NOT_MET_BY_SILENCE,
        )
        for audit, codes in rows
        for one, code in zip(compiled, codes, strict=True)
    }


@pytest.fixture(autouse=True)
def folder_for_checkpoints(spark: "SparkSession", tmp_path: Path) -> None:
    spark.sparkContext.setCheckpointDir(str(tmp_path / "kept"))


@pytest.mark.parametrize("scene", [whole, lacking])
def test_spark_finds_what_is_found_here(
    scene: Any,  # noqa: ANN401 - one of the two above
    spark: "SparkSession",
    tmp_path: Path,
) -> None:
    """Two standards of every kind of measure, days that collide, blanks, and edges of everything."""
    made = scene()
    expected = {
        key: (shown.outcome.value, shown.silent) for key, shown in engine_findings(made).items()
    }
    assert found_on_spark(spark, made, tmp_path) == expected
    assert len({outcome for outcome, _ in expected.values()}) > 2, "the scene says too little"
