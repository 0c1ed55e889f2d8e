"""XML that is broken or made to do harm: records or problems, quickly, never more."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from tests.formats import cin, ssda903
from tests.unit.readers.given import read
from tests.unit.returns.test_round_trips import CARE, census_of

OPEN = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year>"
    "</CollectionDetails></Header><Children>"
)
CHILD = "<Child><ChildIdentifiers><LAchildID>1</LAchildID></ChildIdentifiers></Child>"
CLOSE = "</Children></Message>"
WHOLE = OPEN + CHILD + CLOSE


def _stopped(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Stop) as end:
        read(path)
    (problem,) = end.value.problems
    return f"{problem.location.line}: {problem.code} {problem.message}"


DECLARED = "B010 the XML declares a document type or entities, which may do harm when they are read"
HOSTILE = {
    "billion laughs": (
        f'<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n{OPEN}&b;{CLOSE}',
        f"1: {DECLARED}",
    ),
    "external entity": (
        f'<!DOCTYPE m SYSTEM "file:///etc/passwd">\n{WHOLE}',
        f"1: {DECLARED}",
    ),
    "depth": (
        OPEN + "<a>" * 200_000,
        "1: B011 the XML holds elements in one another to a depth of 51, more than can be read "
        "safely",
    ),
    "attributes": (
        OPEN + "<Child" + "".join(f" a{at}=''" for at in range(5_000)) + "/>" + CLOSE,
        "1: B011 the XML holds a tag with 5,000 attributes, more than can be read safely",
    ),
    "a long attribute": (
        OPEN + f'<Child a="{"x" * 5_000_000}"/>' + CLOSE,
        "1: B011 the XML holds a tag or comment of more than 1 MB, more than can be read safely",
    ),
    "a long text": (
        WHOLE.replace(">1<", f">{'1' * 100_000_000}<"),
        "1: B011 the XML holds an element with more than 10,000 letters, more than can be read "
        "safely",
    ),
    "a wide element": (
        OPEN + f"<Child>{'<x/>' * 100_001}</Child>" + CLOSE,
        "1: B011 the XML holds an element with more than 100,000 others in it, more than can be "
        "read safely",
    ),
    "cut short": (f"{OPEN}\n{CHILD}\n", "3: B202 the XML ends before it is complete"),
    "mismatched": (
        f"{OPEN}\n{CHILD}</Header>{CLOSE}",
        "2: B202 the XML is broken here: mismatched tag",
    ),
    "an entity that is not declared": (
        f"{OPEN}&b;{CHILD}{CLOSE}",
        "1: B202 the XML is broken here: undefined entity",
    ),
    "an unknown encoding": (
        f'<?xml version="1.0" encoding="klingon"?>{WHOLE}',
        "0: B202 the XML is broken here: its encoding is not known",
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_xml_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    """Before it can take memory or time."""
    text, expected = HOSTILE[name]
    assert _stopped(tmp_path / "c.xml", text) == expected


ENCODED = {
    "utf-8 with a mark": WHOLE.encode("utf-8-sig"),
    "utf-16": f'<?xml version="1.0" encoding="utf-16"?>{WHOLE}'.encode("utf-16"),
    "utf-8 that says utf-16": f'<?xml version="1.0" encoding="utf-16"?>{WHOLE}'.encode(),
    "latin 1": f'<?xml version="1.0" encoding="ISO-8859-1"?>{WHOLE}'.encode("latin-1"),
    "windows-1252 that says nothing": WHOLE.replace("1", "\u20ac").encode("cp1252"),
    "blank lines above": f'\n\n<?xml version="1.0"?>{WHOLE}'.encode(),
}


@pytest.mark.parametrize("name", sorted(ENCODED))
def test_every_encoding_is_read(tmp_path: Path, name: str) -> None:
    """As it is declared, or as it is."""
    (tmp_path / "c.xml").write_bytes(ENCODED[name])
    with read(tmp_path / "c.xml") as batch:
        found = batch.con.sql("SELECT audit_id FROM typed.audits").fetchall()
        assert found in ([("1",)], [("\u20ac",)])


WRITERS: dict[str, Callable[[Path], Path]] = {
    "census": lambda path: cin.write(census_of([["2024-05-01"] * 5] * 2), path),
    "return": lambda path: ssda903.write_xml(CARE, path),
}


@pytest.mark.parametrize("kind", sorted(WRITERS))
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_gives_records_or_problems(
    tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int
) -> None:
    """Whatever bytes are changed, left out or put in."""
    path = WRITERS[kind](tmp_path_factory.mktemp("damaged") / "file.xml")
    drawn, content = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(drawn.randint(1, 6)):
        at = drawn.randrange(len(content))
        content[at : at + drawn.choice((0, 1, 40))] = drawn.randbytes(drawn.choice((0, 1, 3)))
    path.write_bytes(content)
    try:
        read(path).close()
    except Stop as end:
        assert end.problems
