"""A performance extract held against audits: what is read of it, the interval, the cases."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.records.extract import Extract, read_extract
from engine.reports.reconcile import Kind, Line, Seen, Verdict, reconcile, wilson
from tests.unit.readers.given import fields, workbook

STANDARDS = ("CP-05", "SU-01")
HEADER = "indicator,standard,team,period_start,period_end,numerator,denominator,percentage\n"


def read(path: Path, tmp_path: Path) -> Extract:
    with duckdb.connect() as con:
        return read_extract(path, fields(), STANDARDS, con, tmp_path)


def written(tmp_path: Path, rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "extract.csv"
    path.write_text(header + rows, "utf-8")
    return path


def said(extract: Extract) -> list[str]:
    return [re.sub(r"^\S*/", "", str(problem)) for problem in extract.problems]


def test_figures_are_read_as_analysts_write_them(tmp_path: Path) -> None:
    """Days as DD/MM/YYYY, thousands with commas, percentages with and without their sign."""
    rows = 'Visits,cp-05,North,01/04/2025,30/09/2025,"1,900","2,000",95%\nSupervision,SU-01,,,,,,88.5\n'
    extract = read(written(tmp_path, rows), tmp_path)
    assert extract.problems == []
    visits, supervision = extract.indicators
    assert (visits.standard, visits.team, visits.met, visits.of, visits.share) == (
        "CP-05", "North", 1900, 2000, 0.95,
    )  # fmt: skip
    assert (visits.period_start, visits.period_end) == (date(2025, 4, 1), date(2025, 9, 30))
    assert (supervision.met, supervision.share, supervision.team) == (None, 0.885, None)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("V,CP-5,,,,,,50", "extract.csv:2:2: K003 `CP-5` is no standard of the rulebook\n  help: did you mean `CP-05`?"),
        ("V,CP-05,,,,,,130", "extract.csv:2:8: K004 `130` is no percentage between 0 and 100\n  help: percentages count those that achieved it"),
        ("V,CP-05,,,,,,-1%", "extract.csv:2:8: K004 `-1%` is no percentage between 0 and 100\n  help: percentages count those that achieved it"),
        ("V,CP-05,,,,9,8,", "extract.csv:2:6: K005 the numerator 9 is above the denominator 8"),
        ("V,CP-05,,,,9,0,", "extract.csv:2:7: K007 the denominator is 0: there is no figure"),
        ("V,CP-05,,,,9,,", "extract.csv:2:8: K007 the row has neither a percentage nor a numerator and a denominator"),
        ("V,CP-05,,,,c,20,", "extract.csv:2:6: K007 the figure is suppressed (`c`)"),
        ("V,CP-05,,,,8,10,95", "extract.csv:2:8: K009 `95` is not 8 of 10, which is 80.0%\n  help: put the wrong one right"),
        ("V,CP-05,,,,8.5,10,", "extract.csv:2:6: K018 `8.5` in `numerator` is no count"),
        ("V,CP-05,,,,most,10,", "extract.csv:2:6: K018 `most` in `numerator` is no number"),
        ("V,CP-05,,04/31/2025,,,,50", "extract.csv:2:4: K018 `04/31/2025` in `period_start` is no day of the calendar\n  help: dates are read as day/month/year"),
        ("V,CP-05,,2025-09-30,2025-04-01,,,50", "extract.csv:2:5: K019 the period ends on 2025-04-01, before it starts on 2025-09-30"),
        (",CP-05,,,,,,50", "extract.csv:2:1: K018 `indicator` is blank and must be filled"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_said_with_its_cell(
    tmp_path: Path, row: str, told: str
) -> None:
    """It is put aside, with what to do, and the rest is read."""
    extract = read(written(tmp_path, f"{row}\nGood,SU-01,,,,1,2,\n"), tmp_path)
    assert said(extract) == [told]
    assert ([one.name for one in extract.indicators], extract.put_aside) == (["Good"], 1)


def test_an_indicator_stands_once_for_a_period_and_team(tmp_path: Path) -> None:
    """The first row counts; other teams and periods are others."""
    rows = "V,CP-05,,,,1,2,\nV,CP-05,North,,,1,2,\nV,CP-05,,,,2,2,\n"
    extract = read(written(tmp_path, rows), tmp_path)
    assert [one.met for one in extract.indicators] == [1, 1]
    assert extract.problems[0].message.startswith("`V` stands twice for the same period and team")
    assert extract.problems[0].code == "K006"


def test_shares_that_excel_shows_as_per_cent_are_said(tmp_path: Path) -> None:
    """A cell shown as 85% holds 0.85; where all are so, all are read so, with a warning."""
    extract = read(written(tmp_path, "V,CP-05,,,,,,0.85\nS,SU-01,,,,,,1\n"), tmp_path)
    assert [one.share for one in extract.indicators] == [0.85, 1.0]
    assert said(extract) == [
        "extract.csv:2:8: K008 no percentage is above 1, and all were read as shares: 0.85 as 85%\n"
        "  help: write percentages as 85 or 85%"
    ]
    assert extract.put_aside == 0


def test_a_workbook_says_what_is_true_of_children(tmp_path: Path) -> None:
    """Sheets are told by their columns; a row about another indicator, or at odds, is said."""
    path = workbook(
        tmp_path / "extract.xlsx",
        Figures=[["Indicator", "Standard", "Percentage"], ["V", "CP-05", 90]],
        Cases=[["Child ID", "Indicator", "Achieved"], ["C1", "V", "yes"], ["C2", "v", "N"],
               ["C1", "V", "no"], ["C3", "W", "yes"]],
    )  # fmt: skip
    extract = read(path, tmp_path)
    assert extract.children == {("V", "C1"): True, ("V", "C2"): False}
    assert said(extract) == [
        "extract.xlsx!Cases!B5: K010 `W` is no indicator of this extract that can be used",
        "extract.xlsx!Cases!C4: K010 an earlier row says otherwise of `V` for this child, and counts\n"
        "  help: keep the row that is right",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "extract.csv: K001 `{}` has no table with the columns `indicator` and `standard`\n  help: the columns are listed in docs/reference/reconcile.md"),
        ("name,figure\nV,3\n", "extract.csv: K001 `{}` has no table with the columns `indicator` and `standard`\n  help: the columns are listed in docs/reference/reconcile.md"),
        (HEADER, "extract.csv: K002 `{}` has no row below its header\n  help: write a row for each indicator"),
    ],
)  # fmt: skip
def test_an_extract_without_indicators_ends_the_run(
    tmp_path: Path, content: str, told: str
) -> None:
    """An empty file and one of another kind are said plainly."""
    path = written(tmp_path, content, header="")
    with pytest.raises(Stop) as end:
        read(path, tmp_path)
    expected = f"{path.parent.as_posix()}/{told.format(path.as_posix())}"
    assert [str(problem) for problem in end.value.problems] == [expected]


@given(st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_an_extract_or_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Whatever the file holds, what is wrong with it is said."""
    folder = tmp_path_factory.mktemp("bytes")
    (folder / "e").write_bytes(HEADER.encode() + content)
    try:
        extract = read(folder / "e", folder)
    except Stop as end:
        assert end.problems
    else:
        assert extract.indicators or extract.problems


# --- held against audits ---------------------------------------------------------------------------


def seen(number: int, outcome: str, **facts: object) -> Seen:
    given_ = {"child_id": f"C{number}", "team": "North", "first": date(2025, 4, 1),
              "last": date(2025, 9, 30), **facts}  # fmt: skip
    return Seen(f"A{number}", found={"CP-05": (outcome, "Because.")}, **given_)  # type: ignore[arg-type]


def lines(extract: Path, tmp_path: Path, *audits: Seen) -> tuple[Line, ...]:
    return reconcile(read(extract, tmp_path), audits, {"CP-05": "Visited", "SU-01": "S"}).lines


def test_two_figures_the_gap_and_the_cases(tmp_path: Path) -> None:
    """What cannot be assessed, is not due or does not bind counts on neither side."""
    outcomes = ["met", "met", "partly_met", "not_met", "not_evidenced", "not_assessable",
                "not_yet_due", "not_applicable"]  # fmt: skip
    audits = [seen(n, outcome) for n, outcome in enumerate(outcomes)]
    (line,) = lines(written(tmp_path, "V,CP-05,,,,19,20,\n"), tmp_path, *audits)
    assert (line.audits, line.met, line.assessed, line.share) == (8, 2, 5, 0.4)
    assert line.gap == pytest.approx(-55)
    assert line.verdict is Verdict.LESS
    assert [(case.audit_id, case.kind) for case in line.cases] == [
        ("A2", Kind.MISSED), ("A3", Kind.MISSED), ("A4", Kind.MISSED),
    ]  # fmt: skip


def test_few_audits_cannot_tell_figures_apart(tmp_path: Path) -> None:
    """A figure in the interval is not said to be wrong; without an audit nothing is said."""
    path = written(tmp_path, "V,CP-05,,,,9,10,\nW,CP-05,South,,,9,10,\n")
    alike, nothing = lines(path, tmp_path, seen(1, "met"), seen(2, "met"), seen(3, "not_met"))
    assert alike.verdict is Verdict.ALIKE
    assert (nothing.verdict, nothing.share, nothing.gap) == (Verdict.NOTHING, None, None)
    path = written(tmp_path, "V,CP-05,,,,1,10,\n")
    (more,) = lines(path, tmp_path, *(seen(n, "met") for n in range(9)))
    assert more.verdict is Verdict.MORE


def test_audits_of_the_period_and_team_count(tmp_path: Path) -> None:
    """An audit counts where its period and the figure's have a day in common, whatever the case of its team."""
    path = written(tmp_path, "V,CP-05,NORTH,2025-09-30,2025-12-31,9,10,\n")
    none = {"first": None, "last": None}
    found = reconcile(
        read(path, tmp_path),
        [seen(1, "met"), seen(2, "met", last=date(2025, 9, 29)), seen(3, "met", team="South"),
         seen(4, "met", team=None), seen(5, "met", **none)],
        {"CP-05": "Visited"},
    )  # fmt: skip
    assert found.lines[0].audits == 1
    assert found.without_period == 1


def test_children_of_no_audit_hide_no_case(tmp_path: Path) -> None:
    """Where the table of children names nobody who was audited, the audits that missed it stand."""
    path = workbook(
        tmp_path / "e.xlsx",
        Figures=[["Indicator", "Standard", "Percentage"], ["V", "CP-05", 90]],
        Cases=[["Child ID", "Indicator", "Achieved"], ["000C1", "V", "yes"]],
    )
    (line,) = lines(path, tmp_path, seen(1, "not_met"))
    assert [(case.audit_id, case.kind) for case in line.cases] == [("A1", Kind.MISSED)]


def test_names_that_differ_by_case_alone_are_two_indicators(tmp_path: Path) -> None:
    """A row about a child belongs to the name that is written, if there is one."""
    path = workbook(
        tmp_path / "e.xlsx",
        Figures=[["Indicator", "Standard", "Percentage"], ["V", "CP-05", 90], ["v", "SU-01", 90]],
        Cases=[["Child ID", "Indicator", "Achieved"], ["C1", "V", "yes"], ["C2", "v", "no"]],
    )
    assert read(path, tmp_path).children == {("V", "C1"): True, ("v", "C2"): False}


def test_children_show_which_cases_differ(tmp_path: Path) -> None:
    """With the extract's own word on each child, the cases are those on which the two differ."""
    folder = tmp_path / "extract"
    folder.mkdir()
    (folder / "figures.csv").write_text(f"{HEADER}V,CP-05,,,,9,10,\n", "utf-8")
    told = "child_id,indicator,achieved\nC1,V,yes\nC2,V,yes\nC3,V,no\nC4,V,no\nC6,V,yes\n"
    (folder / "children.csv").write_text(told, "utf-8")
    outcomes = ["met", "not_met", "met", "not_met", "not_met", "not_assessable"]
    audits = [seen(n, outcome) for n, outcome in enumerate(outcomes, start=1)]
    (line,) = lines(folder, tmp_path, *audits)
    assert (line.compared, line.agreeing) == (4, 2)
    assert [(case.audit_id, case.kind) for case in line.cases] == [
        ("A2", Kind.NOT_SHOWN), ("A3", Kind.NOT_COUNTED),
    ]  # fmt: skip


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
@settings(max_examples=100, deadline=None)
def test_the_interval_holds_the_share_and_narrows(figures: tuple[int, int]) -> None:
    """It lies between 0 and 1, holds the share, and is narrower for ten times as many audits."""
    met, of = figures
    low, high = wilson(met, of)
    assert 0 <= low <= met / of <= high <= 1
    narrow = wilson(10 * met, 10 * of)
    assert narrow[1] - narrow[0] < high - low
    mirrored = wilson(of - met, of)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high))


def test_the_interval_is_that_of_the_books() -> None:
    """Two worked examples: 81 of 263 (Newcombe 1998) and 0 of 20."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=0.0001)
