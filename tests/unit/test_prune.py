"""The promises of pruning: a plan that reads less, and gives the same rows."""

from hypothesis import given, settings

from engine.findings import expressions as x
from engine.findings.plan import (
    Aggregate,
    Fold,
    Join,
    Previous,
    Project,
    Relation,
    Scan,
    Union,
    WorkingDays,
)
from engine.findings.prune import parents_first, prune, scans
from tests.unit.plans import events, plans, rows_of

ROWS = events()


def kinds(plan: Relation) -> list[str]:
    return [type(node).__name__ for node in parents_first(plan)]


def only(plan: Relation, *names: str) -> Relation:
    return Project(plan, tuple((name, x.col(plan, name)) for name in names))


@settings(max_examples=150, deadline=None)
@given(plans())
def test_a_pruned_plan_gives_the_same_rows(plan: Relation) -> None:
    """Whatever the plan, pruning keeps its rows, how often each comes, and its columns."""
    pruned = prune(plan)
    assert dict(pruned.schema) == dict(plan.schema)
    assert rows_of(pruned) == rows_of(plan)


@settings(max_examples=50, deadline=None)
@given(plans())
def test_pruning_reads_no_more(plan: Relation) -> None:
    """A pruned plan has no more steps and reads no column that the plan did not."""
    pruned = prune(plan)
    assert len(parents_first(pruned)) <= len(parents_first(plan)) + 2 * kinds(plan).count("Union")
    assert all(columns <= scans(plan)[table] for table, columns in scans(pruned).items())


def test_columns_that_nobody_asks_for_are_not_read() -> None:
    """Of a table, only what the root needs is read."""
    pruned = prune(only(WorkingDays(ROWS, "day", "w"), "a", "n"))
    assert kinds(pruned) == ["Project", "Scan"]
    assert scans(pruned) == {"events": frozenset({"a", "n"})}


def test_a_join_that_adds_nothing_is_left_out() -> None:
    """An outer join to one row each, of which nothing is taken, is gone; any other join stays."""
    fold = Aggregate(ROWS, ("a",), (("rows", Fold.COUNT, x.TRUE),))
    for outer, left in ((True, ["Project", "Scan"]), (False, ["Project", "Join", "Aggregate"])):
        plan = only(Join(ROWS, fold, (("a", "a"),), outer=outer), "a", "n")
        assert kinds(prune(plan))[: len(left)] == left
        assert rows_of(prune(plan)) == rows_of(plan)


def test_a_join_that_repeats_rows_stays() -> None:
    """An outer join to several rows each changes how many rows there are, and is kept."""
    names = Project(ROWS, (("a", x.col(ROWS, "a")), ("other", x.col(ROWS, "name"))))
    plan = only(Join(ROWS, names, (("a", "a"),), outer=True), "a")
    assert "Join" in kinds(prune(plan))
    assert rows_of(prune(plan)) == rows_of(plan)
    assert rows_of(plan).total() == 3 * 3 + 2 * 2 + 1


def test_a_join_to_one_row_each_through_others_is_seen() -> None:
    """That a side holds one row each is seen through projections and further joins."""
    fold = Aggregate(ROWS, ("a",), (("rows", Fold.COUNT, x.TRUE),))
    more = Project(fold, (("b", x.col(fold, "a")), ("twice", x.col(fold, "rows"))))
    plan = only(Join(ROWS, Join(more, fold, (("b", "a"),)), (("a", "b"),), outer=True), "a")
    assert kinds(prune(plan)) == ["Project", "Scan"]
    assert rows_of(prune(plan)) == rows_of(plan)


def test_rows_are_kept_where_no_column_is_asked_for() -> None:
    """A plan that needs only how many rows there are still has as many."""
    one = (("one", x.whole(1)),)
    for source in (ROWS, Project(ROWS, one), Union((ROWS, ROWS))):
        plan = Project(source, one)
        assert rows_of(prune(plan)) == rows_of(plan)
    none = Previous(ROWS, ("a",), ("day",), (("before", "day"),))
    assert kinds(prune(only(none, "a"))) == ["Project", "Scan"]


def test_a_union_keeps_its_columns_apart() -> None:
    """The sides of a union give the same columns, whatever else each of them needs."""
    left = Join(ROWS, Aggregate(ROWS, ("a",), (("r", Fold.COUNT, x.TRUE),)), (("a", "a"),))
    right = Project(left, tuple((name, x.col(left, name)) for name in sorted(left.schema)))
    plan = only(Union((left, right)), "r", "n")
    assert rows_of(prune(plan)) == rows_of(plan)


def test_a_table_that_is_read_twice_is_read_as_one() -> None:
    """What a plan reads of a table is all that any of its steps reads."""
    other = Scan("events", (("a", ROWS.schema["a"]),))
    plan = Join(ROWS, Aggregate(other, ("a",), ()), (("a", "a"),))
    assert scans(plan) == {"events": frozenset(ROWS.schema)}
