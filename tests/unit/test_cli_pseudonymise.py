"""The promises of `audit pseudonymise`: the key file, the findings, what is said."""

import json
import os
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.records.pseudonyms import pseudonym
from tests.unit.commands import AS_OF, ROOT, Audit
from tests.unit.goldens import GOLDEN

BATCH = GOLDEN / "batch.jsonl"
EXAMPLES = ROOT / "audits" / "examples"
DONE, USAGE, PUT_ASIDE = 0, 2, 4
KEY = bytes(range(32)).hex()


@pytest.fixture(name="audit")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    return Audit(monkeypatch, capsys)


@pytest.fixture(name="key")
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"{KEY}\n", "utf-8")
    return path


def scored(audit: Audit, batch: Path, out: Path) -> dict[str, dict[str, object]]:
    """Score a batch; return all that is found and judged of each audit, but for quoted text."""
    audit("score", batch, "--out", out, "--write", "json", "--plain-judge", *AS_OF)
    text = (out / "results.json").read_text("utf-8")
    held = json.loads(re.sub(r'\(\\"[^"]*\\"\)', "(quoted)", text))
    return {one.pop("audit_id"): one for one in held["audits"]}


def test_the_findings_are_those_of_the_original(audit: Audit, key: Path, tmp_path: Path) -> None:
    """Audit by audit, every finding, cap and grade of the shared batch is the original's."""
    out = tmp_path / "shared"
    asked = ("--key-file", key, "--out", out, "--hash", "team,provider")
    assert audit("pseudonymise", EXAMPLES, *asked).code == DONE
    before = scored(audit, EXAMPLES, tmp_path / "before")
    after = scored(audit, out, tmp_path / "after")
    assert before
    assert after == {
        pseudonym(bytes.fromhex(KEY), "audit", name): found for name, found in before.items()
    }


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_no_id_and_no_key_is_in_the_output(
    audit: Audit, key: Path, tmp_path: Path, format_: str
) -> None:
    """Neither an audit's id nor the key, nor a hash of it, nor a place, is in any byte written."""
    out = tmp_path / "shared"
    ended = audit("pseudonymise", BATCH, "--key-file", key, "--out", out, "--format", format_)
    held = b"".join(path.read_bytes() for path in out.iterdir())
    if format_ == "xlsx":
        with ZipFile(out / "batch.xlsx") as book:
            held += b"".join(map(book.read, book.namelist()))
    for gone in (b"G-1", KEY.encode(), bytes.fromhex(KEY), key.name.encode(), BATCH.name.encode()):
        assert gone not in held
    assert KEY not in ended.out + ended.err


def test_a_key_is_made_once_and_for_its_owner(audit: Audit, tmp_path: Path) -> None:
    """--new-key writes 32 bytes at random, readable by its owner alone, and never over a file."""
    path = tmp_path / "new.key"
    ended = audit("pseudonymise", "--key-file", path, "--new-key")
    assert (ended.code, ended.out) == (DONE, "")
    assert ended.err == (
        f"a new key is in {path}: keep it safe and apart from what you share; without it the same "
        "ids cannot be given the same pseudonyms again\n"
    )
    made = path.read_text("utf-8")
    assert len(bytes.fromhex(made)) == 32
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    again = audit("pseudonymise", "--key-file", path, "--new-key")
    assert (again.code, path.read_text("utf-8")) == (USAGE, made)
    assert again.err == (
        f"{path}: K014 the file is there already, and a key that was used must not be lost\n"
        "  help: leave --new-key out to use it, or name another\n"
    )


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("", "K012 the key file is empty"),
        (" \n", "K012 the key file is empty"),
        ("correct horse battery staple, and much more of it", "K012 the file holds something else than a key, which is 64 hexadecimal digits"),
        (KEY[:-1], "K012 the file holds something else than a key, which is 64 hexadecimal digits"),
        (f"{KEY}\n{KEY}", "K012 the file holds something else than a key, which is 64 hexadecimal digits"),
        ("ab" * 5000, "K012 the file holds something else than a key, which is 64 hexadecimal digits"),
        (KEY[:62], "K013 the key has 31 bytes, and fewer than 32 could be guessed"),
        ("00" * 32, "K013 the key repeats itself and could be guessed"),
        ("0123456789abcdef" * 4, "K013 the key repeats itself and could be guessed"),
    ],
)  # fmt: skip
def test_a_weak_key_is_refused(audit: Audit, tmp_path: Path, held: str, said: str) -> None:
    """What could be guessed, or is no key, is refused before anything is written, and not repeated."""
    key, out = tmp_path / "key.txt", tmp_path / "out"
    key.write_text(held, "utf-8")
    ended = audit("pseudonymise", BATCH, "--key-file", key, "--out", out)
    assert (ended.code, ended.out) == (USAGE, "")
    assert ended.err == f"{key}: {said}\n  help: make one with --new-key\n"
    assert not out.exists()


def test_a_key_that_is_not_there_or_is_typed_is_refused(audit: Audit, tmp_path: Path) -> None:
    """The key itself, typed where its file belongs, is not repeated on the screen."""
    out = tmp_path / "out"
    ended = audit("pseudonymise", BATCH, "--key-file", tmp_path / "none", "--out", out)
    assert (ended.code, ended.err) == (
        USAGE,
        f"{tmp_path / 'none'}: K011 there is no such key file\n  help: make one with --new-key\n",
    )
    typed = audit("pseudonymise", BATCH, "--key-file", KEY, "--out", out)
    assert (typed.code, typed.err) == (
        USAGE,
        "--key-file: K011 --key-file takes the name of a file that holds the key, and not the key "
        "itself\n  help: make one with --new-key\n",
    )
    (tmp_path / "folder").mkdir()
    folder = audit("pseudonymise", BATCH, "--key-file", tmp_path / "folder", "--out", out)
    assert (
        folder.err == f"{tmp_path / 'folder'}: K011 the key file cannot be read (is a directory)\n"
    )


def test_a_key_that_would_be_shared_is_refused(audit: Audit, tmp_path: Path) -> None:
    """A key file inside --out, there or to be made, is refused."""
    key = tmp_path / "out" / "keys" / "key.txt"
    for more in ((), ("--new-key",)):
        ended = audit("pseudonymise", BATCH, "--key-file", key, "--out", tmp_path / "out", *more)
        assert (ended.code, ended.err) == (
            USAGE,
            f"{key}: K015 the key file lies in the folder for the batch, and would be shared with it\n"
            "  help: keep the key where only those who may know it can read it\n",
        )
    assert not key.exists()


def test_what_stands_in_the_folder_is_not_shared(audit: Audit, key: Path, tmp_path: Path) -> None:
    """A folder with anything in it, such as an earlier batch with its ids, is refused."""
    out = tmp_path / "out"
    out.mkdir()
    for name in ("visits.csv", "audits.csv"):
        (out / name).write_text("audit_id\nA1\n", "utf-8")
    ended = audit("pseudonymise", BATCH, "--key-file", key, "--out", out)
    assert (ended.code, ended.err) == (
        USAGE,
        f"{out}: B185 the folder holds other things, which would be shared with the batch: "
        "`audits.csv` and 1 more\n  help: give a new or empty folder with --out\n",
    )


def test_a_key_that_cannot_be_written_is_said_plainly(audit: Audit, tmp_path: Path) -> None:
    """No folder, no key."""
    path = tmp_path / "nowhere" / "key.txt"
    ended = audit("pseudonymise", "--key-file", path, "--new-key")
    assert (ended.code, ended.err) == (
        USAGE,
        f"{path}: K016 the key cannot be written here (no such file or directory)\n"
        "  help: give another place with --key-file\n",
    )


def test_wrong_usage_is_said_plainly(audit: Audit, key: Path, tmp_path: Path) -> None:
    """No batch, no folder, nothing that is replaced on request."""
    way = "\n  help: give it, as in `audit pseudonymise BATCH --key-file FILE --out FOLDER`\n"
    none = audit("pseudonymise", "--key-file", key)
    assert (none.code, none.err) == (USAGE, f"BATCH: U003 no batch is given{way}")
    out = audit("pseudonymise", BATCH, "--key-file", key)
    assert (out.code, out.err) == (USAGE, f"--out: U003 no folder for the batch is given{way}")
    ended = audit(
        "pseudonymise",
        BATCH,
        "--key-file",
        key,
        "--out",
        tmp_path / "o",
        "--hash",
        "worker,teams,x",
    )
    assert (ended.code, ended.err) == (
        USAGE,
        "--hash: K017 `teams` is nothing that is replaced on request\n  help: did you mean `team`?\n"
        "--hash: K017 `x` is nothing that is replaced on request\n  help: write any of: provider, team\n",
    )


def test_what_is_said_at_the_end(audit: Audit, key: Path, tmp_path: Path) -> None:
    """What was replaced, left out, kept and put aside is counted; the exit code is 4 for the last."""
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "audits.csv").write_text("audit_id,team\nA1,North\nA2,North\n", "utf-8")
    feedback = "audit_id,text,scale\nA1,ring 07700 900123,4\nA1,fine,x\n"
    (folder / "feedback.csv").write_text(feedback, "utf-8")
    asked = ("pseudonymise", folder, "--key-file", key, "--out", tmp_path / "out")
    ended = audit(*asked)
    assert (ended.code, ended.out) == (PUT_ASIDE, "")
    assert ended.err.splitlines()[-5:] == [
        f"2 audits with 3 rows written to {tmp_path / 'out'}",
        "replaced: audit ids (2)",
        "left out: 1 text of 1 field with free text",
        "kept as they were: audits.team, all dates and figures; who knows a child's dates may know "
        "the child by them",
        "1 row that cannot be read was left out",
    ]
    asked = (*asked[:-1], tmp_path / "kept")
    kept = audit(*asked, "--keep-text")
    assert kept.err.splitlines()[-2] == (
        "free text was kept, and 1 find in it looks like personal data: see B190 above; leave "
        "--keep-text out before you share it"
    )
    (folder / "feedback.csv").write_text("audit_id,text\nA1,fine\n", "utf-8")
    clean = audit(*asked[:-1], tmp_path / "clean", "--keep-text")
    assert (clean.code, clean.err.splitlines()[-1]) == (
        DONE,
        "free text was kept: nothing in it looks like personal data, but names are not looked for; "
        "read it before you share it",
    )
