"""Personal data in every input: entries with places and masks, one warning a table, no more."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.records import Batch, personal_data
from tests.unit.readers import given

AUDITS = [
    {"audit_id": "A1", "child_id": "9990000018", "birth_month": "2015-03", "audit_date": "2025-06-01",
     "worker_id": "jo@example.org"},
    {"audit_id": "A2", "child_id": "9990000026", "birth_month": "2025-03", "audit_date": "2025-06-01",
     "worker_id": "W2"},
]  # fmt: skip
FEEDBACK = [
    {"audit_id": "A1", "text": "Ring 07700 900123; I live at ZE99 9ZZ"},
    {"audit_id": "A1", "text": "It began on 12/03/2015"},
    {"audit_id": "A2", "text": "Seen on 12/03/2025, a baby of ten days"},
    {"audit_id": "A2", "text": "dob 12/03/2025"},
]
TABLES: given.Tables = {"audits": AUDITS, "feedback": FEEDBACK}
FORMATS = {
    "csv": given.as_csv,
    "parquet": given.as_parquet,
    "xlsx": given.as_workbook,
    "jsonl": given.as_lines,
    "yaml": given.as_yaml,
}


def entries(batch: Batch) -> list[tuple[str, ...]]:
    return sorted(
        (n.table, n.field, n.audit_id, n.message, *n.values)
        for n in batch.noted
        if n.check == personal_data.CHECK
    )


@pytest.mark.parametrize("format_", FORMATS)
def test_every_input_is_looked_at(format_: str, tmp_path: Path) -> None:
    """The same is noted of the same batch in every format, masked, and nothing is put aside."""
    batch = given.read(FORMATS[format_](TABLES, tmp_path / f"batch.{format_}"))
    text = "`text` holds what looks like a"
    assert entries(batch) == [
        ("audits", "child_id", "A1", "`child_id` is what looks like an NHS number", "**********"),
        ("audits", "child_id", "A2", "`child_id` is what looks like an NHS number", "**********"),
        (
            "audits",
            "worker_id",
            "A1",
            "`worker_id` is what looks like an e-mail address",
            "**@*******.***",
        ),
        ("feedback", "text", "A1", f"{text} date of birth", "**/**/****"),
        ("feedback", "text", "A1", f"{text} phone number", "***** ******"),
        ("feedback", "text", "A1", f"{text} postcode", "**** ***"),
        ("feedback", "text", "A2", f"{text} date of birth", "**/**/****"),
    ]
    assert [problem.message for problem in batch.problems if problem.code == "B190"] == [
        "`audits` holds what looks like personal data, first here: 2 NHS numbers, 1 e-mail address",
        "`feedback` holds what looks like personal data, first here: 2 dates of birth, 1 phone number, 1 postcode",
    ]
    assert all(problem.warning for problem in batch.problems)
    assert batch.rejected == ()
    assert batch.rows["feedback"] == 4


def test_the_cell_is_named(tmp_path: Path) -> None:
    """A warning names the first cell of its table, an entry its own."""
    path = given.as_csv(TABLES, tmp_path / "b")
    batch = given.read(path)
    assert given.said(batch, path) == [
        "audits.csv:2:2: B190 `audits` holds what looks like personal data, first here: "
        "2 NHS numbers, 1 e-mail address\n"
        "  help: take it out at its source; `audit pseudonymise` makes a batch without ids and free text",
        "feedback.csv:2:5: B190 `feedback` holds what looks like personal data, first here: "
        "2 dates of birth, 1 phone number, 1 postcode\n"
        "  help: take it out at its source; `audit pseudonymise` makes a batch without ids and free text",
    ]
    lines = sorted(n.places[0].line for n in batch.noted if n.table == "feedback")
    assert lines == [2, 2, 3, 5]


def test_a_column_of_local_numbers_is_no_alarm(tmp_path: Path) -> None:
    """One number of ten digits in eleven is valid by chance: a column of local numbers is left alone."""
    rows = "".join(f"A{n},4{n:09}\n" for n in range(200))
    assert entries(given.read(given.folder(tmp_path, audits=f"audit_id,child_id\n{rows}"))) == []


def test_an_audit_whose_number_is_an_nhs_number_is_not_named(tmp_path: Path) -> None:
    """The entry tells its place and not its audit."""
    batch = given.read(given.folder(tmp_path, audits="audit_id\n9990000018\n"))
    assert [n.audit_id for n in batch.noted] == [""]


def test_no_entry_or_warning_repeats_what_was_found(tmp_path: Path) -> None:
    """Whatever stands in the texts, none of it stands in what is said of them."""
    batch = given.read(given.as_csv(TABLES, tmp_path / "b"))
    told = repr([replace(n, places=()) for n in batch.noted]) + repr(batch.problems)
    for secret in ("9990000018", "900123", "9ZZ", "12/03", "jo@", "example"):
        assert secret not in told


def test_a_table_full_of_it_is_counted_and_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries end at a number; the warning counts all."""
    monkeypatch.setattr(personal_data, "SHOWN", 3)
    text = "audit_id,text\n" + "A1,ring 07700 900123\n" * 10
    batch = given.read(given.folder(tmp_path, feedback=text))
    assert len(batch.noted) == 3
    assert batch.problems[0].message.endswith("first here: 10 phone numbers")
