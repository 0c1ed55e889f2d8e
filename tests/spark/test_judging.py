"""Patterns are keyed and verdicts taken on Spark as they are by arrays here."""

from typing import TYPE_CHECKING

import numpy as np

from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.judgement.spark_stage import judge
from engine.judgement.steps import Steps
from engine.judgement.values import UNANSWERED, Array, Known
from engine.records.on_spark import OnSpark
from engine.rulebook.book import Rulebook
from engine.terms import NOT_MET_BY_SILENCE
from tests.rules.rulebooks import shipped

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AUDITS = 60


def drawn(rulebook: Rulebook) -> Known:
    """Return audits with any outcomes, answers and grades; most have few misses, some many."""
    draw = np.random.default_rng(7)
    bad = draw.random(AUDITS) ** 3

    def codes(most: int, plain: int) -> Array:
        odd = draw.random(AUDITS) < bad
        return np.where(odd, draw.integers(0, most + 1, AUDITS), plain).astype(np.uint8)

    live = [standard.id for standard in rulebook.live]
    return Known(
        AUDITS,
        {name: codes(NOT_MET_BY_SILENCE, 2) for name in live},
        {name: codes(UNANSWERED, UNANSWERED) for name in live},
        draw.integers(0, len(rulebook.grades) + 1, AUDITS).astype(np.uint8),
        {d: draw.integers(0, len(rulebook.grades) + 1, AUDITS) for d in rulebook.domains},
    )


def view_of(known: Known) -> str:
    """Return SQL of what is known as Spark's view has it: what is none is null."""
    columns = {"a": (np.arange(AUDITS), -1), "g:overall": (known.overall, 0)}
    columns |= {f"o:{name}": (codes, -1) for name, codes in known.outcomes.items()}
    columns |= {f"w:{name}": (codes, UNANSWERED) for name, codes in known.answers.items()}
    columns |= {f"g:{name}": (ranks, 0) for name, ranks in known.grades.items()}
    cells = [[None if v == none else int(v) for v in each] for each, none in columns.values()]
    rows = zip(*cells, strict=True)
    listed = ", ".join(
        "(" + ", ".join("CAST(NULL AS INT)" if v is None else str(v) for v in row) + ")"
        for row in rows
    )
    return f"SELECT * FROM VALUES {listed} AS t({', '.join(f'`{name}`' for name in columns)})"


def test_verdicts_are_those_of_the_arrays(spark: "SparkSession") -> None:
    """Every column of the judgements, on outcomes that few real audits would have together."""
    book = shipped()
    known = drawn(book)
    verdicts = Verdicts(book.judgement, book.grades, PlainJudge(book.judgement, book.grades))
    expected = Steps(book, verdicts, known).judgements()
    keys = {name for name in expected if name.startswith("key:") or name.endswith("_key")}
    on = OnSpark(spark)
    try:
        with on:
            judged = judge(on, book, verdicts, on.make("told", view_of(known)), [])
            found = on.rows(
                f"SELECT {', '.join(f'`{n}`' for n in expected)} FROM {judged} ORDER BY a"
            )
    finally:
        on.close()
    for place, (name, column) in enumerate(expected.items()):
        exact = name in keys or name in {"route", "alert"}
        mine = [int(value) if exact or value else None for value in column]
        theirs = [None if row[place] is None else int(row[place]) for row in found]
        assert theirs == mine, name
    assert len(set(expected["cap"])) > 2
    assert len(set(expected["route"])) > 2
