"""Run compiled standards on Spark: the outcome of every live standard on every audit.

Laid-out views come in; packed words of outcomes go out, one row an audit. Standards are worked on
in groups: one query for all would take the planner longer than the work, and one for each would
part the audits again for each.
"""

from collections.abc import Mapping, Sequence

from engine.findings.slices import A_WORD
from engine.findings.spark_slices import count_words, shifted
from engine.findings.spark_sql import emit
from engine.findings.stage import Compiled
from engine.records.on_spark import OnSpark
from engine.rulebook.fields import AUDITS


def find(on: OnSpark, compiled: Sequence[Compiled], views: Mapping[str, str]) -> str:
    """Return SQL of the outcomes: `a`, and words `o0`, … of their codes, none where not bound."""
    words = range(count_words(len(compiled)))
    groups = []
    for word in words:
        group = compiled[word * A_WORD : (word + 1) * A_WORD]
        parts = [f"SELECT a, CAST(0 AS BIGINT) AS code FROM {on.name(AUDITS)}"]
        parts += [
            f"SELECT a, {shifted('outcome', place)} AS code "
            f"FROM ({emit(one.outcome_plan, one.prefix, views)})"
            for place, one in enumerate(group)
        ]
        sql = f"SELECT a, sum(code) AS o{word} FROM ({' UNION ALL '.join(parts)}) GROUP BY a"
        groups.append(on.make(f"found_{word}", sql, keep=True))
    first, *others = groups
    joins = " ".join(f"JOIN {name} USING (a)" for name in others)
    return f"SELECT * FROM {first} {joins}"
