"""The readers of returns and extracts, whose modules are imported when there is one to read."""

from engine.records.found import Found
from engine.records.readers.reader import Reader
from engine.records.recognise import is_xml
from engine.records.stage import Stage
from engine.rulebook.fields import AUDITS


def _is_census(found: Found) -> bool:
    if not is_xml(found):
        return False
    from engine.records.readers import cin_census

    return cin_census.recognise(found)


def _read_census(found: Found, stage: Stage) -> None:
    from engine.records.readers import cin_census

    cin_census.read(found, stage)


def _is_ssd(found: Found) -> bool:
    if not found.folder or found.named(AUDITS):
        return False
    from engine.records.readers import ssd

    return ssd.recognise(found)


def _read_ssd(found: Found, stage: Stage) -> None:
    from engine.records.readers import ssd

    ssd.read(found, stage)


def _is_ssda903_folder(found: Found) -> bool:
    if not found.folder:
        return False
    from engine.records.readers import ssda903

    return ssda903.recognise_folder(found)


def _read_ssda903_folder(found: Found, stage: Stage) -> None:
    from engine.records.readers import ssda903

    ssda903.read_folder(found, stage)


def _is_ssda903_xml(found: Found) -> bool:
    if not is_xml(found):
        return False
    from engine.records.readers import ssda903

    return ssda903.recognise_xml(found)


def _read_ssda903_xml(found: Found, stage: Stage) -> None:
    from engine.records.readers import ssda903

    ssda903.read_xml(found, stage)


def _is_ssda903_table(found: Found) -> bool:
    from engine.records.readers import ssda903

    return ssda903.recognise_table(found)


def _refuse_ssda903_table(found: Found, _: Stage) -> None:
    from engine.records.readers import ssda903

    ssda903.refuse_table(found)


CIN_CENSUS = Reader("a children in need census (XML)", _is_census, _read_census)
SSD = Reader("a Standard Safeguarding Dataset folder", _is_ssd, _read_ssd)
SSDA903_FOLDER = Reader(
    "an SSDA903 return as a folder of CSV files", _is_ssda903_folder, _read_ssda903_folder
)
SSDA903_XML = Reader("an SSDA903 return as XML", _is_ssda903_xml, _read_ssda903_xml)
SSDA903_TABLE = Reader("one table of an SSDA903 return", _is_ssda903_table, _refuse_ssda903_table)
