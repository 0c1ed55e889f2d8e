"""What stands in the ledger: one entry a thing that happened, and what each kind says.

The body of every kind is a model here, so that writing and reading agree; a body is stored as the
JSON of its model. Grades are ids of the rulebook (`requires_improvement`), days are ISO days.
An entry is never changed: a later one says what is now the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """What an entry says; a kind of entry is a model under this one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]


class Draw(Body):
    """A sample was drawn from a batch: all that is needed to draw it again."""

    kind: ClassVar[str] = "draw"
    draw: str
    """the id of the draw: the first 12 letters of a hash of what follows"""
    seed: int
    budget: int
    audits: int
    drawn: int
    moderators: tuple[str, ...]
    ids: Mapping[str, str] = {}
    """by a moderator's name, the id that they have in the batch; where it was given"""
    teams: Mapping[str, str] = {}
    """by a moderator's name, their team; where it was given (the draw's id does not rest on it)"""
    input_hash: str
    rulebook_hash: str
    rulebook_version: str
    engine_version: str
    as_of: date


class Standing(BaseModel):
    """Where an audit stood when it was drawn: overall, or in one domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    auditor_grade: str | None = None
    cap: str | None = None


class Included(BaseModel):
    """One audit of a draw: its probability, its tier and why; and where it stood then."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    audit_id: str
    inclusion: float = Field(gt=0, le=1)
    tier: Literal["certainty", "other", "added"]
    reason: str
    drawn: bool
    auditor_id: str | None = None
    team: str | None = None
    case_type: str | None = None
    overall: Standing = Standing()
    domains: Mapping[str, Standing] = {}


class Inclusions(Body):
    """Some audits of a draw (at most 500 in an entry); all entries together hold every audit.

    An audit that a person adds later stands in an entry of its own, `tier` added, `inclusion` 1.
    """

    kind: ClassVar[str] = "inclusions"
    draw: str
    audits: tuple[Included, ...]


class Assigned(Body):
    """An audit was given to a moderator; `copy` says whether to the first or to the second."""

    kind: ClassVar[str] = "assigned"
    draw: str
    moderator: str
    turn: Literal["first", "second"]
    moderator_id: str = ""
    """the id that they have in the batch; where it was given"""
    moderator_team: str = ""
    """their team; where it was given"""


class Graded(BaseModel):
    """Grades that a person gave, with the reasons: codes of the rulebook, and words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    grade: str
    domains: Mapping[str, str] = {}
    reasons: tuple[str, ...] = ()
    note: str = ""


class Blind(Body):
    """A moderator's grades, given and sealed before the auditor's grade and the cap were shown."""

    kind: ClassVar[str] = "blind"
    moderator: str
    turn: Literal["first", "second"]
    graded: Graded


class Revealed(Body):
    """The auditor's grades and the caps were shown to a moderator whose grades were sealed."""

    kind: ClassVar[str] = "revealed"
    moderator: str


class Override(BaseModel):
    """Why a grade above the cap was allowed, and the second moderator who agreed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reason: str
    second: str


class Confirmed(Body):
    """The grades that the moderator stands by after the reveal."""

    kind: ClassVar[str] = "confirmed"
    moderator: str
    graded: Graded
    override: Override | None = None


class Panel(Body):
    """What the panel decided; its grade is the audit's."""

    kind: ClassVar[str] = "panel"
    members: tuple[str, ...]
    graded: Graded
    override: Override | None = None


class Response(Body):
    """What the auditor said of the moderated grade."""

    kind: ClassVar[str] = "response"
    auditor: str
    accepts: bool
    note: str = ""


class Appeal(Body):
    """The auditor appeals, with grounds."""

    kind: ClassVar[str] = "appeal"
    auditor: str
    grounds: str


class AppealDecided(Body):
    """The answer to an appeal: dismissed, or upheld with the grades that follow."""

    kind: ClassVar[str] = "appeal_decided"
    by: str
    upheld: bool
    note: str
    graded: Graded | None = None
    override: Override | None = None


class Rescored(Body):
    """A fact was corrected and the engine ran again; what it said before stays in the ledger."""

    kind: ClassVar[str] = "rescored"
    by: str
    correction: str
    before: Mapping[str, Standing]
    """`overall` and each domain, as they stood"""
    after: Mapping[str, Standing]
    input_hash: str
    rulebook_hash: str
    as_of: date


class Safe(Body):
    """A person confirmed that the child of a critical case is safe, and how that was found out."""

    kind: ClassVar[str] = "safe"
    by: str
    day: date
    alerted: date
    """the day on which the alert was raised"""
    how: str


class ActionSet(Body):
    """Something that somebody has to do, by a day."""

    kind: ClassVar[str] = "action_set"
    action: str
    """its id: A1, A2, … within the ledger"""
    what: str
    owner: str
    due: date
    week: str = ""
    standard: str = ""
    carried_from: str = ""
    """the id of the action of an earlier week (perhaps of another ledger) that it carries on"""


class ActionClosed(Body):
    """An action was done; `evidence` says how that is known."""

    kind: ClassVar[str] = "action_closed"
    action: str
    evidence: str
    day: date


class Reaudited(Body):
    """An audit of the same child was made again, as a follow-up of this one."""

    kind: ClassVar[str] = "reaudited"
    again: str
    """the id of the later audit"""
    action: str = ""


class WeekReported(Body):
    """A report of a week was made; it names the head that it was made at."""

    kind: ClassVar[str] = "week_reported"
    week: str
    audience: str
    head: str


KINDS: dict[str, type[Body]] = {
    one.kind: one
    for one in (
        Draw,
        Inclusions,
        Assigned,
        Blind,
        Revealed,
        Confirmed,
        Panel,
        Response,
        Appeal,
        AppealDecided,
        Rescored,
        Safe,
        ActionSet,
        ActionClosed,
        Reaudited,
        WeekReported,
    )
}


@dataclass(frozen=True)
class Draft:
    """An entry that is to be written: what happened, who says so, when, and to which audit."""

    body: Body
    by: str
    at: datetime
    """with its zone; it is stored as UTC, to the second"""
    audit_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the ledger; `seq` counts from 1 without a gap."""

    seq: int
    at: datetime
    by: str
    audit_id: str | None
    body: Body
    prev: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The end of the ledger: how many entries there are, and the hash of the last.

    Printed in every report: who holds an old report can tell that nothing before it was altered.
    """

    seq: int
    hash: str
