"""Spread between teams: how far practice differs from one team to the next."""

from statistics import median

from engine.reports.week.document import Block, Paragraph, Section
from engine.reports.week.facts import Part
from engine.reports.week.telling import Telling, Told

LEAST = 6
"""A team is compared from so many graded files on."""


def teams(tell: Telling) -> Told | None:
    """Tell how far teams lie apart; nothing of it is published."""
    parts = {name: part for name, part in tell.facts.parts["team"].items() if name}
    if tell.published or not parts:
        return None
    compared = {n: p for n, p in parts.items() if sum(p.after[1:]) >= LEAST}
    blocks: list[Block]
    if len(compared) < 2:  # noqa: PLR2004 - a spread is between two
        said = f"Fewer than two teams have {LEAST} graded files, so teams are not compared."
        blocks = [Paragraph((said,))]
    else:
        blocks = [_spread(tell, compared, len(parts))]
    return Told(Section("teams", "Spread between teams", tuple(blocks)))


def shares(tell: Telling, parts: dict[str, Part]) -> list[tuple[float, str]]:
    """Return, from the lowest, each team's share of good or better after moderation."""
    found = []
    for name, part in parts.items():
        good = sum(part.after[rank] for rank in tell.merged[0].ranks)
        found.append((good / sum(part.after[1:]), name))
    return sorted(found)


def _spread(tell: Telling, parts: dict[str, Part], teams_in_all: int) -> Paragraph:
    ranked = shares(tell, parts)
    (_, least), (_, most) = ranked[0], ranked[-1]
    low, high = (tell.share(parts[name], f"team.{name}", "after") for name in (least, most))
    middle = median(share for share, _ in ranked)
    number = len(parts)
    said = f" {tell.plural(number, 'team')} with at least {LEAST} graded files are compared (of "
    return Paragraph(
        (
            number,
            said,
            teams_in_all,
            f"). After moderation, files {tell.good} are ",
            low,
            f" in {least} and ",
            high,
            (
                f" in {most}; half of the teams lie above {100 * middle:.0f}%. The table by team "
                "stands under the grades. With few files a team, chance alone makes teams differ."
            ),
        )
    )
