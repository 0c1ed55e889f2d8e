"""Synthetic batches: valid, realistic in size and skew, and true to what is said about them."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import correlation, mean

import pytest

from engine.pipeline import Scoring, score
from engine.records.read import read_batch
from engine.reports.view import AuditView, View
from engine.rulebook.fields import AUDITS, FieldType
from engine.synthetic import Manifest
from engine.synthetic.generator import Generator, connect
from engine.terms import OUTCOMES
from tests.unit.synthetic_batches import Row, Tables, fields, make, read_csv, rulebook

AS_OF = date(2026, 6, 30)
SCORED = 480
GRADES = ("inadequate", "requires_improvement", "good", "outstanding")


@dataclass(frozen=True)
class Made:
    """A batch, read naively, and the truth about it."""

    manifest: Manifest
    tables: Tables
    truth: list[Row]
    auditors: list[Row]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make 5,000 audits: one authority, forty auditors."""
    manifest = make(tmp_path_factory.mktemp("many") / "made", 5_000, seed=2)
    truth = _rows(manifest.truth / "truth.csv")
    return Made(manifest, read_csv(manifest.out), truth, _rows(manifest.truth / "auditors.csv"))


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[View, list[Row]]:
    """Score audits, few enough for their plans to run in Python."""
    made = make(tmp_path_factory.mktemp("scored") / "made", SCORED, seed=4)
    book = rulebook()
    batch = read_batch(made.out, book.fields, book.allowed)
    truth = _rows(made.truth / "truth.csv")
    return score(Scoring(book, batch, AS_OF, plain=True)), truth


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_values_are_allowed(many: Made) -> None:
    """Every value is one that the dictionary allows, of its type and within its bounds."""
    for table, described in fields().tables.items():
        for name, field in described.fields.items():
            values = {row[name] for row in many.tables[table] if name in row}
            if field.required:
                assert all(name in row for row in many.tables[table]), (table, name)
            if field.type in _IS:
                assert all(map(_IS[field.type], values)), (table, name)
            if field.min is not None and field.max is not None:
                assert all(field.min <= int(value) <= field.max for value in values)
            if field.type in (FieldType.CHOICE, FieldType.LIST):
                said = {part for value in values for part in value.split(";")}
                allowed = (
                    rulebook().allowed(field.values_from) if field.values_from else field.values
                )
                assert said <= set(allowed), (table, name)


def _is_day(text: str) -> bool:
    return fields().believable(date.fromisoformat(text))


_IS: dict[FieldType, Callable[[str], bool]] = {
    FieldType.DATE: _is_day,
    FieldType.MONTH: lambda text: _is_day(f"{text}-01"),
    FieldType.DATETIME: lambda text: _is_day(text[:10]),
    FieldType.YES_NO: lambda text: text in ("yes", "no"),
    FieldType.NUMBER: str.isdigit,
}


def test_rows_belong_together(many: Made) -> None:
    """Keys are unique, every row has its audit, and actions have their plan or supervision."""
    audits = {row["audit_id"] for row in many.tables["audits"]}
    for table, described in fields().tables.items():
        rows = many.tables[table]
        assert {row["audit_id"] for row in rows} <= audits
        keys = [tuple(row.get(name, "") for name in described.key) for row in rows]
        assert not described.key or len(set(keys)) == len(rows), table
    for child, parent, key in (
        ("plan_actions", "plans", "plan_id"),
        ("supervision_actions", "supervisions", "supervision_id"),
    ):
        known = {(row["audit_id"], row[key]) for row in many.tables[parent]}
        assert {(row["audit_id"], row[key]) for row in many.tables[child]} <= known


def test_days_are_in_order(many: Made) -> None:
    """Nothing happens after the day of the audit, or is recorded before it happened."""
    audited = {row["audit_id"]: row["audit_date"] for row in many.tables["audits"]}
    for table, described in fields().tables.items():
        if table in ("audits", "moderations"):
            continue
        for row in many.tables[table]:
            happened = row.get(described.date or "", "")[:10]
            assert happened <= audited[row["audit_id"]]
            assert happened <= row.get("recorded_date", "9999") or not happened
    for row in many.tables["audits"]:
        assert row["period_start"] < row["period_end"] < row["audit_date"]
        assert row["selected_date"] < row["audit_date"]
        assert "2025-09" <= row["period_end"][:7] <= "2025-12"


def test_rows_put_in_order(many: Made) -> None:
    """Every table is sorted by audit, and within it by day."""
    for table, described in fields().tables.items():
        keys = [(row["audit_id"], row.get(described.date or "", "")) for row in many.tables[table]]
        if table == "audits":
            keys = [(audit, "") for audit, _ in keys]
        assert keys == sorted(keys), table


def test_what_was_not_examined_is_not_there(many: Made) -> None:
    """A table that an audit calls not examined holds no row of that audit."""
    unread = {
        (name, row["audit_id"])
        for row in many.tables["audits"]
        for name in row.get("not_examined", "").split(";")
    }
    assert len({name for name, _ in unread}) > 4
    for table in fields().tables.keys() - {AUDITS}:
        assert not [row for row in many.tables[table] if (table, row["audit_id"]) in unread]


def test_no_day_is_a_day_off(many: Made) -> None:
    """Visits, supervision and plans fall on working days."""
    for table, name in (("visits", "visit_date"), ("plans", "start_date")):
        for row in many.tables[table]:
            assert rulebook().calendar.is_working_day(date.fromisoformat(row[name])), row


def test_size_and_skew(many: Made) -> None:
    """There are thirty-odd records an audit, and an answer to each standard that binds it.

    Case types and auditors' loads are skewed.
    """
    rows = sum(many.manifest.rows.values())
    assert rows == sum(map(len, many.tables.values()))
    answers = many.manifest.rows["answers"]
    assert 30 <= (rows - answers) / 5_000 - 1 <= 45
    assert 20 <= answers / 5_000 <= 35
    types = Counter(row["case_type"] for row in many.tables["audits"])
    assert abs(types["assessment"] - 1_000) < 5
    assert abs(types["private_fostering"] - 125) < 5
    loads = Counter(row["auditor_id"] for row in many.tables["audits"]).most_common()
    assert loads[0][1] > 4 * loads[len(loads) // 2][1]


def test_rare_things_occur(many: Made) -> None:
    """Unborn and very young children, attempts, blanks, late entries and moves are all there."""
    audits = {row["audit_id"]: row for row in many.tables["audits"]}
    visits = many.tables["visits"]
    assert sum(row.get("unborn") == "yes" for row in audits.values()) > 20
    assert sum(row.get("birth_month", "") > "2023-01" for row in audits.values()) > 200
    assert sum(row.get("child_seen") == "no" and "reason_not_seen" in row for row in visits) > 50
    assert sum("seen_alone" not in row for row in visits) > 500
    late = [row for row in visits if _told(audits, row) < row.get("recorded_date", "")]
    assert 200 < sum(row["visit_date"] < _told(audits, row) for row in late) < len(visits) / 10
    assert sum(row["returned_home"] == "yes" for row in many.tables["enquiries"]) > 10
    assert sum("end_date" in row for row in many.tables["placements"]) > 20


def _told(audits: dict[str, Row], row: Row) -> str:
    return audits[row["audit_id"]]["selected_date"]


def test_leniency_can_be_recovered(many: Made) -> None:
    """An auditor's mean gap to the true grade is the auditor's known leniency, all but a little."""
    truth = {row["audit_id"]: GRADES.index(row["true_grade"]) for row in many.truth}
    gaps: defaultdict[str, list[int]] = defaultdict(list)
    for row in many.tables["audits"]:
        if "overall_grade" in row:
            gap = GRADES.index(row["overall_grade"]) - truth[row["audit_id"]]
            gaps[row["auditor_id"]].append(gap)
    known = {row["auditor_id"]: float(row["leniency"]) for row in many.auditors}
    often = [auditor for auditor, found in gaps.items() if len(found) >= 40]
    found = [mean(gaps[auditor]) for auditor in often]
    assert len(often) > 30
    assert correlation(found, [known[auditor] for auditor in often]) > 0.9
    assert abs(mean(found) - mean(known[auditor] for auditor in often)) < 0.08
    everybody = [gap for found in gaps.values() for gap in found]
    assert 0.45 < sum(gap == 0 for gap in everybody) / len(everybody) < 0.65
    assert sum(abs(gap) <= 1 for gap in everybody) / len(everybody) > 0.95


def test_the_record_shows_what_was_planned(scored: tuple[View, list[Row]], tmp_path: Path) -> None:
    """Of every audit and standard, the engine finds exactly what the generator meant it to show."""
    view, _ = scored
    con = connect(4, rulebook().calendar, tmp_path)
    Generator(con, fields(), "csv").draw(1, SCORED)
    standards = [standard.id for standard in rulebook().live]
    columns = ", ".join(f'"{name}"' for name in standards)
    planned = con.execute(f"SELECT audit_id, {columns} FROM cases ORDER BY i").fetchall()
    for audit, (audit_id, *codes) in zip(view.audits, planned, strict=True):
        meant = {name: OUTCOMES[code or 0] for name, code in zip(standards, codes, strict=True)}
        assert {f.standard: f.outcome for f in audit.findings} == meant, audit_id


def test_truth_names_the_contradictions(scored: tuple[View, list[Row]]) -> None:
    """The engine finds the planted contradictions and unsupported answers: all, and no others."""
    view, truth = scored
    for audit, row in zip(view.audits, truth, strict=True):
        assert audit.audit_id == row["audit_id"]
        said = defaultdict(list)
        for finding in audit.findings:
            said[finding.comparison].append(finding.standard)
        assert sorted(said["contradiction"]) == _named(row["contradictions"]), audit.audit_id
        assert sorted(said["unsupported"]) == _named(row["unsupported"]), audit.audit_id


def _named(text: str) -> list[str]:
    return text.split(";") if text else []


def test_moderation_changes_some_and_not_all(scored: tuple[View, list[Row]]) -> None:
    """Between a third and a half of the audits stand as they are; the rest need a look."""
    view, _ = scored
    untouched = sum(not _lowered(audit) and not _disputed(audit) for audit in view.audits)
    assert 1 / 3 < untouched / SCORED < 1 / 2
    outcomes = Counter(finding.outcome for audit in view.audits for finding in audit.findings)
    bound = sum(outcomes.values()) - outcomes["not_applicable"]
    # most standards are seldom missed: with some thirty to an audit, more misses would leave
    # no audit as it was
    assert 0.85 < outcomes["met"] / bound < 0.95
    assert all(outcomes[name] for name in ("partly_met", "not_met", "not_evidenced"))
    assert all(outcomes[name] for name in ("not_yet_due", "not_assessable"))


def _lowered(audit: AuditView) -> bool:
    domains = audit.domains.values()
    return audit.auditor_grade != audit.moderated_grade or any(
        domain.auditor_grade != domain.moderated_grade for domain in domains
    )


def _disputed(audit: AuditView) -> bool:
    return any(f.comparison in ("contradiction", "unsupported") for f in audit.findings)
