"""The promises of `audit sample` and `audit rehearse`."""

from collections import Counter
from pathlib import Path

import pytest

from engine.cli.rehearse import run_rehearse, truth_of
from engine.cli.sample import run_sample
from engine.cli.sample_books import file_names
from engine.errors import Stop
from engine.moderation import sampling
from engine.moderation.assigning import Moderator
from engine.moderation.entries import Assigned, Blind, Draft, Draw, Inclusions, Revealed
from engine.moderation.ledger import open_ledger
from engine.moderation.moderators import moderators_of
from engine.moderation.returned import Returned, read_back
from engine.moderation.sampling import Sample
from engine.pipeline import Scoring, score
from engine.pipeline.framing import frame
from tests.unit.moderated import AS_OF, AT, BUDGET, asked, batch_folder, drawn, read, rewritten
from tests.unit.synthetic_batches import all_bytes, rulebook


def sample_of(ledger: Path) -> Sample:
    (found,) = sampling.standing(open_ledger(ledger, create=False).entries())
    return found


def stopped(out: Path, ledger: Path, **changed: object) -> list[str]:
    with pytest.raises(Stop) as stop:
        run_sample(asked(out, ledger, **changed), AT)
    assert stop.value.exit_code == 2
    return [str(one) for one in stop.value.problems]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return a copy of the ledger of the draw."""
    copy = tmp_path / "ledger.sqlite"
    copy.write_bytes(drawn()[1].read_bytes())
    return copy


def test_the_frame_has_the_grades_and_caps_of_the_scored_batch() -> None:
    """Without evidence, each audit has the same grade, cap and alert as when it is scored whole."""
    with read() as batch:
        scoring = Scoring(rulebook(), batch, AS_OF, plain=True)
        made, views = frame(scoring), {one.audit_id: one for one in score(scoring).audits}
    assert {*made.by_id} == {*views}
    assert made.rows
    assert [row.audit_id for row in made.rows] == sorted(
        one.audit_id for one in views.values() if one.auditor_grade
    )
    for row in made.rows:
        view, one = views[row.audit_id], made.included(row, 0.5, "other", "")
        assert (one.overall.auditor_grade, one.overall.cap) == (view.auditor_grade, view.cap)
        assert (row.team, row.auditor_id, row.alert) == (
            view.team, view.auditor_id, bool(view.alerts),
        )  # fmt: skip
        kept = {d: (s.auditor_grade, s.cap) for d, s in one.domains.items()}
        seen = {d: (v.auditor_grade, v.cap) for d, v in view.domains.items()}
        assert kept == {domain: pair for domain, pair in seen.items() if any(pair)}


def test_every_audit_with_a_grade_is_in_the_ledger_with_its_probability() -> None:
    """None has probability nought, and the probabilities add up to what was drawn."""
    sample = sample_of(drawn()[1])
    with read() as batch:
        graded = batch.con.execute(
            "SELECT audit_id FROM typed.audits WHERE overall_grade IS NOT NULL"
        ).fetchall()
    assert {*sample.included} == {audit for (audit,) in graded}
    assert all(one.inclusion > 0 and one.reason for one in sample.included.values())
    assert sum(one.inclusion for one in sample.included.values()) == pytest.approx(BUDGET)
    assert len(sample.drawn) == BUDGET == sample.draw.drawn


def test_a_file_over_a_critical_standard_or_two_above_the_record_is_certainty() -> None:
    """The tier follows from the auditor's grade, the cap and the alert alone."""
    with read() as batch:
        made = frame(Scoring(rulebook(), batch, AS_OF, plain=True))
    sample = sample_of(drawn()[1])
    for row, best in ((row, len(made.grades)) for row in made.rows):
        far = (row.overall or 0) - (row.cap or best) >= 2
        expected = "certainty" if far or row.broken else "other"
        assert sample.included[row.audit_id].tier == expected


def test_entries_are_in_their_order_and_no_inclusions_are_larger_than_500() -> None:
    """The draw, all inclusions, then who has what; a large frame takes several entries."""
    entries = list(open_ledger(drawn()[1], create=False).entries())
    kinds = [type(entry.body) for entry in entries]
    assert kinds[0] is Draw
    assert kinds == sorted(kinds, key=[Draw, Inclusions, Assigned].index)
    assert {entry.by for entry in entries} == {"Quinn Lead"}
    held = sample_of(drawn()[1])
    one = next(iter(held.included.values()))
    many = {f"B{n:05}": one.model_copy(update={"audit_id": f"B{n:05}"}) for n in range(1201)}
    drafts = list(sampling.drafts(Sample(held.draw, many), None, "me", AT))
    sizes = [len(d.body.audits) for d in drafts if isinstance(d.body, Inclusions)]
    assert sizes == [500, 500, 201]


def test_everybody_has_a_workbook_of_what_the_ledger_says_they_have() -> None:
    """The audits of a workbook are those assigned to its moderator, first and second alike."""
    out, ledger = drawn()
    sample = sample_of(ledger)
    books = [read_back(path, rulebook(), {}) for path in sorted(out.iterdir())]
    assert {one.moderator: one.not_done for one in books} == {
        name: sample.of(name) for name in sample.moderators
    }
    assert {one.draw for one in books} == {sample.draw.draw}
    assert Counter(sample.second.values()).total() == 2


def test_the_same_command_again_draws_the_same_and_writes_nothing_new(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ledger is not touched, and the workbooks are the same to the byte."""
    before = ledger.read_bytes()
    assert run_sample(asked(tmp_path / "again", ledger), AT) == 0
    told = capsys.readouterr()
    name = sample_of(ledger).draw.draw
    assert told.err == f"the draw {name} stands already: nothing new was written to the ledger\n"
    assert ledger.read_bytes() == before
    assert all_bytes(tmp_path / "again") == all_bytes(drawn()[0])
    shorter = asked(tmp_path / "third", ledger, budget=None, seed=None, as_of=None, moderators=())
    assert run_sample(shorter, AT) == 0
    assert all_bytes(tmp_path / "third") == all_bytes(drawn()[0])


def test_the_same_draw_in_another_ledger_is_the_same(tmp_path: Path) -> None:
    """Seed, budget, batch and rules make the draw; the order of the moderators plays no part."""
    other = tmp_path / "other.sqlite"
    turned = tuple(reversed(asked(tmp_path, other).moderators))
    assert run_sample(asked(tmp_path / "out", other, moderators=turned), AT) == 0
    assert other.stat().st_size
    assert sample_of(other) == sample_of(drawn()[1])
    assert all_bytes(tmp_path / "out") == all_bytes(drawn()[0])


@pytest.mark.parametrize(
    ("changed", "option"),
    [({"budget": 13}, "--budget 13"), ({"seed": 6}, "--seed 6")],
    ids=["budget", "seed"],
)
def test_another_draw_is_refused_where_one_stands(
    changed: dict[str, object], option: str, ledger: Path, tmp_path: Path
) -> None:
    """Nobody draws until they like the sample: the message says what stands, and the way out."""
    before = ledger.read_bytes()
    assert stopped(tmp_path / "out", ledger, **changed) == [
        f"{ledger}: M407 a draw stands that was drawn with --budget 12 --seed 5 "
        f"--as-of 2026-06-30: it cannot be drawn again with {option}\n"
        "  help: leave the option out to take it up; for another draw give another --ledger"
    ]
    assert ledger.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_a_batch_that_changed_since_the_draw_is_refused(ledger: Path, tmp_path: Path) -> None:
    """The same audits with other content are no other batch."""

    def later(row: dict[str, str]) -> None:
        row["caseload"] = "17"

    other = rewritten(batch_folder(), tmp_path / "other", {"audits": later})
    assert stopped(tmp_path / "out", ledger, batch=str(other)) == [
        f"{ledger}: M411 the batch is not as it was when the sample was drawn\n"
        "  help: give the batch as it was drawn; for a new draw give another ledger with --ledger"
    ]


def test_a_batch_of_record_checks_has_nothing_to_moderate(tmp_path: Path) -> None:
    """Without any auditor's grade there is no draw, and no ledger is begun."""

    def ungraded(row: dict[str, str]) -> None:
        row["overall_grade"] = ""

    other = rewritten(batch_folder(), tmp_path / "other", {"audits": ungraded})
    ledger = tmp_path / "none.sqlite"
    assert stopped(tmp_path / "out", ledger, batch=str(other)) == [
        f"{other}: M408 no audit of this batch has an auditor's overall grade: "
        "nothing can be moderated\n"
        "  help: records alone are scored with `audit score`; give the forms of the auditors"
    ]
    assert not ledger.exists()


REFUSED: list[tuple[str, dict[str, object], str]] = [
    ("no budget", {"budget": None}, "--budget: M412 nothing was drawn from this batch yet\n"
     "  help: say how many audits are to be moderated with --budget, and give a --seed"),
    ("no seed", {"seed": None}, "--seed: M412 nothing was drawn from this batch yet\n"
     "  help: say how many audits are to be moderated with --budget, and give a --seed"),
    ("too many", {"budget": 1000}, "--budget: M406 `1000` audits cannot be drawn from 58 with a "
     "grade\n  help: ask for 58 at most"),
    ("nobody", {"moderators": ()}, "--moderator: M400 no moderators are named\n"
     '  help: name them with --moderators FILE, or --moderator "Name:team" for each'),
    ("twice", {"moderators": ("Ann", "ann ")}, "--moderator: M405 the moderator `ann` is named "
     "twice\n  help: keep one; two people of one name need something that tells them apart"),
    ("no name", {"moderators": (":North",)}, "--moderator: M404 a moderator has no name\n"
     "  help: write the name, or clear the row"),
    ("no reason", {"added": ("A00000001",)}, "--because: M410 a file that is added on suspicion "
     "needs the reason why\n  help: give both --add and --because"),
    ("no file", {"because": "why"}, "--because: M410 a file that is added on suspicion needs the "
     "reason why\n  help: give both --add and --because"),
    ("unknown", {"added": ("nobody",), "because": "why"}, "--add: M409 there is no audit `nobody` "
     "in the batch\n  help: ids are as in the batch"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"), [(c, s) for _, c, s in REFUSED], ids=[n for n, _, _ in REFUSED]
)
def test_what_cannot_be_done_is_told_before_anything_is_written(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    """No ledger, no workbook, and the message says the way out."""
    ledger = tmp_path / "ledger.sqlite"
    assert stopped(tmp_path / "out", ledger, **changed) == [said]
    assert [*tmp_path.iterdir()] == []


def test_a_file_on_suspicion_is_certain_and_counted_nowhere(ledger: Path, tmp_path: Path) -> None:
    """It has an entry of its own, tier added, probability 1, and somebody who moderates it."""
    before = sample_of(ledger)
    audit = next(a for a, one in before.included.items() if not one.drawn)
    adding = asked(tmp_path / "out", ledger, added=(audit,), because="A complaint.", seed=None)
    assert run_sample(adding, AT) == 0
    after = sample_of(ledger)
    one = after.included[audit]
    assert (one.tier, one.inclusion, one.drawn, one.reason) == ("added", 1.0, True, "A complaint.")
    assert audit in after.first
    assert audit not in after.second
    assert {**after.included, audit: before.included[audit]} == before.included
    assert stopped(tmp_path / "out", ledger, added=(audit,), because="Again.") == [
        f"--add: M409 audit `{audit}` is to be moderated already\n  help: leave it out"
    ]


def test_what_nobody_could_moderate_is_given_to_who_comes_later(tmp_path: Path) -> None:
    """The rest is assigned, the exit code says that something is left, and a second run mends it."""
    ledger = tmp_path / "ledger.sqlite"
    teams = {one.team for one in sample_of(drawn()[1]).included.values() if one.drawn}
    team = min(t for t in teams if t)
    alone = (f"Ann Able:{team}",)
    assert run_sample(asked(tmp_path / "out", ledger, moderators=alone), AT) == 4
    left = sample_of(ledger).without
    assert left
    both = (*alone, "Ben Baker")
    assert run_sample(asked(tmp_path / "more", ledger, moderators=both), AT) == 0
    after = sample_of(ledger)
    assert {after.first[audit] for audit in left} == {"Ben Baker"}
    assert after.without == ()


def test_moderators_stand_in_a_table(tmp_path: Path) -> None:
    """A CSV file with name, team and id, in any order, with a heading as people write it."""
    table = tmp_path / "moderators.csv"
    table.write_text(
        "Auditor ID,Name,Team,Room\nAU0001, Ann  Able ,Team 01,4\n,Ben,,\n,,,\n", encoding="utf-8"
    )
    assert moderators_of(("Cal:Team 03:W7",), (table,)) == (
        Moderator("Ann Able", "Team 01", "AU0001"), Moderator("Ben"), Moderator("Cal", "Team 03", "W7"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\0\1\2", b"PK\x03\x04", b'name\n"' + b"x" * 200_000]
)
def test_what_is_no_list_of_moderators_is_refused(content: bytes, tmp_path: Path) -> None:
    """Whatever the bytes, the end is a message."""
    table = tmp_path / "moderators.csv"
    table.write_bytes(content)
    with pytest.raises(Stop) as stop:
        moderators_of((), (table,))
    assert stop.value.problems[0].code in ("M403", "M404", "B009")


def test_a_workbooks_name_is_one_that_any_disk_takes() -> None:
    """Two names that look alike get two files."""
    assert file_names(["A/B", "a b", "../.."], "blind") == {
        "A/B": "a-b-blind.xlsx", "a b": "a-b-2-blind.xlsx", "../..": "moderator-blind.xlsx",
    }  # fmt: skip


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a ledger and a folder of workbooks that a rehearsal filled in."""
    place = tmp_path_factory.mktemp("rehearsed")
    out, ledger = place / "books", place / "ledger.sqlite"
    out.mkdir()
    for path in drawn()[0].iterdir():
        (out / path.name).write_bytes(path.read_bytes())
    ledger.write_bytes(drawn()[1].read_bytes())
    assert run_rehearse(out, batch_folder(), 1, None) == 0
    return out, ledger


def books(folder: Path) -> list[Returned]:
    reasons = {one.id: one.title for one in rulebook().book.moderation_reasons}
    return [read_back(path, rulebook(), reasons) for path in sorted(folder.glob("*.xlsx"))]


def test_a_rehearsal_grades_every_audit_and_near_the_truth(rehearsed: tuple[Path, Path]) -> None:
    """Each row is done without a problem, and no grade is further than one from the truth."""
    truth, grades = truth_of(batch_folder(), rulebook()), rulebook().grades
    for one in books(rehearsed[0]):
        assert (one.problems, one.not_done) == ((), ())
        for said in one.rows:
            rank = grades.index(said.graded.grade) + 1
            assert abs(rank - truth[said.audit_id].grade) <= 1
            assert all((said.graded.reasons, said.graded.note, said.graded.domains))


def test_two_moderators_of_a_rehearsal_agree_on_about_74_in_100() -> None:
    """Over many files, however many there are in one week."""
    from engine.synthetic.rehearsal import Rehearsal, Truth

    truth = {f"A{n}": Truth(1 + n % 4, 1 + n % 4 + (0.2 if n % 3 else -0.2)) for n in range(4000)}
    one = Rehearsal(1, rulebook(), truth, (), ("Ann", "Ben"))
    inside = [a for a, t in truth.items() if t.grade in (2, 3)]
    same = sum(one.blind("Ann", a) == one.blind("Ben", a) for a in inside)
    assert same / len(inside) == pytest.approx(0.74, abs=0.03)


def test_a_rehearsal_is_the_same_every_time_and_never_writes_over_grades(
    rehearsed: tuple[Path, Path], tmp_path: Path
) -> None:
    """The bytes are the same; a workbook in which somebody has graded is left alone."""
    again = tmp_path / "books"
    again.mkdir()
    for path in drawn()[0].iterdir():
        (again / path.name).write_bytes(path.read_bytes())
    assert run_rehearse(again, batch_folder(), 1, None) == 0
    assert all_bytes(again) == all_bytes(rehearsed[0])
    with pytest.raises(Stop) as stop:
        run_rehearse(again, batch_folder(), 2, None)
    first = (again / "ann-able-blind.xlsx").as_posix()
    assert [str(one) for one in stop.value.problems] == [
        f"{first}: M443 somebody has graded in this workbook, and nothing was filled in\n"
        "  help: rehearse with workbooks that `audit sample` just wrote"
    ]


def test_without_a_known_truth_there_is_no_rehearsal(tmp_path: Path) -> None:
    """A real batch has no truth beside it."""
    with pytest.raises(Stop) as stop:
        run_rehearse(tmp_path, tmp_path / "real", 1, None)
    beside = (tmp_path / "real.truth").as_posix()
    assert [str(one) for one in stop.value.problems] == [
        f"{beside}: M440 there is no known truth beside `{(tmp_path / 'real').as_posix()}`, "
        "so nothing can be rehearsed\n"
        "  help: make a synthetic batch with `audit synth`: its truth is written beside it"
    ]


def test_after_the_reveal_the_second_workbooks_can_be_confirmed(
    rehearsed: tuple[Path, Path], tmp_path: Path
) -> None:
    """Only what is sealed is revealed, once; each first moderator confirms, with overrides whole."""
    folder, ledger = rehearsed
    sample = sample_of(ledger)
    assert stopped(tmp_path / "early", ledger, reveal=True) == [
        "--reveal: M430 no sealed grade waits to be confirmed\n"
        "  help: read the moderators' workbooks with `audit moderate import` first"
    ]
    sealed = [
        Draft(
            Blind(
                moderator=one.moderator,
                turn="first" if sample.first[said.audit_id] == one.moderator else "second",
                graded=said.graded,
            ),
            one.moderator, AT, said.audit_id,
        )
        for one in books(folder) for said in one.rows
    ]  # fmt: skip
    open_ledger(ledger, create=False).append(sealed)
    out = tmp_path / "second"
    assert run_sample(asked(out, ledger, reveal=True), AT) == 0
    assert run_sample(asked(tmp_path / "again", ledger, reveal=True), AT) == 0
    assert all_bytes(tmp_path / "again") == all_bytes(out)
    entries = [*open_ledger(ledger, create=False).entries()]
    shown = {e.audit_id: e.body.moderator for e in entries if isinstance(e.body, Revealed)}
    assert shown == sample.first
    assert sum(isinstance(entry.body, Revealed) for entry in entries) == len(sample.first)
    assert run_rehearse(out, batch_folder(), 1, None) == 0
    caps = {a: one.overall.cap for a, one in sample.included.items()}
    grades = rulebook().grades
    confirmed = [said for one in books(out) for said in one.rows]
    assert sorted(said.audit_id for said in confirmed) == sorted(sample.first)
    for said in confirmed:
        cap = caps[said.audit_id]
        above = cap is not None and grades.index(said.graded.grade) > grades.index(cap)
        assert (said.override is not None) or not above
