"""`audit report`: the report of a week, in several formats, for one audience."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, say, tell
from engine.cli.joined import Source
from engine.cli.outputs import begin, placed
from engine.cli.score import progress_bar
from engine.errors import Exit, Location, Problem, Stop, nearest, reason
from engine.records.found import STDIN
from engine.reports.week.document import Audience
from engine.reports.week.formats import FILES, FORMATS

if TYPE_CHECKING:
    from engine.moderation.entries import Entry
    from engine.moderation.ledger import Ledger
    from engine.records.batch import Batch
    from engine.reports.week.document import Document
    from engine.reports.week.facts import Facts
    from engine.rulebook.book import Rulebook

LEDGER = "audit-ledger.sqlite"
NO_LEDGER = "M101"
SELF_EVALUATION = "self_evaluation"
BY = "audit report"
CODES = {
    "M500": "an audience that there is not",
    "M501": "a format that the report of a week is not written in",
    "M502": "the week has no name",
    "M503": "the ledger that was named is not there",
    "M504": "the ledger of the earlier week is not there, or cannot be read",
    "M505": "the earlier ledger holds no other draw than this week's",
    "M506": "the report could not be noted in the ledger",
    "M507": "the ledger holds a draw of another state of the batch",
    "M508": "audits of the batch are in no draw of the ledger",
    "M509": "audits of the draw are not in the batch",
}


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit report`."""

    batch: str
    week: str
    out: Path
    formats: str
    audience: str
    previous: str | None = None
    theme: str = ""
    ledger: str | None = None
    rules: Given = None
    as_of: date | None = None
    records: str | None = None
    trust: str = "system"
    quiet: bool = False

    @property
    def where(self) -> str:
        """Return where the ledger is: as given, or beside the batch."""
        if self.ledger is not None:
            return self.ledger
        beside = Path() if self.batch == STDIN else Path(self.batch).resolve().parent
        return str(beside / LEDGER)


def run_report(asked: Asked, at: datetime | None = None) -> Exit:
    """Write the report of a week; return the exit code."""
    audience, names = _checked(asked)
    inputs = filter(None, (asked.batch, asked.records))
    given = (asked.rules, asked.as_of, asked.out, inputs)
    rulebook, as_of = begin(*given, quiet=asked.quiet, examples=False)
    ledger = _ledger(asked)
    previous = _previous(asked)
    with Source(asked.batch, asked.records, asked.trust).read(rulebook, quiet=asked.quiet) as batch:
        tell(batch.problems)
        facts = _facts(asked, (rulebook, as_of), batch, (ledger, previous))
        tell(_doubts(facts, asked))
        aside = len(batch.rejected)
    _write(asked, facts, audience, names)
    _note(asked, facts, ledger, at or datetime.now(UTC))
    return Exit.PUT_ASIDE if aside else Exit.DONE


def _checked(asked: Asked) -> tuple[Audience, tuple[str, ...]]:
    """Return the audience and the formats.

    Raises:
        Stop: one of them is unknown, or the week has no name.
    """
    known = tuple(map(str, Audience))
    names = tuple(dict.fromkeys(n.strip().lower() for n in asked.formats.split(",") if n.strip()))
    problems = [
        Problem(
            Location("--format"),
            "M501",
            f"`{name}` is not a format",
            nearest(name, tuple(FORMATS)) or f"formats: {', '.join(FORMATS)}",
        )
        for name in names
        if name not in FORMATS
    ]
    if asked.audience not in known:
        help_ = nearest(asked.audience, known) or f"audiences: {', '.join(known)}"
        said = f"`{asked.audience}` is not an audience"
        problems.append(Problem(Location("--audience"), "M500", said, help_))
    if not asked.week.strip():
        help_ = 'write it as it is called: --week "Listening & Learning, January 2026"'
        problems.append(Problem(Location("--week"), "M502", "the week has no name", help_))
    if problems:
        raise Stop(Exit.USAGE, tuple(sorted(problems)))
    return Audience(asked.audience), names or tuple(FORMATS)


def _ledger(asked: Asked) -> "Ledger | None":
    """Return the ledger; nothing where none was named and none lies beside the batch.

    Raises:
        Stop: a ledger was named and is not there, or it cannot be read.
    """
    from engine.moderation.ledger import open_ledger

    try:
        return open_ledger(asked.where, create=False)
    except Stop as stop:
        if {one.code for one in stop.problems} != {NO_LEDGER}:
            raise
        if asked.ledger is None:
            return None
        help_ = "check the path; leave --ledger out for a report without moderation"
        raise _no_such(asked.ledger, "M503", help_) from None


def _previous(asked: Asked) -> "tuple[Entry, ...] | None":
    """Return the entries of the earlier week's ledger.

    Raises:
        Stop: it is not there, or is this week's.
    """
    if asked.previous is None:
        return None
    from engine.moderation.ledger import open_ledger

    try:
        return tuple(open_ledger(asked.previous, create=False).entries())
    except Stop as stop:
        if {one.code for one in stop.problems} != {NO_LEDGER}:
            raise
        help_ = "give the ledger of the week before with --previous, or leave it out"
        raise _no_such(asked.previous, "M504", help_) from None


def _no_such(where: str, code: str, help_: str) -> Stop:
    from engine.moderation.ledger_where import without_password

    return _refused(without_password(where), code, "there is no such ledger", help_)


def _refused(where: str, code: str, said: str, help_: str) -> Stop:
    return Stop(Exit.USAGE, (Problem(Location(where), code, said, help_),))


def _facts(
    asked: Asked,
    by: "tuple[Rulebook, date]",
    batch: "Batch",
    ledgers: "tuple[Ledger | None, tuple[Entry, ...] | None]",
) -> "Facts":
    from engine.pipeline import Scoring, gather
    from engine.reports.week.facts import Asked as Week
    from engine.reports.week.facts import facts_of

    rulebook, as_of = by
    ledger, previous = ledgers
    scoring = Scoring(rulebook, batch, as_of)
    with progress_bar(batch.audit_count, quiet=asked.quiet) as progress:
        gathered = gather(scoring, progress)
    week = Week(
        week=asked.week.strip(),
        as_of=as_of,
        theme=asked.theme.strip(),
        ledger=None if ledger is None else tuple(ledger.entries()),
        head=None if ledger is None else ledger.head(),
        previous=previous,
    )
    return facts_of(week, rulebook, gathered)


def _doubts(facts: "Facts", asked: Asked) -> Iterable[Problem]:
    """Yield what makes it doubtful that batch and ledger belong together."""
    where, draw = Location(asked.where), facts.draw
    if facts.earlier is not None and facts.earlier.drawn is None:
        said = "this ledger holds no draw of an earlier week, so nothing is compared"
        help_ = "give the ledger of the week before with --previous"
        yield Problem(Location(asked.previous or ""), "M505", said, help_, warning=True)
    if draw is None:
        return
    if draw.input_hash != facts.gathered.header.input_hash:
        said = "the draw in the ledger was made of the batch in another state"
        help_ = "the report takes auditors' grades and caps from the batch as it is now"
        yield Problem(where, "M507", said, help_, warning=True)
    if facts.outside:
        number = f"{facts.outside:,} audit{'s are' if facts.outside > 1 else ' is'}"
        said = f"{number} in no draw of this ledger, and in no estimate"
        help_ = "draw again, or check that batch and ledger belong together"
        yield Problem(where, "M508", said, help_, warning=True)
    if facts.strange:
        number = f"{facts.strange:,} audit{'s' if facts.strange > 1 else ''}"
        said = f"{number} of the draw {'are' if facts.strange > 1 else 'is'} not in the batch"
        help_ = "check that batch and ledger belong together"
        yield Problem(where, "M509", said, help_, warning=True)


def _write(asked: Asked, facts: "Facts", audience: Audience, names: tuple[str, ...]) -> None:
    from engine.reports.week.build import build, only

    document = build(facts, audience)
    with placed(asked.out) as folder:
        for name in names:
            if not asked.quiet:
                say(f"writing {FILES[name]} ...")
            FORMATS[name](document, folder)
        if "docx" in names:
            _alone(only(document, SELF_EVALUATION), folder)
    if not asked.quiet:
        say(f"written to {asked.out}")


def _alone(document: "Document", folder: Path) -> None:
    """Write the three questions as a file of their own."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        FORMATS["docx"](document, Path(scratch))
        (Path(scratch) / FILES["docx"]).replace(folder / "self_evaluation.docx")


def _note(asked: Asked, facts: "Facts", ledger: "Ledger | None", at: datetime) -> None:
    """Write into the ledger that the week was reported, and at which head."""
    head = facts.asked.head
    if ledger is None or head is None:
        return
    from engine.moderation.entries import Draft, WeekReported

    body = WeekReported(week=facts.asked.week, audience=asked.audience, head=head.hash)
    try:
        ledger.append((Draft(body, BY, at),))
    except Stop as stop:
        why = stop.problems[0].message
    except OSError as error:
        why = reason(error)
    else:
        return
    said = f"the report is written, and the ledger could not note it ({why})"
    tell((Problem(Location(ledger.name), "M506", said, warning=True),))
