"""business-rules: variables and actions are classes, a table is a list of rules.

`run_all` stops at the first rule that holds, as its documentation shows.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NUMERIC
from business_rules.variables import BaseVariables, numeric_rule_variable
from peers.counting import Facts
from peers.decisions import Condition, Table
from peers.staged import Decide, staged

PACKAGES = ("business-rules",)
OPERATORS = {
    ">": "greater_than", ">=": "greater_than_or_equal_to", "<": "less_than",
    "<=": "less_than_or_equal_to", "==": "equal_to",
}  # fmt: skip


class Actions(BaseActions):  # type: ignore[misc]
    def __init__(self) -> None:
        self.number: int | None = None

    @rule_action(params={"number": FIELD_NUMERIC})  # type: ignore[untyped-decorator]
    def decide(self, number: int) -> None:
        self.number = number


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    return staged(ready)


def ready(table: Table) -> Decide:
    variables = variables_of(table)
    rules = [
        {
            "conditions": {"all": [asking(one) for one in conditions]},
            "actions": [{"name": "decide", "params": {"number": number}}],
        }
        for number, conditions in table.rows
    ]

    def decide(facts: Facts) -> int:
        actions = Actions()
        run_all(rules, variables(facts), actions, stop_on_first_trigger=True)
        return table.otherwise if actions.number is None else actions.number

    return decide


def variables_of(table: Table) -> type:
    """Return a class with a numeric variable for each fact that a table reads."""

    def of(fact: str) -> Any:  # noqa: ANN401 - what its decorator makes
        def read(self: Any) -> int:  # noqa: ANN401 - the class that is made here
            return int(self.facts[fact])

        read.__name__ = fact
        return numeric_rule_variable(read)

    def begin(self: Any, facts: Facts) -> None:  # noqa: ANN401 - the class that is made here
        self.facts = facts

    return type(table.name, (BaseVariables,), {"__init__": begin} | {f: of(f) for f in table.asked})


def asking(condition: Condition) -> dict[str, Any]:
    fact, operator, number = condition
    return {"name": fact, "operator": OPERATORS[operator], "value": number}
