"""A mapping is proposed from a sample: what is sure is right, and the file can be used as it is."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cli.mapping_new import proposed
from engine.errors import Stop
from engine.records import read_batch
from engine.records.dictionary import Dictionary
from engine.records.mapping.guess import MAYBE, SURE
from engine.records.mapping.load import parse_mapping
from engine.records.mapping.proposal import quoted
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.unit import proposed as samples
from tests.unit.commands import Audit

ROOT = Path(__file__).parents[2]
# sample: how to write it, and the least precision and recall of what is sure, and recall of all
SAMPLES: dict[str, tuple[Callable[[Path], samples.Truth], tuple[float, float, float]]] = {
    "words": (partial(samples.renamed, names=samples.PLAIN, words={}), (1, 0.97, 1)),
    "capitals": (partial(samples.renamed, names=samples.CAPITALS, words={}), (1, 0.9, 0.95)),
    "camel": (
        partial(samples.renamed, names=samples.CAMEL, words=samples.YES_NO),
        (1, 0.95, 1),
    ),
    "national": (samples.national, (1, 1, 1)),
    "annex": (samples.annex, (1, 1, 1)),
    "held out": (samples.held_out, (1, 0.7, 0.9)),
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    book, problems = load_rulebook(ROOT / "rules")
    assert book, problems
    return book


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_sure_is_right_and_can_be_used_as_it_is(
    tmp_path: Path, rulebook: Rulebook, name: str
) -> None:
    """Precision before recall: what cannot be told is left to a person, as a comment."""
    write, (precision, recall, all_) = SAMPLES[name]
    truth = write(tmp_path / "in")
    proposal = proposed(str(tmp_path / "in"), rulebook)
    sure = samples.score(proposal, truth, SURE)
    assert sure.precision >= precision, sure.wrong
    assert sure.recall >= recall, sure.missed
    assert samples.score(proposal, truth, MAYBE).recall >= all_
    # unedited, the proposal is a mapping by which the sample is read
    dictionary = Dictionary.of(rulebook.fields, rulebook.allowed)
    mapping, problems = parse_mapping(proposal.text(), "new.yaml", dictionary)
    assert mapping, problems
    with read_batch(tmp_path / "in", rulebook.fields, rulebook.allowed, mapping) as batch:
        assert batch.audit_count
        assert not {p.code for p in batch.problems} & {"B240", "B241", "B244"}


def test_a_latest_entry_is_no_series(tmp_path: Path, rulebook: Rulebook) -> None:
    """A column of the latest visit alone never makes gaps between visits."""
    samples.annex(tmp_path / "in")
    text = proposed(str(tmp_path / "in"), rulebook).text()
    visits = text.partition("- table: visits\n")[2].partition("- table:")[0]
    assert "    holds: latest_only" in visits


def test_nonsense_gives_nothing(tmp_path: Path, audit: Audit) -> None:
    """A table about something else: nothing is proposed, and that is said."""
    samples.nonsense(tmp_path / "in")
    ended = audit("mapping", "new", tmp_path / "in", "--out", tmp_path / "m.yaml")
    assert ended.code == 2
    assert ended.err.splitlines() == [
        f"{tmp_path / 'in'}: M020 no column looks like something that is read here",
        "  help: is the header in it, and some rows? a mapping can also be written by hand",
    ]
    assert not (tmp_path / "m.yaml").exists()


@pytest.fixture(name="audit")
def in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


def test_a_proposal_is_shown_and_written(tmp_path: Path, audit: Audit) -> None:
    """A table on the screen and the YAML in a file, which is never overwritten; the same twice."""
    sample = ROOT / "audits" / "examples-mapping"
    ended = audit("mapping", "new", sample, "--out", tmp_path / "m.yaml")
    assert ended.code == 0
    assert ended.out.splitlines()[:4] == [
        "File or sheet   Column                 Fills                        Sure",
        "--------------  ---------------------  ---------------------------  --------------",
        "Forms 2026-01   Person ID              child                        100%",
        "Forms 2026-01   Assessment began       assessments.start_date       100%",
    ]
    first = (tmp_path / "m.yaml").read_text("utf-8")
    assert "    from: Plans *\n    child: Person ID   # 100%\n" in first
    again = audit("mapping", "new", sample, "--out", tmp_path / "m.yaml")
    assert (again.code, "M021" in again.err) == (2, True)
    assert audit("mapping", "new", sample).out == first


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_give_a_proposal_or_problems(
    tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook, data: bytes
) -> None:
    """Never a traceback."""
    path = tmp_path_factory.mktemp("any") / "sample.csv"
    path.write_bytes(data)
    try:
        proposed(str(path), rulebook)
    except Stop as end:
        assert end.problems


@settings(max_examples=30, deadline=None)
@given(name=st.text(max_size=12), other=st.text(max_size=12))
def test_odd_names_make_no_odd_yaml(
    tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook, name: str, other: str
) -> None:
    """Whatever a header holds, what is proposed reads as a mapping."""
    path = tmp_path_factory.mktemp("odd") / "Visits.csv"
    titles = ["Person ID", f"Visit Date {name}", f"Seen Alone {other}", name]
    quoted_ = ",".join('"' + title.replace('"', '""') + '"' for title in titles)
    path.write_text(f"{quoted_}\nP1,01/02/2025,yes,x\n", "utf-8", errors="replace")
    try:
        text = proposed(str(path), rulebook).text()
    except Stop as end:
        assert end.problems
        return
    dictionary = Dictionary.of(rulebook.fields, rulebook.allowed)
    mapping, problems = parse_mapping(text, "new.yaml", dictionary)
    assert mapping or "  - table: " not in text, problems


@pytest.mark.parametrize("text", ["Yes", "a: b", "a #b", "1", "'x", "", "é", "Seen?", "a\tb"])
def test_a_name_is_read_as_it_was(text: str) -> None:
    """A name in YAML is the same name again, but for characters that mean nothing."""
    from engine.rulebook.source import read_source

    source, problems = read_source(f"a: {{b: {quoted(text)}}}\n", "x.yaml")
    assert source is not None, problems
    assert source.value == {"a": {"b": text.replace("\t", " ")}}


def test_months_before_days_are_never_taken_as_sure(tmp_path: Path, rulebook: Rulebook) -> None:
    """One mistyped day must not turn the days of every other child about."""
    (tmp_path / "Children.csv").write_text(
        "Child ID,Date of birth\n1,03/04/2015\n2,12/13/2015\n", "utf-8"
    )
    text = proposed(str(tmp_path), rulebook).text()
    assert "#   birth_month: {column: Date of birth, dates: M/D/YYYY}" in text
