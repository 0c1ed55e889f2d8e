"""JSON Lines: one audit a line. A line that is not well formed is put aside; the rest is read."""

from engine.records.found import Found
from engine.records.json_text import Broken, parse
from engine.records.nested import NestedAudits
from engine.records.readers.reader import Reader
from engine.records.recognise import is_json_lines
from engine.records.stage import Stage
from engine.records.text import utf8_of


def _read(found: Found, stage: Stage) -> None:
    audits = NestedAudits(stage, found.name)
    with utf8_of(found, stage).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                audit = parse(line.rstrip(b"\r\n"))
            except Broken as broken:
                shown = line.decode("utf-8", "replace").rstrip("\r\n")
                audits.broken(shown, broken.message, number, broken.column)
            else:
                audits.add(audit, number)
    audits.close()


JSON_LINES = Reader("a file of JSON Lines", is_json_lines, _read)
