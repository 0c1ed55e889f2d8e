"""Problems: mistakes of authors and auditors, as data with a place and a way out.

A `Problem` is never raised; it is collected, sorted and printed with all the others.
Exceptions are for bugs, and for `Stop`, which ends a run with a problem and an exit code.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of the command line (design §9)."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    RULEBOOK = 3
    PUT_ASIDE = 4


@dataclass(frozen=True, order=True)
class Location:
    """A place in something a person wrote: a file, and what is known of the place inside it.

    `line` and `column` count from 1; `sheet` and `cell` are those of a spreadsheet.

    >>> str(Location("rules/a.yaml", line=9, column=31))
    'rules/a.yaml:9:31'
    >>> str(Location("audit.xlsx", sheet="Visits", cell="D14"))
    'audit.xlsx!Visits!D14'
    """

    file: str
    sheet: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""
    path: str = ""

    def __str__(self) -> str:
        if self.sheet:
            return "!".join(part for part in (self.file, self.sheet, self.cell) if part)
        parts = [self.file, str(self.line) if self.line else "", str(self.column or "")]
        place = ":".join(part for part in parts if part)
        return f"{place} ({self.path})" if self.path else place


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where, which (a stable code), what, and what to do about it.

    `message` is lower case without a full stop, with the user's own words in backticks.
    `warning` problems never put anything aside and never change the exit code.
    """

    location: Location
    code: str
    message: str
    help: str = ""
    warning: bool = field(default=False)

    def __str__(self) -> str:
        first = f"{self.location}: {self.code} {self.message}"
        return f"{first}\n  help: {self.help}" if self.help else first


class Stop(Exception):  # noqa: N818 - it ends a run; it is not an error in the program
    """End the run: the problems say why, the exit code says what kind of end it is."""

    def __init__(self, exit_code: Exit, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.exit_code = exit_code
        self.problems = problems


def reason(error: OSError) -> str:
    """Return why the system refused, as the end of a message.

    >>> reason(OSError(28, "No space left on device")), reason(OSError())
    ('no space left on device', 'no reason given')
    """
    return (error.strerror or "no reason given").lower()


def nearest(word: str, known: list[str] | tuple[str, ...] | frozenset[str]) -> str:
    """Return a help line that names the known word nearest to `word`, or an empty string.

    >>> nearest("visit_dat", ("visit_date", "kind"))
    'did you mean `visit_date`?'
    """
    found = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean `{found[0]}`?" if found else ""
