"""The promises of fusing: fewer steps, the same rows, and no work done twice."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from engine.findings import compile as compiling
from engine.findings import expressions as x
from engine.findings.compile import Against, compile_standard
from engine.findings.fuse import fuse
from engine.findings.plan import Filter, Join, Op, Project, Relation, Union
from engine.findings.prune import parents_first, prune
from tests.unit.plans import events, plans, rows_of

ROWS = events()
N, FLAG = x.col(ROWS, "n"), x.col(ROWS, "flag")


def steps(plan: Relation) -> int:
    return len(parents_first(plan))


@settings(max_examples=150, deadline=None)
@given(plans())
def test_a_fused_plan_gives_the_same_rows(plan: Relation) -> None:
    """Whatever the plan, fusing keeps its rows and columns, and adds no step."""
    for before in (plan, prune(plan)):
        fused = fuse(before)
        assert dict(fused.schema) == dict(plan.schema)
        assert steps(fused) <= steps(before)
        assert rows_of(fused) == rows_of(plan)


def test_filters_become_one() -> None:
    """A filter over a filter is one filter, and one that lets everything through is none."""
    plan = Filter(Filter(Filter(ROWS, x.filled(N)), x.TRUE), FLAG)
    fused = fuse(plan)
    assert isinstance(fused, Filter)
    assert fused.source is ROWS
    assert rows_of(fused) == rows_of(plan)


def test_projections_become_one() -> None:
    """A projection over a projection is one, if nothing would be worked out twice."""
    more = x.arithmetic(Op.ADD, N, x.whole(1))
    lower = Project(ROWS, (("a", x.col(ROWS, "a")), ("m", more)))
    m = x.col(lower, "m")
    once = fuse(Project(lower, (("m", x.arithmetic(Op.MULTIPLY, m, x.whole(2))),)))
    assert steps(once) == 2
    twice = Project(lower, (("m", m), ("n", m)))
    assert steps(fuse(twice)) == 3
    assert rows_of(fuse(twice)) == rows_of(twice)


def test_a_projection_that_changes_nothing_is_left_out() -> None:
    """A projection of all columns as they are is its source."""
    plan = Project(ROWS, tuple((name, x.col(ROWS, name)) for name in reversed(list(ROWS.schema))))
    assert fuse(plan) is ROWS


def test_a_step_that_is_used_twice_stays_a_step() -> None:
    """What two others read is worked out once: it is not put into either of them."""
    shared = Filter(ROWS, x.filled(N))
    left = Filter(shared, FLAG)
    right = Project(shared, (("a", x.col(shared, "a")), ("other", x.col(shared, "n"))))
    plan = Join(left, Project(right, (("a", x.col(right, "a")),)), (("a", "a"),))
    fused = fuse(plan)
    assert sum(isinstance(node, Filter) for node in parents_first(fused)) == 2
    assert rows_of(fused) == rows_of(plan)
    union = Union((left, shared))
    assert rows_of(fuse(union)) == rows_of(union)


def test_a_plan_that_cannot_be_shorter_stays() -> None:
    """A plan with nothing to fuse comes out as it went in."""
    assert fuse(ROWS) is ROWS
    joined = replace(Filter(ROWS, FLAG))
    assert fuse(joined) == joined


def test_compiled_standards_are_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of each shipped standard that runs has far fewer steps than the raw one."""
    from engine.records.batch import Presence
    from tests.rules.rulebooks import shipped

    book = shipped()
    columns = {name: frozenset(table.fields) for name, table in book.fields.tables.items()}
    against = Against(book.fields, Presence(columns), book.book.settings)
    short = {s.id: steps(compile_standard(s, against, evidence=True)) for s in book.live}
    monkeypatch.setattr(compiling, "fuse", lambda plan: plan)
    monkeypatch.setattr(compiling, "prune", lambda plan: plan)
    long = {s.id: steps(compile_standard(s, against, evidence=True)) for s in book.live}
    assert all(short[name] < long[name] for name in short)
    assert sum(short.values()) < 0.75 * sum(long.values())
