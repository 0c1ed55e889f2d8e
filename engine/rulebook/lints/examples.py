"""Examples that leave something out: a field that none of them fills, a record told twice."""

from collections.abc import Iterator, Mapping

from engine.rulebook.examples_check import Mistake
from engine.rulebook.fields import AUDIT_ID, AUDITS
from engine.rulebook.lints.subject import Subject
from engine.rulebook.standard import EXCEPTIONS, Example


def never_filled(subject: Subject) -> Iterator[Mistake]:
    """Yield each field that a standard asks for and none of its examples ever fills.

    It may be the wrong field, and no example would show it. What may be absent is left out.
    """
    standard = subject.standard
    if standard.status != "live" or not standard.examples:
        return
    filled = {pair for example in standard.examples for pair in _filled(example)}
    said: set[tuple[str, str]] = set()
    for path, table, name in subject.reads:
        # What declared exceptions do is the engine's part: few examples are about them.
        optional = name == AUDIT_ID or table == EXCEPTIONS or path[0] == "may_be_absent"
        if optional or f"{table}.{name}" in standard.may_be_absent:
            continue
        if (table, name) in filled | said:
            continue
        said.add((table, name))
        what = f"no example fills `{name}` of `{table}`, which the standard asks for"
        help_ = "add an example that has it: if the name is wrong here, nothing else would show it"
        yield Mistake(path, "", what, help_)


def told_twice(subject: Subject) -> Iterator[Mistake]:
    """Yield each example that repeats the words or the record of an earlier one."""
    examples = subject.standard.examples
    for place, example in enumerate(examples):
        for earlier in examples[:place]:
            same = [
                key
                for key in ("it", "given")
                if getattr(earlier, key) == getattr(example, key)
                and (key == "it" or earlier.as_of == example.as_of)
            ]
            if same:
                what = "sentence" if same == ["it"] else "record"
                said = f"this example has the same {what} as an earlier one: `{earlier.it}`"
                help_ = "say what is different about it, or take it out"
                yield Mistake(("examples", place, same[0]), "", said, help_)
                break


def _filled(example: Example) -> Iterator[tuple[str, str]]:
    for table, rows in example.given.items():
        listed = [rows] if table == AUDITS else rows or []
        for row in listed:
            if isinstance(row, Mapping):
                yield from ((table, name) for name, value in row.items() if value is not None)
