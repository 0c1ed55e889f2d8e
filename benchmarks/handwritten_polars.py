"""The fifteen standards in hand-written Polars: a Parquet batch in, one Parquet file out.

What an analyst would write who needs just these standards on just these fields: nothing is
validated, nothing is explained. Lazy frames on the streaming engine, one collected for each table
of the batch. A gap is `shift().over(order_by=)`, never a plain shift: joins do not keep the order
of rows.

Outcomes are small numbers so that "the worst decides" is a maximum: 0 not applicable, 1 not yet
due, 2 met, 3 not assessable, 4 partly met, 5 not evidenced, 6 not met, 7 not met by silence.
Grades are 1 (inadequate) to 4 (outstanding).
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from phases import Clock
from polars import col
from polars_batch import collected, owned_and_dated, worst
from polars_judged import results
from polars_visits import Visited
from polars_words import (
    DOMAINS,
    STANDARDS,
    Y2015,
    case,
    happened,
    longest,
    n,
    name,
    ranks,
    series,
    within,
)


def main(data: Path, out: Path, as_of: date) -> None:
    clock = Clock()
    standards = Standards(data, as_of)
    clock.done("audits, visits and plans")
    finding = standards.audits
    for title, found in standards.found():
        finding = finding.join(collected(found).lazy(), on="a", how="left")
        clock.done(title)
    results(finding).sink_parquet(out, compression="zstd", engine="streaming")
    clock.done("write")
    clock.print(polars=pl.__version__)


class Standards(Visited):
    """The standards, table by table."""

    def found(self) -> Sequence[tuple[str, pl.LazyFrame]]:
        """Return a frame for each table, with a column a standard."""
        return (
            ("referrals", self.referrals()),
            ("assessments", self.assessments()),
            ("enquiries", self.enquiries()),
            ("visits", worst(self.visit, "rc01")),
            ("plans", worst(self.plan, "pl01", "pl02")),
            ("child in need", self.in_need()),
            ("child protection", self.protection()),
            ("placements", self.placements()),
            ("supervision", self.reflective()),
            ("supervision gaps", self.supervised()),
            ("oversight", self.overseen()),
            ("answers", self.answers()),
            ("domain grades", self.sections()),
        )

    def referrals(self) -> pl.LazyFrame:
        """FD-01: a referral is decided within one working day."""
        rows = self.triggered("referrals", "received_date", "decision_date")
        return worst(rows, fd01=within(col("received_date"), col("decision_date"), 1))

    def assessments(self) -> pl.LazyFrame:
        """AS-01: authorised within 45 working days. AS-02: the child is seen, and seen alone."""
        fields = ("kind", "referral_date", "child_seen", "seen_alone")
        rows = self.triggered("assessments", "start_date", "authorised_date", *fields)
        start, birth = col("start_date"), col("birth_month")
        months = (start.dt.year() - birth.dt.year()) * 12 + start.dt.month() - birth.dt.month()
        seen, alone = col("child_seen"), col("seen_alone")
        return worst(
            rows.with_columns(**happened("referral_date")),
            as01=case(
                (col("kind").is_in(["early_help", "pathway_needs", "connected_carer", "other"]), 0),
                otherwise=within(col("referral_date"), col("authorised_date"), 45),
            ),
            as02=case(
                (col("unborn") | col("kind").is_in(["pre_birth", "connected_carer"]), 0),
                (pl.coalesce(start, "cut") < Y2015, 3),
                (months < 36, case((seen, 2), (~seen, 6), otherwise=5)),
                (seen & alone, 2),
                (seen & ~alone, 4),
                (~seen, 6),
                otherwise=5,
            ),
        )

    def enquiries(self) -> pl.LazyFrame:
        """CP-01: a conference within 15 working days. SF-01: a return home only when agreed."""
        days = ("returned_home_date", "risk_assessment_date", "manager_agreement_date")
        fields = ("conference_required", "returned_home", *days)
        rows = self.triggered("enquiries", "start_date", "end_date", *fields).with_row_index("t")
        rows = collected(rows).lazy()  # so that `t` is the same wherever the rows are used
        home, *before = (col(day) for day in days)
        returned = pl.coalesce("returned_home", home <= col("cut"))
        too_late = [(day <= col("cut")) & (day > home) for day in before]
        blank = [((day <= col("cut")).fill_null(value=False)).not_() for day in before]
        return worst(
            self.conferred(rows.filter("conference_required"), rows),
            cp01=pl.when("conference_required").then(within(col("first"), col("last"), 15)),
            sf01=pl.when(returned).then(
                case(
                    (pl.coalesce("start_date", "cut") < Y2015, 3),
                    (home > col("cut"), 1),
                    (pl.any_horizontal(too_late), 6),
                    (pl.any_horizontal(home.is_null(), *blank), 7),
                    otherwise=2,
                )
            ),
        )

    def conferred(self, required: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Add the discussion that began an enquiry, and the first conference from that day on."""
        discussions = self.read("strategy_discussions").select("audit_id", "held_date")
        first = (
            required.join(discussions, on="audit_id")
            .filter(col("held_date") <= col("start_date"))
            .group_by("t", "audit_id", "cut")
            .agg(first=col("held_date").max())
        )
        conferences = (
            self.read("conferences")
            .filter(col("kind").is_in(["initial", "pre_birth"]))
            .select("audit_id", "held_date")
        )
        last = (
            first.join(conferences, on="audit_id")
            .filter(col("held_date").is_between("first", "cut"))
            .group_by("t")
            .agg(last=col("held_date").min())
        )
        first = first.select("t", "first")
        return rows.join(first, on="t", how="left").join(last, on="t", how="left")

    def reflective(self) -> pl.LazyFrame:
        """SU-02: supervision is reflective, its actions are owned and dated.

        Every action has to be, so the worst of the actions is the worst of the supervision, and
        nothing need be grouped by it.
        """
        actions = self.read("supervision_actions").select(
            "audit_id", "supervision_id", good=owned_and_dated()
        )
        day = "supervision_date"
        rows = self.triggered("supervisions", day, day, "supervision_id", "reflective")
        return worst(
            rows.join(actions, on=("audit_id", "supervision_id"), how="left"),
            su02=case(
                (pl.coalesce(day, "cut") < Y2015, 3),
                (~col("reflective"), 6),
                (col("reflective").is_null() | col("good").is_null(), 5),
                (col("good"), 2),
                otherwise=6,
            ),
        )

    def supervised(self) -> pl.LazyFrame:
        """SU-01: supervision at least every 31 days."""
        gaps = (
            self.read("supervisions")
            .select("audit_id", day="supervision_date")
            .join(self.audits.select("audit_id", "cut", t="a", first="start"), on="audit_id")
            .filter(col("day").is_between("first", "cut"))
            .with_columns(before=col("day").shift(1).over("t", order_by="day"))
        )
        rows = self.audits.join(longest(gaps), left_on="a", right_on="t", how="left")
        start, cut = col("start"), col("cut")
        return rows.select(
            "a",
            su01=case(
                (start.is_null(), 3),
                ((cut - start).dt.total_days() < 31, 0),
                (col("no_supervisions"), 3),
                otherwise=series(start, cut, 31),
            ),
        )

    def overseen(self) -> pl.LazyFrame:
        """OV-01: a manager keeps oversight of the case after it is allocated."""
        own, cut = col("allocated"), col("cut")
        windows = self.audits.select(
            "a", "audit_id", "allocated", "cut", "no_oversight",
            first=pl.max_horizontal(own + pl.duration(days=1), "opens"),
        )  # fmt: skip
        entries = (
            self.read("oversight")
            .select("audit_id", "entry_date")
            .join(windows, on="audit_id")
            .filter(col("allocated").is_not_null() & col("entry_date").is_between("first", "cut"))
            .select("a", entered=True)
            .unique()
        )
        open_for = n(cut) - n(own)
        return windows.join(entries, on="a", how="left").select(
            "a",
            ov01=case(
                (open_for < 20, 0),
                (open_for.is_null() | col("no_oversight"), 3),
                (cut < col("first"), 0),
                (col("first") < Y2015, 3),
                (col("entered"), 2),
                otherwise=5,
            ),
        )

    def answers(self) -> pl.LazyFrame:
        """Return what the auditor said of each standard, as outcome codes side by side."""
        codes = {"met": 2, "partly_met": 4, "not_met": 6, "not_applicable": 0}
        said = col("answer").replace_strict(codes, default=None, return_dtype=pl.UInt8)
        rows = self.read("answers").select("audit_id", "standard", said=said)
        return self.pivoted(rows, "standard", "said", {s: f"said_{name(s)}" for s in STANDARDS})

    def sections(self) -> pl.LazyFrame:
        """Return the auditor's grade for each section of the form, as ranks side by side."""
        rows = self.read("domain_grades").select("audit_id", "domain", rank=ranks("grade"))
        return self.pivoted(rows, "domain", "rank", {d: f"own_{d}" for d in DOMAINS})

    def pivoted(
        self, rows: pl.LazyFrame, key: str, value: str, columns: Mapping[str, str]
    ) -> pl.LazyFrame:
        wide = {
            column: pl.when(col(key) == one).then(col(value)).max()
            for one, column in columns.items()
        }
        return (
            rows.join(self.audits.select("a", "audit_id"), on="audit_id").group_by("a").agg(**wide)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
