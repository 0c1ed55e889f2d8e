"""The text of an entry: what is kept of it, and what its hash is taken of.

In: an entry. Out: its canonical JSON, and back. What stands here may never change: ledgers that
were written with it have to be verified with it (docs/reference/ledger.md says it for others).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from pydantic import ValidationError

from engine.moderation.entries import KINDS, Body, Draft, Entry

GENESIS = "0" * 64
"""the `prev` of the first entry, and the head of a ledger that holds none"""


class NotKept(Exception):  # noqa: N818 - a way out of a draft, not an error in the program
    """A draft holds a text that would not come back as it was written."""


class Unreadable(Exception):  # noqa: N818 - it says what is wrong with a row, for a person
    """A row of a ledger is not what an entry is."""


@dataclass(frozen=True)
class Row:
    """An entry as the table keeps it. `entry` is its text; the first three repeat what it says."""

    seq: int
    kind: str
    audit_id: str | None
    entry: str
    prev: str
    hash: str


def hash_of(prev: str, entry: str) -> str:
    """Return the hash of an entry: of the hash before it, followed by its own text, both ASCII.

    >>> hash_of(GENESIS, "{}")[:12]
    '5508d2b710e6'
    """
    return sha256((prev + entry).encode("utf-8", "surrogatepass")).hexdigest()


def row_of(draft: Draft, seq: int, prev: str) -> Row:
    """Return a draft as the row that stands at `seq`, after the entry whose hash is `prev`.

    Raises:
        NotKept: a text holds what would not come back: half of a character, or a zero.
        ValueError: the time has no zone, or the kind is not in the registry: bugs.
    """
    if draft.at.tzinfo is None:
        raise ValueError("the time of an entry has a zone")
    if KINDS.get(draft.body.kind) is not type(draft.body):
        raise ValueError(f"{type(draft.body).__name__} is no kind of entry")
    said = {
        "at": draft.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "audit_id": draft.audit_id,
        "body": draft.body.model_dump(mode="json"),
        "by": draft.by,
        "kind": draft.body.kind,
        "seq": seq,
    }
    entry = _canonical(said)
    row = Row(seq, draft.body.kind, draft.audit_id, entry, prev, hash_of(prev, entry))
    _comes_back(row, draft)
    return row


def entry_of(row: Row) -> Entry:
    """Return the entry that a row holds; its hash is not looked at.

    Raises:
        Unreadable: the row is none, with the reason.
    """
    said = said_by(row.entry)
    return Entry(
        seq=row.seq,
        at=_time(said),
        by=_word(said, "by"),
        audit_id=None if said.get("audit_id") is None else _word(said, "audit_id"),
        body=_body(said),
        prev=row.prev,
        hash=row.hash,
    )


def said_by(entry: str) -> dict[str, object]:
    """Return what the text of an entry says.

    Raises:
        Unreadable: it is no JSON object, or one too deep to be an entry.
    """
    try:
        said = json.loads(entry)
    except (TypeError, ValueError, RecursionError):
        raise Unreadable("its text is no JSON") from None
    if not isinstance(said, dict):
        raise Unreadable("its text is no JSON object")
    return said


def _canonical(said: object) -> str:
    """Return JSON with sorted keys, no blanks, and characters beyond ASCII as escapes."""
    return json.dumps(
        said, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def _comes_back(row: Row, draft: Draft) -> None:
    if not keepable(draft.by + (draft.audit_id or "")):
        raise NotKept(row.kind)
    try:
        back = entry_of(row)
    except Unreadable as error:
        raise NotKept(row.kind) from error
    if back.body.model_dump(mode="json") != draft.body.model_dump(mode="json"):
        raise NotKept(row.kind)


def keepable(text: str) -> bool:
    """Return whether both databases can keep a text: it has no zero and no half of a character."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _word(said: dict[str, object], key: str) -> str:
    value = said.get(key)
    if not isinstance(value, str):
        raise Unreadable(f"it has no `{key}`")
    return value


def _time(said: dict[str, object]) -> datetime:
    text = _word(said, "at")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable("its `at` is no time") from None


def _body(said: dict[str, object]) -> Body:
    kind = _word(said, "kind")
    if kind not in KINDS:
        raise Unreadable("it is of a kind that this version does not know")
    try:
        # as JSON, in which a day is a text: what is strict of JSON is no looser for Python
        return KINDS[kind].model_validate_json(_canonical(said.get("body")))
    except (ValidationError, ValueError, RecursionError):
        raise Unreadable(f"what it says is no `{kind}`") from None
