"""Synthetic batches: the same order gives the same bytes, and what cannot be made is refused."""

from pathlib import Path

import pytest

from engine.errors import Exit, Stop
from engine.synthetic import CODES, Order, as_xlsx, run, synthesise
from engine.synthetic.generator import Generator, connect, days_back, script
from tests.unit.synthetic_batches import (
    all_bytes,
    calendar,
    fields,
    made_once,
    make,
    read_parquet,
    truth_of,
)

FORMATS = ("csv", "jsonl", "parquet")


@pytest.mark.parametrize("format_", FORMATS)
def test_same_order_same_bytes(format_: str, tmp_path: Path) -> None:
    """Two batches of the same seed are the same to the last byte, and so is the truth."""
    once = made_once(40, 5, format_)
    again = make(tmp_path / once.name, 40, seed=5, format_=format_)
    assert all_bytes(again.out) == all_bytes(once) != {}
    assert all_bytes(again.truth) == all_bytes(truth_of(once))


def test_another_seed_gives_another_batch(tmp_path: Path) -> None:
    """Another seed, even the same number with a minus, gives other audits."""
    other = make(tmp_path / "other", 40, seed=-5).out
    assert (other / "visits.csv").read_bytes() != (
        made_once(40, 5, "csv") / "visits.csv"
    ).read_bytes()


def test_a_larger_batch_begins_with_the_smaller(tmp_path: Path) -> None:
    """Audit number i is the same whatever the size of the batch."""
    small, large = made_once(40, 5, "csv"), make(tmp_path / "large", 80, seed=5)
    for table, begins in all_bytes(small).items():
        assert (large.out / table).read_bytes().startswith(begins), table
    begins = (truth_of(small) / "truth.csv").read_bytes()
    assert (large.truth / "truth.csv").read_bytes().startswith(begins)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_stretches_do_not_show(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch made in many stretches side by side holds the same rows as one made at once."""
    whole = made_once(40, 5, format_)
    monkeypatch.setitem(run.STRETCH, format_, 17)
    parts = make(tmp_path / "parts", 40, seed=5, format_=format_)
    if format_ == "parquet":
        assert len(list((parts.out / "visits").iterdir())) == 3
        assert read_parquet(parts.out) == read_parquet(whole)
    else:
        assert all_bytes(parts.out) == all_bytes(whole)
        assert all_bytes(parts.truth) == all_bytes(truth_of(whole))


def test_every_case_type_occurs_in_any_66(tmp_path: Path) -> None:
    """Whatever the seed, 66 audits in a row hold every case type."""
    allowed = set(fields().tables["audits"].fields["case_type"].values)
    for seed in range(4):
        con = connect(seed, None, tmp_path)
        for first in (1, 4_970, 9_999_000):
            con.execute(f"SET VARIABLE first = {first}; SET VARIABLE last = {first + 65}")
            con.execute(script("people"))
            found = con.execute("SELECT DISTINCT case_type FROM people").fetchall()
            assert {name for (name,) in found} == allowed
        con.close()


def test_draws_are_the_known_function(tmp_path: Path) -> None:
    """The mixing function is lowbias32 in whole numbers: no version of DuckDB changes it."""

    def mixed(x: int) -> int:
        x ^= x >> 16
        x = x * 0x7FEB352D & 0xFFFFFFFF
        x ^= x >> 15
        x = x * 0x846CA68B & 0xFFFFFFFF
        return x ^ x >> 16

    numbers = [0, 1, 2, 1_000_003, 0xFFFFFFFF]
    con = connect(1, None, tmp_path)
    found = con.execute(
        "SELECT mix(x) FROM (SELECT unnest(?::UBIGINT[]) AS x)", [numbers]
    ).fetchall()
    assert [x for (x,) in found] == [mixed(x) for x in numbers]


def test_numbers_are_never_cut(tmp_path: Path) -> None:
    """Pseudonyms stay apart however many there are, and the last audit still sorts last."""
    con = connect(1, calendar(), tmp_path)
    Generator(con, fields(), "csv").draw(99_999_000, 99_999_999)
    found = con.execute(
        "SELECT count(DISTINCT team) = count(DISTINCT team_no), min(audit_id), max(audit_id) "
        "FROM (SELECT a.team, c.team AS team_no, a.audit_id FROM made.audits a "
        "JOIN cases c USING (audit_id))"
    ).fetchone()
    assert found == (True, "A99999000", "A99999999")


def test_no_draw_falls_on_a_day_off() -> None:
    """Steps back from a day off lead to the working day before it; without a calendar, weekends."""
    christmas = days_back(calendar())[-8:]  # 24 to 31 December 2026
    assert christmas == [0, 1, 2, 3, 4, 0, 0, 0]
    assert days_back(None)[-8:] == [0, 0, 1, 2, 0, 0, 0, 0]


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is told after each stretch how many audits are done, and of how many."""
    monkeypatch.setitem(run.STRETCH, "csv", 11)
    told: list[tuple[int, int]] = []
    order = Order(20, tmp_path / "made")
    made = synthesise(order, fields(), calendar(), lambda done, of: told.append((done, of)))
    assert told == [(11, 20), (20, 20)]
    assert made.rows["audits"] == 20


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(0, Path("new")), "S001"),
        (Order(100_000_000, Path("new")), "S001"),
        (Order(5, Path("new"), format="excel"), "S002"),
        (Order(5, Path("taken")), "S003"),
        (Order(5, Path("taken/note.txt")), "S003"),
        (Order(5, Path("free")), "S003"),
        (Order(5, Path("taken/note.txt/below")), "S005"),
    ],
)
def test_what_cannot_be_made_is_refused(
    order: Order, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong order ends as wrong usage with the reason, and leaves everything as it was."""
    monkeypatch.chdir(tmp_path)
    for name in ("taken/note.txt", "free.truth/note.txt"):
        Path(name).parent.mkdir()
        Path(name).write_text("mine")
    before = all_bytes(tmp_path)
    with pytest.raises(Stop) as stopped:
        synthesise(order, fields(), calendar())
    assert stopped.value.exit_code is Exit.USAGE
    assert [problem.code for problem in stopped.value.problems] == [code]
    assert code in CODES
    assert all_bytes(tmp_path) == before
    assert not Path("new").exists()


def test_a_sheet_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook is refused when a table has more rows than a sheet, with the name of the table."""
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 100)
    with pytest.raises(Stop, match=r"`domain_grades` has \d+ rows, and a sheet holds 100") as end:
        make(tmp_path / "made", 40, format_="xlsx")
    assert end.value.exit_code is Exit.USAGE
    assert not list(tmp_path.iterdir())


def test_a_file_may_be_named(tmp_path: Path) -> None:
    """A workbook or a file of JSON Lines stands where it was asked for, the truth beside it."""
    made = make(tmp_path / "batch.jsonl", 3, format_="jsonl")
    assert made.out.is_file()
    assert sorted(path.name for path in made.truth.iterdir()) == ["auditors.csv", "truth.csv"]
    assert made.truth == tmp_path / "batch.truth"


def test_an_empty_folder_is_free(tmp_path: Path) -> None:
    """A folder with nothing in it is a place like any other."""
    (tmp_path / "made").mkdir()
    assert make(tmp_path / "made", 3).rows["audits"] == 3
