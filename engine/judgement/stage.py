"""The judgement of a slice: each distinct pattern judged once, verdicts joined back to audits.

In: the outcomes, the tables `auditor` and (if a rule reads answers) `answers_wide` in a connection,
audits numbered from nought; the rulebook, the verdicts of the run. Out: arrays of a value an
audit, or the table `judgements`. It must not know how findings were made, nor who reads the result.

Three lists of rules chain: of each domain, of the audit, of what happens next. Each step makes the
keys of the next list's patterns (`steps.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection

from engine.findings.duckdb_sql import quote
from engine.judgement.judge import Verdicts
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Answers

if TYPE_CHECKING:
    from engine.judgement.values import Array, Known

# SQL is made of names that the rulebook was checked for and quoted, never of anything in a record.

JUDGED = "judged_slice"
_KEYS = ("overall_key", "route_key")


@dataclass(frozen=True)
class JudgedSlice:
    """What was known of each audit of a slice, and the columns of `judgements`; nought is none."""

    known: "Known"
    found: "Mapping[str, Array]"


def judged_slice(
    con: DuckDBPyConnection,
    rulebook: Rulebook,
    verdicts: Verdicts,
    outcomes: "Mapping[str, Array]",
) -> JudgedSlice:
    """Judge the audits that have these outcomes: codes by standard and the audit's number."""
    from engine.judgement.steps import Steps

    known = _known(con, rulebook, verdicts, outcomes)
    return JudgedSlice(known, Steps(rulebook, verdicts, known).judgements())


def judge_slice(con: DuckDBPyConnection, rulebook: Rulebook, verdicts: Verdicts) -> None:
    """Make the table `judgements` of the audits in `outcomes`."""
    import numpy as np

    live = [standard.id for standard in rulebook.live]
    (count,) = con.execute("SELECT count(*) FROM outcomes").fetchall()[0]
    judged = judged_slice(con, rulebook, verdicts, _arrays(con, "outcomes", live, count))
    named = {f"c{place}": column for place, column in enumerate(judged.found.values())}
    con.register(JUDGED, {"a": np.arange(judged.known.count, dtype=np.int32), **named})
    names = {name: f"c{at}" for at, name in enumerate(judged.found)}
    columns = ", ".join(_columns(rulebook, names))
    con.execute(f"CREATE OR REPLACE TEMP TABLE judgements AS SELECT a, {columns} FROM {JUDGED}")
    con.unregister(JUDGED)


def _known(
    con: DuckDBPyConnection,
    rulebook: Rulebook,
    verdicts: Verdicts,
    outcomes: "Mapping[str, Array]",
) -> "Known":
    """Return what was found of each audit, with what the tables say."""
    from engine.judgement.values import Known

    domains = rulebook.domains
    ((count,),) = con.execute("SELECT count(*) FROM auditor").fetchall()
    asks = any(isinstance(feature, Answers) for feature in verdicts.patterns["route"].sizes)
    said = answers_of(con, rulebook, count) if asks else {}
    grades = _arrays(con, "auditor", ["overall", *domains], count)
    return Known(count, outcomes, said, grades["overall"], {d: grades[d] for d in domains})


def answers_of(con: DuckDBPyConnection, rulebook: Rulebook, count: int) -> "Mapping[str, Array]":
    """Return what was answered on each standard, as codes by the audit's number."""
    from engine.judgement.values import UNANSWERED

    live = [standard.id for standard in rulebook.live]
    return _arrays(con, "answers_wide", live, count, none=UNANSWERED)


def _arrays(
    con: DuckDBPyConnection, table: str, names: Iterable[str], count: int, none: int = 0
) -> "Mapping[str, Array]":
    """Return columns of small numbers by the audit's number."""
    import numpy as np

    read = [*names]
    columns = "".join(
        f", coalesce({quote(name)}, {none})::UTINYINT AS c{at}" for at, name in enumerate(read)
    )
    rows: dict[str, Any] = con.execute(f"SELECT a{columns} FROM {table}").fetchnumpy()
    places = np.asarray(rows["a"])
    found = {name: np.full(count, none, dtype=np.uint8) for name in read}
    for at, column in enumerate(found.values()):
        column[places] = rows[f"c{at}"]
    return found


def _columns(rulebook: Rulebook, found: Mapping[str, str]) -> Iterator[str]:
    """Yield SQL for the columns that others read; one without a live standard has no key."""
    for name in ("cap", "moderated", "suggested"):
        yield f"nullif({found[name]}, 0)::UTINYINT AS {name}"
    yield f"{found['route']}::UTINYINT AS route"
    yield f"{found['alert']} AS alert"
    for name in _KEYS:
        yield f"{found[name]}::INTEGER AS {name}"
    for domain in rulebook.domains:
        for kind in ("cap", "moderated"):
            yield f"nullif({found[f'{kind}:{domain}']}, 0)::UTINYINT AS {quote(f'{kind}:{domain}')}"
        yield f"{found.get(f'key:{domain}', 'NULL')}::INTEGER AS {quote(f'key:{domain}')}"
