"""Make plans of different standards one: steps that say the same become the same object.

Plans come in and plans with the same rows and columns go out. A reader of the plans then does each
common step once (`columnar/`), as a step that one plan uses twice is done once.
"""

from dataclasses import fields
from typing import TYPE_CHECKING

from engine.findings.fuse import over
from engine.findings.plan import Filter, Join, Project, Relation, Scan
from engine.findings.prune import parents_first, sources
from engine.rulebook.fields import AUDITS

if TYPE_CHECKING:
    from collections.abc import Hashable

_MADE_FROM = ("source", "sources", "left", "right")


class Shared:
    """The steps of the plans that it was given, each once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Relation] = {}

    def plan(self, plan: Relation) -> Relation:
        """Return a plan made of the steps that are known, and know those that are new."""
        done: dict[int, Relation] = {}
        for node in reversed(parents_first(plan)):
            done[id(node)] = self._lifted(self._one(_made_from(node, done)))
        return done[id(plan)]

    def _one(self, node: Relation) -> Relation:
        own = (getattr(node, each.name) for each in fields(node) if each.name not in _MADE_FROM)
        # the sources are known already, and what is known is held: identity says it all
        key: Hashable = (type(node), *map(id, sources(node)), *own)
        return self._known.setdefault(key, node)

    def _lifted(self, node: Relation) -> Relation:
        """Return a table joined to some audits as that joined to all, and then filtered.

        So all standards share the join, whichever audits they bind.
        """
        if not isinstance(node, Join) or node.outer or not isinstance(node.left, Filter):
            return node
        below = node.left
        if not _of_audits(below):
            return node
        joined = self._lifted(self._one(Join(below.source, node.right, node.on)))
        return self._one(Filter(joined, below.condition))


def _made_from(node: Relation, done: dict[int, Relation]) -> Relation:
    same = all(done[id(source)] is source for source in sources(node))
    return node if same else over(node, done)


def _of_audits(rows: Relation) -> bool:
    """Say whether the rows are some of the audits, each once."""
    while isinstance(rows, Filter | Project):
        rows = rows.source
    return isinstance(rows, Scan) and rows.table == AUDITS
