"""The working prediction: what a moderator would say, from the auditor's grade and the record's.

In: a batch and its weights. Out: a probability for every grade of every file. It only has to be
close, never right: the estimate corrects it by the moderated files, and is unbiased without it.
"""

from dataclasses import dataclass

import numpy as np

from engine.statistics.files import Bools, Files, Floats, Ints

FOLDS = 5
PULL = 2.0
"""files' worth of weight that the additive table has in each cell"""


@dataclass(frozen=True)
class Fitted:
    """A working prediction, held by cell so that a million files need no row each.

    `cell` (N,) each file's (auditor's grade, record's grade); `table` (cells, grades) what is
    predicted of files that were not moderated; `rows` (n,) the moderated files and `own`
    (n, grades) what the other folds predict of each.
    """

    cell: Ints
    table: Floats
    rows: Ints
    own: Floats

    def totals(self, here: Bools) -> Floats:
        """Return the sum of the predictions over the files where `here` is true, by cell."""
        count = np.bincount(self.cell[here], minlength=len(self.table)).astype(np.float64)
        mine = here[self.rows]
        at = self.cell[self.rows[mine]]
        count -= np.bincount(at, minlength=len(self.table))
        total: Floats = count[:, None] * self.table
        np.add.at(total, at, self.own[mine])
        return total


def fit(files: Files, w: Floats) -> Fitted:
    """Fit the prediction to the moderated files, those with a weight.

    In each cell (auditor's grade, record's grade) the weighted shares of the moderated files are
    drawn to the additive table of rows and columns with weight 2/(n_cell + 2). Cross-fitted in
    five folds: a moderated file is predicted by those of the other folds, all others by the mean
    of the five tables. Folds go round within cells, in the order of the rows. `w` as `weights`
    gives it, (N,). Source: notes §4.2; Zrnic & Candès, PNAS 121, 2024 (cross-prediction).
    """
    cell = files.audited * (files.grades + 1) + files.evidence
    rows = np.flatnonzero(w > 0)
    rows = rows[np.argsort(cell[rows], kind="stable")]
    folds = max(1, min(FOLDS, len(rows)))
    fold = np.arange(len(rows)) % folds
    tables = np.stack([_table(files, w, cell, rows[fold != one]) for one in range(folds)])
    own = tables[fold, cell[rows]]
    back = np.argsort(rows)
    return Fitted(cell, tables.mean(axis=0), rows[back], own[back])


def predict(files: Files, w: Floats) -> Floats:
    """Return what is predicted for every file, as `fit` does: (N, grades), shares by grade."""
    fitted = fit(files, w)
    predicted: Floats = fitted.table[fitted.cell]
    predicted[fitted.rows] = fitted.own
    return predicted


def table(files: Files, w: Floats) -> Floats:
    """Return the table from all moderated files: (grades + 1, grades + 1, grades), to be printed.

    Rows are the auditor's grade, columns the record's, each from 0 for "none"; the last axis is
    the moderated grade's share, 0 to 1. Source: notes §4.2.
    """
    side = files.grades + 1
    cell = files.audited * side + files.evidence
    return _table(files, w, cell, np.flatnonzero(w > 0)).reshape(side, side, files.grades)


def _table(files: Files, w: Floats, cell: Ints, rows: Ints) -> Floats:
    """Return the shrunken shares of every cell, ((grades + 1)², grades), from some files."""
    side, grades = files.grades + 1, files.grades
    if not len(rows):
        return np.full((side * side, grades), 1 / grades)
    at = cell[rows]
    count = np.bincount(at, minlength=side * side).astype(np.float64)
    both = at * grades + files.moderated[rows] - 1
    weight = np.bincount(both, w[rows], minlength=side * side * grades).reshape(-1, grades)
    total = weight.sum(axis=1)
    raw = weight / np.where(total > 0, total, 1)[:, None]
    additive = _additive(raw, total, side)
    shrunk = (count[:, None] * raw + PULL * additive) / (count[:, None] + PULL)
    shrunk = np.clip(shrunk, 0, None)
    shares: Floats = shrunk / shrunk.sum(axis=1, keepdims=True)
    return shares


def _additive(raw: Floats, total: Floats, side: int) -> Floats:
    """Fit row plus column to the cells, by least squares with the cells' weights."""
    mean = total @ raw / total.sum()
    rows, columns = np.divmod(np.arange(side * side), side)
    design = np.hstack([np.eye(side)[rows], np.eye(side)[columns]])
    root = np.sqrt(total / total.sum())[:, None]
    # The least-norm answer leaves a row or column that nobody has seen at the mean.
    effect = np.linalg.lstsq(design * root, (raw - mean) * root, rcond=None)[0]
    fitted = np.clip(mean + design @ effect, 0, None)
    additive: Floats = fitted / fitted.sum(axis=1, keepdims=True)
    return additive
