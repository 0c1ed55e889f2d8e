"""The durable-rules judge: puts the facts of one pattern to the engine and sees which rules fire.

In: the rules, the grades, a pattern. Out: the ids of the rules that fire. The compiled module is
driven directly, one session at a time: the package's own host adds threads and swallows errors.
Rules only propose and derive nothing, so the order in which they fire cannot matter.
"""

import json
from collections.abc import Sequence
from importlib.metadata import version

import durable_rules_engine as engine

from engine.judgement.compiler import ALWAYS, KIND, Json, compile_rules, facts_of
from engine.judgement.patterns import Pattern, patterns_of
from engine.rulebook.judgement import STRATA, Judgement, Stratum

# The first fact and the last: without a rule that fires on the first, deleting the session would
# free what was never set; if no rule fires on the last, the engine has dropped facts on the way.
# No rule of an author can have these names: ids have no underscores.
BEGIN, END = "_begin", "_end"
SESSION = "pattern"


class DurableJudge:
    """Judges with one compiled ruleset for each list of rules."""

    def __init__(self, judgement: Judgement, grades: Sequence[str]) -> None:
        """Compile the rules; raises `Refused` for what the engine cannot be trusted with."""
        self.name = f"durable-rules {version('durable_rules')}"
        self._grades = tuple(grades)
        rulesets = {
            stratum: compile_rules(judgement.rules(stratum), patterns, grades)
            for stratum, patterns in patterns_of(judgement, grades).items()
        }
        self._handles = {stratum: _create(stratum, rulesets[stratum]) for stratum in STRATA}

    def fired(self, stratum: Stratum, pattern: Pattern) -> frozenset[str]:
        """Return the ids of the rules of one list that the engine fires on this pattern."""
        facts = [_mark(BEGIN), *facts_of(pattern, self._grades), _mark(END)]
        fired = _run(self._handles[stratum], [{"sid": SESSION} | fact for fact in facts])
        if not {BEGIN, END} <= fired:
            raise RuntimeError(f"durable-rules did not take every fact of {facts}")
        return frozenset(fired - {BEGIN, END})

    def close(self) -> None:
        """Give the rulesets' memory back; the judge cannot be used afterwards."""
        while self._handles:
            engine.delete_ruleset(self._handles.popitem()[1])


def _mark(name: str) -> Json:
    return {KIND: name, ALWAYS: 1}


def _create(stratum: Stratum, ruleset: Json) -> int:
    marks = {name: {"all": [{"mark": {KIND: name}}]} for name in (BEGIN, END)}
    handle: int = engine.create_ruleset(stratum, json.dumps(ruleset | marks))
    return handle


def _run(handle: int, facts: list[Json]) -> set[str]:
    # the code that comes back is only that of the last fact that went wrong, and a fact that no
    # rule asks about is one of those: END is the proof that all went in
    _, session = engine.assert_facts(handle, json.dumps(facts))
    fired: set[str] = set()
    started = engine.start_action_for_state(handle, session)
    action = started and started[1]
    while action:
        ((rule, _),) = json.loads(action).items()
        fired.add(rule)
        action = engine.complete_and_start_action(handle, session)
    engine.delete_state(handle, SESSION)
    return fired
