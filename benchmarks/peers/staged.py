"""Audits through decision tables one after another, for engines that decide one at a time.

What has to be counted between the decisions is counted by the host program.
"""

from collections.abc import Callable, Iterator, Sequence

from peers.counting import Facts
from peers.decisions import DOMAINS, NEXT, OVERALL, STANDARDS, Table
from peers.facts import lowered, weighed

Decide = Callable[[Facts], int]


def staged(ready: Callable[[Table], Decide]) -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    """Return a peer that puts the facts to each table, which `ready` has made it ready for."""
    stages = [
        [(table.name, ready(table)) for table in tables]
        for tables in ((*STANDARDS, *DOMAINS), OVERALL, NEXT)
    ]

    def decided(audits: Sequence[Facts]) -> Iterator[Facts]:
        for facts in audits:
            for stage, between in zip(stages, (weighed, lowered, None), strict=True):
                for name, decide in stage:
                    facts[name] = decide(facts)
                if between:
                    between(facts)
            yield facts

    return decided
