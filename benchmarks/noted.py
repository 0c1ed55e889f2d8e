"""Figures of the notes, for `moderation.py`: each beside what was measured."""

from dataclasses import dataclass

DIFFERS = {
    "tiered, raw": "a raw mean's bias turns on loads and teams, which the notes do not give",
    "bias of inadequate, GREG": "the notes' figure is that of the plain average, it seems",
    "cover of inadequate, GREG": "as above",
    "5 of 100 files each, 33 of 100, flag, peers alike: power": "0.07 below; the others agree",
    "1 of 30, flag, peers alike": (
        "the notes do not say how many auditors are lenient; their figures come out where a third "
        "are. A lone one among thirty who are all alike makes the spread that the model sees no "
        "larger than what chance makes, and so is drawn to them almost whole: the price of flags "
        "that are hardly ever false. The second shrinkage itself is the notes': its correlation, "
        "error, cover and width (§5.1) come out"
    ),
}


@dataclass(frozen=True)
class Line:
    """A figure: what was measured, what the notes say, how far apart they may be."""

    part: str
    what: str
    measured: float
    noted: float
    within: float
    at_most: bool = False

    @property
    def ok(self) -> bool:
        apart = self.measured - self.noted
        return (apart if self.at_most else abs(apart)) <= self.within + 1e-12

    @property
    def known(self) -> bool:
        return not self.ok and any(words in self.what for words in DIFFERS)

    @property
    def text(self) -> str:
        verdict = "ok" if self.ok else "known to differ" if self.known else "**out of tolerance**"
        figures = f"{self.measured:.3f} | {self.noted:.3f} | {self.within:.3f}"
        return f"| {self.part} | {self.what} | {figures} | {verdict} |"
