"""The vocabulary of the engine: outcomes, severities, levels, units and how they rank.

Grades, domains and judgement areas are data (`rules/rulebook.yaml`), not code.
This module imports nothing of the engine.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What the record shows of one standard on one audit. The seven are never merged."""

    NOT_APPLICABLE = "not_applicable"
    NOT_YET_DUE = "not_yet_due"
    MET = "met"
    NOT_ASSESSABLE = "not_assessable"
    PARTLY_MET = "partly_met"
    NOT_EVIDENCED = "not_evidenced"
    NOT_MET = "not_met"

    @property
    def code(self) -> int:
        """The small integer that stands for the outcome in columns; the worst is the largest.

        >>> Outcome.NOT_MET.code, Outcome.NOT_APPLICABLE.code
        (6, 0)
        """
        return OUTCOMES.index(self)


# INVARIANT: the order is the order of "the worst decides" over several trigger rows.
# A row that shows nothing wrong (met) outranks rows that are not due or do not apply, and a row
# that cannot be assessed outranks met: what the input cannot tell is not claimed as met.
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)

# A standard that says `silence: not_met` and found no entry: not met, and the worst of all, kept
# apart so that the alert can say that there is no evidence.
NOT_MET_BY_SILENCE = Outcome.NOT_MET.code + 1

ADVERSE: frozenset[Outcome] = frozenset(
    {Outcome.PARTLY_MET, Outcome.NOT_EVIDENCED, Outcome.NOT_MET}
)


class Answer(StrEnum):
    """What the auditor said of a standard."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class Comparison(StrEnum):
    """The auditor's answer held against the record, on one standard."""

    AGREES = "agrees"
    CONTRADICTION = "contradiction"
    UNSUPPORTED = "unsupported"
    HARSHER = "harsher"


class Severity(StrEnum):
    """How much a missed standard weighs."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Level(StrEnum):
    """What kind of authority a standard rests on."""

    REGULATION = "regulation"
    GUIDANCE = "guidance"
    LOCAL = "local"
    QUALITY = "quality"


class Unit(StrEnum):
    """What a time is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Route(StrEnum):
    """What happens next to an audit, mildest first."""

    NONE = "none"
    MODERATE = "moderate"
    PANEL = "panel"
    ALERT = "alert"
