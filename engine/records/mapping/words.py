"""How systems name things: phrases as data, and how alike a header and a phrase are.

In: a header and a phrase. Out: a likeness from 0 to 1. It must not know values or tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from engine.records.dictionary import split_name
from engine.rulebook.source import read_source

SMALL = frozenset(
    {"a", "an", "and", "at", "by", "for", "has", "have", "in", "is", "it"}
    | {"of", "on", "or", "s", "the", "was", "were", "with"}
)
# words that nearly every header has say little
LIGHT = {
    "date": 0.4,
    "day": 0.4,
    "id": 0.5,
    "number": 0.5,
    "child": 0.6,
    "last": 0.3,
    "latest": 0.3,
}
SAME = {"no": "number", "num": "number", "ref": "number", "reference": "number", "dt": "date",
        "identifier": "id", "children": "child", "start": "start", "started": "start",
        "from": "start",
    "began": "start", "begin": "start", "commenced": "start", "end": "end", "ended": "end",
    "to": "end",
    "until": "end",
        "closed": "end", "finish": "end", "type": "kind", "category": "kind"}  # fmt: skip
ALIKE = 0.86  # so alike are two spellings of one word


@dataclass(frozen=True)
class Words:
    """The phrases of `synonyms.yaml`."""

    whose: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Mapping[str, tuple[str, ...]]]
    kinds: Mapping[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Return the phrases that are shipped."""
    path = Path(__file__).with_name("synonyms.yaml")
    source, problems = read_source(path.read_bytes(), path.name)
    value: Any = source.value if source else None
    assert value is not None, problems  # noqa: S101 - the file is part of the program
    fields = {t: {f: tuple(p) for f, p in named.items()} for t, named in value["fields"].items()}
    lists = ({k: tuple(p) for k, p in value[part].items()} for part in ("whose", "tables", "kinds"))
    whose, tables, kinds = lists
    return Words(whose, tables, fields, kinds)


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name that carry meaning, in one spelling.

    >>> tokens("Date of the CP-Visits"), tokens("PlanStartDate")
    (('date', 'cp', 'visit'), ('plan', 'start', 'date'))
    """
    found = (SAME.get(word, word) for word in split_name(text).split("_") if word not in SMALL)
    return tuple(
        dict.fromkeys(_singular(SAME.get(_singular(word), word)) for word in found if word)
    )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and word[-2] not in "su" else word  # noqa: PLR2004


def holds(text: str, phrase: str) -> bool:
    """Say whether all words of a phrase stand in a text."""
    there = tokens(text)
    return all(any(alike(one, word) for one in there) for word in tokens(phrase))


def likeness(title: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    """Return how alike two names are: the weight of the words that both have in that of all."""
    left = list(phrase)
    shared = 0.0
    for word in title:
        match = next((other for other in left if alike(word, other)), None)
        if match is not None:
            left.remove(match)
            shared += _weight(match)
    whole = sum(map(_weight, title)) + sum(map(_weight, phrase))
    return 2 * shared / whole if whole else 0.0


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> bool:
    """Say whether two words are one but for a slip or an ending."""
    if one == other:
        return True
    if min(len(one), len(other)) < 4 or one[0] != other[0]:  # noqa: PLR2004
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _weight(word: str) -> float:
    return LIGHT.get(word, 1.0)
