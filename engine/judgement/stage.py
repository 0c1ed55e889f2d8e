"""The judgement of a slice: each distinct pattern judged once, verdicts joined back to audits.

In: the tables `outcomes`, `auditor` and (if a rule reads answers) `answers_wide` in a connection,
the rulebook, the verdicts of the run. Out: the table `judgements`, one row an audit. It must not
know how findings were made, nor who reads the result.

Three lists of rules chain: of each domain, of the audit, of what happens next. Each step makes the
keys of the next list's patterns; the verdicts of the distinct keys then stand in SQL variables, as
lists in which a key is a place.
"""

from collections.abc import Callable, Iterable

from duckdb import DuckDBPyConnection

from engine.judgement.columns import Columns, quoted
from engine.judgement.judge import Verdict, Verdicts
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Answers, Stratum

# SQL is made of names that the rulebook was checked for and quoted, never of anything in a record.

# What a verdict holds, and its type in columns.
EFFECTS: dict[str, tuple[str, Callable[[Verdict], object]]] = {
    "cap": ("UTINYINT", lambda verdict: verdict.cap),
    "overall_cap": ("UTINYINT", lambda verdict: verdict.overall_cap),
    "alert": ("BOOLEAN", lambda verdict: verdict.alert),
    "route": ("UTINYINT", lambda verdict: verdict.route),
}


def judge_slice(con: DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> None:
    """Make the table `judgements` of the audits in `outcomes`."""
    steps = _Steps(rulebook, verdicts)
    keys = [quoted("key", domain) for domain in steps.judged]
    con.execute(steps.keys())
    _look_up(con, verdicts, "domain", "judging_keys", keys)
    con.execute(steps.domains())
    _look_up(con, verdicts, "overall", "judging_domains", ["overall_key"])
    con.execute(steps.overall())
    _look_up(con, verdicts, "route", "judging_overall", ["route_key"])
    con.execute(steps.judgements())
    con.execute("DROP VIEW judging_overall; DROP VIEW judging_domains; DROP TABLE judging_keys")


def _look_up(
    con: DuckDBPyConnection, verdicts: Verdicts, stratum: Stratum, table: str, keys: list[str]
) -> None:
    """Judge the distinct keys in some columns and set the variables `<stratum>_<effect>`."""
    distinct = " UNION ".join(f"SELECT {key} FROM {table}" for key in keys)  # noqa: S608
    found = con.execute(distinct).fetchall() if keys else []
    known = {key: verdicts.fired(stratum, key) for (key,) in found}
    for name, (kind, effect) in EFFECTS.items():
        values = [
            effect(known[key]) if key in known else None for key in range(max(known, default=0) + 1)
        ]
        con.execute(f"SET VARIABLE {stratum}_{name} = ?::{kind}[]", [values])


class _Steps:
    """The SQL of each step."""

    def __init__(self, rulebook: Rulebook, verdicts: Verdicts) -> None:
        self.rulebook = rulebook
        self.patterns = verdicts.patterns
        self.columns = Columns(rulebook)
        self.judged = tuple(self.columns.standards)

    def keys(self) -> str:
        """Return SQL that reads findings and the auditor's grades, once, into keys."""
        live = self.rulebook.live
        met = " OR ".join(f"o.{quoted(s.id)} = 2" for s in live) or "false"
        keys = [
            f"{self.columns.key(self.patterns['domain'], standards)} AS {quoted('key', domain)}"
            for domain, standards in self.columns.standards.items()
        ]
        given = [f"g.{quoted(d)} AS {quoted('auditor', d)}" for d in self.rulebook.domains]
        reads_answers = any(isinstance(f, Answers) for f in self.patterns["route"].sizes)
        answers = "LEFT JOIN answers_wide w ON w.a = o.a" if reads_answers else ""
        return _table(
            "judging_keys",
            [
                "o.a",
                "g.overall AS auditor",
                f"({met}) AS any_met",
                f"{self.columns.key(self.patterns['overall'], live)} AS overall_part",
                f"{self.columns.key(self.patterns['route'], live)} AS route_part",
                *keys,
                *given,
            ],
            f"outcomes o LEFT JOIN auditor g ON g.a = o.a {answers}",
        )

    def domains(self) -> str:
        """Return SQL that takes the verdicts on domains and makes the key of the audit."""
        caps = [
            f"{_verdict('domain', 'cap', quoted('key', d))} AS {quoted('cap', d)}"
            for d in self.judged
        ]
        late = self.columns.key(self.patterns["overall"], (), late=True)
        return _view(
            "judging_domains",
            [
                "*",
                *caps,
                f"{self._fold('least', 'overall_cap', 'NULL')} AS proposed",
                f"{self._fold('greatest', 'alert', 'false')} AS alert_below",
                f"{self._fold('greatest', 'route', '0')} AS route_below",
                f"overall_part + {late} AS overall_key",
            ],
            "judging_keys",
        )

    def overall(self) -> str:
        """Return SQL that takes the verdict on the audit and makes the key of the route."""
        late = self.columns.key(self.patterns["route"], (), late=True)
        return _view(
            "judging_overall",
            [
                "*",
                f"{_worse('proposed', _verdict('overall', 'cap', 'overall_key'))} AS cap",
                f"{_worse('auditor', 'cap')} AS moderated",
                f"(alert_below OR {_verdict('overall', 'alert', 'overall_key')}) AS alert",
                f"route_part + {late} AS route_key",
            ],
            "judging_domains",
        )

    def judgements(self) -> str:
        """Return SQL for the table that others read."""
        most = self.rulebook.rank(self.rulebook.judgement.compliance_earns_at_most)
        earns = f"least(cap, {most})"
        suggested = f"CASE WHEN any_met AND {earns} > auditor THEN {earns} END"
        routes = [_verdict(s, "route", f"{s}_key") for s in ("overall", "route")]
        return _table(
            "judgements",
            [
                "a",
                "cap::UTINYINT AS cap",
                "moderated::UTINYINT AS moderated",
                f"({suggested})::UTINYINT AS suggested",
                f"greatest(route_below, {', '.join(routes)})::UTINYINT AS route",
                "alert",
                "overall_key::INTEGER AS overall_key",
                "route_key::INTEGER AS route_key",
                *(column for domain in self.rulebook.domains for column in self._domain(domain)),
            ],
            "judging_overall",
        )

    def _domain(self, domain: str) -> Iterable[str]:
        cap, key, auditor = (quoted(kind, domain) for kind in ("cap", "key", "auditor"))
        if domain not in self.judged:
            cap, key = "NULL", "NULL"
        yield f"{cap}::UTINYINT AS {quoted('cap', domain)}"
        moderated = f"CASE WHEN {auditor} IS NOT NULL THEN least({auditor}, {cap}) END"
        yield f"({moderated})::UTINYINT AS {quoted('moderated', domain)}"
        yield f"{key}::INTEGER AS {quoted('key', domain)}"

    def _fold(self, function: str, effect: str, none: str) -> str:
        """Return an effect of all domains together; `least` and `greatest` pass over NULL."""
        kind = EFFECTS[effect][0]
        proposed = [_verdict("domain", effect, quoted("key", d)) for d in self.judged]
        return f"{function}({', '.join([f'{none}::{kind}', *proposed])})"


def _verdict(stratum: str, effect: str, key: str) -> str:
    return f"getvariable('{stratum}_{effect}')[{key} + 1]"


def _table(name: str, columns: Iterable[str], source: str) -> str:
    return f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(columns)} FROM {source}"  # noqa: S608


def _view(name: str, columns: Iterable[str], source: str) -> str:
    return f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {', '.join(columns)} FROM {source}"  # noqa: S608
