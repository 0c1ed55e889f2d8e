"""`audit explain`: an audit, a standard, or the code of a problem."""

from datetime import date
from typing import TYPE_CHECKING

from engine.cli.common import Given, open_rulebook, show, today
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import AUDITS

if TYPE_CHECKING:
    from engine.cli.joined import Source
    from engine.records.batch import Batch


def run_explain(
    name: str,
    batch: "Source | None",
    rules: Given,
    as_of: date | None,
    *,
    way_back: bool,
    sql: bool,
) -> Exit:
    """Explain what a name stands for; return the exit code."""
    from engine.cli.codes import ALL_CODES

    if batch is None and name in ALL_CODES:  # without the rules: they may be what is wrong
        _code(name)
        return Exit.DONE
    rulebook = open_rulebook(rules)
    # an audit of the batch comes first, since it may be called as a standard or a code is
    if batch is not None and _audit(name, batch, rulebook, as_of or today(), way_back=way_back):
        return Exit.DONE
    if name in ALL_CODES:
        _code(name)
    elif (large := name.upper()) in rulebook.by_id:
        _standard(large, rulebook, sql=sql)
    else:
        raise Stop(Exit.USAGE, (_unknown(name, (*rulebook.by_id, *ALL_CODES)),))
    return Exit.DONE


def _unknown(name: str, known: tuple[str, ...]) -> Problem:
    help_ = nearest(name.upper(), known) or "an audit is explained with --batch"
    said = f"`{name}` is neither a standard nor the code of a problem"
    return Problem(Location("explain"), "U010", said, help_)


def _code(name: str) -> None:
    from engine.cli.advice import ADVICE
    from engine.cli.codes import ALL_CODES

    show([f"{name}: {ALL_CODES[name]}", ADVICE[name]])


def _standard(name: str, rulebook: Rulebook, *, sql: bool) -> None:
    from engine.reports.explain import explain_standard

    if not sql:
        show(explain_standard(rulebook.by_id[name], rulebook))
        return
    from engine.pipeline import standard_sql

    show([standard_sql(rulebook, name)])


def _audit(name: str, source: "Source", rulebook: Rulebook, as_of: date, *, way_back: bool) -> bool:
    """Explain an audit; say whether there is one, where the name stands for something else too.

    Raises:
        Stop: the name stands for nothing, or for an audit that was put aside.
    """
    from engine.cli.codes import ALL_CODES
    from engine.pipeline import Scoring, explained
    from engine.reports.explain import explain_audit

    with source.read(rulebook) as batch:
        found = explained(Scoring(rulebook, batch, as_of), name, way_back=way_back)
        if found is not None:
            view, words, ways = found
            show(explain_audit(view, words, rulebook, ways))
            return True
        if problem := _put_aside(name, source.forms, batch):
            raise Stop(Exit.USAGE, (problem,))
        if name not in ALL_CODES and name.upper() not in rulebook.by_id:
            raise Stop(Exit.USAGE, (_not_there(name, source.forms, batch),))
        return False


def _put_aside(name: str, source: str, batch: "Batch") -> Problem | None:
    for row in batch.rejected:
        if row.table == AUDITS and row.audit_id == name:
            said = f"audit `{name}` was put aside"
            return Problem(Location(source), "U010", said, row.reason)
    return None


def _not_there(name: str, source: str, batch: "Batch") -> Problem:
    query = "SELECT audit_id FROM typed.audits ORDER BY audit_id LIMIT 10000"
    ids = [audit_id for (audit_id,) in batch.con.execute(query).fetchall()]
    said = f"there is no audit `{name}` in the batch"
    return Problem(Location(source), "U010", said, nearest(name, ids))
