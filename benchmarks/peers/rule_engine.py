"""rule-engine: a table is one expression, `condition ? number : …`, compiled to a `Rule` once."""

from collections.abc import Callable, Iterator, Sequence

from peers.counting import Facts
from peers.decisions import Table
from peers.staged import Decide, staged
from rule_engine import Rule

PACKAGES = ("rule-engine",)


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    return staged(ready)


def ready(table: Table) -> Decide:
    rule = Rule(expression(table))
    return lambda facts: int(rule.evaluate(facts))


def expression(table: Table) -> str:
    """Return a table as an expression, the first row outermost."""
    text = str(table.otherwise)
    for number, conditions in reversed(table.rows):
        asked = " and ".join(f"{fact} {operator} {limit}" for fact, operator, limit in conditions)
        text = f"({asked}) ? {number} : ({text})"
    return text
