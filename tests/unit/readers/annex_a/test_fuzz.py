"""Whatever stands in a workbook of lists: records or problems, and never more than was said."""

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engine.errors import Stop
from engine.records import Batch, read_batch
from tests.formats import annex_a
from tests.formats.cases import PROTECTED, whole
from tests.formats.every import book
from tests.unit.readers.annex_a.sheets import HEADERS

WORDS = (
    "a) Yes", "b) No", "c) Unknown", "Unborn", "No Visit - new in last month", "Child seen",
    "Seen alone", "Yes-See care notes for details", "01/02/2024", "2024-02-30", "1/2/24",
    "a) Looked after child", "CIN", "#N/A", "#REF!", "=1/0", "C1", "C2", " 17.0 ", "\u00a0", "-",
    "f) U6: Foster placement", "List 7", "Child Unique ID", "\U0001f476", "x" * 300,
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.none(),
    st.integers(-10, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
)
ALONE = HEADERS[7].index("Was the Child Seen Alone?")
YES = re.compile(r"yes|alone|true|^1", re.IGNORECASE)


def headers(number: int) -> st.SearchStrategy[list[str | None]]:
    """Return headers of a list, some of them gone, doubled or in another order."""
    names = st.sampled_from((*HEADERS[number], "Local flag", "", None))
    whole: list[str | None] = [*HEADERS[number]]
    return st.lists(names, max_size=12) | st.just(whole)


BOOKS = st.dictionaries(
    st.integers(1, 11),
    st.integers(1, 10).flatmap(
        lambda n: st.tuples(
            st.lists(st.lists(CELLS, max_size=2), max_size=2),
            headers(n),
            st.lists(st.lists(CELLS, max_size=14), max_size=5),
        )
    ),
    min_size=1,
    max_size=4,
)


def read_or_stop(path: Path) -> Batch | None:
    """Read a workbook, or end with a reason; anything else is a failure."""
    try:
        return read_batch(path, book().fields, book().allowed)
    except Stop as end:
        assert end.problems
        return None


def save(path: Path, made: Workbook) -> Path:
    """Save a workbook; its first sheet stays empty."""
    made.save(path)
    return path


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books=BOOKS, hidden=st.booleans())
def test_any_cells_give_records_or_problems(
    books: dict[int, tuple[list[list[object]], list[str | None], list[list[object]]]],
    *,
    hidden: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Headers, titles above them and cells of any kind, on hidden sheets too."""
    made = Workbook()
    for number, (above, header, rows) in books.items():
        sheet = made.create_sheet(f"List {number}")
        sheet.sheet_state = "hidden" if hidden else "visible"
        given: list[list[object]] = [*above, [*header], *rows]
        for row in given:
            sheet.append(row)
    batch = read_or_stop(save(tmp_path_factory.mktemp("any") / "any.xlsx", made))
    if batch:
        lines = sum(len(above) + len(rows) + 1 for above, _, rows in books.values())
        assert batch.audit_count + len(batch.rejected) <= 10 * lines
        batch.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(CELLS, min_size=1, max_size=30))
def test_nobody_was_seen_alone_who_is_not_said_to_have_been(
    said: Sequence[object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the answers, only one that says so makes a child seen alone."""
    made = Workbook()
    sheet = made.create_sheet("List 7")
    sheet.append(HEADERS[7])
    for number, cell in enumerate(said):
        row: list[object] = [f"C{number}", *[None] * (len(HEADERS[7]) - 1)]
        row[4], row[5], row[ALONE] = "2024-01-01", "2024-02-01", cell
        sheet.append(row)
    batch = read_or_stop(save(tmp_path_factory.mktemp("alone") / "any.xlsx", made))
    assert batch
    query = "SELECT audit_id FROM typed.visits WHERE seen_alone"
    alone = {audit for (audit,) in batch.con.execute(query).fetchall()}
    batch.close()
    assert alone <= {f"C{n}" for n, cell in enumerate(said) if YES.search(str(cell))}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a good workbook."""
    return annex_a.write(whole(PROTECTED, book()), tmp_path_factory.mktemp("good") / "good.xlsx")


def damaged(good: Path, to: Path, damage: Callable[[bytes], bytes], part: str = "") -> Path:
    """Write a workbook anew with its bytes, or those of one part, damaged."""
    if not part:
        to.write_bytes(damage(good.read_bytes()))
        return to
    with ZipFile(good) as source, ZipFile(to, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, damage(content) if name == part else content)
    return to


PARTS = (
    "",
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet7.xml",
    "xl/_rels/workbook.xml.rels",
)


@pytest.mark.parametrize("part", PARTS)
def test_damage_gives_records_or_problems(part: str, good: Path, tmp_path: Path) -> None:
    """Bytes changed, cut or doubled, in the file and in each part of it."""
    chance = random.Random(part)

    def damage(content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(changed))
            changed[at] = chance.randrange(256)
        cut = chance.choice((None, chance.randrange(len(changed))))
        return bytes(changed[:cut] + changed[(cut or 0) // 2 : cut] * chance.choice((0, 0, 1)))

    for _ in range(5):
        batch = read_or_stop(damaged(good, tmp_path / "x.xlsx", damage, part))
        assert batch is None or batch.audit_count > 0
        if batch:
            batch.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="2"', b'<row r="2000000000"'),
        (b'r="H2"', b'r="ZZZ2"'),
        (b'r="H2"', b'r="ZZZZZZZ2"'),
        (b"</row></sheetData>", b"<c/>" * 20_000 + b"</row></sheetData>"),
        (b"<sheetData>", b"<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells><sheetData>"),
    ],
)
def test_a_sheet_of_any_claimed_size_is_read_or_refused_at_once(
    old: bytes, new: bytes, good: Path, tmp_path: Path
) -> None:
    """Two thousand million rows, a million columns, everything merged: no hang, no memory."""
    path = damaged(
        good,
        tmp_path / "x.xlsx",
        lambda content: content.replace(old, new, 1),
        "xl/worksheets/sheet7.xml",
    )
    batch = read_or_stop(path)
    if batch:
        assert batch.audit_count == 1
        batch.close()
