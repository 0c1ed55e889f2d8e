"""GoRules zen-engine: one decision graph for an audit, compiled once, many audits in a call.

The fifteen tables stand side by side after the input, then the domains, then what follows from
them; what is counted between them is counted in expression nodes of the graph.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from zen import ZenDecisionContent, ZenEngine

from peers.counting import Facts
from peers.decisions import DOMAINS, NEXT, OVERALL, STANDARDS, Table

PACKAGES = ("zen-engine",)
Json = dict[str, Any]
WEAK = " + ".join(f"({table.name} <= 2 ? 1 : 0)" for table in DOMAINS)
ANY_MET = " + ".join(f"({table.name} == 2 ? 1 : 0)" for table in STANDARDS)
STAGES: tuple[tuple[Table, ...] | dict[str, str], ...] = (
    STANDARDS,
    DOMAINS,
    {"weak": WEAK, "any_met": ANY_MET},
    OVERALL,
    {"moderated": "cap < auditor ? cap : auditor", "down": "auditor - $.moderated"},
    NEXT,
)


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    content = ZenDecisionContent(json.dumps(graph()))
    engine = ZenEngine({"loader": lambda _key: content})

    def decided(audits: Sequence[Facts]) -> Iterator[Facts]:
        for answer in engine.evaluate_batch([{"key": "audit", "context": f} for f in audits]):
            if not answer["success"]:
                raise RuntimeError(answer["error"])
            yield answer["data"]["result"]

    return decided


def graph() -> Json:
    """Return the tables as a JSON Decision Model."""
    nodes: list[Json] = [{"id": "in", "name": "in", "type": "inputNode", "content": {}}]
    edges: list[Json] = []
    before = ["in"]
    for place, stage in enumerate(STAGES):
        made = [expressions(f"count{place}", stage)] if isinstance(stage, dict) else [
            decision(table) for table in stage
        ]  # fmt: skip
        edges += [
            {"id": f"{one}-{node['id']}", "type": "edge", "sourceId": one, "targetId": node["id"]}
            for one in before
            for node in made
        ]
        nodes += made
        before = [node["id"] for node in made]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def decision(table: Table) -> Json:
    asked = {fact: f"i{place}" for place, fact in enumerate(table.asked)}
    rows: list[Json] = []
    for number, conditions in (*table.rows, (table.otherwise, ())):
        cells = dict.fromkeys(asked.values(), "")
        for fact, operator, limit in conditions:
            test = f"{operator} {limit}".removeprefix("== ")
            cell = cells[asked[fact]]
            cells[asked[fact]] = f"{cell} and {test}" if cell else test
        rows.append({"_id": str(len(rows)), **cells, "o": str(number)})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": key, "name": fact, "field": fact} for fact, key in asked.items()],
        "outputs": [{"id": "o", "name": table.name, "field": table.name}],
        "rules": rows,
        "passThrough": True,
    }
    return {"id": table.name, "name": table.name, "type": "decisionTableNode", "content": content}


def expressions(name: str, asked: dict[str, str]) -> Json:
    listed = [{"id": key, "key": key, "value": value} for key, value in asked.items()]
    content = {"expressions": listed, "passThrough": True}
    return {"id": name, "name": name, "type": "expressionNode", "content": content}
