"""Every format of the report of a week: what writes it, and what it is called.

Each module is imported only when its format is asked for: Typst, python-docx and XlsxWriter are
heavy.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from engine.reports.week.document import Document

Write = Callable[[Document, Path], None]


def _lazily(module: str) -> Write:
    def write(document: Document, folder: Path) -> None:
        import_module(f"engine.reports.week.{module}").write(document, folder)

    return write


FORMATS: Mapping[str, Write] = {
    name: _lazily(f"as_{name}") for name in ("html", "pdf", "xlsx", "docx", "csv")
}
FILES: Mapping[str, str] = {
    "html": "week.html",
    "pdf": "week.pdf",
    "xlsx": "week.xlsx",
    "docx": "week.docx",
    "csv": "week-csv",
}
