"""`audit pseudonymise`: a batch to be shared, in which nothing names a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, open_rulebook, say, tell
from engine.cli.keys import check_key_apart, make_key, read_key
from engine.cli.outputs import check_apart, check_writable, placed
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.records import read_batch
from engine.records.personal_data import CHECK
from engine.reports.wording import counted
from engine.rulebook.fields import Fields, FieldType

if TYPE_CHECKING:
    from engine.records.batch import Batch
    from engine.records.noted import Noted
    from engine.records.pseudonyms import Choices, Replaced

ALWAYS = ("worker", "auditor", "moderator", "child")
"""Whose ids are replaced whatever is asked for; to ask for it all the same is no mistake."""


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit pseudonymise`."""

    batch: str | None
    key_file: Path
    out: Path | None
    rules: Given
    hashed: str | None
    keep_text: bool
    new_key: bool
    format: str


def run_pseudonymise(asked: Asked) -> Exit:
    """Make a key if asked to, and write the batch; return the exit code."""
    if asked.out is not None:
        check_key_apart(asked.key_file, asked.out)
    if asked.batch is None or asked.out is None:
        return _key_alone(asked)
    check_apart(asked.out, asked.batch)
    _check_empty(asked.out)
    check_writable(asked.out)
    rulebook = open_rulebook(asked.rules)
    choices = _choices(asked, rulebook.fields)
    if asked.new_key:
        _make(asked.key_file)
    key = read_key(asked.key_file)
    with read_batch(asked.batch, rulebook.fields, rulebook.allowed) as batch:
        return _write(asked, asked.out, batch, rulebook.fields, (key, choices))


def _check_empty(out: Path) -> None:
    """Stop before any work if something stands where the batch is to be: it would be shared too.

    Raises:
        Stop: the folder is not empty, even if what it holds is an earlier batch.
    """
    held = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    if held:
        said = f"the folder holds other things, which would be shared with the batch: `{held[0]}`"
        more = f" and {len(held) - 1:,} more" if len(held) > 1 else ""
        help_ = "give a new or empty folder with --out"
        raise Stop(Exit.USAGE, (Problem(Location(str(out)), "B185", f"{said}{more}", help_),))


def _key_alone(asked: Asked) -> Exit:
    if asked.batch is None and asked.new_key:
        _make(asked.key_file)
        return Exit.DONE
    name, what = ("BATCH", "batch") if asked.batch is None else ("--out", "folder for the batch")
    said = f"no {what} is given"
    raise Stop(Exit.USAGE, (Problem(Location(name), "U003", said, "give it, as in `audit "
               "pseudonymise BATCH --key-file FILE --out FOLDER`"),))  # fmt: skip


def _make(path: Path) -> None:
    make_key(path)
    say(f"a new key is in {path}: keep it safe and apart from what you share; without it the same "
        "ids cannot be given the same pseudonyms again")  # fmt: skip


def _choices(asked: Asked, fields: Fields) -> "Choices":
    from engine.records.pseudonyms import Choices, units

    known = units(fields)
    words = tuple(dict.fromkeys(w.strip().lower() for w in (asked.hashed or "").split(",")))
    wanted = [word for word in words if word and word not in ALWAYS]
    problems = tuple(
        Problem(Location("--hash"), "K017", f"`{word}` is nothing that is replaced on request",
                nearest(word, known) or f"write any of: {', '.join(sorted(known))}")
        for word in wanted if word not in known
    )  # fmt: skip
    if problems:
        raise Stop(Exit.USAGE, tuple(sorted(problems)))
    return Choices(frozenset(wanted), asked.keep_text)


def _write(
    asked: Asked, out: Path, batch: "Batch", fields: Fields, secret: "tuple[bytes, Choices]"
) -> Exit:
    from engine.records.pseudonyms import pseudonymise
    from engine.records.written import write_batch

    tell(batch.problems)
    left_out, noted = len(batch.rejected), batch.noted
    other, replaced = pseudonymise(batch, fields, *secret)
    with placed(out) as folder:
        write_batch(other, folder, asked.format)
    _tell(other, replaced, out)
    if secret[1].keep_text:
        _tell_kept(sum(one.check == CHECK and not _is_id(one, fields) for one in noted))
    if left_out:
        rows = "1 row that cannot be read was" if left_out == 1 else (
            f"{left_out:,} rows that cannot be read were")  # fmt: skip
        say(f"{rows} left out")
    return Exit.PUT_ASIDE if left_out else Exit.DONE


def _tell(batch: "Batch", replaced: "Replaced", out: Path) -> None:
    rows = sum(batch.rows.values())
    say(f"{batch.audit_count:,} audits with {rows:,} rows written to {out}")
    say(f"replaced: {_listed(replaced.ids)}")
    texts = sum(replaced.texts.values())
    if texts:
        fields = counted(len(replaced.texts), "field")
        say(f"left out: {counted(texts, 'text')} of {fields} with free text")
    kept = ", ".join((*replaced.kept, "all dates and figures"))
    say(f"kept as they were: {kept}; who knows a child's dates may know the child by them")


def _tell_kept(found: int) -> None:
    if found:
        looks = "1 find in it looks" if found == 1 else f"{found:,} finds in it look"
        say(f"free text was kept, and {looks} like personal data: "
            "see B190 above; leave --keep-text out before you share it")  # fmt: skip
    else:
        say("free text was kept: nothing in it looks like personal data, but names are not looked "
            "for; read it before you share it")  # fmt: skip


def _is_id(one: "Noted", fields: Fields) -> bool:
    return fields.tables[one.table].fields[one.field].type is FieldType.ID


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} ids ({count:,})" for kind, count in counts.items())
