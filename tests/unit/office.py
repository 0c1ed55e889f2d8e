"""LibreOffice for the tests: it opens, edits, saves and converts workbooks, headless.

What edits is a macro of LibreOffice's own in a profile that is thrown away; the workbook itself
holds none. Without LibreOffice the tests that need it are skipped, unless AUDIT_REQUIRE_OFFICE is
set.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
REQUIRED = bool(os.environ.get("AUDIT_REQUIRE_OFFICE"))
LONGEST = 120  # seconds
office = pytest.mark.skipif(
    not SOFFICE and not REQUIRED, reason="LibreOffice (soffice) is not installed"
)
XLSX = "Calc MS Excel 2007 XML"
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
Sub Main(orders As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  saved(0).Name = "FilterName"
  n = FreeFile
  Open orders For Input As #n
  Line Input #n, source
  Line Input #n, target
  Line Input #n, filter
  saved(0).Value = filter
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  Do While Not EOF(n)
    Line Input #n, order
    parts = Split(order, Chr(9))
    cell = doc.Sheets.getByName(parts(0)).getCellRangeByName(parts(1))
    If parts(2) = "typed" Then
      cell.setFormula(parts(3))
    Else
      cell.setString(parts(3))
    End If
  Loop
  Close #n
  doc.storeToURL(target, saved())
  doc.close(True)
End Sub
</script:module>
"""

Order = tuple[str, str, str]  # sheet, cell, what is typed


class Office:
    """One LibreOffice with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        assert SOFFICE, "AUDIT_REQUIRE_OFFICE is set and there is no LibreOffice"
        self.folder = folder
        self._run("--terminate_after_init")  # it makes the profile
        module = folder / "profile/user/basic/Standard/Module1.xba"
        module.write_text(_MODULE, encoding="utf-8")

    def fill(self, source: Path, target: Path, cells: Sequence[Order]) -> Path:
        """Type into cells of a workbook, and save it as another."""
        orders = self.folder / "orders.txt"
        typed = ("\t".join((sheet, cell, _kind(text), text)) for sheet, cell, text in cells)
        lines = (source.as_uri(), target.as_uri(), XLSX, *typed)
        orders.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        self._run(f'macro:///Standard.Module1.Main("{orders}")')
        assert target.is_file(), "LibreOffice saved nothing"
        return target

    def convert(self, source: Path, kind: str) -> Path:
        """Convert a workbook to another format beside it."""
        self._run("--convert-to", kind, "--outdir", str(source.parent), str(source))
        return source.with_suffix(f".{kind}")

    def _run(self, *words: str) -> None:
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = [str(SOFFICE), "--headless", "--norestore", profile, *words]
        subprocess.run(command, check=True, timeout=LONGEST, capture_output=True)


def _kind(text: str) -> str:
    # numbers and days are typed as such; 0017 is typed into a cell that holds text
    as_number = text.replace("-", "").isdigit() and not text.startswith("0")
    return "typed" if as_number else "text"
