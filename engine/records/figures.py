"""The figures of a performance extract: counts and percentages as analysts write them.

In: the cells of a row, as text. Out: how many of how many, as a share, or what is wrong.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.records.places import Fault

# `c` stands for one to five, and the others for none or not known, in published statistics
SUPPRESSED = ("c", "x", "z", "*", "..", ":", "~", "suppressed")
NEAR = 0.01  # a percentage rounded to a whole number is never further from its counts
_NUMBER = re.compile(r"([+-]?[0-9]{1,12}(?:\.[0-9]{1,15})?)(?:[eE]-?[0-9]{1,2})? ?(%?)")

Wrong = tuple[Fault, ...]


@dataclass(frozen=True)
class Figure:
    """So many of so many (where they are known), and the share between 0 and 1."""

    met: int | None
    of: int | None
    share: float


@dataclass(frozen=True)
class Figures:
    """How the percentages of an extract are written: as shares of one, or of a hundred."""

    shares: bool

    def of(self, cells: Mapping[str, object]) -> tuple[Figure | None, Wrong]:
        """Return the figure of a row, or what is wrong with it.

        >>> Figures(shares=False).of({"numerator": "9", "denominator": "12", "percentage": "75%"})
        (Figure(met=9, of=12, share=0.75), ())
        """
        names = ("numerator", "denominator", "percentage")
        texts = {name: str(text) for name in names if (text := cells.get(name)) is not None}
        for name, text in texts.items():
            if text.lower() in SUPPRESSED:
                return None, (Fault(name, "K007", f"the figure is suppressed (`{text}`)"),)
            if _number(text) is None:
                return None, (Fault(name, "K018", f"`{text}` in `{name}` is no number"),)
        values = {name: _number(text) or 0.0 for name, text in texts.items()}
        if "denominator" in values and "numerator" in values:
            return self._counted(values, texts)
        if "percentage" not in values:
            said = "the row has neither a percentage nor a numerator and a denominator"
            return None, (Fault("percentage", "K007", said),)
        return self._percentage(values["percentage"], texts["percentage"])

    def _percentage(self, value: float, text: str) -> tuple[Figure | None, Wrong]:
        share = value if self.shares else value / 100
        if 0 <= share <= 1:
            return Figure(None, None, share), ()
        said = f"`{text}` is no percentage between 0 and 100"
        return None, (
            Fault("percentage", "K004", said, "percentages count those that achieved it"),
        )

    def _counted(
        self, values: Mapping[str, float], texts: Mapping[str, str]
    ) -> tuple[Figure | None, Wrong]:
        for name in ("numerator", "denominator"):
            if values[name] < 0 or values[name] != int(values[name]):
                return None, (Fault(name, "K018", f"`{texts[name]}` in `{name}` is no count"),)
        met, of = int(values["numerator"]), int(values["denominator"])
        if of == 0:
            return None, (Fault("denominator", "K007", "the denominator is 0: there is no figure"),)
        if met > of:
            said = f"the numerator {met:,} is above the denominator {of:,}"
            return None, (Fault("numerator", "K005", said),)
        if "percentage" in values:
            told, wrong = self._percentage(values["percentage"], texts["percentage"])
            if told is None:
                return None, wrong
            if abs(told.share - met / of) > NEAR:
                said = f"`{texts['percentage']}` is not {met:,} of {of:,}, which is {met / of:.1%}"
                return None, (Fault("percentage", "K009", said, "put the wrong one right"),)
        return Figure(met, of, met / of), ()


def figures_of(rows: Iterable[Mapping[str, object]]) -> Figures:
    """Return how the percentages of all rows are written.

    A cell that Excel shows as 85% holds 0.85: where none is above 1, and some is between, all are
    shares.
    """
    texts = [str(row["percentage"]) for row in rows if row.get("percentage") is not None]
    values = [value for text in texts if (value := _number(text)) is not None]
    marked = any("%" in text for text in texts)
    between = any(0 < value < 1 for value in values)
    return Figures(shares=between and not marked and all(value <= 1 for value in values))


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", text.strip()))
    return float(found[0].rstrip("% ")) if found else None
