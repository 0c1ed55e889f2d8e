"""Make a plan shorter without changing what it says: fewer steps to read and to run.

A plan comes in and a plan with the same rows and columns comes out.
"""

from collections import Counter
from dataclasses import replace

from engine.findings import expressions as x
from engine.findings.plan import (
    Apply,
    Column,
    Expression,
    Filter,
    Join,
    Project,
    Relation,
    Scan,
    Union,
)
from engine.findings.prune import parents_first, sources


def fuse(plan: Relation) -> Relation:
    """Return the plan with neighbouring steps made one where that repeats no work."""
    order = parents_first(plan)
    used = Counter(id(source) for node in order for source in sources(node))
    done: dict[int, Relation] = {}
    for node in reversed(order):
        done[id(node)] = _fused(over(node, done), {id(done[id(s)]) for s in sources(node)
                                                    if used[id(s)] == 1})  # fmt: skip
    return done[id(plan)]


def over(node: Relation, done: dict[int, Relation]) -> Relation:
    """Return a relation over what its sources have become."""
    if isinstance(node, Scan):
        return node
    if isinstance(node, Join):
        return replace(node, left=done[id(node.left)], right=done[id(node.right)])
    if isinstance(node, Union):
        return Union(tuple(done[id(source)] for source in node.sources))
    return replace(node, source=done[id(node.source)])


def _fused(node: Relation, once: set[int]) -> Relation:
    if isinstance(node, Filter) and node.condition == x.TRUE:
        return node.source
    if isinstance(node, Filter) and isinstance(node.source, Filter) and id(node.source) in once:
        below = node.source
        return Filter(below.source, x.both(below.condition, node.condition))
    if isinstance(node, Project):
        if _changes_nothing(node):
            return node.source
        if isinstance(node.source, Project) and id(node.source) in once:
            return _one_projection(node, node.source)
    return node


def _changes_nothing(node: Project) -> bool:
    same = all(isinstance(e, Column) and e.name == name for name, e in node.columns)
    return same and set(node.schema) == set(node.source.schema)


def _one_projection(upper: Project, lower: Project) -> Project:
    """Put the lower expressions into the upper ones, if none would be worked out twice."""
    given = dict(lower.columns)
    asked = Counter(name for _, e in upper.columns for name in _columns(e))
    if any(isinstance(given[name], Apply) and number > 1 for name, number in asked.items()):
        return upper
    return Project(lower.source, tuple((name, _put(e, given)) for name, e in upper.columns))


def _columns(expression: Expression) -> list[str]:
    if isinstance(expression, Column):
        return [expression.name]
    if isinstance(expression, Apply):
        return [name for arg in expression.args for name in _columns(arg)]
    return []


def _put(expression: Expression, given: dict[str, Expression]) -> Expression:
    if isinstance(expression, Column):
        return given[expression.name]
    if isinstance(expression, Apply):
        return replace(expression, args=tuple(_put(arg, given) for arg in expression.args))
    return expression
