"""One YAML file: what is read, what is put aside and where it stands."""

from pathlib import Path

import pytest

from engine.errors import Stop
from tests.unit.readers.given import read, rows, said

AUDITS = """\
- audit_id: 017
  overall_grade: Good
  unborn: no
  visits:
  - visit_date: 2024-03-01
    child_seen: yes
- audit_id: A2
  visits: []
"""


def yaml(tmp_path: Path, text: str) -> Path:
    """Write a file and return it."""
    path = tmp_path / "a.yaml"
    path.write_text(text)
    return path


def test_a_list_of_audits(tmp_path: Path) -> None:
    """The type of a field settles what a word means, never YAML's guess."""
    batch = read(yaml(tmp_path, AUDITS))
    assert rows(batch, "audits") == [("017", False, "good"), ("A2", None, None)]
    assert [row[2] for row in rows(batch, "visits")] == [True]
    assert not batch.problems


def test_one_audit(tmp_path: Path) -> None:
    """A file may hold one audit alone."""
    assert read(yaml(tmp_path, "audit_id: A1\n")).audit_count == 1


def test_faults_are_said_with_line_and_path(tmp_path: Path) -> None:
    """A row is said at the line on which it begins."""
    text = AUDITS.replace("2024-03-01", "31/02/2024").replace("A2", "A2\n  team: [a]")
    batch = read(yaml(tmp_path, text))
    assert said(batch, tmp_path) == [
        (
            "a.yaml:5 ([0].visits[0].visit_date): B302 `31/02/2024` in `visit_date` is no day of "
            "the calendar\n  help: dates are read as day/month/year"
        ),
        "a.yaml:7 ([1].team): B203 `team` holds one value, not a list",
    ]


def test_an_audit_with_a_key_twice_is_put_aside(tmp_path: Path) -> None:
    """What such an audit says is in doubt; the others are read."""
    batch = read(yaml(tmp_path, f"{AUDITS}  team: x\n  team: y\n"))
    assert batch.audit_count == 1
    (problem,) = batch.problems
    assert (problem.code, problem.location.line) == ("Y006", 10)


@pytest.mark.parametrize("text", ["audit_id: [A1\n", "audit_id: &a A1\nteam: *a\n"])
def test_a_broken_file_ends_the_run(tmp_path: Path, text: str) -> None:
    """Nothing can be read of a file that is not strict YAML."""
    with pytest.raises(Stop) as stopped:
        read(yaml(tmp_path, text))
    assert stopped.value.exit_code == 2
    assert stopped.value.problems[0].code.startswith("Y")


def test_the_same_fault_many_times_is_said_a_few_times(tmp_path: Path) -> None:
    """A bomb of aliases fills no screen: the first are said, and how many more there are."""
    bomb = "a: &a [x]\n" + "".join(f"b{n}: *a\n" for n in range(20))
    path = yaml(tmp_path, bomb)
    with pytest.raises(Stop) as stopped:
        read(path)
    problems = [str(problem) for problem in stopped.value.problems]
    assert len(problems) == 6
    more = "16 more like these: an alias, an anchor or a merge key is used"
    assert problems[-1] == f"{path}: Y004 {more}"
