"""CLIPS (clipspy): a template and rules for each table, the first row with the highest salience.

A rule retracts the fact that it has decided on, so that no other fires on it, and tells a function
of Python: reading facts back took half as long again. The environment is reset for each audit, and
a new one is built every so often: one that is kept slows down with use.
"""

from collections.abc import Callable, Iterator, Sequence

from clips import Environment
from peers.counting import Facts
from peers.decisions import DOMAINS, NEXT, OVERALL, STANDARDS, Table
from peers.facts import lowered, weighed

PACKAGES = ("clipspy",)
RENEWED = 100  # audits
OPERATORS = {"==": "="}
STAGES = (STANDARDS, DOMAINS, OVERALL, NEXT)


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    return decided


def decided(audits: Sequence[Facts]) -> Iterator[Facts]:
    for place, facts in enumerate(audits):
        if place % RENEWED == 0:
            environment, found = built()
        environment.reset()
        for stage, between in zip(STAGES, (None, weighed, lowered, None), strict=True):
            decide(environment, stage, facts)
            facts.update(found)
            found.clear()
            if between:
                between(facts)
        yield facts


def decide(environment: Environment, stage: Sequence[Table], facts: Facts) -> None:
    """Assert the facts of some tables, and run."""
    for table in stage:
        facts[table.name] = table.otherwise
        asked = {fact: facts[fact] for fact in table.asked}
        environment.find_template(f"on-{table.name}").assert_fact(**asked)
    environment.run()


def built() -> tuple[Environment, Facts]:
    """Return an environment with all rules, and where they leave what they decide."""
    found: Facts = {}

    def settle(table: str, number: int) -> None:
        found[str(table)] = int(number)

    environment = Environment()
    environment.define_function(settle, "settle")
    for text in (text for stage in STAGES for table in stage for text in rules(table)):
        environment.build(text)
    return environment, found


def rules(table: Table) -> Iterator[str]:
    """Yield the template of a table and a rule for each row."""
    slots = " ".join(f"(slot {fact})" for fact in table.asked)
    yield f"(deftemplate on-{table.name} {slots})"
    for place, (number, conditions) in enumerate(table.rows):
        tests: dict[str, str] = {}
        for fact, operator, limit in conditions:
            test = f"&:({OPERATORS.get(operator, operator)} ?{fact} {limit})"
            tests[fact] = tests.get(fact, f"?{fact}") + test
        asked = " ".join(f"({fact} {test})" for fact, test in tests.items())
        yield (
            f"(defrule {table.name}-{place} (declare (salience {len(table.rows) - place})) "
            f"?on <- (on-{table.name} {asked}) => (retract ?on) "
            f"(settle {table.name} {number}))"
        )
