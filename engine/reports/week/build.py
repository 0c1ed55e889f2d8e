"""Build the document of a week: every section that an audience may have, in order.

In: facts and an audience. Out: a masked `Document`, which every format draws.
"""

from dataclasses import replace

from engine.reports.week.document import Audience, Document, Section
from engine.reports.week.facts import Facts
from engine.reports.week.masking import mask
from engine.reports.week.pruning import pruned
from engine.reports.week.sections import SECTIONS
from engine.reports.week.sections.provenance import lines
from engine.reports.week.telling import Telling
from engine.reports.wording import MARKING, long_date

PUBLIC = "Published"
SELF_EVALUATION = "self_evaluation"


def build(facts: Facts, audience: Audience) -> Document:
    """Return the report of a week as an audience may see it."""
    document = whole(facts, audience)
    if audience is Audience.PUBLISHED:
        return pruned(document)[1]
    return mask(document, audience)


def unmasked(facts: Facts, audience: Audience) -> Document:
    """Return the report before small numbers are hidden, without tables that would be all `c`."""
    document = whole(facts, audience)
    return pruned(document)[0] if audience is Audience.PUBLISHED else document


def whole(facts: Facts, audience: Audience) -> Document:
    """Return the report with every table and every number; names are already those it may hold."""
    tell = Telling(facts, audience)
    told = [one for section in SECTIONS if (one := section(tell)) is not None]
    return Document(
        title=facts.asked.week,
        subtitle=_subtitle(facts),
        audience=audience,
        marking=PUBLIC if audience is Audience.PUBLISHED else MARKING,
        sections=tuple(one.section for one in told),
        sums=tuple(dict.fromkeys(one for part in told for one in part.sums)),
        facts=lines(tell),
    )


def only(document: Document, section: str) -> Document:
    """Return a document of one section alone, with its provenance."""
    held: tuple[Section, ...] = tuple(one for one in document.sections if one.id == section)
    return replace(document, sections=held, subtitle=held[0].title if held else "")


def _subtitle(facts: Facts) -> str:
    days = facts.gathered.days
    theme = f"{facts.asked.theme}. " if facts.asked.theme else ""
    if days is None:
        return f"{theme}As at {long_date(facts.gathered.header.as_of)}"
    first, last = days
    return f"{theme}Audits of {long_date(first)} to {long_date(last)}"
