from typing import Any

import pytest

from engine.judgement.compiler import (
    MOST_FACTS,
    MOST_RULES,
    Refused,
    compile_rules,
    facts_of,
    refusals,
)
from engine.judgement.patterns import patterns_of
from engine.rulebook.judgement import Judgement, Rank, Stratum
from engine.rulebook.judgement_check import MOST_CONDITIONS
from tests.unit.judgement_book import GRADES, parsed, shipped

KIND = {"kind": "counts"}
OTHER = {"kind": "auditor"}
PAD = {"_1": {"a": "_1"}}


def compiled(stratum: Stratum, judgement: Judgement) -> dict[str, Any]:
    """Return the ruleset of one list of rules."""
    patterns = patterns_of(judgement, GRADES)[stratum]
    return compile_rules(judgement.rules(stratum), patterns, GRADES)


def test_a_tally_is_a_comparison_on_one_fact() -> None:
    """A rule on findings compares a property of the one fact that counts."""
    assert compiled("domain", shipped())["critical-not-met"] == {
        "all": [{"counts": {"$and": [KIND, {"$gte": {"n0": 1}}]}}]
    }


def test_grades_are_compared_in_a_join_that_ends_with_what_always_holds() -> None:
    """The auditor's grade and the moderated grade are two facts; no sum is left to the engine."""
    assert compiled("route", shipped())["down-to-inadequate"] == {
        "all": [
            {"auditor": {"$and": [OTHER]}},
            {
                "moderated": {
                    "$and": [
                        {"kind": "moderated"},
                        {"$lte": {"plus_1": {"auditor": "rank"}}},
                        {"$lte": {"rank": 1}},
                        {"_1": {"auditor": "_1"}},
                    ]
                }
            },
        ]
    }


def test_every_fact_carries_what_always_holds_and_a_missing_grade_has_no_fact() -> None:
    """Joins always find the padding; an audit without a grade joins with nothing."""
    facts = facts_of({Rank.AUDITOR: 3, Rank.MODERATED: 0}, GRADES)
    assert facts == [{"kind": "counts", "_1": 1}, {"kind": "auditor", "_1": 1, "rank": 3}]
    assert all(fact["_1"] == 1 for fact in facts_of({Rank.MODERATED: 2}, GRADES))


def one(*facts: Any) -> dict[str, Any]:  # noqa: ANN401 - what must be refused has any shape
    """Return a ruleset of one rule."""
    return {"rule": {"all": list(facts)}}


def joined(*comparisons: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return a rule that joins a second fact to a first."""
    return one({"a": {"$and": [KIND]}}, {"b": {"$and": [OTHER, *comparisons]}})


@pytest.mark.parametrize(
    ("ruleset", "reason"),
    [
        (one({"a": {"$or": [KIND, OTHER]}}), "must be one `$and`"),
        (one({"a": KIND}), "must be one `$and`"),
        (one({"a": {"$and": []}}), "must be one `$and`"),
        (one({"a": {"$and": [KIND, {"$or": [KIND]}]}}), "`$or` is not safe"),
        (one({"a": {"$and": [KIND, {"$nex": {"n0": 1}}]}}), "`$nex` is not safe"),
        (one({"a": {"$and": [KIND, {"$ex": {"n0": 1}}]}}), "`$ex` is not safe"),
        (one({"a": {"$and": [KIND, {"$neq": {"n0": 1}}]}}), "`$neq` is not safe"),
        (one({"a": {"$and": [KIND, {"$mt": {"n0": "x"}}]}}), "`$mt` is not safe"),
        (one({"a": {"$and": [KIND, {"$gte": {"$i": 1}}]}}), "`$i` is not safe"),
        (one({"a": {"$and": [KIND, {"n0": 1, "n1": 1}]}}), "one thing"),
        (one({"a": {"$and": [KIND]}, "b": {"$and": [KIND]}}), "exactly one name"),
        (one({"a$not": {"$and": [KIND]}}), "negation is not safe"),
        (one({"a": {"$and": [KIND]}}, {"a": {"$and": [KIND, PAD]}}), "no name for a fact"),
        (joined({"n0": {"$div": {"$l": {"a": "n0"}, "$r": 2}}}, PAD), "`$div` is not safe"),
        (joined({"n0": {"a": "n0"}}), "does not end"),
        (joined(PAD, {"n0": {"a": "n0"}}), "does not end"),
        (joined(), "does not end"),
        (joined({"n0": {"c": "n0"}}, PAD), "no earlier fact"),
        (joined({"n0": {"a": "n0", "b": "n0"}}, PAD), "one property of one earlier fact"),
        (joined({"n0": {"a": 1}}, PAD), "is no property"),
        (joined({"n0": {"a": "sid"}}, PAD), "`sid`"),
        (joined({"id": {"a": "n0"}}, PAD), "`id`"),
        (one({"a": {"$and": [KIND, {"sid": 1}]}}), "`sid`"),
        (one({"a": {"$and": [KIND, {"n0": 1.5}]}}), "neither a whole number"),
        (one({"a": {"$and": [KIND, {"n0": True}]}}), "neither a whole number"),
        (one({"a": {"$and": [KIND, {"n0": None}]}}), "neither a whole number"),
        (one({"a": {"$and": [KIND, {"$gte": {"n0": 2**31}}]}}), "too large"),
        (one({"a": {"$and": [KIND] * 21}}), "more than 20"),
        (one(*[{f"a{n}": {"$and": [KIND, PAD]}} for n in range(MOST_FACTS + 1)]), "16 facts"),
        ({"rule": {"any": [KIND]}}, "under `all`"),
        ({"rule": {"all": []}}, "under `all`"),
        ({"rule": {"all": [KIND], "count": 3}}, "under `all`"),
        ({str(n): {"all": [{"a": {"$and": [KIND]}}]} for n in range(MOST_RULES + 1)}, "61 rules"),
    ],
)
def test_what_the_engine_gets_wrong_is_refused(ruleset: dict[str, Any], reason: str) -> None:
    """Each construct outside the safe subset is refused, and the message says which."""
    assert any(reason in message for _, message in refusals(ruleset))


def test_a_rule_that_is_refused_is_named_with_its_place() -> None:
    """The mistake has the path of the rule in the file, as any mistake of an author has."""
    when = [{"findings": {"outcome": "not_met", "at_least": n + 1}} for n in range(30)]
    assert len(when) > MOST_CONDITIONS
    rule = {"id": "too-long", "title": "Too long", "when": when, "cap": "good"}
    judgement = Judgement.model_validate({"compliance_earns_at_most": "good", "domain": [rule]})
    with pytest.raises(Refused) as refused:
        compiled("domain", judgement)
    (mistake,) = refused.value.mistakes
    assert (mistake.path, mistake.code) == (("domain", 0), "R311")
    assert mistake.message == "rule `too-long`: more than 20 comparisons on `counts`"


def test_nothing_that_an_author_may_write_is_refused() -> None:
    """The shipped rules, and a list without rules, compile."""
    empty = parsed(Judgement, "compliance_earns_at_most: good")
    assert [*refusals(compiled("domain", shipped()))] == []
    assert compiled("overall", empty) == {}
