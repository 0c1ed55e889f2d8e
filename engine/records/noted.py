"""What cannot be right in an input, or is said differently by two sources, noted entry by entry.

An entry is a matter of data quality. It is never held against the practice of a case.
"""

from dataclasses import dataclass

from engine.errors import Location


@dataclass(frozen=True, order=True)
class Noted:
    """One entry: which check noted it, of what, where it stands, and what stands there.

    `check` names the check (`record_disagrees`, `impossible_date`); `table` and `field` what it is
    about (no field: the row as a whole). `values` are as a person wrote them, each with its place
    in `places`, where a place is known; where two sources differ the system's comes first.
    `message` is lower case without a full stop, with the input's own words in backticks.
    """

    check: str
    table: str
    field: str
    audit_id: str
    message: str
    values: tuple[str, ...] = ()
    places: tuple[Location, ...] = ()
