"""Pseudonyms: the same key gives the same, another key others, and nothing of a person is left."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.records.pseudonyms import LEFT_OUT, Choices, pseudonym, pseudonymise
from engine.records.written import write_batch
from tests.unit.readers import given as batches

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
TABLES: batches.Tables = {
    "audits": [
        {"audit_id": "AUDIT-1", "child_id": "CHILD-1", "worker_id": "STAFF-1", "team": "TEAM-ONE",
         "auditor_id": "STAFF-2", "birth_month": "2015-03", "provider": "PROVIDER-ONE"},
        {"audit_id": "AUDIT-2", "child_id": "CHILD-1", "worker_id": "STAFF-2", "team": "TEAM-TWO"},
    ],
    "plans": [{"audit_id": "AUDIT-1", "plan_id": "PLAN-1", "kind": "care", "start_date": "2025-01-02",
               "contingency": "SECRET plan"}],
    "plan_actions": [{"audit_id": "AUDIT-1", "plan_id": "PLAN-1", "owner": "SECRET name",
                      "action": "SECRET", "due_date": "2025-02-03"},
                     {"audit_id": "AUDIT-1", "plan_id": "PLAN-1", "action": "SECRET too"}],
    "transfers": [{"audit_id": "AUDIT-2", "from_team": "TEAM-TWO", "to_team": "TEAM-ONE"}],
    "moderations": [{"audit_id": "AUDIT-2", "moderator_id": "STAFF-1", "grade": "good"}],
}  # fmt: skip
FORMATS = {"csv": batches.as_csv, "parquet": batches.as_parquet, "xlsx": batches.as_workbook,
           "jsonl": batches.as_lines}  # fmt: skip


def shared(
    path: Path, out: Path, key: bytes = KEY, choices: Choices | None = None
) -> dict[str, str]:
    """Return the files of a batch as it is shared."""
    out.mkdir()
    with batches.read(path) as batch:
        other, _ = pseudonymise(batch, batches.fields(), key, choices or Choices())
        write_batch(other, out)
    return {file.name: file.read_text("utf-8") for file in sorted(out.iterdir())}


def test_the_same_key_gives_the_same_files_whatever_the_format(tmp_path: Path) -> None:
    """Format and order of the input leave no trace."""
    first, *others = (
        {
            name: text
            for name, text in shared(write(TABLES, tmp_path / name), tmp_path / f"{name}_out").items()
            if name in {"audits.csv", "plans.csv", "plan_actions.csv", "transfers.csv"}
        }
        for name, write in FORMATS.items()
    )  # fmt: skip
    assert [set(re.findall(r"\w+-[0-9a-z]{16}", str(other))) for other in others] == [
        set(re.findall(r"\w+-[0-9a-z]{16}", str(first)))
    ] * len(others)
    turned = {name: rows[::-1] for name, rows in TABLES.items()}
    again = shared(batches.as_csv(turned, tmp_path / "turned"), tmp_path / "turned_out")
    assert again == shared(batches.as_csv(TABLES, tmp_path / "same"), tmp_path / "same_out")


def test_ids_stay_joined_and_apart(tmp_path: Path) -> None:
    """One child, one plan and one member of staff keep one pseudonym; no kind has another's."""
    files = shared(batches.as_csv(TABLES, tmp_path / "b"), tmp_path / "out")
    child, plan = pseudonym(KEY, "child", "CHILD-1"), pseudonym(KEY, "plan", "PLAN-1")
    staff = pseudonym(KEY, "staff", "STAFF-1")
    assert files["audits.csv"].count(child) == 2
    assert (files["plans.csv"] + files["plan_actions.csv"]).count(plan) == 3
    assert (staff in files["audits.csv"], staff in files["moderations.csv"]) == (True, True)
    assert len({pseudonym(KEY, kind, "X") for kind in ("child", "staff", "audit", "plan")}) == 4


def test_nothing_of_a_person_is_left_and_blank_stays_blank(tmp_path: Path) -> None:
    """No id and no free text is in any file; units and the month of birth stay."""
    files = shared(batches.as_csv(TABLES, tmp_path / "b"), tmp_path / "out")
    whole = "".join(files.values())
    for gone in ("AUDIT-", "CHILD-", "STAFF-", "PLAN-", "SECRET", KEY.hex()):
        assert gone not in whole
    for kept in ("TEAM-ONE", "PROVIDER-ONE", "2015-03", "2025-01-02"):
        assert kept in whole
    assert files["plan_actions.csv"].count(LEFT_OUT) == 3
    assert f",{LEFT_OUT},,," in files["plan_actions.csv"]


def test_teams_and_providers_are_replaced_on_request(tmp_path: Path) -> None:
    """A team keeps one pseudonym in every field that names one."""
    choices = Choices(frozenset({"team", "provider"}))
    files = shared(batches.as_csv(TABLES, tmp_path / "b"), tmp_path / "out", choices=choices)
    whole = "".join(files.values())
    assert "TEAM-" not in whole
    assert "PROVIDER-ONE" not in whole
    team = pseudonym(KEY, "team", "TEAM-ONE")
    assert (team in files["audits.csv"], team in files["transfers.csv"]) == (True, True)


def test_text_is_kept_by_choice(tmp_path: Path) -> None:
    """With --keep-text, text stays as it was; ids do not."""
    choices = Choices(keep_text=True)
    files = shared(batches.as_csv(TABLES, tmp_path / "b"), tmp_path / "out", choices=choices)
    assert "SECRET name" in files["plan_actions.csv"]
    assert "AUDIT-1" not in "".join(files.values())


def test_another_key_gives_others(tmp_path: Path) -> None:
    """No pseudonym of one key is one of another's."""
    path = batches.as_csv(TABLES, tmp_path / "b")
    one = set(re.findall(r"\w+-[0-9a-z]{16}", str(shared(path, tmp_path / "o1"))))
    two = set(re.findall(r"\w+-[0-9a-z]{16}", str(shared(path, tmp_path / "o2", OTHER))))
    assert one
    assert not one & two


def test_what_was_put_aside_is_left_out_and_still_known(tmp_path: Path) -> None:
    """The table that lost a row is named for the audit by its pseudonym, and the row is not there."""
    visits = "audit_id,visit_date,purpose\nAUDIT-1,31/31/2025,SECRET\nAUDIT-1,2025-01-01,\n"
    path = batches.folder(tmp_path / "b", audits="audit_id\nAUDIT-1\n", visits=visits)
    files = shared(path, tmp_path / "out")
    assert "SECRET" not in "".join(files.values())
    with batches.read(tmp_path / "out") as batch:
        assert batch.presence.put_aside == {"visits"}
        lost = [(pseudonym(KEY, "audit", "AUDIT-1"), "visits")]
        assert batches.rows(batch, "put_aside") == lost
        assert batch.rows["visits"] == 1


IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@given(st.lists(IDS, unique=True, max_size=20), st.sampled_from(["child", "staff", "audit"]))
@settings(max_examples=100, deadline=None)
def test_pseudonyms_are_one_to_one_and_of_one_shape(ids: list[str], kind: str) -> None:
    """Different ids of a kind never share one, and each is plain letters and digits."""
    made = [pseudonym(KEY, kind, one) for one in ids]
    assert len({*made}) == len(ids)
    assert all(re.fullmatch(rf"{kind}-[0-9a-hjkmnp-tv-z]{{16}}", one) for one in made)


WORDS = st.from_regex(r"[A-Z]{4}[0-9]{3}[A-Z]{2}", fullmatch=True)


@given(st.lists(WORDS, unique=True, min_size=6, max_size=6))
@settings(max_examples=5, deadline=None)
def test_no_id_and_no_text_survives_in_any_byte(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    """Whatever ids and texts are, none of them is in the files, and as many ids are."""
    folder = tmp_path_factory.mktemp("law")
    one, two, child, worker, text, comment = words
    audits = [{"audit_id": a, "child_id": child, "worker_id": worker} for a in (one, two)]
    answers = [{"audit_id": one, "standard": "CP-05", "answer": "met", "comment": comment}]
    feedback = [{"audit_id": two, "given_by": "child", "text": f"{text} of {one}"}]
    tables: batches.Tables = {"audits": audits, "answers": answers, "feedback": feedback}
    files = shared(batches.as_csv(tables, folder / "b"), folder / "out")
    whole = "".join(files.values())
    assert [word for word in words if word.lower() in whole.lower()] == []
    assert len(set(re.findall(r"audit-[0-9a-z]{16}", whole))) == 2


def test_pseudonyms_never_change() -> None:
    """Batches that were shared a year apart are joined by them: these stand for ever."""
    assert pseudonym(KEY, "child", "X") == "child-y6wjvf85dk1d30x2"
    assert pseudonym(KEY, "staff", "X") == "staff-vx72h9x5yhpv2a1n"
