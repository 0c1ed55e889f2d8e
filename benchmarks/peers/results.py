"""What an audit's decisions look like in the results: one row an audit, in words."""

import polars as pl
from peers.counting import Facts
from peers.decisions import DOMAINS, STANDARDS
from peers.records import Audit
from peers.said import DOMAINS as SECTIONS
from peers.said import answered
from polars_words import GRADES, OUTCOMES, words

ROUTES = ("none", "moderate", "panel", "alert")
OWN = ("audit_id", "case_type", "team", "auditor_id")
COUNTED = ("contradictions", "unsupported", "harsher")
NAMES = {table.name: f"{table.name[:2].upper()}-{table.name[2:]}" for table in STANDARDS}
CAPPED = {table.name.removeprefix("cap_") for table in DOMAINS}
DECIDED = (
    *("auditor", "cap", "moderated", "suggested", "route", "alert"),
    *NAMES,
    *(f"own_{domain}" for domain in SECTIONS),
    *(f"cap_{domain}" for domain in SECTIONS if domain in CAPPED),
)

Made = dict[str, list[object]]


def columns() -> Made:
    """Return the columns of the results, empty yet."""
    return {name: [] for name in (*OWN, *DECIDED, *COUNTED)}


def add(audit: Audit, found: Facts, made: Made) -> None:
    """Add the row of an audit."""
    for name in OWN:
        made[name].append(audit.own[name])
    for name in DECIDED:
        made[name].append(found[name])
    for name, number in zip(COUNTED, answered(audit.rows["answers"], found), strict=True):
        made[name].append(number)


def frame(made: Made) -> pl.DataFrame:
    """Return the results with numbers as words."""
    numbers = pl.LazyFrame(made)
    grade = {name: words(pl.col(name), GRADES, 1) for name in made if name not in OWN}
    return numbers.select(
        *OWN,
        grade["auditor"].alias("auditor_grade"),
        grade["cap"],
        grade["moderated"].alias("moderated_grade"),
        grade["suggested"].alias("suggested_grade"),
        pl.lit("proposed").alias("status"),
        words(pl.col("route"), ROUTES, 0).cast(pl.String),
        pl.col("alert") == 1,
        *COUNTED,
        *(column for domain in SECTIONS for column in section(domain)),
        *(words(pl.min_horizontal(name, 6), OUTCOMES, 0).alias(shown)
          for name, shown in NAMES.items()),
    ).collect()  # fmt: skip


def section(domain: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    own = pl.col(f"own_{domain}")
    cap = pl.col(f"cap_{domain}") if domain in CAPPED else pl.lit(9)
    return (
        words(own, GRADES, 1).alias(f"{domain}:auditor_grade"),
        words(cap, GRADES, 1).alias(f"{domain}:cap"),
        words(pl.min_horizontal(own, cap), GRADES, 1).alias(f"{domain}:moderated_grade"),
    )
