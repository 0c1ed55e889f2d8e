"""What the cells of a column look like: days and their form, yes and no, numbers, a few words.

In: some cells of a column. Out: a `Profile`. It must not know headers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.records.cells import Spec, Unreadable, clean, plain, read
from engine.records.mapping.dates import DateForm
from engine.rulebook.fields import FieldType

FEW = 12  # a column with so many different words may be a list of codes
MOST = 0.85  # of the cells that are filled
FORMS = tuple(
    DateForm.parse(f"{day}{time}")
    for day in (
        "D/M/YYYY", "DD/MM/YY", "D-MMM-YY", "D-MMM-YYYY", "D MMM YY", "D MMMM YYYY", "YYYY/MM/DD",
        "YYYYMMDD", "D.M.YY", "M/D/YYYY", "M/D/YY", "MMM D YYYY",
    )
    for time in ("", " HH:mm", " HH:mm:ss", " H:mm")
)  # fmt: skip
YES = frozenset(["yes", "y", "true", "1", "seen", "done", "completed", "complete"])
NO = frozenset(
    ["no", "n", "false", "0", "not_seen", "none", "not_done", "not_completed", "incomplete"]
)


@dataclass(frozen=True)
class Profile:
    """The cells of a column that are filled."""

    cells: tuple[str, ...]

    @classmethod
    def of(cls, cells: Sequence[str | None]) -> "Profile":
        """Return the profile of some cells."""
        return cls(tuple(text for cell in cells if (text := clean(cell))))

    @cached_property
    def different(self) -> tuple[str, ...]:
        """Return the different words, in the order in which they first stand."""
        return tuple(dict.fromkeys(self.cells))

    def reads(self, spec: Spec) -> float:
        """Return which share of the cells can be read as a field; 1 of none."""
        good = {text: _reads(text, spec) for text in self.different}
        return sum(good[text] for text in self.cells) / len(self.cells) if self.cells else 1.0

    def form(self, spec: Spec) -> tuple[float, DateForm | None]:
        """Return which share are days, and in which form if the usual reading is not enough."""
        usual = self.reads(spec)
        if usual == 1 or not self.cells:
            return usual, None
        shares = [(sum(form.iso(t) is not None for t in self.cells), form) for form in FORMS]
        best, form = max(shares, key=lambda pair: pair[0])
        share = best / len(self.cells)
        return (share, form) if share > usual else (usual, None)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Return their words by plain form, if they are few."""
        found = {plain(text): text for text in self.different[: FEW + 1]}
        return found if len(self.different) <= FEW else {}

    def yes_no(self) -> Mapping[str, str | None] | None:
        """Return what each word means, if all of a few words say yes, no or nothing."""
        said = {text: _yes_no(word) for word, text in self.words.items()}
        return said if said and all(said.values()) and {*said.values()} & {"yes", "no"} else None


def _reads(text: str, spec: Spec) -> bool:
    try:
        read(text, spec)
    except Unreadable:
        return False
    return True


def _yes_no(word: str) -> str | None:
    """Return yes or no for a word that begins or ends so; `blank` for one that says nothing.

    >>> _yes_no("1_yes"), _yes_no("no_visit"), _yes_no("unknown"), _yes_no("seen_alone")
    ('yes', 'no', 'blank', None)
    """
    parts = [part for part in word.split("_") if part]
    if word in ("unknown", "not_known", "not_recorded"):
        return "blank"
    if word in NO or parts[:1] == ["no"] or parts[-1:] == ["no"]:
        return "no"
    return "yes" if word in YES or parts[:1] == ["yes"] or parts[-1:] == ["yes"] else None


def is_date(profile: Profile, spec: Spec) -> bool:
    """Say whether a column of cells holds days."""
    day = Spec("", FieldType.DATETIME, spec.earliest, spec.latest)
    return bool(profile.cells) and profile.form(day)[0] >= MOST
