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
from working_days import working_days

GRADES = ("inadequate", "requires_improvement", "good", "outstanding")
OUTCOMES = (
    "not_applicable", "not_yet_due", "met", "not_assessable", "partly_met", "not_evidenced",
    "not_met",
)  # fmt: skip
STANDARDS = (
    "FD-01", "AS-01", "AS-02", "CN-01", "CP-01", "CP-05", "CP-06", "SF-01", "PL-01", "PL-02",
    "CC-01", "SU-01", "SU-02", "OV-01", "RC-01",
)  # fmt: skip
DOMAINS = (
    "decision_making", "assessment", "planning", "visits", "voice", "oversight", "safety",
    "permanence", "care_leaving", "recording",
)  # fmt: skip
CAPPED = tuple(d for d in DOMAINS if d not in ("voice", "permanence", "care_leaving"))
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
Y2015, Y2011 = date(2015, 1, 1), date(2011, 4, 1)
FIRST, COUNTED = working_days()
CALENDAR = pl.Series("n", COUNTED, dtype=pl.Int32)

Value = pl.Expr | int | None


def main(data: Path, out: Path, as_of: date) -> None:
    clock = Clock()
    audits = collected(audit_frame(read(data, "audits"), as_of))
    clock.done("audits")
    standards = Standards(data, audits.lazy())
    clock.done("visits and plans")
    frames = [audits.lazy()]
    for title, found in standards.found():
        frames.append(collected(found).lazy())
        clock.done(title)
    finding = frames[0]
    for frame in frames[1:]:
        finding = finding.join(frame, on="a", how="left")
    results(finding).sink_parquet(out, compression="zstd", engine="streaming")
    clock.done("write")
    clock.print(polars=pl.__version__)


def read(data: Path, table: str) -> pl.LazyFrame:
    """Scan the file of a table, or its parts."""
    one = data / f"{table}.parquet"
    return pl.scan_parquet(one if one.is_file() else data / table / "*.parquet")


def collected(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def case(*asked: tuple[pl.Expr, Value], otherwise: Value = None) -> pl.Expr:
    """Return the outcome of the first condition that is true."""
    chain = pl.when(asked[0][0]).then(code(asked[0][1]))
    for condition, outcome in asked[1:]:
        chain = chain.when(condition).then(code(outcome))
    return chain.otherwise(code(otherwise))


def code(outcome: Value) -> pl.Expr:
    return outcome if isinstance(outcome, pl.Expr) else pl.lit(outcome, dtype=pl.UInt8)


def n(day: pl.Expr) -> pl.Expr:
    """Return the working days up to a day; null outside the calendar."""
    place = day.to_physical() - (FIRST - date(1970, 1, 1)).days
    inside = pl.when(place.is_between(0, len(CALENDAR) - 1)).then(place)
    return pl.lit(CALENDAR).gather(inside)


def happened(*days: str) -> dict[str, pl.Expr]:
    """Blank days that lie after the cut-off."""
    return {day: pl.when(col(day) <= col("cut")).then(col(day)) for day in days}


def waiting(spent: pl.Expr, limit: int, otherwise: int = 5) -> pl.Expr:
    """Return not yet due while a limit has not run out, then silence."""
    return case((spent <= limit, 1), (spent > limit, otherwise), otherwise=3)


def within(start: pl.Expr, end: pl.Expr, limit: int) -> pl.Expr:
    """Return the outcome of a time of working days from one day to another."""
    taken = n(end) - n(start)
    return case(
        (start.is_null(), 5),
        (start < Y2015, 3),
        (end.is_null(), waiting(n(col("cut")) - n(start), limit)),
        (end < start, 3),
        (taken <= limit, 2),
        (taken > limit, 6),
        otherwise=3,
    )


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


def ranks(column: str) -> pl.Expr:
    rank = {grade: place for place, grade in enumerate(GRADES, start=1)}
    return col(column).replace_strict(rank, default=None, return_dtype=pl.UInt8)


class Standards:
    """The standards, table by table."""

    def __init__(self, data: Path, audits: pl.LazyFrame) -> None:
        self.data = data
        self.audits = audits
        self.visit = collected(self.visits()).lazy()
        self.plan = collected(self.plans()).lazy()

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

    def read(self, table: str) -> pl.LazyFrame:
        return read(self.data, table)

    def triggered(self, table: str, day: str, until: str, *fields: str) -> pl.LazyFrame:
        """Return rows that have begun by the cut-off and were not over before the period."""
        rows = self.read(table).select("audit_id", *dict.fromkeys((day, until, *fields)))
        asked = ("a", "audit_id", "cut", "opens", "unborn", "birth_month")
        return (
            rows.join(self.audits.select(asked), on="audit_id")
            .filter(col(day).is_null() | (col(day) <= col("cut")))
            .with_columns(**happened(until))
            .filter((col(until) >= col("opens")).fill_null(value=True))
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
        too_late = [(day <= col("cut")) & (day > home) for day in before]
        blank = [((day <= col("cut")).fill_null(value=False)).not_() for day in before]
        return worst(
            self.conferred(rows.filter("conference_required"), rows),
            cp01=pl.when("conference_required").then(within(col("first"), col("last"), 15)),
            sf01=pl.when("returned_home").then(
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
        return (
            self.triggered("plans", "start_date", "end_date", *fields)
            .join(actions, on=("audit_id", "plan_id"), how="left")
            .select(
                "a", "cut", "kind",
                own="start_date",
                first=pl.max_horizontal("start_date", "opens"),
                last=pl.min_horizontal("end_date", "cut"),
                pl01=case((old, 3), (total.is_null(), 5), (good == total, 2),
                          (good * 100 >= total * 80, 4), otherwise=6),
                pl02=case((old, 3), (col("contingency").is_null(), 5), otherwise=2),
            )
            .with_row_index("t")
        )  # fmt: skip

    def inside(self, windows: pl.LazyFrame) -> pl.LazyFrame:
        """Return visits on which the child was seen in windows, each with the one before."""
        return (
            windows.join(self.visit.filter("seen"), on="a")
            .filter(col("day").is_between("first", "last"))
            .with_columns(before=col("day").shift(1).over("t", order_by="day"))
        )

    def in_need(self) -> pl.LazyFrame:
        """CN-01: no more than 28 days between visits to a child in need."""
        plans = self.plan.filter(col("kind") == "child_in_need")
        gaps = self.inside(plans.select("t", "a", "first", "last"))
        return worst(
            plans.join(longest(gaps), on="t", how="left"),
            cn01=series(col("first"), col("last"), 28),
        )

    def protection(self) -> pl.LazyFrame:
        """CP-05: ten (or fifteen) working days between visits. CP-06: visited at all."""
        plans = self.plan.filter(col("kind") == "child_protection")
        gaps = self.inside(plans.select("t", "a", "first", "last"))
        gaps = gaps.with_columns(length=n(col("day")) - n(pl.coalesce("before", "first")))
        gaps = gaps.group_by("t").agg(
            length=col("length").max(), latest=col("day").max(), unknown=col("length").null_count()
        )
        visited = (
            plans.join(self.visit.filter(col("seen").fill_null(value=True)), on="a")
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
        """CC-01: a child in care is visited as often as regulation 28 says."""
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
            other=col("arrangement").is_in(["private_fostering", "family_arrangement"])
            .fill_null(value=False),
        ).with_row_index("t")  # fmt: skip
        rows = self.phased(collected(rows).lazy())
        # a gap has to end by its `due` day
        asked = ("t", "a", "own", "first", "last", "regime", "lasting", "until")
        gaps = self.inside(rows.filter(~col("other")).select(asked))
        late = col("day") > due(pl.coalesce("before", "first"), col("before").is_null())
        gaps = gaps.group_by("t").agg(latest=col("day").max(), late=late.any())
        first, last, latest = col("first"), col("last"), col("latest")
        over = last > due(latest, pl.lit(value=False))
        waiting_yet = last <= due(first, pl.lit(value=True))
        return worst(
            rows.join(gaps, on="t", how="left"),
            cc01=case(
                (col("other"), 0),
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
        return rows.join(self.audits.select("a", "audit_id"), on="audit_id").group_by("a").agg(**wide)


def name(standard: str) -> str:
    return standard.lower().replace("-", "")


def worst(rows: pl.LazyFrame, *columns: str, **outcomes: pl.Expr) -> pl.LazyFrame:
    """Return the worst outcome of each audit's rows."""
    kept = rows.select("a", *columns, **outcomes)
    return kept.group_by("a").agg(col(name).max() for name in (*columns, *outcomes))


def owned_and_dated() -> pl.Expr:
    return col("owner").is_not_null() & col("due_date").is_not_null()


def longest(gaps: pl.LazyFrame) -> pl.LazyFrame:
    """Return the longest gap in days up to each event of a series, and its latest event."""
    length = (col("day") - pl.coalesce("before", "first")).dt.total_days()
    return gaps.group_by("t").agg(length=length.max(), latest=col("day").max())


def series(first: pl.Expr, last: pl.Expr, limit: int) -> pl.Expr:
    """Return the outcome of a series whose gaps are counted in days."""
    gap = pl.max_horizontal("length", (last - col("latest")).dt.total_days())
    return case(
        (last < first, 0),
        (first.is_null(), 5),
        (first < Y2015, 3),
        (col("latest").is_null(), waiting((last - first).dt.total_days(), limit)),
        (gap <= limit, 2),
        otherwise=6,
    )


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
        "cp06": ["no_visits"], "pl01": ["no_plan_actions"], "cc01": ["no_visits", "no_reviews"],
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


def words(number: pl.Expr, listed: Sequence[str], first: int) -> pl.Expr:
    """Return the word for a small number; none where there is no such word."""
    return number.replace_strict(
        range(first, first + len(listed)), listed, default=None, return_dtype=pl.Enum(listed)
    )


def grade(column: str | pl.Expr) -> pl.Expr:
    number = col(column) if isinstance(column, str) else column
    return words(number, GRADES, 1)


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


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
