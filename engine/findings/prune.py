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
    Literal,
    Previous,
    Project,
    Relation,
    Scan,
    Type,
    Union,
    WorkingDays,
)

OfOne = Filter | Project | Previous | Aggregate | First | WorkingDays


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
    if isinstance(node, Scan):
        return []
    if isinstance(node, Union):
        return [(source, need) for source in node.sources]
    if isinstance(node, Join):
        return _asks_of_join(node, need)
    return [(node.source, _asks_of_one(node, need))]


def _asks_of_one(node: OfOne, need: set[str]) -> set[str]:
    """Return what a relation made from one source needs of it."""
    match node:
        case Filter():
            asked = need | _named(node.condition)
        case Project():
            asked = _named(*(e for _, e in _kept(node, need)))
        case Previous():
            made = {name for name, _ in node.taken}
            taken = {column for name, column in node.taken if name in need}
            asked = (need - made) | taken | {*node.partition, *node.order}
        case Aggregate():
            asked = {*node.keys, *_named(*(e for name, _, e in node.folds if name in need))}
        case First():
            asked = need | {*node.partition, *(column for column, _ in node.order)}
        case WorkingDays():
            asked = (need - {node.name}) | ({node.day} if node.name in need else set())
    return asked


def _kept(node: Project, need: set[str]) -> tuple[tuple[str, Expression], ...]:
    """Return the columns of a projection that are needed; if none is, one, to hold its rows."""
    return tuple(column for column in node.columns if column[0] in need) or node.columns[:1]


def _asks_of_join(node: Join, need: set[str]) -> list[tuple[Relation, set[str]]]:
    left = need & set(node.left.schema) | {mine for mine, _ in node.on}
    if _adds_nothing(node, need):
        return [(node.left, need & set(node.left.schema))]
    right = need & set(node.right.schema) | {other for _, other in node.on}
    return [(node.left, left), (node.right, right)]


def _adds_nothing(node: Join, need: set[str]) -> bool:
    """Say whether a join neither gives a column that is needed nor changes which rows there are."""
    given = set(node.schema) - set(node.left.schema)
    return (
        node.outer
        and not need & given
        and _one_row_each(node.right, {other for _, other in node.on})
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


def _rebuilt(node: Relation, needed: dict[int, set[str]], done: dict[int, Relation]) -> Relation:
    need = needed[id(node)]
    if isinstance(node, Scan):
        kept = tuple(column for column in node.columns if column[0] in need)
        return Scan(node.table, kept or node.columns[:1])
    if isinstance(node, Union):
        return Union(tuple(_only(done[id(source)], need) for source in node.sources))
    if isinstance(node, Join):
        if _adds_nothing(node, need):
            return done[id(node.left)]
        return replace(node, left=done[id(node.left)], right=done[id(node.right)])
    return _rebuilt_of_one(node, done[id(node.source)], need)


def _rebuilt_of_one(node: OfOne, source: Relation, need: set[str]) -> Relation:
    match node:
        case Project():
            return Project(source, _kept(node, need))
        case Aggregate():
            return Aggregate(source, node.keys, tuple(f for f in node.folds if f[0] in need))
        case Previous():
            taken = tuple(pair for pair in node.taken if pair[0] in need)
            return replace(node, source=source, taken=taken) if taken else source
        case WorkingDays() if node.name not in need:
            return source
    return replace(node, source=source)


def _only(plan: Relation, need: set[str]) -> Relation:
    if not need:  # its rows alone count
        return Project(plan, (("row", Literal(value=1, type=Type.INT)),))
    if set(plan.schema) == need:
        return plan
    ordered = sorted(need)
    return Project(plan, tuple((name, Column(name, plan.schema[name])) for name in ordered))
