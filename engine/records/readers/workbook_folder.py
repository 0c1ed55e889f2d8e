"""A folder of workbooks that are one batch: the auditors' forms, or parts of a large batch.

They are read in the order of their names. A workbook that cannot be opened is put aside as a whole,
and the others are read.
"""

from engine.errors import Stop
from engine.records.found import Found, stop
from engine.records.places import Fault, Layout, Part, Place, Refusal
from engine.records.readers.reader import Reader
from engine.records.readers.workbooks import ANNEX_A, WORKBOOK
from engine.records.recognise import OLE, ZIP
from engine.records.stage import Stage
from engine.rulebook.fields import AUDITS


def workbook_folder(others: tuple[Reader, ...]) -> Reader:
    """Return the reader of folders of workbooks; beside one of `others` they are no one batch."""

    def read(found: Found, stage: Stage) -> None:
        files = [file for file in found.inside if not file.folder]
        strange = [file for file in files if any(reader.recognise(file) for reader in others)]
        books = [file for file in files if _may_be(file)]
        if strange or any(map(_is_annex_a, books)):
            shown = ", ".join(f"`{file.name}`" for file in files if file in (*books, *strange))
            said = f"`{found.name}` holds several batches: {shown}"
            raise stop(found.location, "B008", said, "give one of them")
        for file in found.inside:
            if file in books:
                _read(file, stage)
            else:
                stage.not_read(file)

    return Reader("a folder of Excel workbooks", _recognise, read)


def _recognise(found: Found) -> bool:
    return found.folder and sum(map(_may_be, found.inside)) > 1


def _may_be(file: Found) -> bool:
    return not file.folder and file.head.startswith((ZIP, OLE))


def _is_annex_a(file: Found) -> bool:
    try:
        return ANNEX_A.recognise(file)
    except Stop:
        return False


def _read(file: Found, stage: Stage) -> None:
    try:
        if WORKBOOK.recognise(file):
            WORKBOOK.read(file, stage)
        else:
            stage.not_read(file)
    except Stop as end:
        # INVARIANT: all of a file or nothing; half an audit would be scored as a whole one
        stage.forget(file.name)
        (why,) = end.problems
        fault = Fault("", why.code, f"{why.message}, and was put aside", why.help)
        place = Place(Part(file.name, Layout.LINES))
        stage.put_aside.take([Refusal(AUDITS, place, "", [fault], {})])
