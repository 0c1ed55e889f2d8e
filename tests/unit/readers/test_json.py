"""JSON Lines and JSON: what is read, what is put aside and where it stands."""

import io
import json
from pathlib import Path

import pytest

from engine.errors import Stop
from tests.unit.readers.given import lines, read, rows, said

A1 = {"audit_id": "A1", "visits": [{"visit_date": "2024-03-01", "child_seen": True}]}


def test_values_of_json_are_read_as_they_are(tmp_path: Path) -> None:
    """Numbers, true, false and null need no quotes; a list of words may be a list."""
    audit = {"audit_id": 17, "caseload": 12, "unborn": False, "not_examined": ["visits"]}
    batch = read(lines(tmp_path / "a", audit | {"team": None, "feedback": [{"scale": 3.0}]}))
    columns = ("audit_id", "caseload", "unborn", "not_examined", "team")
    assert batch.con.table("typed.audits").select(*columns).fetchall() == [
        ("17", 12, False, ["visits"], None)
    ]
    assert rows(batch, "feedback") == [("17", 3)]
    assert batch.presence.not_examined == {"visits"}


def test_a_broken_line_is_put_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    """The place is a line and a column."""
    path = lines(tmp_path / "a.jsonl", A1, '{"audit_id": "A2", oops}', "", {"audit_id": "A3"})
    batch = read(path)
    assert batch.audit_count == 2
    assert said(batch, tmp_path) == [
        "a.jsonl:2:20: B202 not well-formed JSON: expecting property name enclosed in double quotes"
    ]
    (row,) = batch.rejected
    assert (row.place, row.table, row.row) == (
        "2:20",
        "audits",
        '"{\\"audit_id\\": \\"A2\\", oops}"',
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"audit_id": NaN}', "2:14: B202 not well-formed JSON: `NaN` is no number"),
        ("[" * 100_000, "2:1: B202 not read: lists and objects stand too deep in one another"),
        ('{"audit_id": "A2"', "2:18: B202 not well-formed JSON: expecting ',' delimiter"),
        ('["A2"]', "2: B203 an audit is an object of fields and tables, not a list"),
        ('"A2"', "2: B203 an audit is an object of fields and tables, not `A2`"),
        (
            '{"audit_id": "A2", "team": "x", "team": "y"}',
            "2 (team): B205 the key `team` stands twice",
        ),
        (
            '{"audit_id": "A2", "Team": "x", "team": "y"}',
            "2 (team): B205 `team` stands twice and the two differ",
        ),
        (
            '{"audit_id": "A2", "team": {"x": 1}}',
            "2 (team): B203 `team` holds one value, not an object",
        ),
        ('{"audit_id": "A2", "team": ["x"]}', "2 (team): B203 `team` holds one value, not a list"),
        (
            '{"audit_id": "A1", "visits": {}}',
            (
                "2 (visits): B203 `visits` is a list of rows, not an object"
                "\n  help: put the rows in square brackets"
            ),
        ),
        (
            '{"audit_id": "A1", "visits": "none"}',
            (
                "2 (visits): B203 `visits` is a list of rows, not `none`"
                "\n  help: put the rows in square brackets"
            ),
        ),
        (
            '{"audit_id": "A1", "visits": [[]]}',
            "2 (visits[0]): B203 a row of `visits` is an object, not a list",
        ),
        (
            '{"audit_id": "A1", "visits": [{"visit_date": {}}]}',
            "2 (visits[0].visit_date): B203 `visit_date` holds one value, not an object",
        ),
        (
            '{"audit_id": "A1", "visits": [{}, {"visit_date": "2024-99-01"}]}',
            (
                "2 (visits[1].visit_date): B302 `2024-99-01` in `visit_date` is no day of the "
                "calendar\n  help: dates are read as day/month/year"
            ),
        ),
        (
            '{"audit_id": "A1", "visits": [{"audit_id": "A9"}]}',
            "2 (visits[0].audit_id): B206 the row names audit `A9` and stands in audit `A1`",
        ),
    ],
)
def test_faults_are_said_with_their_place(tmp_path: Path, line: str, message: str) -> None:
    """Each fault has its line and its path."""
    batch = read(lines(tmp_path / "a.jsonl", {"audit_id": "A1"}, line, {"audit_id": "A3"}))
    assert f"a.jsonl:{message}" in said(batch, tmp_path)
    assert batch.presence.put_aside


def test_a_table_that_is_no_list_is_noted_for_its_audit(tmp_path: Path) -> None:
    """What an audit lost is known to the findings."""
    batch = read(lines(tmp_path / "a.jsonl", {"audit_id": "A1", "visits": {"visit_date": "x"}}))
    assert rows(batch, "put_aside") == [("A1", "visits")]
    assert batch.presence.columns["visits"] >= {"audit_id", "visit_date"}


def test_an_empty_list_is_a_table_with_every_column(tmp_path: Path) -> None:
    """`[]` says that there were none, and leaves no column out."""
    batch = read(lines(tmp_path / "a.jsonl", {"audit_id": "A1", "visits": [], "plans": None}))
    assert "seen_alone" in batch.presence.columns["visits"]
    assert batch.rows == {"audits": 1, "plans": 0, "visits": 0}


def test_a_key_is_absent_only_if_absent_everywhere(tmp_path: Path) -> None:
    """Presence is decided over the whole input."""
    path = lines(tmp_path / "a.jsonl", A1, {"audit_id": "A2", "visits": [{"purpose": None}]})
    batch = read(path)
    assert batch.presence.columns["visits"] == {"audit_id", "visit_date", "child_seen", "purpose"}


def test_unknown_keys_are_said_once(tmp_path: Path) -> None:
    """A key that is no field is said where it first stands, with the nearest name."""
    audit = {"audit_id": "A1", "visitz": [], "visits": [{"visit_dat": 1}, {"visit_dat": 2}]}
    batch = read(lines(tmp_path / "a.jsonl", audit, audit | {"audit_id": "A2"}))
    assert said(batch, tmp_path) == [
        (
            "a.jsonl:1 (visits[0].visit_dat): B102 `visit_dat` is no field of `visits` "
            "and was not read\n  help: did you mean `visit_date`?"
        ),
        (
            "a.jsonl:1 (visitz): B102 `visitz` is no field of `audits` and was not read\n"
            "  help: did you mean `visits`?"
        ),
    ]


def test_keys_are_read_tolerantly(tmp_path: Path) -> None:
    """Keys are found whatever their case, spaces and hyphens."""
    batch = read(lines(tmp_path / "a", {"Audit ID": "A1", "Visits": [{"Visit-Date": "1/3/2024"}]}))
    assert batch.rows == {"audits": 1, "visits": 1}
    assert not batch.problems


def test_half_a_character_does_no_harm(tmp_path: Path) -> None:
    """An escape that no text can hold is replaced."""
    batch = read(lines(tmp_path / "a", '{"audit_id": "A\\ud800", "team": "\\ud83d\\ude00"}'))
    assert rows(batch, "audits") == [("A?", "\U0001f600")]


def test_one_json_document(tmp_path: Path) -> None:
    """An object, or a list of objects over many lines; places are paths."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps([A1, {"audit_id": "A2", "unborn": "perhaps"}], indent=2))
    batch = read(path)
    assert batch.rows == {"audits": 1, "visits": 1}
    assert said(batch, tmp_path) == [
        (
            "a.json ([1].unborn): B304 `perhaps` in `unborn` is neither yes nor no\n"
            "  help: write yes or no"
        )
    ]
    path.write_text(json.dumps(A1, indent=2))
    assert read(path).rows == {"audits": 1, "visits": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"audit_id": "A1"},\n {"audit_id" "A2"}]', ("2:14: B202 not well-formed JSON: "
         "expecting ':' delimiter")),
        ("[" * 100_000, "1:1: B202 not read: lists and objects stand too deep in one another"),
    ],
)  # fmt: skip
def test_a_broken_document_ends_the_run(tmp_path: Path, text: str, message: str) -> None:
    """Nothing of a document that is not well formed can be trusted."""
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(Stop) as stopped:
        read(path)
    assert str(stopped.value) == f"{path.as_posix()}:{message}"


def test_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`-` is read as any file is."""
    text = lines(tmp_path / "a", A1, {"audit_id": "A2", "caseload": "x"}).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    batch = read("-")
    assert batch.sources == ("-",)
    assert str(batch.problems[0]).startswith("-:2 (caseload): B306")


def test_json_in_utf_16(tmp_path: Path) -> None:
    """The text of JSON is decoded as that of CSV is."""
    path = tmp_path / "a"
    path.write_bytes(json.dumps(A1).encode("utf-16"))
    assert [problem.code for problem in read(path).problems] == ["B103"]
