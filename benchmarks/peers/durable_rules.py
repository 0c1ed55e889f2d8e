"""durable-rules, once for each audit: a fact for each table, a rule for each row.

The compiled module is driven directly, as this engine does (engine/judgement/durable.py): the
package's own host takes three times as long. Every row that holds fires, and the first one counts.
No ruleset has more rules than the engine is safe with, and a fact at either end of a session
proves that it took them all.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import durable_rules_engine as engine
from peers.counting import Facts
from peers.decisions import DOMAINS, NEXT, OVERALL, STANDARDS, Table
from peers.facts import lowered, weighed

PACKAGES = ("durable_rules",)
MOST_RULES = 60
BEGIN, END = "_begin", "_end"
OPERATORS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}
Json = dict[str, Any]
Ruleset = tuple[int, list[Table]]


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    stages = [[*rulesets(tables)] for tables in (STANDARDS, DOMAINS, OVERALL, NEXT)]

    def decided(audits: Sequence[Facts]) -> Iterator[Facts]:
        for facts in audits:
            for stage, between in zip(stages, (None, weighed, lowered, None), strict=True):
                for handle, tables in stage:
                    decide(handle, tables, facts)
                if between:
                    between(facts)
            yield facts

    return decided


def rulesets(tables: Sequence[Table]) -> Iterator[Ruleset]:
    """Yield rulesets of no more rules than are safe, each with its tables."""
    together: list[Table] = []
    for table in tables:
        if sum(len(one.rows) for one in (*together, table)) > MOST_RULES - 2:
            yield created(together), together
            together = []
        together = [*together, table]
    yield created(together), together


def created(tables: Sequence[Table]) -> int:
    rules = {name: {"all": [{"m": {"kind": name}}]} for name in (BEGIN, END)}
    rules |= {
        f"{table.name}-{place}": {"all": [{"m": {"$and": [{"kind": table.name}, *asking(row)]}}]}
        for table in tables
        for place, (_, row) in enumerate(table.rows)
    }
    handle: int = engine.create_ruleset(tables[0].name, json.dumps(rules))
    return handle


def asking(conditions: Sequence[tuple[str, str, int]]) -> list[Json]:
    return [
        {fact: number} if operator == "==" else {OPERATORS[operator]: {fact: number}}
        for fact, operator, number in conditions
    ]


def decide(handle: int, tables: Sequence[Table], facts: Facts) -> None:
    """Put the facts of some tables to their ruleset, and take the first row that fired of each."""
    asked: list[Json] = [
        {"kind": table.name, "sid": "audit"} | {fact: facts[fact] for fact in table.asked}
        for table in tables
    ]
    ends = ({"kind": name, "sid": "audit"} for name in (BEGIN, END))
    fired = run(handle, [next(ends), *asked, next(ends)])
    for table in tables:
        held = (n for place, (n, _) in enumerate(table.rows) if f"{table.name}-{place}" in fired)
        facts[table.name] = next(held, table.otherwise)


def run(handle: int, facts: list[Json]) -> set[str]:
    _, session = engine.assert_facts(handle, json.dumps(facts))
    fired: set[str] = set()
    started = engine.start_action_for_state(handle, session)
    action = started and started[1]
    while action:
        ((rule, _),) = json.loads(action).items()
        fired.add(rule)
        action = engine.complete_and_start_action(handle, session)
    engine.delete_state(handle, "audit")
    if not {BEGIN, END} <= fired:
        raise RuntimeError("durable-rules did not take every fact")
    return fired
