"""The judgement of a slice: each distinct pattern judged once, verdicts joined back to audits.

In: the tables `outcomes`, `auditor` and (if a rule reads answers) `answers_wide` in a connection,
the rulebook, the verdicts of the run. Out: the table `judgements`, one row an audit. It must not
know how findings were made, nor who reads the result.

Three lists of rules chain: of each domain, of the audit, of what happens next. Each step makes the
keys of the next list's patterns; the verdicts on the distinct keys then stand in SQL variables, as
lists in which a key is a place. What a rule proposes for the whole audit is a bit, so that folding
the proposals of all domains is an OR, and the lowest bit for a cap wins.
"""

from collections.abc import Iterable, Mapping

from duckdb import DuckDBPyConnection

from engine.judgement.columns import Columns, quoted
from engine.judgement.judge import ROUTES, Verdict, Verdicts
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Answers, Stratum

# SQL is made of names that the rulebook was checked for and quoted, never of anything in a record.


def judge_slice(con: DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> None:
    """Make the table `judgements` of the audits in `outcomes`."""
    steps = Steps(rulebook, verdicts)
    keys = [quoted("key", domain) for domain in steps.judged]
    con.execute(steps.keys())
    steps.look_up(con, "domain", "judging_keys", keys)
    con.execute(steps.domains())
    steps.look_up(con, "overall", "judging_domains", ["overall_key"])
    con.execute(steps.overall())
    steps.look_up(con, "route", "judging_overall", ["route_key"])
    con.execute(steps.judgements())
    con.execute("DROP VIEW judging_overall; DROP VIEW judging_domains; DROP TABLE judging_keys")


class Steps:
    """The steps for one rulebook; Spark takes the same ones."""

    def __init__(self, rulebook: Rulebook, verdicts: Verdicts) -> None:
        self.rulebook = rulebook
        self.verdicts = verdicts
        self.columns = Columns(rulebook)
        self.judged = tuple(self.columns.standards)
        ranks = range(1, len(rulebook.grades) + 1)
        self.cap_bits = {rank: 1 << (rank - 1) for rank in ranks}
        self.alert_bit = 1 << len(ranks)
        self.route_bits = {route: self.alert_bit << route for route in range(1, len(ROUTES))}

    def keys(self) -> str:
        """Return SQL that reads findings and the auditor's grades, once, into keys."""
        live, patterns = self.rulebook.live, self.verdicts.patterns
        met = " OR ".join(f"o.{quoted(s.id)} = 2" for s in live) or "false"
        answers = any(isinstance(feature, Answers) for feature in patterns["route"].sizes)
        return _make(
            "TABLE judging_keys",
            [
                "o.a",
                "g.overall AS auditor",
                f"({met}) AS any_met",
                f"{self.columns.key(patterns['overall'], live)} AS overall_part",
                f"{self.columns.key(patterns['route'], live)} AS route_part",
                *(
                    f"{self.columns.key(patterns['domain'], standards)} AS {quoted('key', domain)}"
                    for domain, standards in self.columns.standards.items()
                ),
                *(f"g.{quoted(d)} AS {quoted('auditor', d)}" for d in self.rulebook.domains),
            ],
            "outcomes o LEFT JOIN auditor g ON g.a = o.a"
            + (" LEFT JOIN answers_wide w ON w.a = o.a" if answers else ""),
        )

    def look_up(
        self, con: DuckDBPyConnection, stratum: Stratum, source: str, keys: Iterable[str]
    ) -> None:
        """Judge the distinct keys in some columns, and set the variables that hold the verdicts."""
        distinct = " UNION ".join(f"SELECT DISTINCT {key} FROM {source}" for key in keys)
        found = con.execute(distinct).fetchall() if distinct else []
        caps, bits = self.looked_up(stratum, (key for (key,) in found))
        con.execute(f"SET VARIABLE {stratum}_caps = ?::UTINYINT[]", [caps])
        con.execute(f"SET VARIABLE {stratum}_bits = ?::INTEGER[]", [bits])

    def looked_up(
        self, stratum: Stratum, keys: Iterable[int]
    ) -> tuple[list[int | None], list[int | None]]:
        """Return lists of caps and bits in which a key is a place, judging what is new."""
        known = {key: self.verdicts.fired(stratum, key) for key in keys}
        places = [known.get(key) for key in range(max(known, default=0) + 1)]
        caps = [None if verdict is None else verdict.cap for verdict in places]
        bits = [None if verdict is None else self.bits(stratum, verdict) for verdict in places]
        return caps, bits

    def bits(self, stratum: Stratum, verdict: Verdict) -> int:
        """Return what a verdict proposes for the audit as bits: by rank, the alert, by route."""
        cap = verdict.overall_cap if stratum == "domain" else verdict.cap
        alert = self.alert_bit if verdict.alert else 0
        route = self.route_bits.get(verdict.route, 0)
        return (self.cap_bits[cap] if cap else 0) | alert | route

    def domains(self) -> str:
        """Return SQL that takes the verdicts on domains and makes the key of the audit."""
        caps = [f"{_caps('domain', quoted('key', d))} AS {quoted('cap', d)}" for d in self.judged]
        bits = " | ".join(_bits("domain", quoted("key", d)) for d in self.judged) or "0"
        late = self.columns.key(self.verdicts.patterns["overall"], (), late=True)
        return _make(
            "VIEW judging_domains",
            ["*", *caps, f"{bits} AS domain_bits", f"overall_part + {late} AS overall_key"],
            "judging_keys",
        )

    def overall(self) -> str:
        """Return SQL that takes the verdict on the audit and makes the key of what happens next."""
        late = self.columns.key(self.verdicts.patterns["route"], (), late=True)
        return _make(
            "VIEW judging_overall",
            [
                "*",
                f"domain_bits | {_bits('overall', 'overall_key')} AS bits",
                f"{_first('bits', self.cap_bits)} AS cap",
                f"bits & {self.alert_bit} <> 0 AS alert",
                f"{_worse('auditor', 'cap')} AS moderated",
                f"route_part + {late} AS route_key",
            ],
            "judging_domains",
        )

    def judgements(self) -> str:
        """Return SQL for the table that others read."""
        most = self.rulebook.rank(self.rulebook.judgement.compliance_earns_at_most)
        earns = _worse(str(most), "cap")
        suggested = f"CASE WHEN any_met AND {earns} > auditor THEN {earns} END"
        furthest = dict(reversed(self.route_bits.items()))
        route = _first(f"(bits | {_bits('route', 'route_key')})", furthest)
        return _make(
            "TABLE judgements",
            [
                "a",
                "cap::UTINYINT AS cap",
                "moderated::UTINYINT AS moderated",
                f"({suggested})::UTINYINT AS suggested",
                f"coalesce({route}, 0)::UTINYINT AS route",
                "alert",
                "overall_key::INTEGER AS overall_key",
                "route_key::INTEGER AS route_key",
                *(column for domain in self.rulebook.domains for column in self.domain(domain)),
            ],
            "judging_overall",
        )

    def domain(self, domain: str) -> Iterable[str]:
        """Yield the columns of a domain; one without a live standard has no cap and no key."""
        cap, key, auditor = (quoted(kind, domain) for kind in ("cap", "key", "auditor"))
        if domain not in self.judged:
            cap, key = "NULL::UTINYINT", "NULL"
        yield f"{cap}::UTINYINT AS {quoted('cap', domain)}"
        yield f"({_worse(auditor, cap)})::UTINYINT AS {quoted('moderated', domain)}"
        yield f"{key}::INTEGER AS {quoted('key', domain)}"


def _caps(stratum: Stratum, key: str) -> str:
    return f"getvariable('{stratum}_caps')[{key} + 1]"


def _bits(stratum: Stratum, key: str) -> str:
    return f"getvariable('{stratum}_bits')[{key} + 1]"


def _worse(grade: str, cap: str) -> str:
    """Return the worse of a grade and a cap; no cap leaves the grade, no grade stays none."""
    return f"CASE WHEN {cap} < {grade} THEN {cap} ELSE {grade} END"


def _first(bits: str, meanings: Mapping[int, int]) -> str:
    """Return what the first bit that is set means, in the order of the meanings."""
    cases = " ".join(f"WHEN {bits} & {bit} <> 0 THEN {value}" for value, bit in meanings.items())
    return f"CASE {cases} END"


def _make(what: str, columns: Iterable[str], source: str) -> str:
    return f"CREATE OR REPLACE TEMP {what} AS SELECT {', '.join(columns)} FROM {source}"
