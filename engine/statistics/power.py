"""How many files to moderate: planning figures, before anything has been drawn.

They rest on the simulation of `benchmarks/moderation.py` (moderators agree with each other on 74
per cent of files, auditors with moderators on 54 per cent, the record's own grade with the truth
on 60). Real figures are to replace them once some three hundred files have been moderated.
"""

from dataclasses import dataclass
from enum import Enum
from math import ceil, sqrt

from scipy.stats import norm

from engine.statistics.interval import Z

ONE_SIDED = 1.6448536269514722
"""a test that blames one auditor of twenty by mistake"""


class Plan(Enum):
    """How files are drawn and the estimate is made, with the variance that it leaves.

    The value is the variance of one file's contribution, as a part of p (1 - p): half widths of
    .029, .0205 and .0275 from 1,000 of 10,000 files give .243, .122 and .219 where p (1 - p) is
    .243.
    """

    MODERATED_ONLY = 1.0
    """at random, and only the moderated files are looked at"""
    RANDOM = 0.50
    """at random, and the auditors' and the record's grades of all files help (GREG)"""
    TIERED = 0.90
    """the tiered draw with a minimum, which looks for what is wrong; GREG"""


def files_needed(half_width: float, plan: Plan, files: int | None = None, p: float = 0.5) -> int:
    """Return how many files to moderate so that a share is known to ± `half_width`.

    `half_width` and `p`, the share as it is expected, between 0 and 1 (0.5 asks for most); `files`
    the files of the batch, nothing for endless many. n = S² / (h² / 1.96² + S² / N) with
    S² = p (1 - p) x the plan's part (Cochran, *Sampling Techniques*, §4.4). ValueError where an
    argument is out of its range.

    >>> files_needed(0.05, Plan.MODERATED_ONLY), files_needed(0.05, Plan.RANDOM, 400)
    (385, 130)
    """
    if not (0 < half_width < 1 and 0 < p < 1) or (files is not None and files < 1):
        raise ValueError("half width and share lie between 0 and 1, and a batch has files")
    spread = p * (1 - p) * plan.value
    needed = spread / (half_width**2 / Z**2 + (spread / files if files else 0.0))
    return ceil(needed) if files is None else min(ceil(needed), files)


def half_width(moderated: int, plan: Plan, files: int | None = None, p: float = 0.5) -> float:
    """Return to how much a share will be known from `moderated` files of `files`: ± this.

    The other way round from `files_needed`, by the same formula and source; moderated is above 0.

    >>> round(half_width(100, Plan.RANDOM, 1000, 0.42), 3)
    0.065
    """
    spread = p * (1 - p) * plan.value
    left = 1 / moderated - (1 / files if files else 0.0)
    return Z * sqrt(spread * max(left, 0.0))


@dataclass(frozen=True)
class Engine:
    """What the record's own grade contributes to knowing an auditor.

    Variances in grades²: `moderated` of one moderated file's surprise, `audited` of one file's gap
    to what its record predicts, `between` how much auditors' means differ for reasons that the
    record does not show (its bias by team).
    """

    moderated: float
    audited: float
    between: float | None


NO_ENGINE = Engine(moderated=0.404, audited=0.0, between=None)
"""only the gap of moderated files: 54 per cent exact, mean gap +0.34, two grades at most"""
FAIR_ENGINE = Engine(moderated=0.5, audited=0.294, between=1 / 34)
BIASED_ENGINE = Engine(moderated=0.5, audited=0.294, between=0.1)
"""its errors follow teams, and so look like the auditor's"""


def power(moderated: int, engine: Engine, files: int = 30, excess: float = 0.5) -> float:
    """Return how probably an auditor is noticed who is kinder than the others by `excess` grades.

    `moderated` files above 0, drawn at random, of the auditor's `files`; a one-sided test at 5 per
    cent. Power = Φ(excess / √v - 1.645), v = 1 / (1 / between + moderated / s²) + audited / files.
    It is the power of a z test of the two-level model (notes §4.5 and §5.4), not that of the
    flag, which is shrunk once more. Within .02 of simulation from 8 files on without an engine,
    and from 3 on with one.

    >>> round(power(10, NO_ENGINE), 2), round(power(3, FAIR_ENGINE), 2)
    (0.8, 0.85)
    """
    prior = 1 / engine.between if engine.between else 0.0
    variance = 1 / (prior + moderated / engine.moderated) + engine.audited / files
    return float(norm.cdf(excess / sqrt(variance) - ONE_SIDED))


def files_per_auditor(
    engine: Engine, files: int = 30, excess: float = 0.5, wanted: float = 0.8
) -> int | None:
    """Return the least number of an auditor's files to moderate, three or more.

    Nothing where not even all of them would do. Fewer than three are never enough to say anything
    of a person.

    >>> [files_per_auditor(engine) for engine in (NO_ENGINE, FAIR_ENGINE, BIASED_ENGINE)]
    [10, 3, 12]
    """
    enough = (n for n in range(3, files + 1) if power(n, engine, files, excess) >= wanted)
    return next(enough, None)
