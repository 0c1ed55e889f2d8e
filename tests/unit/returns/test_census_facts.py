"""What the children in need census says, and what nothing is concluded from."""

from pathlib import Path

from tests.unit.readers.given import read, rows, said

HEAD = "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>{}</Year></CollectionDetails></Header><Children>"
WHO = "<ChildIdentifiers><LAchildID>{}</LAchildID><PersonBirthDate>{}</PersonBirthDate></ChildIdentifiers>"


def census(path: Path, *children: str, year: str = "2025") -> Path:
    """Write a census of children, a line each, and return it."""
    inner = "\n".join(f"<Child>{child}</Child>" for child in children)
    path.write_text(f"{HEAD.format(year)}\n{inner}\n</Children></Message>", encoding="utf-8")
    return path


def child(number: str = "C1", born: str = "2014-05-06", **details: str) -> str:
    """Return a child with an episode that holds these elements."""
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in details.items())
    return WHO.format(number, born) + f"<CINdetails>{inner}</CINdetails>"


def test_a_day_that_cannot_be_read_is_reported_at_its_line_and_element(tmp_path: Path) -> None:
    """The path can be pasted into an XML editor."""
    broken = child(Assessments="<AssessmentActualStartDate>soon</AssessmentActualStartDate>")
    with read(census(tmp_path / "c.xml", child("C0"), broken)) as batch:
        assert said(batch, tmp_path) == [
            "c.xml:3 (/Message/Children/Child[2]/CINdetails[1]/Assessments[1]"
            "/AssessmentActualStartDate): B302 `soon` in `start_date` is not a date\n"
            "  help: write it as 2024-03-31 or 31/03/2024"
        ]


def test_an_unknown_element_is_said_once(tmp_path: Path) -> None:
    """However many children have it."""
    new = child(PreProceedingsandFGDM="<X>1</X>")
    with read(census(tmp_path / "c.xml", new, new.replace("C1", "C2"))) as batch:
        assert said(batch, tmp_path) == [
            "c.xml:2 (/Message/Children/Child[1]/CINdetails[1]/PreProceedingsandFGDM[1]): B130 "
            "`PreProceedingsandFGDM` is no element of `CINdetails` that is known here and was not "
            "read"
        ]


def test_a_census_without_a_year_judges_no_series(tmp_path: Path) -> None:
    """Every table that it fills may begin before the census."""
    with read(census(tmp_path / "c.xml", child(), year="")) as batch:
        assert batch.presence.latest_only == {
            "referrals",
            "assessments",
            "plans",
            "enquiries",
            "conferences",
        }
        assert [problem.code for problem in batch.problems] == ["B131"]


def test_reviews_before_the_year_are_not_missed(tmp_path: Path) -> None:
    """A plan from before the year may have been reviewed before it; a review then would tell."""
    plan = "<CPPstartDate>2023-01-01</CPPstartDate>{}"
    reviewed = "<Reviews><CPPreviewDate>{}</CPPreviewDate></Reviews>"
    old = child("C1", ChildProtectionPlans=plan.format(reviewed.format("2024-09-01")))
    told = child("C2", ChildProtectionPlans=plan.format(reviewed.format("2024-03-01")))
    with read(census(tmp_path / "c.xml", old, told)) as batch:
        found = batch.con.sql("SELECT audit_id, not_examined FROM typed.audits ORDER BY 1")
        assert found.fetchall() == [("C1", ["conferences"]), ("C2", None)]
        assert [problem.code for problem in batch.problems] == ["B134"]


def test_the_conference_of_an_enquiry_is_not_counted_twice(tmp_path: Path) -> None:
    """`DateOfInitialCPC` may stand in the episode and in the enquiry."""
    held = "<DateOfInitialCPC>2024-06-20</DateOfInitialCPC>"
    enquiry = f"<S47ActualStartDate>2024-06-01</S47ActualStartDate>{held}"
    both = child(DateOfInitialCPC="2024-06-20", Section47=enquiry)
    with read(census(tmp_path / "c.xml", both)) as batch:
        assert len(rows(batch, "conferences")) == 1


def test_a_child_with_two_months_of_birth_has_none(tmp_path: Path) -> None:
    """Which of the two is right cannot be told."""
    with read(census(tmp_path / "c.xml", child(), child(born="2015-01-01"), child())) as batch:
        assert "birth_month" not in batch.presence.columns["audits"]
        assert said(batch, tmp_path) == [
            "c.xml:3 (/Message/Children/Child[2]/PersonBirthDate): B120 `birth_month` of child "
            "`C1` is given as `2014-05` and `2015-01`, so it is left blank\n"
            "  help: put right the row that is wrong, and read it again"
        ]


def test_a_child_without_a_number_is_put_aside(tmp_path: Path) -> None:
    """With all that stands in it."""
    with read(census(tmp_path / "c.xml", child(), child(" "))) as batch:
        assert [(r.code, r.place) for r in batch.rejected] == [
            ("B301", "3 (/Message/Children/Child[2]/ChildIdentifiers/LAchildID)")
        ]


def test_before_2022_no_plan_of_a_child_in_need_is_asked_for(tmp_path: Path) -> None:
    """So that none is there says nothing."""
    with read(census(tmp_path / "c.xml", child(), year="2021")) as batch:
        found = batch.con.sql("SELECT not_examined FROM typed.audits").fetchall()
        assert found == [(["plans"],)]
