"""The results of a run on Spark: the columns that `as_parquet.py` writes, and the summary's counts.

In: the view `judged` of a run, with the packed words of outcomes and answers. Out: SQL of the
results; the figures of the summary.
"""

from collections.abc import Iterable, Sequence

from engine.findings.spark_slices import unpacked
from engine.judgement.judge import ROUTES, Verdicts
from engine.judgement.spark_features import comparison_is, looked_up
from engine.records.on_spark import OnSpark
from engine.records.spark_cells import quoted, text
from engine.reports.as_parquet import OF_DOMAIN
from engine.reports.summary import AUDITOR_KEYS, COMPARISONS
from engine.reports.tally import TENS, UNANSWERED, Tally
from engine.reports.view import PROPOSED, Summary
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum
from engine.rulebook.standard import Standard
from engine.terms import OUTCOMES, Outcome

# answers that compare so are counted in so many bits each of one number, and then all answers
_BITS = 8
COUNTS = (*COMPARISONS.values(), "answers")
WHO = ("audit_id", "case_type", "team", "auditor_id")


def outcome(place: int) -> str:
    """Return SQL of the code of an outcome, by the standard's place among the live ones."""
    return unpacked("o", place)


def answer(place: int) -> str:
    """Return SQL of the code of the auditor's answer, null where there is none."""
    return f"(nullif({unpacked('w', place)}, 0) - 1)"


def compared(judged: str, standards: Sequence[Standard]) -> str:
    """Return SQL of `judged` with the number of answers of each audit, and how they compare."""
    worth = " + ".join(_worth(place) for place, _ in enumerate(standards)) or "0L"
    mask = (1 << _BITS) - 1
    counts = (
        f"CAST(shiftright(worth, {_BITS * place}) & {mask} AS INT) AS {name}"
        for place, name in enumerate(COUNTS)
    )
    return f"SELECT *, {', '.join(counts)} FROM (SELECT *, {worth} AS worth FROM {judged})"


def _worth(place: int) -> str:
    said, found = answer(place), outcome(place)
    one = 1 << (_BITS * len(COMPARISONS))
    whens = " ".join(
        f"WHEN {comparison_is((kind,), said, found)} THEN {one + (1 << (_BITS * at))}L"
        for at, kind in enumerate(COMPARISONS)
    )
    return f"CASE WHEN {said} IS NULL THEN 0L {whens} ELSE {one}L END"


def results(rulebook: Rulebook, verdicts: Verdicts, view: str) -> str:
    """Return SQL of the results, one row an audit; `view` is of `compared`."""
    grades, outcomes = ("", *rulebook.grades), (*OUTCOMES, Outcome.NOT_MET)  # by silence
    columns = {name: name for name in WHO}
    columns["auditor_grade"] = _word("auditor", grades)
    columns["cap"] = _word("cap", grades)
    columns["moderated_grade"] = _word("moderated", grades)
    columns["suggested_grade"] = _word("suggested", grades)
    columns["status"] = text(PROPOSED)
    columns["route"] = _word("route", ROUTES)
    columns["alert"] = "alert"
    columns |= {name: name for name in COMPARISONS.values()}
    columns["rules"] = _fired(verdicts, "overall", "overall_key")
    for domain in rulebook.domains:
        of = (
            _word(quoted(f"g:{domain}"), grades),
            _word(quoted(f"cap:{domain}"), grades),
            _word(quoted(f"moderated:{domain}"), grades),
            _fired(verdicts, "domain", quoted(f"key:{domain}")),
        )
        columns |= {f"{domain}:{n}": sql for n, sql in zip(OF_DOMAIN, of, strict=True)}
    for place, standard in enumerate(rulebook.live):
        columns[standard.id] = _word(outcome(place), outcomes)
    listed = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    return f"SELECT {listed} FROM {view}"


def _word(number: str, words: Iterable[str]) -> str:
    """Return SQL of the word at a place, counted from 0; an empty word is none.

    Not by `element_at`, which gave the last word of a list where the place was null.
    """
    whens = " ".join(f"WHEN {at} THEN {text(word)}" for at, word in enumerate(words) if word)
    return f"CASE {number} {whens} END" if whens else "CAST(NULL AS STRING)"


def _fired(verdicts: Verdicts, stratum: Stratum, column: str) -> str:
    """Return SQL of the rules of a list that fired, in one text; the keys have all been judged."""
    known = verdicts.known(stratum)
    words = {key: text("; ".join(each.fired)) for key, each in known.items() if each.fired}
    return f"CAST({looked_up(words, column)} AS STRING)"


def summarised(on: OnSpark, rulebook: Rulebook, view: str, put_aside: int) -> Summary:
    """Count what the summary of a run says; `view` is of `compared`."""
    tally = Tally(rulebook)
    tally.audits(
        on.rows(
            "SELECT auditor, moderated, route, cap IS NOT NULL, alert, contradictions > 0, "
            f"count(*) FROM {view} GROUP BY 1, 2, 3, 4, 5, 6"
        )
    )
    for place, pair, number in on.rows(_pairs(rulebook.live, view)) if rulebook.live else ():
        tally.standard(rulebook.live[place].id, pair, number)
    sums = ", ".join(f"CAST(sum({key}) AS INT)" for key in AUDITOR_KEYS if key != "audits")
    named = f"SELECT coalesce(auditor_id, ''), count(*), {sums} FROM {view} GROUP BY 1"
    tally.named(on.rows(named))
    return tally.summary(put_aside)


def _pairs(standards: Sequence[Standard], view: str) -> str:
    """Return SQL that counts the pairs of answer and outcome of each standard."""
    pairs = ", ".join(
        f"{TENS} * coalesce({answer(place)}, {UNANSWERED}) + {outcome(place)}"
        for place, _ in enumerate(standards)
    )
    listed = f"SELECT posexplode(array({pairs})) AS (place, pair) FROM {view}"
    return f"SELECT place, pair, count(*) FROM ({listed}) GROUP BY 1, 2"
