"""The form filled in with LibreOffice itself, saved and read back."""

from pathlib import Path

import openpyxl
import pytest

from tests.unit.commands import AS_OF, ROOT, Audit
from tests.unit.forms import CASE, blank, filled, orders, read
from tests.unit.office import Office, office

pytestmark = office


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return one LibreOffice for all tests here."""
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def by_office(open_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the case, typed into the form in LibreOffice."""
    folder = tmp_path_factory.mktemp("forms")
    form = folder / "form.xlsx"
    form.write_bytes(blank("child_protection"))
    return open_office.fill(form, folder / "filled.xlsx", orders(form))


def test_a_form_filled_in_with_libreoffice_scores(
    by_office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was typed decides: the gap between two visits, against the auditor's answer."""
    ended = Audit(monkeypatch, capsys)("score", by_office, *AS_OF, "--rules", ROOT / "rules")
    assert ended.code == 0
    assert "0017" in ended.out
    assert "CP-05" in ended.out
    assert "Traceback" not in ended.err


def test_libreoffice_and_another_program_leave_the_same_batch(
    by_office: Path, tmp_path: Path
) -> None:
    """The program that fills the form in makes no difference."""
    form = tmp_path / "form.xlsx"
    form.write_bytes(blank("child_protection"))
    with read(by_office) as one, read(filled(form, form, orders(form))) as other:
        assert one.input_hash == other.input_hash
        assert not one.rejected


def test_a_form_that_went_through_opendocument_is_the_same(
    by_office: Path, open_office: Office
) -> None:
    """From XLSX to ODS and back nothing is lost."""
    ods = open_office.convert(by_office, "ods")
    back = ods.with_name("back.ods")
    ods.rename(back)
    with read(by_office) as one, read(open_office.convert(back, "xlsx")) as other:
        assert one.input_hash == other.input_hash


def test_libreoffice_leaves_the_sheets_protected(by_office: Path) -> None:
    """Headings stay locked and entries open. That no sheet may be taken out it does not save."""
    book = openpyxl.load_workbook(by_office)
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    visits = book["Visits"]
    assert visits["A4"].protection.locked
    assert not visits["A5"].protection.locked
    assert len(CASE["visits"]) == sum(bool(visits[f"A{row}"].value) for row in range(5, 30))
