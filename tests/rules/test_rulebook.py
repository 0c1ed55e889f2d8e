"""The promises of the shipped rulebook: it is whole, its examples hold, and its standards stand."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.authoring.examples import run_examples
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from engine.rulebook.measures import Present
from engine.rulebook.standard import Standard
from engine.terms import Outcome
from tests.rules.rulebooks import RULES, change, copied, shipped


class Said(NamedTuple):
    """What was agreed of a standard; `table` is that of its trigger."""

    domain: str
    severity: str
    line: str
    silence: str
    table: str


AGREED = {
    "AL-01": Said("oversight", "major", "bottom line", "not_evidenced", "audits"),
    "AL-02": Said("oversight", "major", "", "not_evidenced", "allocations"),
    "AL-03": Said("oversight", "minor", "", "not_evidenced", "audits"),
    "AL-04": Said("oversight", "minor", "", "not_evidenced", "assessments"),
    "AS-01": Said("assessment", "major", "", "not_evidenced", "assessments"),
    "AS-02": Said("assessment", "major", "", "not_evidenced", "assessments"),
    "AS-03": Said("assessment", "major", "", "not_evidenced", "assessments"),
    "AS-04": Said("assessment", "minor", "", "not_evidenced", "assessments"),
    "AS-05": Said("assessment", "major", "", "not_evidenced", "assessments"),
    "AS-06": Said("assessment", "minor", "", "not_evidenced", "assessments"),
    "AS-07": Said("assessment", "major", "", "not_evidenced", "assessments"),
    "AS-08": Said("recording", "minor", "", "not_evidenced", "plans"),
    "CC-01": Said("visits", "major", "bottom line", "not_evidenced", "placements"),
    "CC-02": Said("planning", "major", "", "not_evidenced", "audits"),
    "CC-03": Said("planning", "minor", "", "not_evidenced", "plans"),
    "CC-04": Said("oversight", "major", "", "not_evidenced", "audits"),
    "CC-05": Said("oversight", "major", "", "not_evidenced", "audits"),
    "CC-06": Said("visits", "minor", "", "not_evidenced", "placements"),
    "CC-07": Said("visits", "minor", "", "not_evidenced", "visits"),
    "CL-01": Said("care_leaving", "major", "", "not_evidenced", "audits"),
    "CL-02": Said("care_leaving", "major", "", "not_evidenced", "plans"),
    "CL-03": Said("visits", "major", "", "not_evidenced", "placements"),
    "CL-04": Said("care_leaving", "minor", "", "not_evidenced", "audits"),
    "CN-01": Said("visits", "major", "", "not_evidenced", "plans"),
    "CN-02": Said("planning", "minor", "", "not_evidenced", "plans"),
    "CN-03": Said("planning", "minor", "", "not_evidenced", "plans"),
    "CP-01": Said("safety", "major", "", "not_evidenced", "enquiries"),
    "CP-02": Said("safety", "critical", "", "not_met", "strategy_discussions"),
    "CP-03": Said("safety", "major", "", "not_evidenced", "strategy_discussions"),
    "CP-05": Said("visits", "major", "bottom line", "not_evidenced", "plans"),
    "CP-06": Said("visits", "critical", "", "not_met", "plans"),
    "CP-07": Said("planning", "major", "", "not_evidenced", "plans"),
    "CP-08": Said("planning", "major", "", "not_evidenced", "plans"),
    "CP-09": Said("decision_making", "major", "", "not_evidenced", "strategy_discussions"),
    "CP-10": Said("safety", "minor", "", "not_evidenced", "strategy_discussions"),
    "CP-11": Said("visits", "minor", "", "not_evidenced", "plans"),
    "DA-01": Said("safety", "major", "", "not_evidenced", "domestic_abuse"),
    "DA-02": Said("planning", "minor", "", "not_evidenced", "domestic_abuse"),
    "DA-03": Said("safety", "major", "", "not_evidenced", "domestic_abuse"),
    "EH-01": Said("assessment", "major", "", "not_evidenced", "assessments"),
    "EH-02": Said("oversight", "minor", "", "not_evidenced", "assessments"),
    "ES-01": Said("oversight", "major", "", "not_evidenced", "iro_escalations"),
    "ES-02": Said("oversight", "major", "", "not_evidenced", "iro_escalations"),
    "EX-01": Said("safety", "major", "", "not_evidenced", "audits"),
    "EX-02": Said("safety", "major", "", "not_evidenced", "exploitation_risks"),
    "EX-03": Said("safety", "major", "", "not_evidenced", "exploitation_risks"),
    "FD-01": Said("decision_making", "major", "", "not_evidenced", "referrals"),
    "FD-02": Said("decision_making", "minor", "", "not_evidenced", "referrals"),
    "FD-03": Said("decision_making", "minor", "", "not_evidenced", "referrals"),
    "FD-04": Said("decision_making", "major", "", "not_evidenced", "referrals"),
    "HE-01": Said("assessment", "major", "", "not_evidenced", "audits"),
    "HE-02": Said("assessment", "major", "", "not_evidenced", "audits"),
    "KC-01": Said("decision_making", "major", "", "not_evidenced", "placements"),
    "KC-02": Said("decision_making", "major", "", "not_evidenced", "placements"),
    "KC-03": Said("decision_making", "major", "", "not_evidenced", "placements"),
    "LA-01": Said("safety", "major", "bottom line", "not_evidenced", "allegations"),
    "LA-02": Said("safety", "minor", "", "not_evidenced", "allegations"),
    "LA-03": Said("safety", "minor", "", "not_evidenced", "allegations"),
    "LA-04": Said("safety", "minor", "", "not_evidenced", "allegations"),
    "LA-05": Said("recording", "minor", "", "not_evidenced", "allegations"),
    "MI-01": Said("safety", "major", "", "not_evidenced", "missing_episodes"),
    "MI-02": Said("safety", "major", "", "not_evidenced", "missing_episodes"),
    "MI-03": Said("safety", "minor", "", "not_evidenced", "missing_episodes"),
    "OV-01": Said("oversight", "minor", "", "not_evidenced", "audits"),
    "OV-02": Said("oversight", "minor", "", "not_evidenced", "oversight"),
    "OV-03": Said("oversight", "minor", "", "not_evidenced", "oversight"),
    "OV-04": Said("oversight", "minor", "", "not_evidenced", "audits"),
    "OV-05": Said("oversight", "minor", "", "not_evidenced", "audits"),
    "PD-01": Said("decision_making", "major", "", "not_evidenced", "placements"),
    "PD-02": Said("decision_making", "major", "", "not_evidenced", "placements"),
    "PD-03": Said("decision_making", "major", "", "not_evidenced", "placements"),
    "PF-01": Said("visits", "major", "", "not_evidenced", "placements"),
    "PF-02": Said("voice", "major", "", "not_evidenced", "visits"),
    "PF-03": Said("recording", "minor", "", "not_evidenced", "visits"),
    "PF-04": Said("visits", "major", "", "not_evidenced", "placements"),
    "PL-01": Said("planning", "major", "", "not_evidenced", "plans"),
    "PL-02": Said("planning", "minor", "", "not_evidenced", "plans"),
    "PL-03": Said("planning", "minor", "", "not_evidenced", "plans"),
    "PL-04": Said("planning", "minor", "", "not_evidenced", "plans"),
    "PL-05": Said("planning", "minor", "", "not_evidenced", "plans"),
    "PL-06": Said("planning", "minor", "", "not_evidenced", "plan_actions"),
    "PM-01": Said("permanence", "major", "", "not_evidenced", "audits"),
    "PM-02": Said("permanence", "major", "", "not_evidenced", "placements"),
    "PM-03": Said("permanence", "minor", "", "not_evidenced", "audits"),
    "RC-01": Said("recording", "minor", "", "not_evidenced", "visits"),
    "RC-02": Said("recording", "minor", "", "not_evidenced", "transfers"),
    "RC-03": Said("recording", "minor", "", "not_evidenced", "oversight"),
    "RC-04": Said("recording", "minor", "", "not_evidenced", "transfers"),
    "SF-01": Said("safety", "critical", "", "not_met", "enquiries"),
    "SF-02": Said("safety", "critical", "", "not_evidenced", "enquiries"),
    "SU-01": Said("oversight", "major", "bottom line", "not_evidenced", "audits"),
    "SU-02": Said("oversight", "minor", "", "not_evidenced", "supervisions"),
    "SU-03": Said("oversight", "minor", "", "not_evidenced", "supervision_actions"),
    "SU-04": Said("oversight", "minor", "", "not_evidenced", "supervisions"),
    "SU-05": Said("oversight", "minor", "", "not_evidenced", "supervisions"),
    "SU-06": Said("oversight", "minor", "", "not_evidenced", "audits"),
    "TH-01": Said("decision_making", "major", "", "not_evidenced", "threshold_decisions"),
    "TH-02": Said("decision_making", "minor", "", "not_evidenced", "referrals"),
    "VO-01": Said("voice", "major", "", "not_evidenced", "assessments"),
    "VO-02": Said("voice", "minor", "", "not_evidenced", "plans"),
    "VO-03": Said("voice", "minor", "", "not_evidenced", "audits"),
    "VO-04": Said("voice", "minor", "", "not_evidenced", "assessments"),
    "VO-05": Said("voice", "major", "", "not_evidenced", "audits"),
    "VO-06": Said("voice", "minor", "", "not_evidenced", "feedback"),
    "VO-07": Said("voice", "minor", "", "not_evidenced", "assessments"),
}


def test_the_shipped_rulebook_loads() -> None:
    """The rules that are shipped are without a single problem."""
    rulebook, problems = load_rulebook(RULES)
    assert problems == ()
    assert rulebook is not None
    assert rulebook.folder == RULES.as_posix()


def test_every_example_gives_what_it_expects() -> None:
    """Each example in a rule file, put through the engine, gives the outcome that it promises."""
    problems, number = run_examples(shipped())
    assert [str(problem) for problem in problems] == []
    assert number == sum(len(standard.examples) for standard in shipped().standards) > 100


def only(folder: Path, standard: str) -> Rulebook:
    """Return a rulebook with but one of its standards."""
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    return replace(rulebook, standards=(rulebook.by_id[standard],))


def test_an_example_that_does_not_hold_is_told_with_what_was_found(tmp_path: Path) -> None:
    """A wrong example names its file and place, and says in the standard's words what was found."""
    folder = copied(tmp_path)
    name = "child_protection/visits.yaml"
    is_met = "visits: [{visit_date: 2025-03-17, child_seen: yes}, {visit_date: 2025-03-31"
    change(folder, name, is_met, is_met.replace("03-31", "04-01"))
    problems, _ = run_examples(only(folder, "CP-05"))
    (problem,) = problems
    assert str(problem).split(": ", 1)[1] == (
        "U011 `is met when every gap is ten working days or less` expects `met` and gives "
        "`partly_met`\n"
        "  help: The longest time without seeing the child was 11 working days, 17 March 2025 to "
        "1 April 2025. The standard is no more than 10."
    )
    assert str(problem.location) == f"{(folder / name).as_posix()}:38:5"


def test_an_example_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """An example whose record would be put aside is a problem of its own, with the reason."""
    folder = copied(tmp_path)
    name = "planning/contingency.yaml"
    text = (folder / name).read_text("utf-8")
    first = text.index("start_date: ")
    before = "end_date: 1999-12-31, "
    (folder / name).write_text(f"{text[:first]}{before}{text[first:]}", "utf-8")
    failed, _ = run_examples(only(folder, "PL-02"))
    assert failed[0].code == "R029"
    assert "cannot be read" in failed[0].message
    assert "1999-12-31" in failed[0].message


def test_what_was_agreed_of_the_standards_holds() -> None:
    """Domain, severity, bottom line, silence and trigger are those of the agreed table."""
    found = {
        s.id: Said(
            s.domain,
            s.severity,
            "bottom line" if s.bottom_line else "",
            s.silence,
            s.trigger.table,
        )
        for s in shipped().standards
    }
    assert found == AGREED
    assert all(standard.status == "live" for standard in shipped().standards)


def given_by(standard: Standard) -> set[Outcome]:
    return {example.expect for example in standard.examples}


@pytest.mark.parametrize("name", sorted(AGREED))
def test_a_live_standard_shows_what_it_means(name: str) -> None:
    """Each standard has examples of met, not met and not evidenced, so far as it can give them."""
    standard = shipped().by_id[name]
    needed = {Outcome.MET, Outcome.NOT_MET, Outcome.NOT_EVIDENCED}
    if standard.silence == "not_met":
        needed.remove(Outcome.NOT_EVIDENCED)
    measures = [branch.measure for branch in standard.branches() if branch.measure]
    if all(isinstance(one, Present) and not one.satisfies for one in measures):
        needed -= {Outcome.NOT_MET} if standard.silence == "not_evidenced" else set()
    assert needed <= given_by(standard)


# whoever the child is, they have had workers, and somebody to ask what the help was like
OF_EVERY_CHILD = ("AL-03", "VO-03")


@pytest.mark.parametrize("name", sorted(AGREED))
def test_a_standard_shows_where_it_does_not_bind(name: str) -> None:
    """Each standard but two shows a case that it does not apply to, or is not yet due on."""
    mild = {Outcome.NOT_APPLICABLE, Outcome.NOT_YET_DUE}
    assert bool(given_by(shipped().by_id[name]) & mild) != (name in OF_EVERY_CHILD)


@pytest.mark.parametrize("name", sorted(AGREED))
def test_every_threshold_has_a_source_that_somebody_checked(name: str) -> None:
    """Each version names its source and the day of the check; law and guidance the place in it."""
    standard = shipped().by_id[name]
    for branch in standard.branches():
        for version in standard.versions_of(branch):
            assert version.source.title
            assert version.source.checked.year >= 2026
            if standard.level in ("regulation", "guidance"):
                assert version.source.paragraph, version.source


def test_a_rulebook_is_known_by_its_content(tmp_path: Path) -> None:
    """The hash is that of what the files hold: a copy has the same, a changed copy another."""
    folder = copied(tmp_path)
    one, _ = load_rulebook(folder)
    same, _ = load_rulebook(copied(tmp_path / "again"))
    assert one is not None
    assert same is not None
    assert one.hash == same.hash != shipped().hash
    change(folder, "rulebook.yaml", "seen_alone_from_age: 3", "seen_alone_from_age: 4")
    other, _ = load_rulebook(folder)
    assert other is not None
    assert other.hash != one.hash


def test_titles_and_places_are_those_of_the_files() -> None:
    """A rulebook knows the words for its ids, and the file and stage of each standard."""
    rulebook = shipped()
    standard = rulebook.by_id["CP-05"]
    assert rulebook.title("visits") == "Visits"
    assert rulebook.title("no_such_thing") == "no_such_thing"
    assert rulebook.file_of(standard) == f"{RULES.as_posix()}/child_protection/visits.yaml"
    assert rulebook.stage_of(standard) == "child_protection"
    assert [rulebook.rank(grade) for grade in rulebook.grades] == [1, 2, 3, 4]
    assert rulebook.allowed("standards") == tuple(sorted(AGREED))
    assert set(rulebook.allowed("tables")) == set(rulebook.fields.tables)


def test_no_examples_are_no_mistake(tmp_path: Path) -> None:
    """A book of drafts without examples has nothing to run, and nothing fails."""
    folder = copied(tmp_path)
    for path in folder.glob("*/*.yaml"):
        if path.parent.name == "calendars":
            continue
        text = path.read_text("utf-8").replace("status: live", "status: draft")
        path.write_text(text[: text.index("examples:\n")], "utf-8")
    rulebook, problems = load_rulebook(folder)
    assert rulebook is not None, problems
    assert rulebook.live == ()
    assert run_examples(rulebook) == ((), 0)
