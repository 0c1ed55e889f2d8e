"""What an SSDA903 return says: placements out of episodes, times in care, and its year."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from tests.unit.readers.given import ROOT, read, rows, said

PUBLISHED = ROOT.parent / "shared/data/ssda903"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\n"
DAYS = ("came_into_care_date", "left_care_date")
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\n"


def returned(path: Path, **files: str) -> Path:
    """Write a return of these files and return its folder."""
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def placed(tmp_path: Path, *episodes: str) -> tuple[list[tuple[object, ...]], list[str]]:
    """Return the placements of a child with these episodes, and the days of its time in care."""
    lines = "".join(f"1,{episode}\n" for episode in episodes)
    path = returned(tmp_path / "r", a=f"{HEADER}1,2,01/05/2012,WBRI,,,\n", b=EPISODES + lines)
    with read(path) as batch:
        found = rows(batch, "placements")
        names = [name for name in DAYS if name in batch.presence.columns["audits"]]
        query = f"SELECT {', '.join(names)} FROM typed.audits"
        days = [
            str(day)
            for row in (batch.con.execute(query).fetchall() if names else ())
            for day in row
        ]
        return [tuple(map(str, row[1:])) for row in found], days


def test_a_new_legal_status_alone_is_no_new_placement(tmp_path: Path) -> None:
    """The two episodes are one placement, from the first day to the last."""
    found = placed(
        tmp_path,
        "01/05/2024,S,C2,U6,01/07/2024,X1",
        "01/07/2024,L,E1,U6,01/09/2024,X1",
        "01/09/2024,P,E1,K2,01/02/2025,E4A",
    )
    assert found == (
        [
            ("2024-05-01", "2024-09-01", "foster_care"),
            ("2024-09-01", "2025-02-01", "residential"),
        ],
        ["2024-05-01", "2025-02-01"],
    )


@pytest.mark.parametrize("new", "PTBU")
def test_every_other_reason_begins_a_placement(tmp_path: Path, new: str) -> None:
    """With the same carer too, who may have moved."""
    found, _ = placed(tmp_path, "01/05/2024,S,C2,U6,01/07/2024,X1", f"01/07/2024,{new},C2,U6,,")
    assert found == [
        ("2024-05-01", "2024-07-01", "foster_care"),
        ("2024-07-01", "None", "foster_care"),
    ]


def test_short_breaks_are_no_placements(tmp_path: Path) -> None:
    """And make no child one in care."""
    assert placed(tmp_path, "01/05/2024,S,V4,U6,02/05/2024,E4A") == ([], [])


def test_care_that_began_before_the_return_has_no_first_day(tmp_path: Path) -> None:
    """No episode with `S` stands in it."""
    found, days = placed(tmp_path, "01/05/2019,P,C2,U6,,")
    assert found == [("2019-05-01", "None", "foster_care")]
    assert days == []


def test_numbers_of_children_are_the_same_with_zeros_and_decimals(tmp_path: Path) -> None:
    """As the header writes them."""
    path = returned(
        tmp_path / "r",
        header=f"{HEADER}0012,2,01/05/2012,WBRI,,,\n",
        reviews=f"{REVIEWS}12.0,01/05/2012,01/06/2024,PN1\n12,01/05/2012,01/12/2024,PN1\n",
    )
    with read(path) as batch:
        assert [row[0] for row in rows(batch, "reviews")] == ["0012", "0012"]


def test_every_problem_is_at_its_row_and_column(tmp_path: Path) -> None:
    """Days of another form, codes that are not known, children without a number."""
    path = returned(
        tmp_path / "r",
        a=f"{HEADER}1,2,01/05/2012,WBRI,,,\n",
        b=f"{EPISODES}1,2024-13-01,S,C2,U6,,\n,01/05/2024,S,C2,U6,,\n",
        c="CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n1,01/05/2012,W1,01/05/2024,,BORED\n",
    )
    with read(path) as batch:
        found = [line.split("\n")[0] for line in said(batch, tmp_path / "r")]
    assert found[1:] == [
        "b.csv:2:2: B302 `2024-13-01` in `start_date` is no day of the calendar",
        "b.csv:3:1: B301 `CHILD` is blank and must be filled",
        "c.csv:2:6: B305 `BORED` is not allowed in `reason`",
    ]


def test_the_year_of_a_return_is_that_of_its_days(tmp_path: Path) -> None:
    """Until the last of them: nothing is known of the days after it."""
    reviews = "".join(f"1,01/05/2012,{day:02}/06/2024,PN1\n" for day in range(1, 29))
    path = returned(tmp_path / "r", a=f"{HEADER}1,2,01/05/2012,WBRI,,,\n", b=REVIEWS + reviews)
    with read(path) as batch:
        (found,) = batch.con.execute("SELECT period_start, period_end FROM typed.audits").fetchall()
        assert tuple(map(str, found)) == ("2024-04-01", "2024-06-28")
        assert batch.presence.latest_only == frozenset()


def test_one_table_alone_is_told_what_is_missing(tmp_path: Path) -> None:
    """Without the header nobody knows how old the children are."""
    (tmp_path / "e.csv").write_text(EPISODES, encoding="utf-8")
    with pytest.raises(Stop) as end:
        read(tmp_path / "e.csv")
    assert str(end.value).replace(f"{tmp_path.as_posix()}/", "") == (
        "e.csv: B012 `e.csv` is the table Episodes of an SSDA903 return, and stands alone\n"
        "  help: give the folder that holds it with the table Header "
        "(CHILD, SEX, DOB, ETHNIC, UPN, MOTHER, MC_DOB) and the others"
    )


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published sample of a return is not here")
def test_the_published_sample_is_read_whole() -> None:
    """Every child and review is there; episodes are placements, short breaks or go on with one."""
    with read(PUBLISHED) as batch:
        assert (batch.rows["audits"], batch.rows["reviews"]) == (2_675, 12_582)
        assert batch.rejected == ()
        breaks = next(p for p in batch.problems if "short breaks" in p.message)
        assert breaks.message.startswith("803 episodes")
        lines = (PUBLISHED / "episodes.csv").read_text(encoding="utf-8").splitlines()[1:]
        assert len(lines) == 5_050
        assert batch.rows["placements"] == 3_701
        assert [str(p.location) for p in batch.problems if p.code not in WARNED] == []


WARNED = {"B106", "B131", "B133"}
CELLS = st.text(st.sampled_from('SLPV4E1/,;"\n 0é-'), max_size=12)


@settings(max_examples=15, deadline=None)
@given(CELLS, CELLS, CELLS)
def test_whatever_a_return_holds_gives_records_or_problems(
    tmp_path_factory: pytest.TempPathFactory, first: str, second: str, third: str
) -> None:
    """Cells, rows and headers of any kind."""
    folder = tmp_path_factory.mktemp("any") / "r"
    path = returned(
        folder,
        a=f"{HEADER}1,2,{first},WBRI,,,\n",
        b=f"{EPISODES}1,01/05/2024,{second},U6,,\n{third}",
        c=f"{REVIEWS}1,01/05/2012,{third}\n{first}",
    )
    try:
        read(path).close()
    except Stop as end:
        assert end.problems
