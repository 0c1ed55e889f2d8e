"""Run compiled standards on Spark: the outcome of every live standard on every audit.

Laid-out views come in; packed words of outcomes go out, one row an audit. Each standard is a
statement of its own, because the time to plan one grows with more than its length: fifteen at once
took a minute of it, one by one they took half of that.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from engine.findings.slices import A_WORD
from engine.findings.spark_slices import count_words, shifted
from engine.findings.spark_sql import emit
from engine.findings.stage import Compiled
from engine.records.on_spark import OnSpark
from engine.rulebook.fields import AUDITS

# So many standards are planned side by side: more would need more of the driver's memory.
AT_ONCE = 2


def find(on: OnSpark, compiled: Sequence[Compiled], views: Mapping[str, str]) -> str:
    """Return SQL of the outcomes: `a`, and words `o0`, … of their codes, none where not bound."""

    def found(place: int) -> str:
        one = compiled[place]
        plan = emit(one.outcome_plan, one.prefix, views)
        code = shifted("outcome", place)
        sql = f"SELECT a, {place // A_WORD} AS word, {code} AS code FROM ({plan})"
        return on.make(f"found_{place}", sql, keep=True)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        each = list(pool.map(found, range(len(compiled))))
    parts = [f"SELECT a, 0 AS word, CAST(0 AS BIGINT) AS code FROM {on.name(AUDITS)}"]
    parts += [f"SELECT a, word, code FROM {name}" for name in each]
    words = (
        f"sum(CASE WHEN word = {word} THEN code ELSE 0L END) AS o{word}"
        for word in range(count_words(len(compiled)))
    )
    return f"SELECT a, {', '.join(words)} FROM ({' UNION ALL '.join(parts)}) GROUP BY a"
