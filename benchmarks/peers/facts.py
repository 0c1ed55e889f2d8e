"""What the host program works out for every rule engine: the facts of an audit, as whole numbers.

In: an audit's rows. Out: counts, longest times and the like, by name, to which the decisions are
put. This is the arithmetic of days and the going through of rows that the engines have no words
for. It is Python for every peer, plain Python among them, and part of the time of each.

The end of a name says what was counted: `longest` and `waiting` are days (-1: there are none),
most others how many rows are so. `uncounted`: it cannot be told of a row, for its day is too old,
in the wrong order or outside the calendar. The names are the columns of decisions.py.
"""

from peers.counting import Facts, opened
from peers.decisions import DOMAINS, STANDARDS
from peers.recorded import assessments, enquiries, referrals, visits
from peers.records import Audit
from peers.said import said
from peers.staffed import oversight, reflection, supervision
from peers.visited import placements, plans

COUNTS = (
    referrals, assessments, enquiries, visits, plans, placements, supervision, reflection,
    oversight, said,
)  # fmt: skip

STANDARD_NAMES = tuple(table.name for table in STANDARDS)
CAP_NAMES = tuple(table.name for table in DOMAINS)


def facts_of(audit: Audit, as_of: int) -> Facts:
    """Return the facts of an audit."""
    case = opened(audit, as_of)
    for count in COUNTS:
        count(case)
    return case.facts


def weighed(found: Facts) -> None:
    """Add what is counted once the standards and domains are decided."""
    found["any_met"] = sum(found[name] == 2 for name in STANDARD_NAMES)
    found["weak"] = sum(found[name] <= 2 for name in CAP_NAMES)


def lowered(found: Facts) -> None:
    """Add the moderated grade and how far it comes down; 0 where the auditor gave none."""
    auditor = found["auditor"]
    found["moderated"] = min(auditor, found["cap"])
    found["down"] = auditor - found["moderated"]
