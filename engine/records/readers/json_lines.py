"""JSON Lines: one audit a line. A line that is not well formed is put aside; the rest is read."""

import json
from collections.abc import Iterable

from engine.records.found import Found
from engine.records.json_text import parse, Broken
from engine.records.nested import NestedAudits
from engine.records.places import Fault
from engine.records.readers.reader import Reader
from engine.records.stage import Stage


def _recognise(found: Found) -> bool:
    return not found.folder and found.head.lstrip().startswith(b"{")


def _read(found: Found, stage: Stage) -> None:
    audits = NestedAudits(stage, found.name)
    for number, line in enumerate(found.lines(), start=1):
        if not line.strip():
            continue
        try:
            audit = parse(line)
        except Broken as broken:
            fault = Fault("", "B202", broken.message)
            audits.broken(fault, line.decode("utf-8", "replace").rstrip("\r\n"), number, broken.column)
        else:
            audits.add(audit, number)


JSON_LINES = Reader("a file of JSON Lines", _recognise, _read)
