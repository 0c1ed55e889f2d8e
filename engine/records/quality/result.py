"""What was found out about the quality of a batch: how full it is, and what cannot be right in it.

It must not know how it was found, nor how it will be shown.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.records.noted import Noted


@dataclass(frozen=True)
class Check:
    """What a check looks for: its stable code, its title, what an entry means and asks for.

    A query asks somebody to look: what it names may be right. An error cannot be right.
    """

    code: str
    title: str
    meaning: str
    advice: str
    query: bool = True


@dataclass(frozen=True)
class Filled:
    """How many rows of a table have a field filled."""

    table: str
    field: str
    rows: int
    filled: int


@dataclass(frozen=True, order=True)
class Counted:
    """How many entries a check has in a table; so many of them fall in a system outage."""

    check: str
    table: str
    entries: int
    in_outage: int = 0


@dataclass(frozen=True)
class Quality:
    """The data quality of a batch as at a day.

    `known_until` is the last day of which the batch can know: a day after it lies in the future.
    `counts` are by importance of the check and by table, and count every entry. `entries` are at
    most so many of one check and table, in the same order. `audits` counts the audits that an entry
    is about, `rows_left_out` the rows that standards are tested without. `whole` says that every
    check was made; a large batch that is scored is not searched for rows that stand twice.
    """

    as_of: date
    known_until: date
    profile: tuple[Filled, ...] = ()
    counts: tuple[Counted, ...] = ()
    entries: tuple[Noted, ...] = ()
    audits: int = 0
    rows_left_out: int = 0
    whole: bool = True

    def by_check(self) -> Mapping[str, int]:
        """Return the number of entries of each check that has any, the most important first."""
        found: Counter[str] = Counter()
        for one in self.counts:
            found[one.check] += one.entries
        return dict(found)

    @property
    def in_outage(self) -> int:
        """Return how many entries were recorded late while a system was out."""
        return sum(one.in_outage for one in self.counts)


# The most important first. A code never changes its meaning.
CHECKS: Mapping[str, Check] = {
    "impossible_date": Check(
        "Q001",
        "Impossible date",
        "a day cannot be right: before birth, after death, or a review before entry to care",
        "Check the day and the day it is held against: one of them is wrong. "
        "No standard is decided by the row until then.",
        query=False,
    ),
    "future_date": Check(
        "Q002",
        "Date in the future",
        "a day lies later than the input can know of",
        "Check the year. No standard is decided by the row until then.",
        query=False,
    ),
    "record_disagrees": Check(
        "Q006",
        "Two sources disagree",
        "the auditor's form and the system say different things",
        "Find out which of the two is right, and put the other right where it was entered.",
    ),
    "duplicate": Check(
        "Q003",
        "Stands twice",
        "rows say the same of one audit, a text of several children, or a child is audited twice",
        "Take one of the two out, unless it happened twice.",
    ),
    "recorded_before_event": Check(
        "Q004",
        "Recorded before it happened",
        "a row was recorded before it happened",
        "Check which of the two days is the right one.",
    ),
    "personal_data": Check(
        "Q007",
        "Personal data in free text",
        "free text seems to hold personal data",
        "Take it out before the file goes to anybody else.",
    ),
    "missing_context": Check(
        "Q005",
        "Needed and blank",
        "a field that says what the rest means is blank",
        "Fill it in: much cannot be assessed without it.",
    ),
    "back_filled": Check(
        "Q010",
        "Entered after the case was selected",
        "a row was recorded after the case was selected for audit",
        "Ask why the entry was made then. It counts, and is marked wherever it decides a finding.",
    ),
    "bulk_entered": Check(
        "Q008",
        "Many days entered on one day",
        "rows of many days were recorded on one day",
        "Ask where the days came from: notes made at the time, or memory.",
    ),
    "late_recording": Check(
        "Q009",
        "Recorded late",
        "a row was recorded long after it happened",
        "Ask why. An outage explains a delay and does not excuse it: no finding changes.",
    ),
}


def check_of(name: str) -> Check:
    """Return a check; one that nobody described goes by its name.

    >>> check_of("duplicate").code, check_of("child_in_one_file").title
    ('Q003', 'Child in one file')
    """
    other = Check(name, name.replace("_", " ").capitalize(), "", "Look at the entries.")
    return CHECKS.get(name, other)


def weight(name: str) -> tuple[int, str]:
    """Return the place of a check in the order of importance; an unknown one comes after errors."""
    names = list(CHECKS)
    return (names.index(name) if name in CHECKS else 2, name)
