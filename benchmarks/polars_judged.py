"""The judgement on the fifteen standards in hand-written Polars.

In: one row an audit, with the outcomes of the standards, the auditor's answers and grades as
numbers. Out: one row an audit in words.
"""

from collections.abc import Sequence

import polars as pl
from polars import col
from polars_words import CAPPED, DOMAINS, GRADES, OUTCOMES, STANDARDS, case, grade, name, words


def results(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row an audit, judged and in words."""
    rows = rows.with_columns(**examined())
    rows = rows.with_columns(**domain_caps(), at_risk=least(critical("cp06"), critical("sf01")))
    weak = pl.sum_horizontal(col(f"cap_{d}") <= 2 for d in CAPPED)
    bottom_line = pl.max_horizontal("cp05", "cc01", "su01") >= 5
    own = pl.min_horizontal("own_safety", "own_visits", "own_decision_making")
    rows = rows.with_columns(
        cap=least(
            col("at_risk"),
            case((bottom_line | (weak >= 2), 2), (weak == 1, 3), otherwise=9),
            case((own == 1, 2), otherwise=9),
        ),
        any_met=pl.any_horizontal(col(name(s)) == 2 for s in STANDARDS),
    ).with_columns(moderated=worse("auditor", "cap"))
    return rows.select(*overall(), *compared(), *by_domain(), *by_standard())


def examined() -> dict[str, pl.Expr]:
    """Return the outcomes, not assessable where the auditor did not look."""
    lacks = {
        "fd01": "no_referrals", "as01": "no_assessments", "as02": "no_assessments",
        "cn01": "no_plans", "cp01": "no_enquiries", "cp05": "no_plans", "cp06": "no_plans",
        "sf01": "no_enquiries", "pl01": "no_plans", "pl02": "no_plans", "cc01": "no_placements",
        "su02": "no_supervisions", "rc01": "no_visits",
    }  # fmt: skip
    reads = {
        "cn01": ["no_visits"], "cp01": ["no_meetings"], "cp05": ["no_visits"],
        "cp06": ["no_visits"], "pl01": ["no_plan_actions"],
        "su02": ["no_supervision_actions"],
    }  # fmt: skip
    found = {}
    for one, table in lacks.items():
        cannot = col(table)
        if one in reads:
            cannot |= pl.any_horizontal(reads[one]) & col(one).is_not_null()
        found[one] = case((cannot, 3), otherwise=col(one).fill_null(0))
    return found


def least(*caps: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(caps)


def critical(outcome: str) -> pl.Expr:
    return case((col(outcome) >= 6, 1), (col(outcome) >= 4, 2), otherwise=9)


def major(outcome: str) -> pl.Expr:
    return case((col(outcome) >= 5, 2), (col(outcome) == 4, 3), otherwise=9)


def minor(outcome: str) -> pl.Expr:
    return case((col(outcome) >= 5, 3), otherwise=9)


def worse(grade: str, cap: str) -> pl.Expr:
    """Return the worse of a grade and a cap; no grade stays none. 9 stands for no cap."""
    return pl.when(col(cap) < col(grade)).then(cap).otherwise(grade)


def domain_caps() -> dict[str, pl.Expr]:
    caps = {
        "decision_making": major("fd01"),
        "assessment": least(major("as01"), major("as02")),
        "planning": least(major("pl01"), minor("pl02")),
        "visits": least(major("cn01"), major("cp05"), major("cc01"), critical("cp06")),
        "oversight": least(major("su01"), minor("su02"), minor("ov01")),
        "safety": least(major("cp01"), critical("sf01")),
        "recording": minor("rc01"),
    }
    return {f"cap_{domain}": cap for domain, cap in caps.items()}


def overall() -> list[pl.Expr]:
    earned = pl.min_horizontal("cap", pl.lit(3, dtype=pl.UInt8))
    suggested = pl.when(col("any_met") & (earned > col("auditor"))).then(earned)
    auditor, moderated = col("auditor").cast(pl.Int8), col("moderated").cast(pl.Int8)
    votes = pl.sum_horizontal(
        case((col(f"own_{d}") < auditor, 1), otherwise=0).cast(pl.Int8)
        - case((col(f"own_{d}") >= auditor, 1), otherwise=0).cast(pl.Int8)
        for d in DOMAINS
    )
    route = (
        pl.when(col("at_risk") < 9).then(pl.lit("alert"))
        .when((auditor - moderated >= 2) | ((moderated == 1) & (auditor > 1))).then(pl.lit("panel"))
        .when((auditor > moderated) | (votes > 0)).then(pl.lit("moderate"))
        .otherwise(pl.lit("none"))
    )  # fmt: skip
    return [
        *map(col, ("audit_id", "case_type", "team", "auditor_id")),
        grade("auditor").alias("auditor_grade"),
        grade("cap").alias("cap"),
        grade("moderated").alias("moderated_grade"),
        grade(suggested).alias("suggested_grade"),
        pl.lit("proposed").alias("status"),
        route.alias("route"),
        (col("at_risk") < 9).alias("alert"),
    ]


def compared() -> list[pl.Expr]:
    """Return how many answers contradict the record, lack support, or are harsher."""

    def count(pairs: Sequence[int]) -> pl.Expr:
        each = (
            (col(f"said_{name(s)}") * 10 + col(name(s))).is_in(pairs).fill_null(value=False)
            for s in STANDARDS
        )
        return pl.sum_horizontal(each)

    return [
        count([24, 26, 27, 46, 47, 6, 7]).alias("contradictions"),
        count([25, 45, 5]).alias("unsupported"),
        count([42, 62, 64]).alias("harsher"),
    ]


def by_domain() -> list[pl.Expr]:
    shown = []
    for d in DOMAINS:
        capped = d in CAPPED
        cap = grade(f"cap_{d}") if capped else pl.lit(None, dtype=pl.Enum(GRADES))
        moderated = grade(worse(f"own_{d}", f"cap_{d}")) if capped else grade(f"own_{d}")
        shown += [
            grade(f"own_{d}").alias(f"{d}:auditor_grade"),
            cap.alias(f"{d}:cap"),
            moderated.alias(f"{d}:moderated_grade"),
        ]
    return shown


def by_standard() -> list[pl.Expr]:
    return [
        words(pl.min_horizontal(name(s), pl.lit(6, dtype=pl.UInt8)), OUTCOMES, 0).alias(s)
        for s in STANDARDS
    ]
