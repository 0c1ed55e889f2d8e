"""One YAML file: an audit, or a list of audits."""

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.errors import Exit, Problem, Stop
from engine.records.found import Found
from engine.records.nested import NestedAudits, sound
from engine.records.places import Fault, Layout, Part, Place
from engine.records.readers.reader import Reader
from engine.records.recognise import is_yaml
from engine.records.stage import Stage
from engine.records.text import utf8_of
from engine.rulebook.source import YAML_CODES, Source, read_source

SHOWN = 5  # so many problems of one kind are said one by one

Path = tuple[str | int, ...]


def _read(found: Found, stage: Stage) -> None:
    source, problems = read_source(utf8_of(found, stage).read_bytes(), found.name)
    if source is None:
        raise Stop(Exit.USAGE, tuple(_few(problems, found)))
    document = sound(source.value)
    audits = NestedAudits(stage, found.name, lambda path: source.at(path).line)
    if isinstance(document, list):
        for at, audit in enumerate(document):
            _audit(audits, source, (at,), audit, problems)
    else:
        _audit(audits, source, (), document, problems)
    audits.close()


def _few(problems: Sequence[Problem], found: Found) -> Iterator[Problem]:
    """Yield the first problems of each kind, and after them how many more there are."""
    seen = Counter[str]()
    for problem in problems:
        seen[problem.code] += 1
        if seen[problem.code] <= SHOWN:
            yield problem
    for code, number in seen.items():
        if number > SHOWN:
            more = f"{number - SHOWN:,} more like these: {YAML_CODES[code]}"
            yield Problem(found.location, code, more)


def _audit(
    audits: NestedAudits, source: Source, path: Path, audit: object, problems: Sequence[Problem]
) -> None:
    first, last = source.at(path), source.end_at(path)
    said = [p for p in problems if not path or first.line <= p.location.line <= last.line]
    if said:
        # a key that stands twice or a tag makes it doubtful what the audit says
        where = Part(first.file, Layout.LINES, columns={"": said[0].location.column - 1})
        faults = [Fault("", p.code, p.message, p.help) for p in said]
        audits.audits.refuse(Place(where, said[0].location.line), audit, faults)
    else:
        audits.add(audit, path=f"[{path[0]}]" if path else "", steps=path)


YAML_FILE = Reader("a YAML file", is_yaml, _read)
