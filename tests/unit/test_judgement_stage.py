"""The judgement of a slice, held against the judgement of each of its audits by itself."""

import json
import random
from collections.abc import Iterator, Sequence

import duckdb
import pytest
from hypothesis import given, settings

from engine.judgement.audit import AuditFacts, judge_audit, suggested
from engine.judgement.judge import Verdicts, best_judge
from engine.judgement.stage import judge_slice
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Judgement
from engine.terms import Answer, Outcome
from tests.unit.judgement_book import DOMAINS, STANDARDS, rulebook
from tests.unit.judgement_drawn import few, judgements

SAID = [None, *(Outcome(answer).code for answer in Answer)]


def drawn(seed: int, count: int) -> list[AuditFacts]:
    """Return audits of which some are good, some are bad, and some lack grades."""
    dice = random.Random(seed)
    audits = []
    for _ in range(count):
        bad = dice.choice([0.02, 0.1, 0.5])
        codes = {s: dice.randrange(8) if dice.random() < bad else 2 for s in STANDARDS}
        said = {s: dice.choice(SAID) for s in STANDARDS}
        grades = {d: dice.randint(0, 4) for d in DOMAINS}
        audits.append(
            AuditFacts(
                codes,
                {s: code for s, code in said.items() if code is not None},
                dice.choice([None, 1, 2, 3, 4]),
                {d: rank for d, rank in grades.items() if rank},
            )
        )
    return audits


def tables(con: duckdb.DuckDBPyConnection, audits: Sequence[AuditFacts]) -> None:
    """Make the tables that the findings stage makes for a slice."""
    outcomes = [[facts.outcomes[s] for s in STANDARDS] for facts in audits]
    answers = [[facts.answers.get(s) for s in STANDARDS] for facts in audits]
    grades = [[facts.overall, *(facts.domains.get(d) for d in DOMAINS)] for facts in audits]
    table(con, "outcomes", list(STANDARDS), outcomes)
    table(con, "answers_wide", list(STANDARDS), answers)
    table(con, "auditor", ["overall", *DOMAINS], grades)


def table(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: list[str],
    rows: Sequence[Sequence[int | None]],
) -> None:
    """Make one of the tables, its rows numbered from 0."""
    typed = ", ".join(f'"{column}" UTINYINT' for column in columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} (a INTEGER, {typed})")
    if rows:
        values = json.dumps([[a, *row] for a, row in enumerate(rows)])[1:-1]
        values = values.replace("[", "(").replace("]", ")")
        con.execute(f"INSERT INTO {name} VALUES {values}")


def judged(con: duckdb.DuckDBPyConnection) -> list[dict[str, int | None]]:
    """Return the rows of the table that judgement makes, by audit."""
    cursor = con.execute("SELECT * FROM judgements ORDER BY a")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def verdicts_of(book: Rulebook, *, plain: bool = False) -> Verdicts:
    """Return verdicts from the best judge there is, or from the plain one."""
    judge = best_judge(book.judgement, book.grades, plain=plain)
    return Verdicts(book.judgement, book.grades, judge)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a connection of the test's own."""
    with duckdb.connect() as connection:
        yield connection


def assert_same(con: duckdb.DuckDBPyConnection, book: Rulebook, audits: list[AuditFacts]) -> None:
    """Judge a slice both ways and hold the rows against each other."""
    tables(con, audits)
    verdicts = verdicts_of(book)
    judge_slice(con, book, verdicts)
    rows = judged(con)
    assert len(rows) == len(audits)
    for row, facts in zip(rows, audits, strict=True):
        one = judge_audit(facts, book, verdicts)
        whole = (one.cap, one.moderated, suggested(one, book), one.route)
        assert (row["cap"], row["moderated"], row["suggested"], row["route"]) == whole, facts
        assert row["alert"] == one.alert
        for domain in DOMAINS:
            assert row[f"cap:{domain}"] == one.caps.get(domain)
            assert row[f"moderated:{domain}"] == one.moderated_domains.get(domain)
        keys = {d: key for d in DOMAINS if (key := row[f"key:{d}"]) is not None}
        overall, route = row["overall_key"] or 0, row["route_key"] or 0
        assert {d: verdicts.fired("domain", key) for d, key in keys.items()} == one.domains
        assert verdicts.fired("overall", overall) == one.overall
        assert verdicts.fired("route", route) == one.next
    verdicts.judge.close()


def test_a_slice_is_judged_as_each_of_its_audits(con: duckdb.DuckDBPyConnection) -> None:
    """Caps, grades, routes and keys of a slice are those of its audits one by one."""
    assert_same(con, rulebook(), drawn(1, 400))


@settings(few, max_examples=15)
@given(judgements())
def test_a_slice_is_judged_as_its_audits_whatever_the_rules(judgement: Judgement) -> None:
    """Any rules in the language give the same rows both ways, with answers read or not."""
    with duckdb.connect() as con:
        assert_same(con, rulebook(judgement), drawn(2, 40))


def test_verdicts_live_over_the_slices_of_a_run(con: duckdb.DuckDBPyConnection) -> None:
    """A pattern that an earlier slice had is not judged again, and the rows stay right."""
    audits = drawn(3, 200)
    book = rulebook()
    tables(con, audits)
    verdicts = verdicts_of(book)
    judge_slice(con, book, verdicts)
    whole, counted = judged(con), verdicts.counted()
    parts = []
    for start in range(0, 200, 50):
        tables(con, audits[start : start + 50])
        judge_slice(con, book, verdicts)
        parts += [{**row, "a": (row["a"] or 0) + start} for row in judged(con)]
    assert parts == whole
    assert verdicts.counted() == counted
    assert counted["domain"] <= 128


def test_both_judges_give_the_same_rows(con: duckdb.DuckDBPyConnection) -> None:
    """A batch looks the same where the plain judge stands in."""
    tables(con, drawn(4, 100))
    rows = []
    for plain in (False, True):
        judge_slice(con, rulebook(), verdicts_of(rulebook(), plain=plain))
        rows.append(judged(con))
    assert rows[0] == rows[1]


def test_an_empty_slice_and_an_empty_rulebook_are_judged(con: duckdb.DuckDBPyConnection) -> None:
    """No audits give no rows; without rules or standards nothing is capped."""
    tables(con, [])
    judge_slice(con, rulebook(), verdicts_of(rulebook()))
    assert judged(con) == []
    empty = rulebook(Judgement(compliance_earns_at_most="good"), ())
    tables(con, [AuditFacts(dict.fromkeys(STANDARDS, 6), {}, 2, {"visits": 3})])
    judge_slice(con, empty, verdicts_of(empty))
    (row,) = judged(con)
    assert (row["cap"], row["moderated"], row["suggested"], row["route"]) == (None, 2, None, 0)
    assert (row["cap:visits"], row["moderated:visits"], row["key:visits"]) == (None, 3, None)


def test_the_table_has_the_columns_that_reports_read(con: duckdb.DuckDBPyConnection) -> None:
    """Names and types are fixed, for domains with and without standards alike."""
    tables(con, drawn(5, 3))
    judge_slice(con, rulebook(), verdicts_of(rulebook()))
    found = {name: kind for name, kind, *_ in con.execute("DESCRIBE judgements").fetchall()}
    grades = dict.fromkeys(("cap", "moderated", "suggested", "route"), "UTINYINT")
    keys = {"overall_key": "INTEGER", "route_key": "INTEGER"}
    domains = {
        f"{column}:{domain}": kind
        for domain in DOMAINS
        for column, kind in {"cap": "UTINYINT", "moderated": "UTINYINT", "key": "INTEGER"}.items()
    }
    assert found == {"a": "INTEGER", "alert": "BOOLEAN", **grades, **keys, **domains}
    left = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    assert {name for (name,) in left} == {"outcomes", "answers_wide", "auditor", "judgements"}
