"""The judgement on Spark: keys on the cluster, distinct patterns on the driver, verdicts back.

In: a view with one row an audit, and the verdicts of the run. Out: the view `judged`, which has the
columns of `judgements` (stage.py) too. It must not know how findings were made.

The steps are those of `steps.py`. Only the distinct keys come to the driver, and the verdicts on
them go back as cases of a statement. What a rule proposes for the whole audit is a bit, so that
folding the proposals of all domains is an OR, and the lowest bit for a cap wins.
"""

from collections.abc import Iterable, Mapping, Sequence

from engine.judgement.judge import ROUTES, Verdict, Verdicts
from engine.judgement.spark_features import GRADE, Columns, looked_up
from engine.records.on_spark import OnSpark
from engine.records.spark_cells import quoted
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum
from engine.terms import Outcome

JUDGED = "judged"


def judge(
    on: OnSpark, rulebook: Rulebook, verdicts: Verdicts, told: str, kept: Sequence[str]
) -> str:
    """Make the view `judged`, and return its name.

    `told` is the name of a view with `a` and the columns of `spark_features.py`. The auditor's
    grades, and those of its columns that are in `kept`, stand in `judged` too.
    """
    grades = (f"g:{domain}" for domain in rulebook.domains)
    steps = _Steps(rulebook, verdicts, [*map(quoted, (*grades, *kept))])
    view = on.make("judging_keys", f"{steps.keys()} FROM {told}", keep=True)
    steps.look_up(on, "domain", [quoted(f"key:{domain}") for domain in steps.judged], view)
    view = on.make("judging_domains", f"{steps.domains()} FROM {view}")
    steps.look_up(on, "overall", ["overall_key"], view)
    view = on.make("judging_overall", f"{steps.overall()} FROM {view}")
    steps.look_up(on, "route", ["route_key"], view)
    return on.make(JUDGED, f"{steps.judgements()} FROM {view}")


class _Steps:
    """The steps of one run, and what the verdicts so far say by the key of a pattern."""

    def __init__(self, rulebook: Rulebook, verdicts: Verdicts, kept: Sequence[str]) -> None:
        self.rulebook = rulebook
        self.verdicts = verdicts
        self.kept = kept
        self.columns = Columns(rulebook)
        self.judged = tuple(self.columns.standards)
        ranks = range(1, len(rulebook.grades) + 1)
        self.cap_bits = {rank: 1 << (rank - 1) for rank in ranks}
        self.alert_bit = 1 << len(ranks)
        self.route_bits = {route: self.alert_bit << route for route in range(1, len(ROUTES))}
        self._caps: dict[Stratum, Mapping[int, str]] = {}
        self._proposed: dict[Stratum, Mapping[int, str]] = {}

    def look_up(self, on: OnSpark, stratum: Stratum, keys: Sequence[str], view: str) -> None:
        """Judge the distinct keys in some columns."""
        found = f"SELECT DISTINCT explode(array({', '.join(keys)})) FROM {view}"
        rows = on.rows(found) if keys else []
        judged = {key: self.verdicts.fired(stratum, key) for key in sorted(key for (key,) in rows)}
        self._caps[stratum] = {key: str(v.cap) for key, v in judged.items() if v.cap}
        bits = {key: self._bits(stratum, verdict) for key, verdict in judged.items()}
        self._proposed[stratum] = {key: str(each) for key, each in bits.items() if each}

    def _bits(self, stratum: Stratum, verdict: Verdict) -> int:
        """Return what a verdict proposes for the audit as bits: by rank, the alert, by route."""
        cap = verdict.overall_cap if stratum == "domain" else verdict.cap
        alert = self.alert_bit if verdict.alert else 0
        route = self.route_bits.get(verdict.route, 0)
        return (self.cap_bits[cap] if cap else 0) | alert | route

    def keys(self) -> str:
        """Return the columns that read findings and the auditor's grades, once, into keys."""
        live, patterns = self.rulebook.live, self.verdicts.patterns
        met = [f"{quoted(f'o:{standard.id}')} = {Outcome.MET.code}" for standard in live]
        columns = [
            "a",
            f"{GRADE} AS auditor",
            f"coalesce({' OR '.join(met) or 'FALSE'}, FALSE) AS any_met",
            f"{self.columns.key(patterns['overall'], live)} AS overall_part",
            f"{self.columns.key(patterns['route'], live)} AS route_part",
        ]
        for domain, standards in self.columns.standards.items():
            key = self.columns.key(patterns["domain"], standards)
            columns.append(f"{key} AS {quoted(f'key:{domain}')}")
        return _select([*columns, *self.kept])

    def domains(self) -> str:
        """Return the columns that take the verdicts on domains and make the key of the audit."""
        columns = ["*"]
        for domain in self.judged:
            cap = looked_up(self._caps["domain"], quoted(f"key:{domain}"))
            columns.append(f"CAST({cap} AS INT) AS {quoted(f'cap:{domain}')}")
        bits = (self._bits_at("domain", quoted(f"key:{domain}")) for domain in self.judged)
        late = self.columns.key(self.verdicts.patterns["overall"], (), late=True)
        columns += [f"({' | '.join(bits) or '0'}) AS domain_bits"]
        columns += [f"overall_part + {late} AS overall_key"]
        return _select(columns)

    def overall(self) -> str:
        """Return the columns that take the verdict on the audit, and the key of what comes next."""
        late = self.columns.key(self.verdicts.patterns["route"], (), late=True)
        return _select(
            [
                "*",
                f"(domain_bits | {self._bits_at('overall', 'overall_key')}) AS bits",
                f"{_first('bits', self.cap_bits)} AS cap",
                f"((bits & {self.alert_bit}) <> 0) AS alert",
                f"{_worse('auditor', 'cap')} AS moderated",
                f"route_part + {late} AS route_key",
            ]
        )

    def judgements(self) -> str:
        """Return the columns that others read."""
        most = self.rulebook.rank(self.rulebook.judgement.compliance_earns_at_most)
        earns = _worse(str(most), "cap")
        furthest = dict(reversed(self.route_bits.items()))
        route = _first(f"(bits | {self._bits_at('route', 'route_key')})", furthest)
        columns = ["a", "auditor", "cap", "moderated", "alert", "overall_key", "route_key"]
        columns.append(f"CASE WHEN any_met AND {earns} > auditor THEN {earns} END AS suggested")
        columns.append(f"coalesce({route}, 0) AS route")
        columns += (column for domain in self.rulebook.domains for column in self._domain(domain))
        return _select([*columns, *self.kept])

    def _domain(self, domain: str) -> Iterable[str]:
        """Yield the columns of a domain; one without a live standard has no cap and no key."""
        cap, key = quoted(f"cap:{domain}"), quoted(f"key:{domain}")
        held = domain in self.judged
        yield cap if held else f"CAST(NULL AS INT) AS {cap}"
        yield key if held else f"CAST(NULL AS BIGINT) AS {key}"
        grade = quoted(f"g:{domain}")
        moderated = _worse(grade, cap) if held else grade
        yield f"{moderated} AS {quoted(f'moderated:{domain}')}"

    def _bits_at(self, stratum: Stratum, key: str) -> str:
        return f"coalesce({looked_up(self._proposed[stratum], key)}, 0)"


def _worse(grade: str, cap: str) -> str:
    """Return the worse of a grade and a cap; no cap leaves the grade, no grade stays none."""
    return f"CASE WHEN {cap} < {grade} THEN {cap} ELSE {grade} END"


def _first(bits: str, meanings: Mapping[int, int]) -> str:
    """Return what the first bit that is set means, in the order of the meanings."""
    cases = (f"WHEN ({bits} & {bit}) <> 0 THEN {value}" for value, bit in meanings.items())
    return f"CASE {' '.join(cases)} END"


def _select(columns: Iterable[str]) -> str:
    return f"SELECT {', '.join(columns)}"
