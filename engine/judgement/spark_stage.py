"""The judgement on Spark: keys on the cluster, distinct patterns on the driver, verdicts back.

In: a view with one row an audit, and the verdicts of the run. Out: the view `judged`, which has the
columns of `judgements` (stage.py) too. It must not know how findings were made.

The steps are those of `stage.py`. Only the distinct keys come to the driver, and the verdicts on
them go back as lists in which a key is a place.
"""

from collections.abc import Sequence

from engine.findings.translated import translated
from engine.judgement.columns import quoted
from engine.judgement.judge import Verdicts
from engine.judgement.stage import Steps
from engine.records.on_spark import OnSpark
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum

JUDGED = "judged"


def judge(
    on: OnSpark, rulebook: Rulebook, verdicts: Verdicts, told: str, kept: Sequence[str]
) -> str:
    """Make the view `judged`, and return its name.

    `told` is the name of a view with `a`, an outcome's code for each standard as `o:<id>`, the code
    of the auditor's answer as `w:<id>`, and the auditor's grades as `g:overall` and `g:<domain>`.
    Its columns in `kept` stand in `judged` too.
    """
    judging = _Judging(on, Steps(rulebook, verdicts))
    judging.views["judging_keys"] = on.make(
        "judging_keys", translated(judging.steps.keys(), over=told, kept=kept), keep=True
    )
    judging.look_up("domain", [quoted("key", domain) for domain in judging.steps.judged])
    judging.make("judging_domains", judging.steps.domains())
    judging.look_up("overall", ["overall_key"], "judging_domains")
    judging.make("judging_overall", judging.steps.overall())
    judging.look_up("route", ["route_key"], "judging_overall")
    return judging.make(JUDGED, judging.steps.judgements(), ["auditor", *kept])


class _Judging:
    """The steps of one run, the names of their views, and the lists of verdicts so far."""

    def __init__(self, on: OnSpark, steps: Steps) -> None:
        self.on = on
        self.steps = steps
        self.views: dict[str, str] = {}
        self.lists: dict[str, list[int | None]] = {}

    def make(self, name: str, statement: str, kept: Sequence[str] = ()) -> str:
        """Make the view that a statement of `Steps` makes in DuckDB."""
        sql = translated(statement, self.views, self.lists, kept=kept)
        self.views[name] = self.on.make(name, sql)
        return self.views[name]

    def look_up(self, stratum: Stratum, keys: Sequence[str], source: str = "judging_keys") -> None:
        """Judge the distinct keys in some columns."""
        listed = ", ".join(key.replace('"', "`") for key in keys)
        found = f"SELECT DISTINCT explode(array({listed})) FROM {self.views[source]}"
        rows = self.on.rows(found) if keys else []
        caps, bits = self.steps.looked_up(stratum, (key for (key,) in rows))
        self.lists |= {f"{stratum}_caps": caps, f"{stratum}_bits": bits}
