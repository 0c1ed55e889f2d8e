"""One JSON file: an audit, or a list of audits."""

from engine.errors import Location
from engine.records.found import Found, stop
from engine.records.json_text import Broken, parse
from engine.records.nested import NestedAudits
from engine.records.readers.reader import Reader
from engine.records.recognise import is_json
from engine.records.stage import Stage
from engine.records.text import utf8_of


def _read(found: Found, stage: Stage) -> None:
    try:
        document = parse(utf8_of(found, stage).read_bytes())
    except Broken as broken:
        where = Location(found.name, line=broken.line, column=broken.column)
        raise stop(where, "B202", broken.message) from broken
    audits = NestedAudits(stage, found.name)
    if isinstance(document, list):
        for at, audit in enumerate(document):
            audits.add(audit, path=f"[{at}]")
    else:
        audits.add(document)
    audits.close()


JSON_FILE = Reader("a JSON file", is_json, _read)
