"""The readers of workbooks: what they need is imported only when there is a workbook to read."""

from engine.records.found import Found
from engine.records.readers.reader import Reader
from engine.records.recognise import is_workbook
from engine.records.stage import Stage


def _is_annex_a(found: Found) -> bool:
    if not is_workbook(found):
        return False
    from engine.records.readers import annex_a

    return annex_a.recognise(found)


def _read_annex_a(found: Found, stage: Stage) -> None:
    from engine.records.readers import annex_a

    annex_a.read(found, stage)


def _read_workbook(found: Found, stage: Stage) -> None:
    from engine.records.readers import workbook

    workbook.read(found, stage)


ANNEX_A = Reader("an Ofsted Annex A workbook", _is_annex_a, _read_annex_a)
WORKBOOK = Reader("an Excel workbook", is_workbook, _read_workbook)
