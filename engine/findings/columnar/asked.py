"""What plans ask of each table, so that a table is read once, and nothing of it in vain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.findings.columnar.frames import Asked, CannotError, Exact, Holding, bare, renamed
from engine.findings.plan import (
    Aggregate,
    Apply,
    Column,
    Expression,
    Filter,
    Fold,
    Join,
    Literal,
    Op,
    Previous,
    Project,
    Relation,
    Scan,
    Type,
    Union,
    WorkingDays,
)
from engine.findings.prune import OfOne, parents_first

# columns that are numbers from nought on, never null: of audits, and of rows of a table
NUMBERED = ("a", "t")


@dataclass(frozen=True, slots=True)
class Named:
    """A text column that is compared with a text."""

    name: str
    text: str


Wanted = Asked | Named
Wants = list[tuple[Relation, set[Wanted]]]


@dataclass
class FromTable:
    """What is asked of a table: its columns with their types, and the texts looked for in each."""

    asked: set[Asked] = field(default_factory=set)
    kinds: dict[str, Type] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the columns that are asked for."""
        return frozenset(map(bare, self.asked))

    def add(self, scan: Scan, wanted: set[Wanted]) -> None:
        """Add what a plan asks of the table."""
        self.kinds.update(scan.columns)
        for one in wanted:
            if isinstance(one, Named):
                self.texts.setdefault(one.name, set()).add(one.text)
            else:
                self.asked.add(one)


def asked_of_tables(plans: Iterable[Relation]) -> Mapping[str, FromTable]:
    """Return what plans ask of each table.

    Raises:
        CannotError: one does what arrays cannot do.
    """
    found: dict[str, FromTable] = {}
    for plan in plans:
        order = parents_first(plan)
        needed: dict[int, set[Wanted]] = {id(node): set() for node in order}
        needed[id(plan)] = {*plan.schema}
        for node in order:
            need = needed[id(node)]
            if isinstance(node, Scan):
                found.setdefault(node.table, FromTable()).add(node, need)
            _check(node)
            for source, wanted in _asks(node, need):
                needed[id(source)] |= wanted
    return found


def _check(node: Relation) -> None:
    """Refuse what `relations.py` and `operators.py` could only refuse once rows are there."""
    match node:
        case Join():
            able = node.on[0][0] in NUMBERED
        case Previous():
            able = len(node.partition) == len(node.order) == 1 and node.partition[0] in NUMBERED
            able = able and node.schema[node.order[0]] in (Type.DATE, Type.INT)
        case Aggregate():
            # of yes and no the number for unknown is between the two, and not below both
            unlike = {Fold.MIN: (Type.TEXT,), Fold.MAX: (Type.TEXT, Type.BOOL)}
            able = all(e.type not in unlike.get(fold, ()) for _, fold, e in node.folds)
        case _:
            able = True
    if not able:
        raise CannotError(node)


def _asks(node: Relation, need: set[Wanted]) -> Wants:
    """Return what a relation asks of its sources to give what is needed of it."""
    if isinstance(node, Scan):
        return []
    if isinstance(node, Union):
        return [(source, need) for source in node.sources]
    if isinstance(node, Join):
        return _asks_of_join(node, need)
    return [(node.source, _asks_of_one(node, need))]


def _asks_of_one(node: OfOne, need: set[Wanted]) -> set[Wanted]:
    match node:
        case Filter():
            return need | _of(node.condition)
        case Project():
            columns = dict(node.columns)
            return set().union(*(_through(one, columns[one_name(one)]) for one in need))
        case Aggregate():
            return _asks_of_aggregate(node, need)
        case Previous():
            own = dict(node.taken)
            wanted = {_again(one, own.get(one_name(one), one_name(one))) for one in need}
            return wanted | {*node.partition, *node.order}
        case WorkingDays():
            return {node.day if one == node.name else one for one in need}
    raise CannotError(node)


def one_name(one: Wanted) -> str:
    """Return the name of the column that is wanted."""
    return one.name if isinstance(one, Named) else bare(one)


def _again(one: Wanted, name: str) -> Wanted:
    return Named(name, one.text) if isinstance(one, Named) else renamed(one, name)


def _through(one: Wanted, expression: Expression) -> set[Wanted]:
    """Return what a column of a projection asks of its source."""
    if isinstance(one, str):
        return _of(expression)
    if isinstance(expression, Column):
        return {_again(one, expression.name)}
    raise CannotError(one)


def _asks_of_join(node: Join, need: set[Wanted]) -> Wants:
    ours = node.left.schema
    left = {one for one in need if one_name(one) in ours}
    right = need - left
    for mine, other in node.on:
        exact = ours[mine] is Type.TEXT
        left.add(Exact(mine) if exact else mine)
        right.add(Exact(other) if exact else other)
    return [(node.left, left), (node.right, right)]


def _asks_of_aggregate(node: Aggregate, need: set[Wanted]) -> set[Wanted]:
    wanted: set[Wanted] = {one for one in need if one_name(one) in node.keys}
    wanted |= {Exact(key) if node.schema[key] is Type.TEXT else key for key in node.keys}
    for name, _, expression in node.folds:
        if name in need:
            wanted |= _of(expression)
    return wanted


def _of(expression: Expression) -> set[Wanted]:
    """Return what an expression asks of the rows that it is worked out on."""
    if isinstance(expression, Column):
        return {expression.name}
    if not isinstance(expression, Apply):
        return set()
    if expression.op is Op.HOLDS:
        return {_holding(expression)}
    if expression.op is Op.GREATEST and expression.type is Type.BOOL:
        raise CannotError(expression.op)
    if expression.args[0].type is Type.TEXT and expression.op is not Op.IS_NULL:
        return _of_texts(expression)
    return set().union(*(_of(arg) for arg in expression.args))


def _holding(call: Apply) -> Holding:
    many, one = call.args
    if isinstance(many, Column) and isinstance(one, Literal):
        return Holding(many.name, str(one.value))
    raise CannotError(call.op)


def _of_texts(call: Apply) -> set[Wanted]:
    columns = [arg for arg in call.args if isinstance(arg, Column)]
    literals = [arg.value for arg in call.args if isinstance(arg, Literal)]
    if call.op not in (Op.EQUAL, Op.NOT_EQUAL) or len(columns) + len(literals) < len(call.args):
        raise CannotError(call.op)
    if not literals:
        return {Exact(column.name) for column in columns}
    texts = [text for text in literals if isinstance(text, str)]
    named: set[Wanted] = {Named(c.name, text) for c in columns for text in texts}
    return named.union(c.name for c in columns)
