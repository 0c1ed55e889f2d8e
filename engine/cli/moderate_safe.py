"""`audit moderate safe`: that the child of a critical case is safe, and how that was found out.

It is written for any audit that the ledger or the batch holds, drawn or not, and before a sample
is drawn too: nobody waits for a sample to see whether a child is safe.
"""

from datetime import UTC, date, datetime

from engine.cli.common import open_rulebook, say, show
from engine.cli.joined import Source
from engine.cli.moderate import Who
from engine.cli.sample import ledger_at
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.moderation.entries import Inclusions, Safe
from engine.reports.screen import shown

NEAR = 10_000
"""ids among which one is looked for that is like a misspelt one"""


def run_safe(who: Who, how: str, alerted: date, day: date) -> Exit:
    """Write that the child of a critical case is safe; the ledger is begun where there is none."""
    now = who.at or datetime.now(UTC)
    if day > now.astimezone().date():
        raise _stop(who, "M227", f"{day} lies in the future", "check --day")
    if not _in_ledger(who):
        _check_in_batch(who)
    desk = who.desk(create=True)
    body = Safe(by=desk.by, day=day, alerted=alerted, how=how)
    written = desk.decide(who.audit, lambda _case: body)
    took = (day - alerted).days
    days = "the same day" if not took else f"{took} {'day' if took == 1 else 'days'} later"
    line = f"the child was found safe on {day} by {shown(desk.by)}; alert {alerted}, {days}"
    show([f"{shown(who.audit)}: {line} (entry {written.entry.seq})"])
    say("not checked: whether this audit carries an alert, and since when; `audit score` tells")
    return Exit.DONE


def _in_ledger(who: Who) -> bool:
    ledger = ledger_at(who.place.where)
    bodies = (one.body for one in ledger.entries()) if ledger else ()
    drawn = (one for one in bodies if isinstance(one, Inclusions))
    return any(one.audit_id == who.audit for each in drawn for one in each.audits)


def _check_in_batch(who: Who) -> None:
    """Stop if no batch is given, or it does not hold the audit."""
    if who.place.batch is None:
        said = f"the ledger holds no audit `{shown(who.audit)}`"
        help_ = "check the id; where it was not drawn, give the batch that holds it: --batch"
        raise _stop(who, "M201", said, help_)
    rulebook = open_rulebook(who.place.rules, examples=False)
    with Source(who.place.batch).read(rulebook) as batch:
        found = batch.con.execute(
            "SELECT 1 FROM typed.audits WHERE audit_id = ?", [who.audit]
        ).fetchone()
        if found is None:
            query = "SELECT audit_id FROM typed.audits ORDER BY audit_id LIMIT ?"
            ids = [audit for (audit,) in batch.con.execute(query, [NEAR]).fetchall()]
            said = f"neither the ledger nor the batch holds an audit `{shown(who.audit)}`"
            raise _stop(who, "M201", said, nearest(who.audit, ids) or "check the id")


def _stop(who: Who, code: str, said: str, help_: str) -> Stop:
    where = Location(f"audit {shown(who.audit)}")
    return Stop(Exit.USAGE, (Problem(where, code, said, help_),))
