"""Rows as arrays: columns and expressions on them, each worked out when it is first asked for.

A column has a name; a text can also be asked for as a number of its own (`Exact`), and a list for
whether it holds a text (`Holding`): both go down to the table, where they are read.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.findings.columnar.columns import Places, Values, taken
from engine.findings.columnar.operators import applied, literal
from engine.findings.plan import Apply, Column, Expression, Literal, Op, Type


class CannotError(Exception):
    """A plan does with texts or lists what arrays cannot do; the database has to run it."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A text column as a number that is the same for equal texts and no others."""

    name: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether a column of lists holds a text."""

    name: str
    text: str


Asked = str | Exact | Holding
Make = Callable[[Asked], Values]


def bare(asked: Asked) -> str:
    """Return the name of the column that is asked for."""
    return asked if isinstance(asked, str) else asked.name


def renamed(asked: Asked, name: str) -> Asked:
    """Return the same asked of another column."""
    if isinstance(asked, str):
        return name
    return Exact(name) if isinstance(asked, Exact) else Holding(name, asked.text)


class Expressions:
    """What is known of the expressions of all plans: which are the same, and what they name."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = places
        self._by_identity: dict[int, int] = {}
        self._by_meaning: dict[Hashable, int] = {}
        self._names: dict[int, frozenset[str]] = {}
        self._literals: dict[int, Values] = {}
        self._held: list[Expression] = []
        self._renamed: dict[tuple[int, int], Expression | None] = {}

    def number(self, expression: Expression) -> int:
        """Return a number that equal expressions share."""
        found = self._by_identity.get(id(expression))
        if found is None:
            meaning: Hashable = expression
            if isinstance(expression, Apply):
                args = tuple(self.number(arg) for arg in expression.args)
                meaning = (expression.op, args, expression.type)
            elif isinstance(expression, Literal):  # 1 and True are equal in Python
                meaning = (expression.type, expression.value)
            found = self._by_meaning.setdefault(meaning, len(self._by_meaning))
            self._by_identity[id(expression)] = found
            self._held.append(expression)  # no other may get its identity
        return found

    def literal(self, expression: Literal) -> Values:
        """Return a constant as a column."""
        number = self.number(expression)
        if number not in self._literals:
            self._literals[number] = literal(expression, self.places)
        return self._literals[number]

    def names(self, expression: Expression) -> frozenset[str]:
        """Return the columns that an expression names."""
        number = self.number(expression)
        if number not in self._names:
            found = frozenset[str]()
            if isinstance(expression, Column):
                found = frozenset({expression.name})
            elif isinstance(expression, Apply):
                found = found.union(*(self.names(arg) for arg in expression.args))
            self._names[number] = found
        return self._names[number]

    def below(
        self, expression: Expression, plan: object, columns: Mapping[str, Expression]
    ) -> Expression | None:
        """Return an expression on a projection as one on its source; none if it names more."""
        key = (id(plan), self.number(expression))
        if key not in self._renamed:
            plain = all(isinstance(columns[name], Column) for name in self.names(expression))
            self._renamed[key] = _put(expression, columns) if plain else None
        return self._renamed[key]


def _put(expression: Expression, columns: Mapping[str, Expression]) -> Expression:
    if isinstance(expression, Column):
        return columns[expression.name]
    if isinstance(expression, Apply):
        args = tuple(_put(arg, columns) for arg in expression.args)
        return Apply(expression.op, args, expression.type)
    return expression


class Frame:
    """So many rows; `make` makes a column, and `elsewhere` may know a place to work something out.

    What `elsewhere` gives is the value on these rows.
    """

    def __init__(
        self,
        count: int,
        make: Make,
        known: Expressions,
        elsewhere: Callable[[Apply], Values | None] = lambda _expression: None,
    ) -> None:
        self.count = count
        self.known = known
        self._make = make
        self._elsewhere = elsewhere
        self._columns: dict[Asked, Values] = {}
        self._worked_out: dict[int, Values] = {}

    def column(self, asked: Asked) -> Values:
        """Return a column."""
        found = self._columns.get(asked)
        if found is None:
            found = self._columns[asked] = self._make(asked)
        return found

    def value(self, expression: Expression) -> Values:
        """Return the value of an expression on each row."""
        if isinstance(expression, Column):
            return self.column(expression.name)
        if isinstance(expression, Literal):
            return self.known.literal(expression)
        number = self.known.number(expression)
        found = self._worked_out.get(number)
        if found is None:
            found = self._elsewhere(expression)
            found = self._applied(expression) if found is None else found
            self._worked_out[number] = found
        return found

    def remembered(self, expression: Expression) -> Values | None:
        """Return the value of an expression if it is worked out already."""
        return self._worked_out.get(self.known.number(expression))

    def _applied(self, call: Apply) -> Values:
        kinds = {arg.type for arg in call.args}
        if call.op is Op.HOLDS:
            many, one = call.args
            if isinstance(many, Column) and isinstance(one, Literal):
                return self.column(Holding(many.name, str(one.value)))
            raise CannotError(call.op)
        if kinds == {Type.TEXT} and call.op is not Op.IS_NULL:
            return self._of_texts(call)
        return applied(call.op, [self.value(arg) for arg in call.args])

    def _of_texts(self, call: Apply) -> Values:
        if call.op not in (Op.EQUAL, Op.NOT_EQUAL):
            raise CannotError(call.op)
        args: list[Any] = [*call.args]
        if all(isinstance(arg, Column) for arg in args):
            return applied(call.op, [self.column(Exact(arg.name)) for arg in args])
        return applied(call.op, [self.value(arg) for arg in args])


def picked(source: Frame, places: Places) -> Frame:
    """Return some rows of a frame."""

    def elsewhere(expression: Apply) -> Values | None:
        found = source.remembered(expression)
        return None if found is None else taken(found, places)

    return Frame(
        len(places), lambda asked: taken(source.column(asked), places), source.known, elsewhere
    )
