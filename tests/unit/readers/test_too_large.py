"""Inputs of a size that nobody means: a clear end, in bounded memory."""

import re
import zipfile
from pathlib import Path

import pytest

from engine.errors import Stop
from engine.records import headers, put_aside, relations, sheets, type_columns
from tests.unit.readers.given import folder, read, said, workbook


def stopped(path: Path) -> list[str]:
    with pytest.raises(Stop) as end:
        read(path)
    return [f"{problem.code} {problem.message}" for problem in end.value.problems]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ten rows be the most that are put aside."""
    for module in (put_aside, relations, type_columns):
        monkeypatch.setattr(module, "MOST", 10)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "row",
    ["A1,no day", "B1,2024-03-01", "A1,2024-03-01,one,too,many"],
    ids=["bad", "astray", "wide"],
)
def test_more_bad_rows_than_anybody_could_look_at(tmp_path: Path, row: str) -> None:
    """The first are said as ever, and then the run ends."""
    visits = "audit_id,visit_date\n" + f"{row}\n" * 12
    *_, last = stopped(folder(tmp_path, visits=visits))
    assert last == "B157 more than 10 rows of the batch cannot be read"
    few = "audit_id,visit_date\n" + f"{row}\n" * 10
    with read(folder(tmp_path, visits=few)) as batch:
        assert len(batch.rejected) == 10


@pytest.mark.usefixtures("few")
def test_more_doubled_rows_than_anybody_could_look_at(tmp_path: Path) -> None:
    """Rows that stand twice count as well."""
    plans = "audit_id,plan_id,kind\n" + "A1,P1,care\n" * 40
    *_, last = stopped(folder(tmp_path, plans=plans))
    assert last == "B157 more than 10 rows of the batch cannot be read"


def test_a_table_with_a_million_columns(tmp_path: Path) -> None:
    """It is said at once what is wrong with it."""
    wide = "audit_id" + ",x" * 1_000_000
    assert stopped(folder(tmp_path, visits=f"{wide}\n")) == [
        f"B156 `{tmp_path}/visits.csv` has 1,000,001 columns, more than can be read"
    ]
    assert headers.MOST_COLUMNS == 16_384


def test_many_columns_that_are_no_fields_are_counted(tmp_path: Path) -> None:
    """A hundred are said one by one."""
    titles = ",".join(f"strange{number}" for number in range(300))
    with read(folder(tmp_path, visits=f"audit_id,{titles}\nA1{',' * 300}\n")) as batch:
        lines = said(batch, tmp_path)
        assert len(lines) == 101
        assert any("B102 more of `visits` is no field and was not read" in line for line in lines)


def test_a_sheet_whose_cells_lie_far_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row in the billions is not waited for, and cells far to the right are counted."""
    path = workbook(tmp_path / "a.xlsx", visits=[["audit_id", "visit_date"], ["A1", "2024-03-01"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    visits = "xl/worksheets/sheet2.xml"
    far = re.sub(
        rb'<row r="2"(.*?)r="A2"(.*?)r="B2"',
        rb'<row r="2000000000"\1r="A2000000000"\2r="B2000000000"',
        parts[visits],
    )
    assert far != parts[visits]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, far if name == visits else part)
    monkeypatch.setattr(sheets, "MOST_ROWS", 100)
    with read(path) as batch:
        assert batch.rows["visits"] == 0
    monkeypatch.setattr(sheets, "MOST_CELLS", 1)
    assert stopped(path) == [f"B007 `{path}` unpacks to more cells than can be read safely"]
