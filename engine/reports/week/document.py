"""What a report is made of: sections of paragraphs, lists, tables and charts.

Every number that is about people is a cell that knows what it counts, also inside a sentence. So
one pass over the document can hide what may not be published, in text, tables, charts and data
sheets alike, and no format can show what another hides. It must not know of HTML, PDF or XLSX.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Whom a report is for."""

    PANEL = "panel"
    """the moderation panel: everything, with names"""
    LEADERS = "leaders"
    """senior leaders: everything, auditors and moderators anonymous"""
    PUBLISHED = "published"
    """anybody: grades merged, all teams together, small counts hidden"""


@dataclass(frozen=True)
class Count:
    """A number of audits, children, answers or other things of people.

    `key` names the quantity, such as `grades.after.good`: the same key is the same number wherever
    it stands. An empty key says that the number tells nothing of a person (standards, rules).
    """

    value: int
    key: str = ""


@dataclass(frozen=True)
class Share:
    """A count out of another, shown as a per cent."""

    part: Count
    whole: Count

    @property
    def percent(self) -> float | None:
        """Return the per cent, or nothing of nothing."""
        return 100 * self.part.value / self.whole.value if self.whole.value else None


@dataclass(frozen=True)
class Estimate:
    """A statistic with its interval (95 per cent), and the count that it rests on.

    `unit`: `percent` (0 to 100), `grades` (differences between grades) or `number` (a statistic
    without a unit). `low` and `high` may be absent where there is no interval.
    """

    value: float
    low: float | None
    high: float | None
    unit: str
    base: Count


@dataclass(frozen=True)
class Hidden:
    """A number that may not be shown to this audience; it is printed as `c`."""


HIDDEN = Hidden()
Cell = str | int | float | date | None | Count | Share | Estimate | Hidden


@dataclass(frozen=True)
class Column:
    """A column: its id, its heading, and whether its cells are numbers (set to the right)."""

    id: str
    title: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table; its first column heads its rows. `note` says what has to be known to read it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class ChartKind(StrEnum):
    """How a table is drawn; each kind reads columns by their ids."""

    PAIRED_BARS = "paired_bars"
    """label · before (Count) · before_share (Share) · after · after_share; estimate (Estimate)
    may follow"""
    MATRIX = "matrix"
    """label, then a column a grade of Counts: the auditor's grades down, moderators' across"""
    CATERPILLAR = "caterpillar"
    """label · leniency (Estimate, grades) · moderated (Count); marks: median, tolerance"""
    FUNNEL = "funnel"
    """label · moderated (Count) · gap (float, Estimate); `curves`: the limits; marks: centre"""
    DOTS = "dots"
    """label · gap (Estimate)"""
    RUN = "run"
    """label · value (Estimate), in the order of time"""


@dataclass(frozen=True)
class Chart:
    """A picture of a table, which always stands beside it with the same numbers.

    `marks` are lines to draw at a value; `curves` are named lines as points (x, y).
    """

    id: str
    kind: ChartKind
    title: str
    description: str
    table: Table
    marks: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)


Words = tuple[Cell, ...]
"""A sentence or more: texts with cells between them."""


@dataclass(frozen=True)
class Paragraph:
    """Running text; `lead` is printed larger, `warning` in a box."""

    words: Words
    style: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


Block = Paragraph | Bullets | Heading | Table | Chart


@dataclass(frozen=True)
class Section:
    """A section: its id (for links and names of files), its heading and what stands in it."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Sum:
    """One count is the sum of others: `grades.after.all` of `grades.after.good` and the rest.

    Every such relation between counts of the document is declared, for whoever hides one number
    has to know from which others it could be worked out.
    """

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A whole report. The first section is the summary, which fills one page.

    `marking` is printed on every page (OFFICIAL-SENSITIVE unless it is published); `facts` are
    the lines of provenance, also at the foot of every format: label → value.
    """

    title: str
    subtitle: str
    audience: Audience
    marking: str
    sections: tuple[Section, ...]
    sums: tuple[Sum, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
