"""What each moderated file stands for: one over its probability, made good for what is undone.

In: a batch. Out: weights. Nothing here looks at a grade.
"""

import numpy as np

from engine.statistics.files import Bools, Files, Floats, Tier


def sampled(files: Files) -> Bools:
    """Say which files the estimates rest on: drawn, moderated, not added (N rows; notes §4.1)."""
    rests: Bools = files.drawn & (files.moderated > 0) & (files.tier != Tier.ADDED)
    return rests


def weights(files: Files) -> Floats:
    """Return how many files each moderated file stands for: N rows, 0 for those not moderated.

    w = 1/π · drawn/done, counted within the file's tier: what was drawn and is not yet moderated
    is taken to be like what was. Files added on suspicion and files moderated without having been
    drawn weigh 0. Source: notes §4.1; Horvitz & Thompson, JASA 47, 1952, and the adjustment for
    non-response within classes (Särndal, Swensson & Wretman 1992, §15.6).
    """
    done = sampled(files)
    weight = np.zeros(len(files))
    weight[done] = 1 / files.inclusion[done]
    for tier in (Tier.OTHER, Tier.CERTAINTY):
        here = files.tier == tier
        finished = int((here & done).sum())
        if finished:
            weight[here] *= int((here & files.drawn).sum()) / finished
    return weight
