"""One view holds every number of a run; the formats only draw it.

In: nothing; the pipeline fills these frozen dataclasses from what was found and judged.
Out: what `write` and the screen formats take.
It must not know how anything was computed, stored or will look: it holds ids and plain values,
and the titles that the rulebook gives them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.errors import Problem
from engine.records.batch import Rejected
from engine.records.quality import Quality
from engine.terms import Outcome

SCHEMA = "audit-results/1"
OVERALL = "overall"
PROPOSED = "proposed"
NO_GRADE = "none"
# of a run that was not looked at
NOTHING = Quality(date.min, date.min)


@dataclass(frozen=True)
class Named:
    """An item of a list that is data: its id in files and its title on screen."""

    id: str
    title: str


@dataclass(frozen=True)
class StandardView:
    """What a reader has to know of a live standard."""

    id: str
    title: str
    domain: str
    severity: str
    level: str
    bottom_line: bool
    why: str
    source: str


@dataclass(frozen=True)
class Words:
    """The rulebook's lists: grades from the worst to the best, domains and standards in order."""

    rulebook_title: str
    grades: tuple[Named, ...]
    domains: tuple[Named, ...]
    standards: tuple[StandardView, ...]


@dataclass(frozen=True)
class CapView:
    """A cap that a judgement rule set: on what, at which grade, for which standards, and why."""

    rule: str
    scope: str
    grade: str
    standards: tuple[str, ...]
    because: str
    source: str


@dataclass(frozen=True)
class FindingView:
    """One standard on one audit, with its evidence and the auditor's answer held against it."""

    standard: str
    outcome: str
    silent: bool
    because: str
    value: int | None
    day_from: date | None
    day_to: date | None
    rows: int | None
    version: date | None
    source: str
    answer: str | None
    comparison: str | None
    back_filled: bool
    excused: bool = False

    @property
    def binds(self) -> bool:
        """Say whether it is to be listed: the standard binds, or a declared exception freed it."""
        return self.excused or self.outcome != Outcome.NOT_APPLICABLE


@dataclass(frozen=True)
class DomainView:
    """The grades of one section of the audit form."""

    auditor_grade: str | None
    cap: str | None
    moderated_grade: str | None


@dataclass(frozen=True)
class AlertView:
    """Something that somebody has to look at today."""

    rule: str
    standard: str
    message: str


@dataclass(frozen=True)
class ContradictionView:
    """An answer of the auditor that is better than what the record shows."""

    standard: str
    answer: str
    outcome: str
    because: str


@dataclass(frozen=True)
class AuditView:
    """One audit: the auditor's grade, what the record allows, and why.

    `findings` holds one for each live standard, in the order of the rulebook.
    """

    audit_id: str
    case_type: str | None
    team: str | None
    auditor_id: str | None
    auditor_grade: str | None
    cap: str | None
    moderated_grade: str | None
    route: str
    alerts: tuple[AlertView, ...]
    contradictions: tuple[ContradictionView, ...]
    domains: Mapping[str, DomainView]
    caps: tuple[CapView, ...]
    findings: tuple[FindingView, ...]
    suggested_grade: str | None = None
    status: str = PROPOSED


@dataclass(frozen=True)
class BookView:
    """A book that was used: the rulebook or an overlay over it, and the hash of its own files."""

    id: str
    title: str
    version: str
    hash: str


@dataclass(frozen=True)
class RunHeader:
    """What the run was: enough to repeat it and to see whether two runs are alike.

    `books` are the rulebook and the overlays over it, from the bottom up; `rulebook_hash` is of
    all of them together.

    `input` and `rules_folder` are names as the user gave them. They are for the screen alone:
    a file that is written must be the same, whatever the input is called and wherever it lies.
    """

    engine_version: str
    rulebook_id: str
    rulebook_version: str
    rulebook_hash: str
    rules_folder: str
    input: str
    input_hash: str
    as_of: date
    judge: str
    audits: int
    put_aside: int
    schema: str = SCHEMA
    books: tuple[BookView, ...] = ()

    @property
    def overlays(self) -> tuple[BookView, ...]:
        """Return the books over the rulebook."""
        return self.books[1:]


@dataclass(frozen=True)
class Summary:
    """The counts of a whole run.

    `flagged`: audits that are capped, contradicted or alerts. `lowered`: the moderated grade is
    worse than the auditor's. `contradictions` counts answers, `contradicted` and `alerts` audits.
    `data_gaps`: standard → audits on which it could not be assessed (no entry where none).
    `by_standard` has every outcome and comparison as keys; `by_auditor` has `audits`, `answers`
    and the comparisons, under an empty name for audits that name no auditor.
    """

    grades_before: Mapping[str, int]
    grades_after: Mapping[str, int]
    flagged: int
    capped: int
    lowered: int
    contradictions: int
    contradicted: int
    unsupported: int
    harsher: int
    alerts: int
    routes: Mapping[str, int]
    data_gaps: Mapping[str, int]
    put_aside: int
    by_standard: Mapping[str, Mapping[str, int]]
    by_auditor: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class View:
    """A whole run.

    `audits` come by `audit_id`. A tuple will do; a large run may give anything that can be walked
    again and again, since the formats never hold all of it at once.
    """

    header: RunHeader
    words: Words
    summary: Summary
    audits: Iterable[AuditView]
    problems: tuple[Problem, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    quality: Quality = NOTHING
