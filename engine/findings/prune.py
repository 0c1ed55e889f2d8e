"""Leave out of a plan what nobody asks for: columns, folds, and joins that add nothing.

A plan comes in and a plan with the same rows and root columns comes out.
"""

from dataclasses import replace

from engine.findings.plan import (
    Aggregate,
    Apply,
    Column,
    Expression,
    Filter,
    First,
    Join,
    Previous,
    Project,
    Relation,
    Scan,
    Union,
    WorkingDays,
)


def prune(plan: Relation) -> Relation:
    """Return the plan with only the columns that its root needs."""
    order = parents_first(plan)
    needed: dict[int, set[str]] = {id(node): set() for node in order}
    needed[id(plan)] = set(plan.schema)
    for node in order:
        for source, columns in _asks(node, needed[id(node)]):
            needed[id(source)] |= columns
    rebuilt: dict[int, Relation] = {}
    for node in reversed(order):
        rebuilt[id(node)] = _rebuilt(node, needed, rebuilt)
    return rebuilt[id(plan)]


def sources(plan: Relation) -> tuple[Relation, ...]:
    """Return the relations that a relation is made from."""
    if isinstance(plan, Join):
        return (plan.left, plan.right)
    if isinstance(plan, Union):
        return plan.sources
    return () if isinstance(plan, Scan) else (plan.source,)


def scans(plan: Relation) -> dict[str, frozenset[str]]:
    """Return the columns that a plan reads of each table."""
    read: dict[str, frozenset[str]] = {}
    for node in parents_first(plan):
        if isinstance(node, Scan):
            read[node.table] = read.get(node.table, frozenset()) | frozenset(node.schema)
    return read


def parents_first(plan: Relation) -> list[Relation]:
    """Return every relation of a plan once, each before those that it is made from."""
    seen: set[int] = set()
    order: list[Relation] = []
    stack: list[tuple[Relation, bool]] = [(plan, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((source, False) for source in sources(node))
    return order[::-1]


def _named(*expressions: Expression) -> set[str]:
    names: set[str] = set()
    for expression in expressions:
        if isinstance(expression, Column):
            names.add(expression.name)
        elif isinstance(expression, Apply):
            names |= _named(*expression.args)
    return names


def _asks(node: Relation, need: set[str]) -> list[tuple[Relation, set[str]]]:
    """Return what a relation needs of each of its sources to give the columns in `need`."""
    match node:
        case Filter():
            return [(node.source, need | _named(node.condition))]
        case Project():
            return [(node.source, _named(*(e for name, e in node.columns if name in need)))]
        case Join():
            return _asks_of_join(node, need)
        case Union():
            return [(source, need) for source in node.sources]
        case Previous():
            taken = {column for name, column in node.taken if name in need}
            made = {name for name, _ in node.taken}
            return [(node.source, (need - made) | taken | {*node.partition, *node.order})]
        case Aggregate():
            folded = _named(*(e for name, _, e in node.folds if name in need))
            return [(node.source, {*node.keys, *folded})]
        case First():
            return [(node.source, need | {*node.partition, *(c for c, _ in node.order)})]
        case WorkingDays():
            day = {node.day} if node.name in need else set()
            return [(node.source, (need - {node.name}) | day)]
    return []


def _asks_of_join(node: Join, need: set[str]) -> list[tuple[Relation, set[str]]]:
    left = need & set(node.left.schema) | {mine for mine, _ in node.on}
    if _adds_nothing(node, need):
        return [(node.left, need & set(node.left.schema))]
    right = need & set(node.right.schema) | {other for _, other in node.on}
    return [(node.left, left), (node.right, right)]


def _adds_nothing(node: Join, need: set[str]) -> bool:
    """Say whether a join neither gives a column that is needed nor changes which rows there are."""
    given = set(node.schema) - set(node.left.schema)
    return node.outer and not need & given and _one_row_each(
        node.right, {other for _, other in node.on}
    )


def _one_row_each(plan: Relation, keys: set[str]) -> bool:
    if isinstance(plan, Aggregate):
        return set(plan.keys) <= keys
    if isinstance(plan, Join):  # a join to something unique keeps one row each
        return _one_row_each(plan.left, keys) and _one_row_each(
            plan.right, {other for _, other in plan.on}
        )
    if isinstance(plan, Project):
        named = {e.name for name, e in plan.columns if name in keys and isinstance(e, Column)}
        return len(named) == len(keys) and _one_row_each(plan.source, named)
    return False


def _rebuilt(
    node: Relation, needed: dict[int, set[str]], done: dict[int, Relation]
) -> Relation:
    need = needed[id(node)]
    match node:
        case Scan():
            return Scan(node.table, tuple(c for c in node.columns if c[0] in need))
        case Union():
            kept = tuple(_only(done[id(source)], need) for source in node.sources)
            return Union(kept)
        case Join():
            if _adds_nothing(node, need):
                return done[id(node.left)]
            return replace(node, left=done[id(node.left)], right=done[id(node.right)])
        case Project():
            columns = tuple(c for c in node.columns if c[0] in need)
            return Project(done[id(node.source)], columns or node.columns[:1])
        case Aggregate():
            folds = tuple(fold for fold in node.folds if fold[0] in need)
            return Aggregate(done[id(node.source)], node.keys, folds)
        case Previous():
            taken = tuple(pair for pair in node.taken if pair[0] in need)
            if not taken:
                return done[id(node.source)]
            return replace(node, source=done[id(node.source)], taken=taken)
        case WorkingDays() if node.name not in need:
            return done[id(node.source)]
    return replace(node, source=done[id(node.source)])


def _only(plan: Relation, need: set[str]) -> Relation:
    if set(plan.schema) == need:
        return plan
    ordered = sorted(need)
    return Project(plan, tuple((name, Column(name, plan.schema[name])) for name in ordered))
