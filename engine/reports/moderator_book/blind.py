"""What a moderator may see of an audit before grading it.

In: the view of an audit and the batch. Out: what the record shows, and nothing of the auditor:
no grade, answer, comment or contradiction, no cap, and not who it was.
INVARIANT: the blind workbook is written from these alone, and two batches that differ only in what
their auditors said give the same ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.reports.view import AuditView, FindingView
from engine.reports.wording import long_date, outcome_title, plain
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS, FieldType, Table
from engine.rulebook.measures import AnswerMeasure
from engine.rulebook.standard import Standard
from engine.terms import Outcome

if TYPE_CHECKING:
    from engine.records.batch import Batch

# tables that hold what people said of the audit, and not what is on the child's file
SAID = frozenset({ANSWERS, "domain_grades", "moderations"})
HIDDEN = frozenset({AUDIT_ID, "auditor_id", "overall_grade", "not_examined"})
SHOWN_FIRST = (
    *(Outcome.NOT_MET, Outcome.PARTLY_MET, Outcome.NOT_EVIDENCED, Outcome.MET),
    *(Outcome.NOT_YET_DUE, Outcome.NOT_ASSESSABLE, Outcome.NOT_APPLICABLE),
)
MOST_ROWS = 200  # of one table are shown
LOOK_TODAY = "Something on this file may mean that a child is not safe. Look at it today."


@dataclass(frozen=True)
class BlindFinding:
    """A standard on an audit, as the record shows it."""

    standard: str
    section: str
    title: str
    weight: str
    outcome: str
    shown: str
    source: str


@dataclass(frozen=True)
class RecordTable:
    """Some rows of a table of the record, as text; `more` were left out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


@dataclass(frozen=True)
class BlindAudit:
    """An audit as a moderator sees it who has not graded it yet."""

    audit_id: str
    about: tuple[tuple[str, str], ...]
    alerts: tuple[str, ...]
    findings: tuple[BlindFinding, ...]
    record: tuple[RecordTable, ...]


def blind_audits(
    views: Iterable[AuditView], rulebook: Rulebook, batch: "Batch"
) -> dict[str, BlindAudit]:
    """Return what may be seen of some audits, by audit id."""
    held = {view.audit_id: view for view in views}
    record = _record(batch, rulebook, tuple(held))
    asked = {s.id for s in rulebook.live if rests_on_answers(s)}
    return {
        audit: BlindAudit(
            audit,
            record[audit].about,
            tuple(_alerts(view, asked)),
            tuple(_findings(view, rulebook, asked)),
            record[audit].tables,
        )
        for audit, view in held.items()
    }


def rests_on_answers(standard: Standard) -> bool:
    """Say whether a standard is, or may be, nothing but the auditor's answer."""
    return any(isinstance(branch.measure, AnswerMeasure) for branch in standard.branches())


def _alerts(view: AuditView, asked: set[str]) -> Iterator[str]:
    """Yield each alert; one that rests on the auditor's answer says no more than to look today."""
    for alert in view.alerts:
        open_ = alert.standard and alert.standard not in asked
        yield f"{alert.standard}: {alert.message}" if open_ else LOOK_TODAY


def _findings(view: AuditView, rulebook: Rulebook, asked: set[str]) -> Iterator[BlindFinding]:
    order = {s.id: at for at, s in enumerate(rulebook.live)}
    shown = [one for one in view.findings if one.binds and one.standard not in asked]
    shown.sort(key=lambda one: (SHOWN_FIRST.index(Outcome(one.outcome)), order[one.standard]))
    for one in shown:
        yield _finding(one, rulebook)


def _finding(one: FindingView, rulebook: Rulebook) -> BlindFinding:
    standard = rulebook.by_id[one.standard]
    weight = plain(standard.severity) + (", bottom line" if standard.bottom_line else "")
    outcome = outcome_title(one.outcome, silent=one.silent)
    section = rulebook.title(standard.domain)
    return BlindFinding(
        one.standard, section, standard.title, weight, outcome, one.because, one.source
    )


@dataclass(frozen=True)
class _Held:
    about: tuple[tuple[str, str], ...]
    tables: tuple[RecordTable, ...]


def _record(batch: "Batch", rulebook: Rulebook, ids: Sequence[str]) -> Mapping[str, _Held]:
    about: dict[str, tuple[tuple[str, str], ...]] = dict.fromkeys(ids, ())
    tables: dict[str, list[RecordTable]] = {audit: [] for audit in ids}
    for name, table in rulebook.fields.tables.items():
        columns = _columns(batch, name, table)
        if not columns or name in SAID:
            continue
        for audit, rows in _rows(batch, name, table, columns, ids).items():
            if name == AUDITS:
                named = zip(columns, rows[0], strict=True)
                about[audit] = tuple((plain(column), text) for column, text in named if text)
            else:
                tables[audit].append(_table(name, columns, rows))
    return {audit: _Held(about[audit], tuple(tables[audit])) for audit in ids}


def _columns(batch: "Batch", name: str, table: Table) -> tuple[str, ...]:
    """Return the columns that are on the child's file; what the auditor judged of it is not."""
    held = batch.presence.columns.get(name, frozenset())
    fields = table.fields.items()
    return tuple(n for n, one in fields if n in held and n not in HIDDEN and not one.judged)


def _rows(
    batch: "Batch", name: str, table: Table, columns: Sequence[str], ids: Sequence[str]
) -> dict[str, list[tuple[str, ...]]]:
    order = sorted(columns, key=lambda column: column != table.date)
    chosen, by = (", ".join(f'"{column}"' for column in some) for some in (columns, order))
    query = (
        f'SELECT audit_id, {chosen} FROM typed."{name}" WHERE audit_id IN '
        f"(SELECT unnest(?::VARCHAR[])) ORDER BY audit_id, {by}"
    )
    kinds = [table.fields[column].type for column in columns]
    found: dict[str, list[tuple[str, ...]]] = {}
    for audit, *values in batch.con.execute(query, [list(ids)]).fetchall():
        said = zip(values, kinds, strict=True)
        found.setdefault(audit, []).append(tuple(_text(value, kind) for value, kind in said))
    return found


def _table(name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> RecordTable:
    filled = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    kept = tuple(tuple(row[at] for at in filled) for row in rows[:MOST_ROWS])
    titles = tuple(plain(columns[at]) for at in filled)
    return RecordTable(plain(name), titles, kept, max(0, len(rows) - MOST_ROWS))


def _text(value: object, kind: FieldType) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        time = value.strftime(" %H:%M") if value.time() != datetime.min.time() else ""
        return f"{long_date(value.date())}{time}"
    if isinstance(value, date):
        return value.strftime("%m/%Y") if kind is FieldType.MONTH else long_date(value)
    if isinstance(value, list):
        return ", ".join(map(plain, map(str, value)))
    return plain(str(value)) if kind is FieldType.CHOICE else str(value)
