"""What `audit sample` prints: the plan of the draw, who has what, and what to do next."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from engine.moderation.ledger_where import without_password
from engine.moderation.sampling import ADDED, CERTAINTY, Sample, tiers
from engine.reports.wording import counted, long_date

TITLES = {
    CERTAINTY: "Looked at most: a grade two above the record, or over a critical standard",
    ADDED: "Added on suspicion: moderated, and left out of every estimate",
}
OTHER = "All others"
NOTHING = 50
"""percentage points either way that leave a share anywhere between none and all"""


def plan_told(sample: Sample) -> Iterator[str]:
    """Yield the plan of a draw, for people."""
    draw = sample.draw
    drawn = sum(one.drawn and one.tier != ADDED for one in sample.included.values())
    yield (
        f"{counted(drawn, 'file')} of {draw.audits:,} to be moderated (budget {draw.budget:,}, "
        f"seed {draw.seed}, as of {long_date(draw.as_of)}, draw {draw.draw})."
    )
    yield ""
    yield f"{'Files':>7}  {'Drawn':>5}  {'Lowest probability':>18}  Tier"
    for tier, files, taken, lowest, _ in tiers(sample):
        yield f"{files:>7,}  {taken:>5,}  {lowest:>18.3f}  {TITLES.get(tier, OTHER)}"
    yield ""
    yield from _expected(drawn, draw.audits)
    seconds = counted(len(sample.second), "file")
    yield f"{seconds} graded by a second moderator too, blind as well."
    yield ""
    width = max(map(len, (*sample.moderators, "Moderator")))
    yield f"{'Moderator':<{width}}  {'Files':>5}"
    for name in sample.moderators:
        yield f"{name:<{width}}  {sample.loads()[name]:>5,}"


def _expected(drawn: int, files: int) -> Iterator[str]:
    from engine.statistics.power import Plan, half_width

    if not drawn:
        return
    points = 100 * half_width(drawn, Plan.TIERED, files)
    if points >= NOTHING:
        yield "So few files tell nothing of the share of all that are good or better."
    else:
        yield (
            f"The share of files that are good or better will be known to about ±{points:.0f} "
            "percentage points, if all of them are graded."
        )


def unchanged(sample: Sample) -> str:
    """Say that nothing new was written to the ledger."""
    return f"the draw {sample.draw.draw} stands already: nothing new was written to the ledger"


def what_next(batch: str, out: Path, sample: Sample, ledger: str | None = None) -> str:
    """Say what to do with the workbooks; `ledger`: where it was said to be, if not beside."""
    where = "" if ledger is None else f" --ledger {quote(without_password(ledger))}"
    beside = where or f" --batch {quote(batch)}"
    books = counted(sum(1 for name in sample.moderators if sample.of(name)), "workbook")
    return (
        f"{books} in {out}: send each moderator theirs, and nobody another's. As they come back:\n"
        f"  audit moderate import WORKBOOK{beside}, for each\n"
        f"  audit sample {quote(batch)} --reveal --out FOLDER{where}, for the second workbooks"
    )
