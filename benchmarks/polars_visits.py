"""The standards on plans, placements and visits in hand-written Polars."""

from datetime import date
from pathlib import Path

import polars as pl
from polars import col
from polars_batch import Batch, collected, owned_and_dated, worst
from polars_words import Y2011, Y2015, case, happened, longest, n, series, waiting, within

SEEN = col("seen")


class Visited(Batch):
    """The visits and plans of a batch, and the standards on them."""

    def __init__(self, data: Path, as_of: date) -> None:
        super().__init__(data, as_of)
        self.visit = collected(self.visits()).lazy()
        self.plan = collected(self.plans()).lazy()

    def visits(self) -> pl.LazyFrame:
        """Return the visits, with RC-01: a visit is recorded within five working days."""
        day, recorded = col("visit_date"), happened("recorded_date")["recorded_date"]
        return (
            self.read("visits")
            .select("audit_id", "visit_date", "child_seen", "recorded_date")
            .join(self.audits.select("a", "audit_id", "cut", "opens"), on="audit_id")
            .filter(day.is_null() | (day <= col("cut")))
            .select(
                "a",
                day=day,
                seen="child_seen",
                rc01=case((day < col("opens"), None), otherwise=within(day, recorded, 5)),
            )
        )

    def plans(self) -> pl.LazyFrame:
        """Return the plans, with PL-01 (actions owned and dated) and PL-02 (a contingency)."""
        actions = (
            self.read("plan_actions")
            .group_by("audit_id", "plan_id")
            .agg(n=pl.len(), good=owned_and_dated().sum())
        )
        old = pl.coalesce("start_date", "cut") < Y2015
        good, total = col("good").cast(pl.Int64), col("n").cast(pl.Int64)
        fields = ("plan_id", "kind", "contingency")
        # until the birth it is the mother who is visited: seeing the child is asked after its month
        month_after = col("birth_month").dt.offset_by("1mo")
        born_since = (~col("unborn") & (col("start_date") <= month_after)).fill_null(value=False)
        begins = pl.when(born_since).then(month_after).otherwise("start_date")
        return (
            self.triggered("plans", "start_date", "end_date", *fields)
            .join(actions, on=("audit_id", "plan_id"), how="left")
            .select(
                "a", "cut", "kind", "unborn",
                own="start_date",
                born_since=born_since,
                first=pl.max_horizontal(begins, "opens"),
                last=pl.min_horizontal("end_date", "cut"),
                pl01=case((old, 3), (total.is_null(), 5), (good == total, 2),
                          (good * 100 >= total * 80, 4), otherwise=6),
                pl02=case((old, 3), (col("contingency").is_null(), 5), otherwise=2),
            )
            .with_row_index("t")
        )  # fmt: skip

    def inside(self, windows: pl.LazyFrame, counts: pl.Expr) -> pl.LazyFrame:
        """Return the visits that count in windows, each with the one before."""
        return (
            windows.join(self.visit, on="a")
            .filter(counts, col("day").is_between("first", "last"))
            .with_columns(before=col("day").shift(1).over("t", order_by="day"))
        )

    def in_need(self) -> pl.LazyFrame:
        """CN-01: no more than 28 days between visits to a child in need."""
        plans = self.plan.filter(col("kind") == "child_in_need")
        gaps = self.inside(plans.select("t", "a", "first", "last", "unborn"), SEEN | col("unborn"))
        return worst(
            plans.join(longest(gaps), on="t", how="left"),
            cn01=series(col("first"), col("last"), 28),
        )

    def protection(self) -> pl.LazyFrame:
        """CP-05: ten (or fifteen) working days between visits. CP-06: visited at all."""
        plans = self.plan.filter(col("kind") == "child_protection")
        gaps = self.inside(plans.select("t", "a", "first", "last", "unborn"), SEEN | col("unborn"))
        gaps = gaps.with_columns(length=n(col("day")) - n(pl.coalesce("before", "first")))
        gaps = gaps.group_by("t").agg(
            length=col("length").max(), latest=col("day").max(), unknown=col("length").null_count()
        )
        visited = (
            plans.join(self.visit, on="a")
            .filter(SEEN.fill_null(value=True) | col("unborn") | col("born_since"))
            .filter(col("day").is_between("own", "last"))
            .select("t", visited=True)
            .unique()
        )
        rows = plans.join(gaps, on="t", how="left").join(visited, on="t", how="left")
        first, last, own = col("first"), col("last"), col("own")
        gap = pl.max_horizontal("length", n(last) - n(col("latest")))
        return worst(
            rows,
            cp05=case(
                (last < first, 0),
                (first.is_null(), 5),
                (first < Y2015, 3),
                (col("latest").is_null(), waiting(n(last) - n(first), 10)),
                ((col("unknown") > 0) | n(last).is_null(), 3),
                (gap <= 10, 2),
                (gap <= 15, 4),
                otherwise=6,
            ),
            cp06=case(
                (last < own, 0),
                (own.is_null(), 5),
                (own < Y2015, 3),
                (col("visited"), 2),
                otherwise=waiting(n(last) - n(own), 10, otherwise=7),
            ),
        )

    def placements(self) -> pl.LazyFrame:
        """CC-01: a child in care is visited as often as regulation 28 says.

        What was not examined matters only to a placement that asks for it: private fostering
        needs no visits, and none but regulations 24 and 19 ask for a review.
        """
        fields = ("arrangement", "regime", "intended_to_18")
        rows = self.triggered("placements", "start_date", "end_date", *fields)
        reviewed = col("regime").is_in(["regulation_24", "regulation_19"]).fill_null(value=False)
        rows = rows.select(
            "a", "audit_id", "cut",
            own="start_date",
            first=pl.max_horizontal("start_date", "opens"),
            last=pl.min_horizontal("end_date", "cut"),
            regime=pl.when(reviewed).then("regime").otherwise(pl.lit("")),
            lasting=col("intended_to_18").fill_null(value=False) & ~reviewed,
            other=col("arrangement").is_in(
                ["private_fostering", "family_arrangement", "care_leaver_accommodation"]
            )
            .fill_null(value=False),
            unseen=col("no_visits") | (col("no_reviews") & reviewed),
        ).with_row_index("t")  # fmt: skip
        rows = self.phased(collected(rows).lazy())
        # a gap has to end by its `due` day
        asked = ("t", "a", "own", "first", "last", "regime", "lasting", "until")
        gaps = self.inside(rows.filter(~col("other")).select(asked), SEEN)
        late = col("day") > due(pl.coalesce("before", "first"), col("before").is_null())
        gaps = gaps.group_by("t").agg(latest=col("day").max(), late=late.any())
        first, last, latest = col("first"), col("last"), col("latest")
        over = last > due(latest, pl.lit(value=False))
        waiting_yet = last <= due(first, pl.lit(value=True))
        return worst(
            rows.join(gaps, on="t", how="left"),
            cc01=case(
                (col("other"), 0),
                (col("unseen"), 3),
                (last < first, 0),
                (first.is_null(), 5),
                (first < Y2011, 3),
                (latest.is_null(), case((waiting_yet, 1), otherwise=5)),
                (col("late") | over, 6),
                otherwise=2,
            ),
        )

    def phased(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Add the day that the first phase of a placement ends: a review, or its first year."""
        reviews = self.read("reviews").filter(col("kind") == "child_in_care")
        reviews = (
            rows.filter(col("regime") != "")
            .join(reviews.select("audit_id", "held_date"), on="audit_id")
            .filter(col("held_date").is_between("own", "cut"))
            .group_by("t")
            .agg(review=col("held_date").min())
        )
        year = pl.when("lasting").then(col("own").dt.offset_by("1y"))
        until = pl.when(col("regime") != "").then("review").otherwise(year)
        return rows.join(reviews, on="t", how="left").with_columns(until=until)


def due(begins: pl.Expr, opening: pl.Expr) -> pl.Expr:
    """Return the day by which a gap of visits to a child in care has to end."""
    days = {number: begins + pl.duration(days=number) for number in (7, 28, 42)}
    regime, until = col("regime"), col("until")
    return (
        pl.when((regime != "") & (until.is_null() | (days[7] <= until))).then(days[7])
        .when(regime == "regulation_24").then(days[28])
        .when(regime == "regulation_19").then(days[42])
        .when(opening & (begins == col("own"))).then(days[7])
        .when(col("lasting") & (days[42] > until)).then(begins.dt.offset_by("3mo"))
        .otherwise(days[42])
    )  # fmt: skip
