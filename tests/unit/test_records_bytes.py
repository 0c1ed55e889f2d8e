"""Whatever bytes a file holds: records or problems, the same however the file is read."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.records import staging
from engine.records.readers import csv_folder
from tests.unit.readers.given import as_csv, as_parquet, content, folder, lines, read, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VISITS = "audit_id,visit_date,child_seen,purpose\n"
CELLS = st.text(st.sampled_from("ab\",;\t\n\r \\'é-1"), max_size=4)
LINES = st.lists(st.lists(CELLS, max_size=5), max_size=6)
TEXTS = LINES.map(lambda lines: "\n".join(",".join(cells) for cells in lines))


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_the_two_ways_to_read_a_file_agree(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """The database and the row reader give the same rows and put the same rows aside."""
    path = folder(tmp_path_factory.mktemp("csv"), visits=VISITS + "A1,2024-01-01,yes,x\n" + text)
    found = []
    for buffer, large in ((10_000, 10_000), (1, 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(staging, "BUFFER", buffer)
            patch.setattr(csv_folder, "LARGE", large)
            with read(path) as batch:
                found.append((content(batch), batch.problems, batch.rejected, batch.input_hash))
    assert found[0] == found[1]


STARTS = (
    b"",
    b"{",
    b"[",
    b'{"audit_id": 1, "visits": [',
    b"audit_id: A1\n",
    b"audit_id,team\nA1,",
    b"PK\x03\x04",
    b"PAR1",
    OLE,
    b"\xff\xfe",
)


def read_or_stop(path: Path) -> bool:
    """Read a batch, or end with a reason; anything else is a failure."""
    try:
        read(path).close()
    except Stop as end:
        return bool(end.problems)
    return True


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=60))
def test_any_bytes_give_records_or_problems(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes
) -> None:
    """Whatever a file holds: a batch or a reasoned stop, never anything else."""
    path = tmp_path_factory.mktemp("bytes") / "audits.csv"
    path.write_bytes(start + rest)
    assert read_or_stop(path)
    assert read_or_stop(path.parent)


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "jsonl", "csv"])
def test_damaged_files_give_records_or_problems(tmp_path: Path, kind: str) -> None:
    """A good file with some bytes changed, cut or doubled: a batch or a reasoned stop."""
    tables = {"audits": [{"audit_id": "A1", "team": "Oak", "audit_date": "2024-03-01"}]}
    good = {
        "xlsx": lambda: workbook(tmp_path / "a", audits=[["audit_id", "team"], ["A1", "Oak"]]),
        "parquet": lambda: as_parquet(tables, tmp_path / "p") / "audits.parquet",
        "jsonl": lambda: lines(tmp_path / "j", *tables["audits"]),
        "csv": lambda: as_csv(tables, tmp_path / "c") / "audits.csv",
    }[kind]()
    content, chance = good.read_bytes(), random.Random(1)
    for number in range(25):
        start = chance.randrange(len(content))
        end = min(len(content), start + chance.randrange(8))
        change = chance.randbytes(chance.randrange(4))
        path = tmp_path / f"{number}" / f"audits.{kind}"
        path.parent.mkdir()
        path.write_bytes(content[:start] + change + content[end:])
        assert read_or_stop(path.parent)
