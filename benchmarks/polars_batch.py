"""A Parquet batch in Polars: its audits under an integer, its tables, what triggers a standard."""

from datetime import date
from pathlib import Path

import polars as pl
from polars import col
from polars_words import happened, ranks

# what one audit may lack, by the tables that its auditor did not look at
EXAMINED = {
    "no_referrals": ("referrals",),
    "no_assessments": ("assessments",),
    "no_enquiries": ("enquiries",),
    "no_meetings": ("strategy_discussions", "conferences"),
    "no_plans": ("plans",),
    "no_plan_actions": ("plan_actions",),
    "no_placements": ("placements",),
    "no_reviews": ("reviews",),
    "no_visits": ("visits",),
    "no_supervisions": ("supervisions",),
    "no_supervision_actions": ("supervision_actions",),
    "no_oversight": ("oversight",),
}


class Batch:
    """The tables of a batch, and the audits that are asked about."""

    def __init__(self, data: Path, as_of: date) -> None:
        self.data = data
        self.audits = collected(audit_frame(self.read("audits"), as_of)).lazy()

    def read(self, table: str) -> pl.LazyFrame:
        """Scan the file of a table, or its parts."""
        one = self.data / f"{table}.parquet"
        return pl.scan_parquet(one if one.is_file() else self.data / table / "*.parquet")

    def triggered(self, table: str, day: str, until: str, *fields: str) -> pl.LazyFrame:
        """Return rows that have begun by the cut-off and were not over before the period."""
        rows = self.read(table).select("audit_id", *dict.fromkeys((day, until, *fields)))
        of_audit = ("unborn", "birth_month", "no_visits", "no_reviews")
        asked = ("a", "audit_id", "cut", "opens", *of_audit)
        return (
            rows.join(self.audits.select(asked), on="audit_id")
            .filter(col(day).is_null() | (col(day) <= col("cut")))
            .with_columns(**happened(until))
            .filter((col(until) >= col("opens")).fill_null(value=True))
        )


def collected(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def audit_frame(audits: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Return what is asked of an audit, under an integer for later joins and groups."""
    lacks = {
        name: pl.any_horizontal(col("not_examined").list.contains(t).fill_null(value=False)
                                for t in tables)
        for name, tables in EXAMINED.items()
    }  # fmt: skip
    return (
        audits.select(
            "audit_id", "case_type", "team", "auditor_id", "allocated_date", "birth_month",
            col("unborn").fill_null(value=False),
            cut=pl.min_horizontal(pl.lit(as_of), "audit_date", "period_end"),
            opens="period_start",
            auditor=ranks("overall_grade"),
            **lacks,
        )
        .with_columns(allocated=happened("allocated_date")["allocated_date"])
        .drop("allocated_date")
        .with_columns(start=pl.max_horizontal("allocated", "opens"))
        .with_row_index("a")
    )  # fmt: skip


def worst(rows: pl.LazyFrame, *columns: str, **outcomes: pl.Expr) -> pl.LazyFrame:
    """Return the worst outcome of each audit's rows."""
    kept = rows.select("a", *columns, **outcomes)
    return kept.group_by("a").agg(col(name).max() for name in (*columns, *outcomes))


def owned_and_dated() -> pl.Expr:
    return col("owner").is_not_null() & col("due_date").is_not_null()
