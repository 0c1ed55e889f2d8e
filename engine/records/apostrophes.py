"""Texts that a spreadsheet would take for a formula, and how a batch folder holds them.

In: a text, or SQL of one. Out: the same with an apostrophe before it, or without it again. A text
that has apostrophes of its own before such a character gets one more, so that none is lost.
"""

import re

from engine.rulebook.fields import FieldType

# INVARIANT: in a batch folder no text begins with one of these.
LIVE = "=+@-"
TEXTS = frozenset({FieldType.ID, FieldType.TEXT})

_HELD, _BARE = f"^''*[{LIVE}]", f"^''+[{LIVE}]"  # as SQL writes an apostrophe
_WITH_ONE = re.compile(f"'+[{re.escape(LIVE)}]")


def bare(text: str) -> str:
    """Return a text as it was before it was written.

    >>> bare("'=1+1"), bare("''-"), bare("'tis"), bare("-")
    ('=1+1', "'-", "'tis", '-')
    """
    return text[1:] if _WITH_ONE.match(text) else text


def bare_sql(text: str) -> str:
    """Return SQL of a text as it was before it was written."""
    return f"CASE WHEN regexp_matches({text}, '{_BARE}') THEN {text}[2:] ELSE {text} END"


def held_sql(text: str) -> str:
    """Return SQL of a text as it is written."""
    return f"CASE WHEN regexp_matches({text}, '{_HELD}') THEN '''' || {text} ELSE {text} END"
