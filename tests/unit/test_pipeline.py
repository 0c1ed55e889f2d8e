"""The promises of scoring: the same figures whole, in slices, in parts and with either judge."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.findings.compile import Against, compile_standard
from engine.findings.duckdb_sql import emit, quote
from engine.findings.plan import Relation
from engine.findings.slices import lay_out, lay_out_calendar, slices
from engine.findings.stage import columns_read, compile_rulebook
from engine.pipeline import Scoring, explained, no_progress, score, score_in_parts, standard_sql
from engine.records.batch import Batch
from engine.records.quality import Quality
from engine.reports import as_json, write
from engine.reports.as_csv import QUALITY
from engine.reports.view import AuditView, DomainView, View
from tests.rules.rulebooks import shipped
from tests.unit.mixed import mixed, records

AS_OF = date(2026, 6, 30)
KEYS = [
    "audit_id",
    "auditor_grade",
    "cap",
    "moderated_grade",
    "status",
    "route",
    "alerts",
    "contradictions",
    "domains",
    "caps",
    "findings",
    "suggested_grade",
]


@pytest.fixture(name="batch", scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    with mixed(tmp_path_factory.mktemp("batch")) as batch:
        yield batch


@pytest.fixture(name="whole", scope="module")
def scored(batch: Batch) -> View:
    return score(Scoring(shipped(), batch, AS_OF))


def unplaced(quality: Quality) -> Quality:
    """Return the data quality without the places of its entries, which are then sorted."""
    return replace(quality, entries=tuple(replace(one, places=()) for one in quality.entries))


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a run's Parquet, by audit."""
    parts = (folder / "moderated").as_posix()
    con = duckdb.connect()
    con.execute("SELECT * FROM read_parquet(?) ORDER BY audit_id", [f"{parts}/*.parquet"])
    names = [column[0] for column in con.description or ()]
    return [dict(zip(names, row, strict=True)) for row in con.fetchall()]


def test_the_batch_is_mixed(whole: View) -> None:
    """The batch of these tests has every grade, route and outcome, so that they test something."""
    summary = whole.summary
    assert whole.header.audits == len(records()) > 35
    assert whole.rejected == ()
    assert all(summary.grades_before.values())
    assert all(summary.grades_after.values())
    assert {route for route, number in summary.routes.items() if number} >= {"alert", "panel"}
    shown = {key for row in summary.by_standard.values() for key, number in row.items() if number}
    assert shown == {key for row in summary.by_standard.values() for key in row}


@pytest.mark.parametrize("size", [1, 3])
def test_slices_of_any_size_give_the_same_view(tmp_path: Path, size: int) -> None:
    """A batch scored an audit at a time, or three, gives what it gives as a whole."""
    with mixed(tmp_path, most=7) as few:
        whole = score(Scoring(shipped(), few, AS_OF))
        assert score(Scoring(shipped(), few, AS_OF, size=size)) == whole


@pytest.mark.parametrize("size", [97, 1000])
def test_parts_give_the_figures_of_the_view(
    batch: Batch, whole: View, tmp_path: Path, size: int
) -> None:
    """A run into Parquet counts what a run with evidence counts, and its rows say the same."""
    parts = score_in_parts(Scoring(shipped(), batch, AS_OF, size=size), tmp_path)
    assert asdict(parts.summary) == asdict(whole.summary)
    assert parts.header == whole.header
    assert parts.audits == ()
    number = -(-whole.header.audits // size)
    assert len(list((tmp_path / "moderated").iterdir())) == number
    for row, audit in zip(rows_of(tmp_path), whole.audits, strict=True):
        assert row["audit_id"] == audit.audit_id
        for name in ("case_type", "team", "auditor_id", "auditor_grade", "cap", "route", "status"):
            assert row[name] == getattr(audit, name), name
        assert row["moderated_grade"] == audit.moderated_grade
        assert row["suggested_grade"] == audit.suggested_grade
        assert row["alert"] == bool(audit.alerts)
        assert row["contradictions"] == len(audit.contradictions)
        for finding in audit.findings:
            assert row[finding.standard] == finding.outcome
        for domain in shipped().domains:
            shown = audit.domains.get(domain)
            for name in ("auditor_grade", "cap", "moderated_grade"):
                assert row[f"{domain}:{name}"] == (getattr(shown, name) if shown else None)


def test_the_plain_judge_gives_the_same_view(batch: Batch, whole: View) -> None:
    """Without durable-rules every grade, cap and reason is the same; only the header tells."""
    plain = score(Scoring(shipped(), batch, AS_OF, plain=True))
    assert plain.header.judge == "plain"
    assert replace(plain, header=whole.header) == whole


def test_the_order_of_rows_does_not_matter(batch: Batch, whole: View, tmp_path: Path) -> None:
    """The same audits, their rows and keys turned round, give the same bytes."""
    with mixed(tmp_path / "turned", backwards=True) as turned:
        assert turned.input_hash == batch.input_hash
        other = score(Scoring(shipped(), turned, AS_OF))
    for name, view in (("one", whole), ("two", other)):
        (tmp_path / name).mkdir()
        # warnings name the file and line of a row, which are others in the other file
        write(replace(view, problems=()), tmp_path / name, ("json", "csv", "html", "xlsx"))
    for path in sorted((tmp_path / "one").iterdir()):
        if path.name == QUALITY:  # so does the list of what looks wrong
            continue
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_results_have_the_agreed_keys(whole: View) -> None:
    """Each audit in results.json has the agreed keys in their order, findings by standard."""
    held = json.loads("\n".join(as_json.lines(whole)))
    assert list(held) == ["schema", "run", "summary", "data_quality", "audits", "problems"]
    assert [list(audit) for audit in held["audits"]] == [KEYS] * whole.header.audits
    ids = [standard.id for standard in shipped().live]
    assert all(list(audit["findings"]) == ids for audit in held["audits"])
    assert {audit["status"] for audit in held["audits"]} == {"proposed"}


def test_every_finding_says_why_and_by_what_authority(whole: View) -> None:
    """Each finding has a sentence; one that was measured cites a version and its source."""
    for audit in whole.audits:
        for finding in audit.findings:
            assert finding.because.endswith(".")
            assert "{" not in finding.because
            assert finding.source
            if finding.outcome in ("met", "partly_met", "not_met"):
                assert finding.version is not None


def test_a_moderated_grade_is_never_better_than_the_auditor_s(whole: View) -> None:
    """The record takes from the auditor's grade, overall and in each domain, and gives nothing."""
    for audit in whole.audits:
        shown: tuple[AuditView | DomainView, ...] = (audit, *audit.domains.values())
        for one in shown:
            if one.auditor_grade is None or one.moderated_grade is None:
                assert one.moderated_grade is one.auditor_grade is None
                continue
            assert shipped().rank(one.moderated_grade) <= shipped().rank(one.auditor_grade)


def test_an_audit_explained_alone_is_the_audit_of_the_batch(batch: Batch, whole: View) -> None:
    """Explaining one audit gives the view that the whole batch gives of it, with its way back."""
    scoring = Scoring(shipped(), batch, AS_OF)
    for audit in tuple(whole.audits)[::9]:
        found = explained(scoring, audit.audit_id, way_back=bool(audit.cap))
        assert found is not None
        view, words, ways = found
        assert (view, words) == (audit, whole.words)
        assert (ways is not None) == bool(audit.cap)
    assert explained(scoring, "nobody", way_back=False) is None


def test_progress_is_told_as_audits_are_done(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scoring whole tells of every few audits, in parts of every slice: how many of how many."""
    total = batch.audit_count
    half = -(-total // 2)
    scoring = Scoring(shipped(), batch, AS_OF, size=half)
    expected = [(half, total), (total, total)]
    told: list[tuple[int, int]] = []
    monkeypatch.setattr("engine.pipeline.rows.TOLD", half)
    score(replace(scoring, size=1_000), lambda *so_far: told.append(so_far))
    assert told == expected
    score_in_parts(scoring, tmp_path, lambda *so_far: told.append(so_far))
    assert told == expected * 2
    no_progress(1, 2)


def found_by(batch: Batch, plan: Relation, prefix: str) -> list[tuple[Any, ...]]:
    """Return the rows of a plan, its columns by name."""
    names = ", ".join(quote(name) for name in sorted(plan.schema))
    sql = f"SELECT {names} FROM ({emit(plan, prefix)}) ORDER BY ALL"
    return batch.con.execute(sql).fetchall()


@pytest.mark.parametrize("evidence", [False, True])
def test_making_a_plan_shorter_changes_no_finding(
    batch: Batch, monkeypatch: pytest.MonkeyPatch, *, evidence: bool
) -> None:
    """Each standard's plan finds on the batch what it finds unpruned and unfused."""
    book = shipped()
    short = compile_rulebook(book, batch.presence)
    against = Against(book.fields, batch.presence, book.book.settings)
    with monkeypatch.context() as patched:
        patched.setattr("engine.findings.compile.fuse", lambda plan: plan)
        patched.setattr("engine.findings.compile.prune", lambda plan: plan)
        long = {s.id: compile_standard(s, against, evidence=evidence) for s in book.live}
        raw = compile_rulebook(book, batch.presence)
        reads = columns_read(raw, evidence=evidence)
    lay_out_calendar(batch.con, book)
    (part,) = slices(batch.con)
    lay_out(batch.con, book, batch.presence, part, as_of=AS_OF, reads=reads)
    for one in short:
        plan, raw_plan = one.evidence_plan if evidence else one.outcome_plan, long[one.standard.id]
        assert dict(plan.schema) == dict(raw_plan.schema)
        found = found_by(batch, plan, "short")
        assert found == found_by(batch, raw_plan, "long")
        assert found, one.standard.id


def test_the_sql_of_a_standard_can_be_shown_for_a_draft_too() -> None:
    """What an analyst is shown is the SQL of any standard, in force or not."""
    book = shipped()
    draft = book.by_id["CP-05"].model_copy(update={"status": "draft"})
    drafts = replace(book, standards=(draft,))
    assert drafts.live == ()
    assert standard_sql(drafts, "CP-05") == standard_sql(book, "CP-05")
    assert standard_sql(book, "CP-05").startswith("WITH cp_05_1 AS (")
