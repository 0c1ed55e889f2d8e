"""Branches of a choice that are never reached, because an earlier one takes all that they would."""

from collections.abc import Iterator

from engine.rulebook.conditions import Test, Where
from engine.rulebook.examples_check import Mistake
from engine.rulebook.lints.conditions import Place, contradict, gather
from engine.rulebook.lints.subject import Subject
from engine.rulebook.measures import Branch


def unreachable(subject: Subject) -> Iterator[Mistake]:
    """Yield each branch that another shadows, or whose condition the trigger rules out."""
    branches = subject.standard.branches()
    for place, branch in enumerate(branches):
        path = ("measure", "branches", place, "name")
        earlier = next((one for one in branches[:place] if shadows(one, branch)), None)
        said = f"the branch `{branch.name}` is never reached"
        if earlier is not None:
            why = f"every row that it is for goes to `{earlier.name}`, which stands above it"
            help_ = f"{why}; put the narrower of the two first, or take one out"
            yield Mistake(path, "", said, help_)
        elif _ruled_out(subject, branch):
            help_ = "its `when` asks for what the trigger or `applies_to` rules out"
            yield Mistake(path, "", said, help_)


def shadows(one: Branch, other: Branch) -> bool:
    """Say whether whatever satisfies `other` satisfies `one` too."""
    if one.age is not None and one.age != other.age:
        return False
    narrow, wide = other.when, one.when
    return all(name in narrow and implies(narrow[name], wide[name]) for name in wide)


def implies(narrow: Test, wide: Test) -> bool:
    """Say whether a value that passes the first test passes the second for certain.

    >>> implies(Test(one_of=("care",)), Test(one_of=("care", "pathway")))
    True
    """
    if narrow == wide:
        return True
    if wide.present is True:
        return narrow.present is not False and narrow.not_ is None
    if wide.one_of:
        return bool(narrow.one_of) and set(narrow.one_of) <= set(wide.one_of)
    if wide.not_ is not None:
        # Only a blank, or other values, are for certain not that value.
        return narrow.present is False or bool(narrow.one_of and wide.not_ not in narrow.one_of)
    if wide.at_least is not None:
        return narrow.at_least is not None and narrow.at_least >= wide.at_least
    least, most = narrow.at_most, wide.at_most
    return least is not None and most is not None and least <= most


def _ruled_out(subject: Subject, branch: Branch) -> bool:
    standard = subject.standard
    asked: dict[tuple[str, str], list[Place]] = {}
    conditions: tuple[tuple[Where, str], ...] = (
        (standard.applies_to, "audits"),
        (standard.trigger.where, standard.trigger.table),
        (branch.when, standard.trigger.table),
    )
    for where, table in conditions:
        gather(asked, (), where, table, standard.trigger.table)
    whens: dict[tuple[str, str], list[Place]] = {}
    gather(whens, (), branch.when, standard.trigger.table, standard.trigger.table)
    return any(
        len(places) > 1 and key in whens and contradict([test for _, test in places])
        for key, places in asked.items()
    )
