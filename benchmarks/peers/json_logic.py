"""JsonLogic (panzi-json-logic): a table is an `if` of conditions and numbers, as JSON.

The rules are parsed once. There is no way to compile them or to hand over many records.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from json_logic import jsonLogic
from peers.counting import Facts
from peers.decisions import Condition, Table
from peers.staged import Decide, staged

PACKAGES = ("panzi-json-logic",)


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    return staged(ready)


def ready(table: Table) -> Decide:
    rules: list[Any] = []
    for number, conditions in table.rows:
        asked = [asking(one) for one in conditions]
        rules += [asked[0] if len(asked) == 1 else {"and": asked}, number]
    logic = {"if": [*rules, table.otherwise]}
    return lambda facts: int(jsonLogic(logic, facts))


def asking(condition: Condition) -> dict[str, Any]:
    fact, operator, number = condition
    return {operator: [{"var": fact}, number]}
