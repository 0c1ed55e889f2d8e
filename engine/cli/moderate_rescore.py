"""`audit moderate rescore`: a fact was corrected, and the engine judges the audit again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.cli.common import say, show, tell, today
from engine.cli.joined import Source
from engine.cli.moderate import table
from engine.cli.moderating import Desk, Place, Written
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.moderation.cases import OVERALL, Case
from engine.moderation.entries import Body, Rescored, Standing
from engine.reports.screen import shown

if TYPE_CHECKING:
    from engine.records.batch import Batch
    from engine.reports.view import AuditView

HEADINGS = ("", "Auditor's", "Cap before", "Cap now")


@dataclass(frozen=True)
class Asked:
    """What was asked of `audit moderate rescore`; the ledger stands beside the first batch."""

    audit: str
    by: str
    place: Place
    source: Source
    correction: str
    as_of: date | None = None
    at: datetime | None = None


def run_rescore(asked: Asked) -> Exit:
    """Score an audit again from a corrected batch; what it said before stays."""
    desk = Desk.open(asked.place, asked.by, asked.at)
    as_of = asked.as_of or today()
    view, input_hash = _scored(asked, desk, as_of)
    now = standing_of(view)

    def make(case: Case) -> Body:
        return Rescored(
            by=desk.by,
            correction=asked.correction,
            before=case.standing,
            after=now,
            input_hash=input_hash,
            rulebook_hash=desk.rulebook.hash,
            as_of=as_of,
        )

    show(_told(desk, desk.decide(asked.audit, make)))
    return Exit.DONE


def standing_of(view: "AuditView") -> Mapping[str, Standing]:
    """Return where a scored audit stands: overall, and in each domain that has a grade or a cap."""
    domains = {
        name: Standing(auditor_grade=one.auditor_grade, cap=one.cap)
        for name, one in view.domains.items()
        if one.auditor_grade or one.cap
    }
    overall = Standing(auditor_grade=view.auditor_grade, cap=view.cap)
    return {OVERALL: overall, **domains}


def _scored(asked: Asked, desk: Desk, as_of: date) -> tuple["AuditView", str]:
    """Return the audit as it is scored from the corrected batch, and the hash of that."""
    from engine.pipeline import Scoring, explained

    with asked.source.read(desk.rulebook) as batch:
        tell(batch.problems)
        found = explained(Scoring(desk.rulebook, batch, as_of), asked.audit, way_back=False)
        if found is None:
            raise Stop(Exit.USAGE, (_not_there(asked, batch),))
        say(f"scored again from {asked.source.forms}; as of {as_of}")
        return found[0], batch.input_hash


def _not_there(asked: Asked, batch: "Batch") -> Problem:
    where = Location(asked.source.forms)
    for row in batch.rejected:
        if row.audit_id == asked.audit:
            said = f"audit `{asked.audit}` was put aside in the corrected batch"
            return Problem(where, "M225", said, row.reason)
    rows = batch.con.execute("SELECT audit_id FROM typed.audits ORDER BY audit_id LIMIT 10000")
    help_ = nearest(asked.audit, [audit for (audit,) in rows.fetchall()])
    said = f"there is no audit `{asked.audit}` in the corrected batch"
    return Problem(where, "M225", said, help_ or "give the batch that holds it: --batch")


def _told(desk: Desk, written: Written) -> Iterator[str]:
    before, case = written.before, written.case
    audit, seq = shown(case.audit_id), written.entry.seq
    yield f"{audit}: scored again after a correction (entry {seq}); what it said before stays"
    if case.graded_blind:
        yield "somebody has still to grade it blind: what has changed is not shown before"
        yield from desk.next(case)
        return
    rows = tuple(_rows(desk, before, case))
    if rows:
        yield ""
        yield from table((HEADINGS, *rows))
        yield ""
    else:
        yield "no grade or cap has changed"
    if case.decision is None and before.decision is not None:
        yield "the grade that was decided is above the new cap: the audit is open again"
    elif case.final is not None:
        yield f"the final grade stays {desk.title(case.final.grade)}"
    yield from desk.next(case)


def _rows(desk: Desk, before: Case, case: Case) -> Iterator[tuple[str, ...]]:
    for name in (OVERALL, *desk.rulebook.domains):
        was, now = (one.standing.get(name, Standing()) for one in (before, case))
        if was != now:
            said = [desk.title(one.auditor_grade) for one in (was, now)]
            own = said[0] if said[0] == said[1] else " → ".join(said)
            title = "Overall" if name == OVERALL else desk.title(name)
            yield title, own, desk.title(was.cap), desk.title(now.cap)
