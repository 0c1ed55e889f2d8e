"""Rules of judgement as the JSON of durable-rules, in the subset of it that is known to be right.

In: the rules of one list and its features. Out: a ruleset, and for each pattern the facts to put
to it. Tallies are comparisons on one fact; the auditor's grade against the moderated grade is a
join of two facts. Everything that durable-rules was seen to get wrong is refused here, before it
reaches the engine, where some of it would end the process. It must not know how the engine runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.judgement.patterns import Pattern, Patterns
from engine.rulebook.judgement import (
    BetterThanModerated,
    Condition,
    Flag,
    ModeratedGrade,
    Rank,
    Rule,
)
from engine.rulebook.judgement_check import Mistake

Json = dict[str, Any]

# The name of the property that says what a fact is, and of each fact.
KIND = "kind"
COUNTS, AUDITOR, MODERATED = "counts", "auditor", "moderated"
# INVARIANT: every fact carries `ALWAYS: 1` and every join ends with a comparison of it. The engine
# reads past the end of a join whose last comparison is false.
ALWAYS = "_1"

MOST_RULES = 60
MOST_FACTS = 16
MOST_COMPARISONS = 20
MOST_INTEGER = 2**31 - 1
COMPARISONS = ("$gt", "$gte", "$lt", "$lte")
RESERVED = ("id", "sid")


class Refused(Exception):  # noqa: N818 - it carries mistakes of an author, with their places
    """Rules that the engine cannot be trusted with; `mistakes` says which and why."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


def compile_rules(rules: Sequence[Rule], patterns: Patterns, grades: Sequence[str]) -> Json:
    """Return the ruleset of one list of rules, or raise `Refused`."""
    compiler = _Compiler(patterns, tuple(grades))
    ruleset = {rule.id: {"all": compiler.facts(rule.conditions)} for rule in rules}
    places = {rule.id: place for place, rule in enumerate(rules)}
    mistakes = tuple(
        Mistake((patterns.stratum, *([places[rule]] if rule else [])), "R311", message)
        for rule, message in refusals(ruleset)
    )
    if mistakes:
        raise Refused(mistakes)
    return ruleset


def facts_of(pattern: Pattern, grades: Sequence[str]) -> list[Json]:
    """Return the facts that stand for a pattern; a grade that is missing has no fact."""
    tallies = [value for feature, value in pattern.items() if not isinstance(feature, Rank)]
    facts: list[Json] = [
        {KIND: COUNTS, ALWAYS: 1} | {f"n{place}": value for place, value in enumerate(tallies)}
    ]
    if auditor := pattern.get(Rank.AUDITOR):
        facts.append({KIND: AUDITOR, ALWAYS: 1, "rank": auditor})
    if moderated := pattern.get(Rank.MODERATED):
        # so that the engine compares two numbers and never has to add
        above = {f"plus_{more}": moderated + more for more in range(1, len(grades))}
        facts.append({KIND: MODERATED, ALWAYS: 1, "rank": moderated} | above)
    return facts


class _Compiler:
    """The names that features have as properties of facts."""

    def __init__(self, patterns: Patterns, grades: tuple[str, ...]) -> None:
        tallies = [feature for feature in patterns.sizes if not isinstance(feature, Rank)]
        self.names = {feature: f"n{place}" for place, feature in enumerate(tallies)}
        self.grades = grades

    def facts(self, conditions: Sequence[Condition]) -> list[Json]:
        """Return what is asked of each fact, in an order in which a join finds its other side."""
        asked: dict[str, list[Json]] = {}
        for condition in conditions:
            for fact, comparison in self.comparisons(condition):
                asked.setdefault(fact, []).extend(comparison)
        kinds = [kind for kind in (COUNTS, AUDITOR, MODERATED) if kind in asked]
        pad = [{ALWAYS: {kinds[0]: ALWAYS}}]
        return [
            {kind: {"$and": [{KIND: kind}, *asked[kind], *(pad if place else [])]}}
            for place, kind in enumerate(kinds)
        ]

    def comparisons(self, condition: Condition) -> Iterator[tuple[str, list[Json]]]:
        match condition:
            case Flag():
                yield COUNTS, [{self.names[condition]: 1}]
            case ModeratedGrade():
                yield MODERATED, [{"$lte": {"rank": self.grades.index(condition.at) + 1}}]
            case BetterThanModerated():
                yield AUDITOR, []
                higher = f"plus_{condition.by_at_least}"
                yield MODERATED, [{"$lte": {higher: {AUDITOR: "rank"}}}]
            case _:
                yield COUNTS, [{"$gte": {self.names[condition.feature]: condition.at_least}}]


def refusals(ruleset: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield (rule, reason) for everything outside the safe subset; rule "" is the whole set."""
    if len(ruleset) > MOST_RULES:
        yield "", f"{len(ruleset)} rules; the engine is safe up to {MOST_RULES}"
    for rule, body in ruleset.items():
        if set(body) != {"all"} or not isinstance(body["all"], list) or not body["all"]:
            yield rule, f"rule `{rule}` must be a list of facts under `all`, and nothing else"
            continue
        if len(body["all"]) > MOST_FACTS:
            yield rule, f"rule `{rule}` joins more than {MOST_FACTS} facts"
        earlier: set[str] = set()
        for fact in body["all"]:
            yield from ((rule, f"rule `{rule}`: {reason}") for reason in _fact(fact, earlier))
            earlier |= set(fact)


def _fact(fact: Json, earlier: set[str]) -> Iterator[str]:
    if len(fact) != 1:
        yield "a fact has exactly one name"
        return
    ((name, asked),) = fact.items()
    if not name.isidentifier() or name in earlier:
        yield f"`{name}` is no name for a fact (negation is not safe)"
    if set(asked) != {"$and"} or not isinstance(asked["$and"], list) or not asked["$and"]:
        yield f"what is asked of `{name}` must be one `$and`"
        return
    comparisons = asked["$and"]
    if len(comparisons) > MOST_COMPARISONS:
        yield f"more than {MOST_COMPARISONS} comparisons on `{name}`"
    for comparison in comparisons:
        yield from _comparison(comparison, earlier)
    joins = any(_is_join(comparison) for comparison in comparisons)
    if (joins or earlier) and not _is_pad(comparisons[-1]):
        yield f"the join on `{name}` does not end with a comparison that always holds"


def _comparison(comparison: Json, earlier: set[str]) -> Iterator[str]:
    if len(comparison) != 1:
        yield "a comparison says one thing"
        return
    ((key, inner),) = comparison.items()
    if key in COMPARISONS and isinstance(inner, dict) and len(inner) == 1:
        ((key, inner),) = inner.items()
    if key.startswith("$"):
        yield f"`{key}` is not safe"
        return
    if key in RESERVED:
        yield f"the engine does not compare `{key}` rightly"
    if isinstance(inner, dict):
        yield from _reference(inner, earlier)
    elif isinstance(inner, bool) or not isinstance(inner, int | str):
        yield f"`{inner}` is neither a whole number nor a word"
    elif isinstance(inner, int) and abs(inner) > MOST_INTEGER:
        yield f"`{inner}` is too large"


def _reference(reference: Json, earlier: set[str]) -> Iterator[str]:
    if len(reference) != 1:
        yield "a join refers to one property of one earlier fact"
        return
    ((fact, name),) = reference.items()
    if fact.startswith("$"):
        yield f"`{fact}` is not safe"
    elif fact not in earlier:
        yield f"`{fact}` is no earlier fact"
    if name in RESERVED:
        yield f"the engine does not compare `{name}` rightly"
    elif not isinstance(name, str):
        yield f"`{name}` is no property"


def _is_join(comparison: Json) -> bool:
    inner = next(iter(comparison.values()), None)
    if isinstance(inner, dict) and next(iter(comparison)) in COMPARISONS:
        inner = next(iter(inner.values()), None)
    return isinstance(inner, dict)


def _is_pad(comparison: Json) -> bool:
    inner = comparison.get(ALWAYS)
    return len(comparison) == 1 and isinstance(inner, dict) and [*inner.values()] == [ALWAYS]
