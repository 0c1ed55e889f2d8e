"""A new standard as a file to be filled in.

A rulebook and what is known of the standard come in, the text of a file goes out, or what is
wrong with the wish. Nothing is written here. What a person has to fill in says `FILL`, with a
comment beside it; `audit rules check` lists what is left.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Location, Problem, nearest
from engine.rulebook.book import Entry, Rulebook
from engine.rulebook.scalars import Fault, parse_identifier
from engine.rulebook.unfilled import FILL

KINDS = (
    "within", "longest_gap", "every", "share", "count", "present", "answer", "recorded_within",
    "before", "choose",
)  # fmt: skip
CODES = {
    "U040": "a new standard cannot have this id",
    "U041": "the stage or domain of a new standard is not in the rulebook",
    "U042": "the file of a new standard is there already",
}
_TEMPLATES = Path(__file__).parent / "kinds"
_WORDS_OF_A_NAME = 5
_SOURCE = f"""\
    source:
      title: {FILL}  # the law, guidance or local policy that says so
      paragraph: {FILL}  # where in it
      checked: {FILL}  # the day you looked, such as 2026-11-23
    note: {FILL}  # who set the limit, and anything a reader should know"""


@dataclass(frozen=True)
class Wish:
    """What is known of a new standard; None: to be taken from others of its kind, or filled in."""

    id: str
    kind: str
    stage: str | None = None
    domain: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Draft:
    """A file to be written: its place within the folder of rules, and its text."""

    name: str
    text: str


def draft_of(wish: Wish, rulebook: Rulebook) -> tuple[Draft | None, tuple[Problem, ...]]:
    """Return the file of a new standard, or everything that stands against it."""
    problems = tuple(_problems(wish, rulebook))
    stage = wish.stage or _usual(wish, rulebook, "stage")
    if stage is None and not problems:
        problems = (_unknown("--stage", "stage", "", rulebook.book.stages),)
    if problems or stage is None:
        return None, problems
    name = f"{stage}/{_file_name(wish)}.yaml"
    taken = {file: id_ for id_, file in rulebook.file_names.items()}
    if name in taken:
        said = f"`{name}` is there already, with `{taken[name]}`"
        return None, (Problem(Location("--title"), "U042", said, "give another title"),)
    return Draft(name, _text(wish, rulebook)), ()


def _problems(wish: Wish, rulebook: Rulebook) -> Iterator[Problem]:
    place = Location(wish.id)
    try:
        parse_identifier(wish.id)
    except Fault as fault:
        yield Problem(place, "U040", fault.message, fault.help)
    if wish.id in rulebook.by_id:
        file = rulebook.file_of(rulebook.by_id[wish.id])
        said = f"`{wish.id}` is taken: it stands in {file}"
        yield Problem(place, "U040", said, f"the next that is free is `{_free(wish.id, rulebook)}`")
    lists = (
        ("stage", wish.stage, rulebook.book.stages),
        ("domain", wish.domain, rulebook.book.domains),
    )
    for what, name, entries in lists:
        if name is not None and name not in {entry.id for entry in entries}:
            yield _unknown(f"--{what}", what, name, entries)


def _unknown(place: str, what: str, name: str, entries: Sequence[Entry]) -> Problem:
    ids = tuple(entry.id for entry in entries)
    listed = f"give one of {', '.join(f'`{one}`' for one in ids)}"
    said = f"`{name}` is not a {what} of the rulebook" if name else f"no {what} is given"
    return Problem(Location(place), "U041", said, nearest(name, ids) or listed)


def _free(taken: str, rulebook: Rulebook) -> str:
    """Return the first id of the same letters after all that there are."""
    letters = taken.partition("-")[0]
    numbers = [int(i.partition("-")[2]) for i in rulebook.by_id if i.startswith(f"{letters}-")]
    return f"{letters}-{max(numbers) + 1:02}"


def _usual(wish: Wish, rulebook: Rulebook, what: str) -> str | None:
    """Return the stage or domain that standards of the same letters share, if they do."""
    letters = f"{wish.id.partition('-')[0]}-"
    alike = [s for s in rulebook.standards if s.id.startswith(letters)]
    found = {rulebook.stage_of(s) if what == "stage" else s.domain for s in alike}
    return found.pop() if len(found) == 1 else None


def _file_name(wish: Wish) -> str:
    """Return what the file is called: the first words of the title, or the id.

    >>> _file_name(Wish("CP-09", "within", title="The child's wishes are heard at the core group"))
    'the-childs-wishes-are-heard'
    """
    words = re.findall("[a-z0-9]+", (wish.title or wish.id).lower().replace("'", ""))
    return "-".join(words[:_WORDS_OF_A_NAME]) or wish.id.lower()


def _text(wish: Wish, rulebook: Rulebook) -> str:
    domain = wish.domain or _usual(wish, rulebook, "domain")
    template = (_TEMPLATES / f"{wish.kind}.yaml").read_text("utf-8")
    body = template.replace("    #SOURCE", _SOURCE).replace("#ID", wish.id)
    return "\n".join(
        (
            "# yaml-language-server: $schema=../schemas/standard.schema.json",
            f"# A new standard: put something in place of every {FILL}. These lines can go then.",
            "#   audit rules check   says what is still to be filled in, and what is wrong",
            "#   audit rules test    runs the examples",
            "# Once both are content, and the standard is agreed, write `status: live`.",
            f"id: {wish.id}",
            f"title: {_quoted(wish.title) if wish.title else FILL}  # what good practice is",
            "status: draft",
            f"domain: {domain or FILL}  # section of the form: {_one_of(rulebook.book.domains)}",
            f"area: {FILL}  # {_one_of(rulebook.book.areas)}",
            "level: local  # regulation, guidance, local or quality: on whose authority",
            f"severity: {FILL}  # critical, major or minor: how much a miss weighs",
            "bottom_line: no  # yes: a miss limits the overall grade, however good the rest is",
            f"why: {FILL}  # why it matters to the child, in one sentence",
            body,
        )
    )


def _quoted(title: str) -> str:
    """Return a title as YAML that nothing in it can break out of.

    >>> _quoted("Visits: often enough")
    '"Visits: often enough"'
    """
    flat = " ".join(title.split())
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ,.'()/-]*", flat)
    return flat if plain else '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _one_of(entries: Iterable[Entry]) -> str:
    return ", ".join(entry.id for entry in entries)
