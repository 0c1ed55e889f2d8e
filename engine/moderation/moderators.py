"""Who moderates: from `--moderator "Name:team:id"`, or a table with the columns name, team and id.

In: texts of the command line and files (CSV or a workbook). Out: moderators, or a `Stop` with every
mistake in them.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import Exit, Location, Problem, Stop
from engine.moderation.assigning import Moderator
from engine.moderation.people import person
from engine.records.cells import clean
from engine.records.found import Found, unreadable
from engine.records.recognise import is_workbook
from engine.records.sheets import sheets_of

NAMES = {"name": "name", "moderator": "name", "moderator name": "name"}
TEAMS = {"team": "team"}
IDS = {"id": "id", "auditor_id": "id", "auditor id": "id", "worker_id": "id", "worker id": "id"}
HEADS = {**NAMES, **TEAMS, **IDS}
LARGEST = 1 << 20  # bytes of a list of people
MOST = 500  # people in it
LONGEST = 100  # letters of a name
WRITTEN = "write a column `name`, and beside it `team` and `id` where they are known"


@dataclass
class _Given:
    """What was given so far."""

    found: dict[str, Moderator] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, one: Moderator, where: Location) -> None:
        if not one.name:
            said = "a moderator has no name"
            self.problems.append(Problem(where, "M404", said, "write the name, or clear the row"))
        elif len(one.name) > LONGEST:
            said = f"a moderator's name is longer than {LONGEST} letters"
            self.problems.append(Problem(where, "M404", said, "write a name, one in a row"))
        elif person(one.name) in self.found:
            said = f"the moderator `{one.name}` is named twice"
            help_ = "keep one; two people of one name need something that tells them apart"
            self.problems.append(Problem(where, "M405", said, help_))
        else:
            self.found[person(one.name)] = one


def moderators_of(options: Iterable[str], files: Iterable[Path]) -> tuple[Moderator, ...]:
    """Return the moderators that were named, by name.

    Raises:
        Stop: a file cannot be read, or somebody has no name or is named twice.
    """
    given = _Given()
    for text in options:
        name, team, id_ = (" ".join(part.split()) for part in f"{text}::".split(":")[:3])
        given.add(Moderator(name, team, id_), Location("--moderator"))
    for path in files:
        for one, where in _of_file(path):
            given.add(one, where)
    if given.problems:
        raise Stop(Exit.USAGE, tuple(sorted(given.problems)))
    return tuple(sorted(given.found.values()))


def _of_file(path: Path) -> Iterator[tuple[Moderator, Location]]:
    found = Found(path, path.as_posix())
    try:
        rows = list(_rows(found))
    except OSError as error:
        raise unreadable(found.name, error) from error
    at, heads = _heads(found, rows)
    for number, cells in rows[at + 1 :]:
        said = {key: _cell(cells, column) for column, key in heads.items()}
        if any(said.values()):
            one = Moderator(said["name"], said.get("team", ""), said.get("id", ""))
            yield one, Location(found.name, line=number)


def _rows(found: Found) -> Iterator[tuple[int, Sequence[str | None]]]:
    """Yield the rows of a table with their numbers."""
    if found.folder:
        raise _stop(found, f"`{found.name}` is a folder")
    if is_workbook(found):
        with sheets_of(found) as sheets:
            rows = next((list(sheet.rows()) for sheet in sheets if not sheet.hidden), [])
        yield from ((row.number, row.cells) for row in rows[: MOST + 10])
        return
    content = found.content(LARGEST + 1)
    if len(content) > LARGEST or b"\0" in content:
        raise _stop(found, f"`{found.name}` is no list of people")
    text = content.decode("cp1252", "replace")
    with suppress(UnicodeDecodeError):
        text = content.decode("utf-8-sig")
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline="")), start=1)
    except csv.Error:
        raise _stop(found, f"`{found.name}` cannot be read as a table") from None


def _heads(
    found: Found, rows: Sequence[tuple[int, Sequence[str | None]]]
) -> tuple[int, dict[int, str]]:
    for at, (_, cells) in enumerate(rows[:10]):
        named = {c: HEADS.get(person(cell or "")) for c, cell in enumerate(cells)}
        heads = {column: key for column, key in named.items() if key}
        if "name" in heads.values():
            if len(rows) - at > MOST:
                raise _stop(found, f"`{found.name}` names more than {MOST} moderators")
            return at, heads
    raise _stop(found, f"`{found.name}` has no column `name`")


def _cell(cells: Sequence[str | None], column: int) -> str:
    return " ".join((clean(cells[column]) or "").split()) if column < len(cells) else ""


def _stop(found: Found, said: str) -> Stop:
    return Stop(Exit.USAGE, (Problem(found.location, "M403", said, WRITTEN),))
