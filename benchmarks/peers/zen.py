"""GoRules zen-engine: one decision model for an audit, compiled once, many audits in a call.

The decisions stand in one expression node, `condition ? number : …`, each reading those above it.
As decision tables, one node each with no more edges than they need, they took twice as long.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from peers.counting import Facts
from peers.decisions import DOMAINS, NEXT, OVERALL, STANDARDS, Table
from zen import ZenDecisionContent, ZenEngine

PACKAGES = ("zen-engine",)
Json = dict[str, Any]
KEY = "audit"


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    content = ZenDecisionContent(json.dumps(model()))
    engine = ZenEngine({"loader": lambda _key: content})

    def decided(audits: Sequence[Facts]) -> Iterator[Facts]:
        answers = engine.evaluate_batch([{"key": KEY, "context": facts} for facts in audits])
        for facts, answer in zip(audits, answers, strict=True):
            if not answer["success"]:
                raise RuntimeError(answer["error"])
            yield facts | answer["data"]["result"]

    return decided


def model() -> Json:
    """Return the decisions as a JSON Decision Model."""
    expressions = [{"id": key, "key": key, "value": text} for key, text in decisions().items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {
            "id": "decide",
            "name": "decide",
            "type": "expressionNode",
            "content": {"expressions": expressions},
        },
    ]
    edges = [{"id": "edge", "type": "edge", "sourceId": "in", "targetId": "decide"}]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def decisions() -> dict[str, str]:
    """Return every decision by name, and what is counted between them."""
    asked = {table.name: expression(table) for table in (*STANDARDS, *DOMAINS)}
    asked["weak"] = " + ".join(f"({table.name} <= 2 ? 1 : 0)" for table in DOMAINS)
    met = " or ".join(f"{table.name} == 2" for table in STANDARDS)
    asked["any_met"] = f"({met}) ? 1 : 0"
    asked |= {table.name: expression(table) for table in OVERALL}
    asked["moderated"] = "cap < auditor ? cap : auditor"
    asked["down"] = "auditor - moderated"
    asked |= {table.name: expression(table) for table in NEXT}
    decided = re.compile(rf"\b(?:{'|'.join(asked)})\b")
    return {key: decided.sub(r"$.\g<0>", text) for key, text in asked.items()}


def expression(table: Table) -> str:
    """Return a table as an expression, the first row outermost."""
    text = str(table.otherwise)
    for number, conditions in reversed(table.rows):
        asked = " and ".join(f"{fact} {operator} {limit}" for fact, operator, limit in conditions)
        text = f"({asked}) ? {number} : ({text})"
    return text
