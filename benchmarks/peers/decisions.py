"""The rules as every peer is given them: decision tables over whole numbers.

A table is read from the top, and the first row whose conditions all hold gives the number; each
peer's module turns the tables into what that peer is written in. Outcomes run from 0 to 7 and
grades from 1 to 4 as in the scripts by hand (handwritten_standards.sql); 9 stands for no cap.
The facts that are asked for are named in facts.py.
"""

from dataclasses import dataclass

Condition = tuple[str, str, int]
Row = tuple[int, tuple[Condition, ...]]


@dataclass(frozen=True)
class Table:
    """A decision: rows from the top, and the number where none holds."""

    name: str
    rows: tuple[Row, ...]
    otherwise: int

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the facts that it reads, each once."""
        return tuple(dict.fromkeys(fact for _, row in self.rows for fact, _, _ in row))


def of(name: str, *rows: tuple[int, str], otherwise: int = 0) -> Table:
    """Return a table of rows such as `(6, "late > 0, open >= 20")`, facts without their prefix."""
    read = tuple(
        (number, tuple(condition(name, one) for one in conditions.split(", ")))
        for number, conditions in rows
    )
    return Table(name, read, otherwise)


def condition(name: str, words: str) -> Condition:
    fact, operator, number = words.split()
    return f"{name}_{fact}", operator, int(number)


def timed(name: str, limit: int) -> Table:
    """Return the table of a standard that gives so many working days."""
    return of(
        name,
        (6, f"longest > {limit}"),
        (5, "undated > 0"),
        (5, f"waiting > {limit}"),
        (3, "unexamined > 0"),
        (3, "uncounted > 0"),
        (2, "longest >= 0"),
        (1, "waiting >= 0"),
    )


STANDARDS = (
    timed("fd01", 1),
    timed("as01", 45),
    of("as02", (6, "not_seen > 0"), (5, "unsaid > 0"), (4, "not_alone > 0"),
       (3, "unexamined > 0"), (3, "uncounted > 0"), (2, "seen > 0")),
    of("cn01", (6, "longest > 28"), (5, "undated > 0"), (5, "waiting > 28"),
       (3, "unexamined > 0"), (3, "uncounted > 0"), (2, "longest >= 0"), (1, "waiting >= 0")),
    timed("cp01", 15),
    of("cp05", (6, "longest > 15"), (5, "undated > 0"), (5, "waiting > 10"), (4, "longest > 10"),
       (3, "unexamined > 0"), (3, "uncounted > 0"), (2, "longest >= 0"), (1, "waiting >= 0")),
    of("cp06", (7, "unvisited > 10"), (5, "undated > 0"), (3, "unexamined > 0"),
       (3, "uncounted > 0"), (2, "visited > 0"), (1, "unvisited >= 0")),
    of("sf01", (7, "blank > 0"), (6, "late > 0"), (3, "unexamined > 0"), (3, "uncounted > 0"),
       (2, "agreed > 0"), (1, "ahead > 0")),
    of("pl01", (6, "share < 80"), (5, "bare > 0"), (4, "share < 100"), (3, "unexamined > 0"),
       (3, "uncounted > 0"), (2, "share <= 100")),
    of("pl02", (5, "blank > 0"), (3, "unexamined > 0"), (3, "uncounted > 0"), (2, "written > 0")),
    of("cc01", (6, "late > 0"), (5, "undated > 0"), (5, "overdue > 0"), (3, "unexamined > 0"),
       (3, "uncounted > 0"), (2, "kept > 0"), (1, "waiting > 0")),
    of("su01", (6, "open >= 31, longest > 31"), (5, "open >= 31, waiting > 31"),
       (3, "undated > 0"), (3, "open >= 31, uncounted > 0"), (2, "open >= 31, longest >= 0"),
       (1, "open >= 31, waiting >= 0")),
    of("su02", (6, "unreflective > 0"), (6, "lacking > 0"), (5, "bare > 0"),
       (3, "unexamined > 0"), (3, "uncounted > 0"), (2, "kept > 0")),
    of("ov01", (5, "open >= 20, uncounted == 0, over == 0, entries == 0"), (3, "open < 0"),
       (3, "open >= 20, uncounted > 0"),
       (2, "open >= 20, uncounted == 0, over == 0, entries > 0")),
    timed("rc01", 5),
)  # fmt: skip


def caps(name: str, **severities: str) -> Table:
    """Return what the standards of a domain leave of its grade, the worst first."""
    found: list[Row] = []
    for standard, severity in severities.items():
        found += [(cap, ((standard, op, number),)) for cap, op, number in CAPS[severity]]
    return Table(f"cap_{name}", tuple(sorted(found)), 9)


CAPS = {
    "critical": ((1, ">=", 6), (2, ">=", 4)),
    "major": ((2, ">=", 5), (3, "==", 4)),
    "minor": ((3, ">=", 5),),
}
DOMAINS = (
    caps("decision_making", fd01="major"),
    caps("assessment", as01="major", as02="major"),
    caps("planning", pl01="major", pl02="minor"),
    caps("visits", cn01="major", cp05="major", cc01="major", cp06="critical"),
    caps("oversight", su01="major", su02="minor", ov01="minor"),
    caps("safety", cp01="major", sf01="critical"),
    caps("recording", rc01="minor"),
)
# what the best grade left is, once it was counted how many domains are weak
OVERALL = (
    Table(
        "cap",
        (
            (1, (("cp06", ">=", 6),)),
            (1, (("sf01", ">=", 6),)),
            (2, (("cp06", ">=", 4),)),
            (2, (("sf01", ">=", 4),)),
            (2, (("cp05", ">=", 5),)),
            (2, (("cc01", ">=", 5),)),
            (2, (("su01", ">=", 5),)),
            (2, (("weak", ">=", 2),)),
            (2, (("own_safety", "==", 1),)),
            (2, (("own_visits", "==", 1),)),
            (2, (("own_decision_making", "==", 1),)),
            (3, (("weak", "==", 1),)),
        ),
        9,
    ),
    Table("alert", ((1, (("cp06", ">=", 4),)), (1, (("sf01", ">=", 4),))), 0),
)
# what happens next, and what the record would bear; `down` is how far the grade comes down
NEXT = (
    Table(
        "route",
        (
            (3, (("alert", "==", 1),)),
            (2, (("down", ">=", 2),)),
            (2, (("down", ">=", 1), ("moderated", "==", 1))),
            (1, (("down", ">=", 1),)),
            (1, (("votes", ">", 0),)),
        ),
        0,
    ),
    Table(
        "suggested",
        (
            (
                3,
                (("any_met", ">", 0), ("cap", ">=", 3), ("auditor", ">=", 1), ("auditor", "<=", 2)),
            ),
            (2, (("any_met", ">", 0), ("cap", "==", 2), ("auditor", "==", 1))),
        ),
        0,
    ),
)
