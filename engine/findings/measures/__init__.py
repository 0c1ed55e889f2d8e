"""The kinds of measure: one module a kind, and this list of them."""

from collections.abc import Callable
from typing import Any

from engine.findings.measures.answer import compile_answer
from engine.findings.measures.before import compile_before
from engine.findings.measures.count import compile_count
from engine.findings.measures.every import compile_every
from engine.findings.measures.longest_gap import compile_longest_gap
from engine.findings.measures.present import compile_present
from engine.findings.measures.recorded_within import compile_recorded_within
from engine.findings.measures.share import compile_share
from engine.findings.measures.within import compile_within

# Each takes (setting, measure, versions, trigger rows) and gives tested rows (tested.py).
# `choose` is not here: it chooses among these (compile.py).
MEASURES: dict[str, Callable[..., Any]] = {
    "within": compile_within,
    "longest_gap": compile_longest_gap,
    "every": compile_every,
    "share": compile_share,
    "count": compile_count,
    "present": compile_present,
    "answer": compile_answer,
    "recorded_within": compile_recorded_within,
    "before": compile_before,
}
