"""The report of a week as HTML: one file, every word escaped, a table beside each chart.

How it behaves in a browser is tested in `tests/web/test_week.py`.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.reports.week import as_html, cells
from engine.reports.week.document import (
    Audience,
    Bullets,
    Chart,
    Document,
    Heading,
    Paragraph,
    Section,
    Table,
)
from tests.unit import documents
from tests.unit.test_reports_html import _Page

EMPTY = Document("", "", Audience.PUBLISHED, "", ())


def _written(document: Document, folder: Path) -> str:
    as_html.write(document, folder)
    return (folder / as_html.NAME).read_text("utf-8")


def _everywhere(text: str) -> Document:
    """Return a report that says the same wherever words can stand."""
    sample = documents.sample()
    chart = documents.caterpillar()
    columns = tuple(replace(column, title=text) for column in chart.table.columns)
    rows = tuple((text, *row[1:]) for row in chart.table.rows)
    table = replace(chart.table, id=text, title=text, columns=columns, rows=rows, note=text)
    drawn = replace(chart, id=text, title=text, description=text, table=table)
    drawn = replace(drawn, marks={text: 0.3})
    blocks = (Paragraph((text,), text), Bullets(((text,),)), Heading(text), table, drawn)
    section = Section(text, text, blocks)
    return replace(
        sample, title=text, subtitle=text, marking=text, sections=(section, section),
        facts=((text, text),),
    )  # fmt: skip


@pytest.mark.parametrize(
    "document", [documents.sample(), EMPTY, _everywhere("x y"), _everywhere("")]
)
def test_page_is_self_contained(document: Document, tmp_path: Path) -> None:
    """No script, no handler, no address but those inside the page, and every id once."""
    page = _Page(_written(document, tmp_path))
    assert not {"script", "iframe", "img", "link", "object", "form"} & set(page.tags)
    assert page.wrong == []
    assert {address[0] for address in page.addresses} == {"#"}
    assert {address[1:] for address in page.addresses} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_page_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (_written(documents.sample(), tmp_path) for _ in range(2))
    assert first == second
    assert first.startswith('<!DOCTYPE html>\n<html lang="en-GB">')


def test_every_word_and_every_number_is_there(tmp_path: Path) -> None:
    """Sentences, headings, cells, notes and provenance: what the document says the page says."""
    page = _Page(_written(documents.sample(), tmp_path))
    for section in documents.sample().sections:
        assert _plain(section.title) in page.text
        for block in section.blocks:
            for text in _said(block):
                assert _plain(text) in page.text
    for pair in documents.sample().facts:
        assert all(_plain(text) in page.text for text in pair)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _said(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [cells.words(block.words)]
        case Bullets():
            return [cells.words(item) for item in block.items]
        case Heading():
            return [block.text]
        case Table():
            held = [cells.text(cell) for row in block.rows for cell in row]
            return [block.title, block.note, *held, *(column.title for column in block.columns)]
        case Chart():
            return [block.title, block.description, *_said(block.table)]
    return []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</style><b>",
        "--></title></svg>",
        "{{ 7*7 }} {% raw %}",
        "\x00\x1b\ud800",
    ],
)
def test_hostile_text_is_text_wherever_it_stands(text: str, tmp_path: Path) -> None:
    """It is shown as often as plain words are, and adds no element to the page."""
    page, plain = (_Page(_written(_everywhere(one), tmp_path)) for one in (text, "plain words"))
    for name in ("script", "img", "b", "style", "title", "svg", "h2"):
        assert page.tags[name] == plain.tags[name]
    assert page.wrong == []
    assert page.text.count(_plain(cells.printable(text))) >= 10


def test_marking_stands_on_the_page_and_on_each_sheet(tmp_path: Path) -> None:
    text = _written(documents.sample(), tmp_path)
    assert text.count('<p class="marking">OFFICIAL-SENSITIVE</p>') == 2
    assert '@top-center { content: "OFFICIAL-SENSITIVE"; }' in text


def test_marking_cannot_leave_its_style() -> None:
    assert (
        as_html.in_style('a"; } </style>')
        == '"a\\000022\\00003B \\00007D \\00003C\\00002Fstyle\\00003E"'
    )


def test_a_table_has_a_caption_and_headed_rows_and_columns(tmp_path: Path) -> None:
    text = _written(documents.sample(), tmp_path)
    page = _Page(text)
    assert page.tags["caption"] == page.tags["table"] == page.tags["thead"] == 9
    assert '<th scope="row">Requires improvement</th>' in text
    assert '<th scope="col" class="number">As audited</th>' in text


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    assert f"<p>{cells.EMPTY}</p>" in _written(documents.sample(), tmp_path)


def test_tables_of_one_title_with_their_chart_are_told_apart(tmp_path: Path) -> None:
    chart = documents.dots()
    chart = replace(chart, title=chart.table.title)
    text = _written(replace(EMPTY, sections=(Section("a", "A", (chart,)),)), tmp_path)
    assert ">Gap by domain</figcaption>" in text
    assert ">Gap by domain: the numbers</span></caption>" in text
