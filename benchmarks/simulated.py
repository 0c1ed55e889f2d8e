"""Auditors, moderators and an engine that are made up, for `moderation.py`.

Every file has a quality on one line: its team's effect and its own. A moderator sees it with
noise, an auditor with more noise and the auditor's own leniency, the engine with noise, with a
bias that differs by team, and now and then not at all. Each reads it off at the same three marks.

The notes give what comes out (moderators agree in 74 %, and so on), not what goes in. The numbers
below were set to give that, by `calibrate`. What the notes do not say was chosen: ten auditors to
a team, a spread between teams of 0.4 in quality and 0.2 in the engine's bias, log-normal loads.
The spread between teams was lowered once, from 0.5 and 0.25, because intervals of leniency came
out a tenth wider than the notes' (0.68 for 0.63, 10,000 files at random); nothing else was looked
at in choosing.
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.statistics.draw import Plan, draw
from engine.statistics.files import Files


@dataclass(frozen=True)
class World:
    """What goes in: standard deviations on the line of quality, where a file's own is 1."""

    marks: tuple[float, ...] = (-1.05, 0.26, 1.62)
    team: float = 0.4
    moderator: float = 0.3287
    auditor: float = 0.5125
    lenient: float = 0.4904
    leniency: float = 0.3751
    engine: float = 0.599
    engine_team: float = 0.2
    gross: float = 0.05
    load: float = 0.6
    auditors_a_team: int = 10


WORLD = World()


@dataclass(frozen=True)
class Simulated:
    """A batch of which everything is known: N rows, and the leniency that was put in."""

    audited: np.ndarray
    evidence: np.ndarray
    moderated: np.ndarray
    second: np.ndarray
    auditor: np.ndarray
    auditors: int

    @property
    def gap(self) -> np.ndarray:
        return self.audited - self.moderated

    @property
    def leniency(self) -> np.ndarray:
        """What an auditor's leniency is, had every file been moderated: (auditors,)."""
        files = np.bincount(self.auditor, minlength=self.auditors)
        return np.bincount(self.auditor, self.gap, minlength=self.auditors) / files

    def drawn(self, plan: Plan, seed: int) -> Files:
        """Draw by a plan, and moderate what was drawn."""
        taken = draw(plan, self.auditor, seed)
        moderated = np.where(taken, self.moderated, 0)
        return Files(
            self.audited, self.evidence, moderated, self.auditor, plan.inclusion, plan.tier, taken
        )


def simulate(
    files: int,
    auditors: int,
    rng: np.random.Generator,
    world: World = WORLD,
    own: np.ndarray | None = None,
) -> Simulated:
    """Make a batch; with each auditor's `own` leniency given, all have equally many files."""
    auditor = np.arange(files) % auditors
    if own is None:
        loads = rng.lognormal(0, world.load, auditors)
        auditor[auditors:] = rng.choice(auditors, files - auditors, p=loads / loads.sum())
        own = rng.normal(world.lenient, world.leniency, auditors)
    teams = -(-auditors // world.auditors_a_team)
    team = auditor % teams
    quality = rng.normal(0, 1, files) + rng.normal(0, world.team, teams)[team]
    return seen(quality, own, (auditor, team, auditors), rng, world)


def seen(
    quality: np.ndarray,
    own: np.ndarray,
    who: tuple[np.ndarray, np.ndarray, int],
    rng: np.random.Generator,
    world: World,
) -> Simulated:
    auditor, team, auditors = who
    files = len(quality)

    def noise(size: float) -> np.ndarray:
        return rng.normal(0, size, files)

    bias = rng.normal(0, world.engine_team, team.max() + 1)[team]
    engine = graded(quality + bias + noise(world.engine), world)
    lost = rng.random(files) < world.gross
    return Simulated(
        graded(quality + own[auditor] + noise(world.auditor), world),
        np.where(lost, rng.integers(1, 5, files), engine),
        graded(quality + noise(world.moderator), world),
        graded(quality + noise(world.moderator), world),
        auditor,
        auditors,
    )


def graded(quality: np.ndarray, world: World) -> np.ndarray:
    return np.searchsorted(world.marks, quality) + 1


def facts(batch: Simulated) -> dict[str, float]:
    """Return what came out, to be held beside what the notes say of their simulation."""
    gap = batch.gap
    shares = np.bincount(batch.moderated, minlength=5)[1:] / len(gap)
    return {
        "moderators agree": float((batch.moderated == batch.second).mean()),
        "auditor exact": float((gap == 0).mean()),
        "auditor within one": float((abs(gap) <= 1).mean()),
        "mean gap": float(gap.mean()),
        "SD of auditors' gaps": float(batch.leniency.std()),
        "engine exact": float((batch.evidence == batch.moderated).mean()),
        "auditors overstate good or better": float(
            (batch.audited > 2).mean() - (batch.moderated > 2).mean()
        ),
        **{f"grade {grade}": float(share) for grade, share in enumerate(shares, 1)},
    }


def calibrate(rounds: int = 12) -> World:
    """Find what goes in, so that what comes out is as the notes say; prints each round."""
    world = World()
    targets = (
        ("moderator", "moderators agree", 0.74, -1.5),
        ("auditor", "auditor exact", 0.54, -2.0),
        ("lenient", "mean gap", 0.34, 1.2),
        ("leniency", "SD of auditors' gaps", 0.26, 1.2),
        ("engine", "engine exact", 0.60, -2.0),
    )
    for _ in range(rounds):
        rng = np.random.default_rng(7)
        found = facts(simulate(400_000, 2000, rng, world))
        change = {
            name: max(0.0, getattr(world, name) + (target - found[fact]) * slope)
            for name, fact, target, slope in targets
        }
        print({name: round(value, 4) for name, value in found.items()})
        world = replace(world, **change)
    return world


if __name__ == "__main__":
    print(calibrate())
