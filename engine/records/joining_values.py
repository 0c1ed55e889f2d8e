"""What a joined row holds, column by column, and where the two sides of a pair differ: SQL.

In: a table of both sides, whose rows go by `f` and `r`. Out: texts of SQL. It must not run them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.records import sql
from engine.records.joining_pairs import INITIALS, Joint
from engine.rulebook.fields import AUDIT_ID, FieldType


@dataclass(frozen=True)
class Values:
    """The values of the joined rows of one table."""

    joint: Joint

    def columns(self) -> str:
        """Return SQL of the joined columns but the audit's number, each with a comma before it."""
        names = (n for n in self.joint.sides.columns(self.joint.table) if n != AUDIT_ID)
        return "".join(f", {self._taken(name)} AS {sql.name(name)}" for name in names)

    def of(self, initial: str) -> str:
        """Return SQL of the same columns for a table in which one side alone has rows."""
        sides, table = self.joint.sides, self.joint.table
        names = (n for n in sides.columns(table) if n != AUDIT_ID)
        held = self.joint.side(initial).columns(table)
        return "".join(
            f", {self.joint.value(initial, name)} AS {sql.name(name)}"
            if name in held
            else f", CAST(NULL AS {sides.kind(table, name)}) AS {sql.name(name)}"
            for name in names
        )

    def differences(self) -> str:
        """Return SQL of a list of what differs in a pair, with blanks between; none: empty text."""
        compared = self.joint.compared
        each = [self._difference(name, "differs", self._differ(name)) for name in compared]
        each += [self._difference(late, "turned", turned) for late, turned in self._turned()]
        return f"[{', '.join(each)}]" if each else ""

    def may_turn(self) -> bool:
        """Say whether pairs in which nothing differs may still put an end before its start."""
        sides, table = self.joint.sides, self.joint.table
        held = [self.joint.side(initial).columns(table) for initial in INITIALS]
        shared = set(sides.shared(table))
        return any(
            not ({late, early} & shared or any({late, early} <= own for own in held))
            for late, early in self._order()
        )

    def number(self, name: str) -> str:
        """Return SQL of the number of a pair."""
        return self._merged(name)

    def _taken(self, name: str) -> str:
        """Return SQL of the deciding side's value, or the other's if it is blank."""
        merged, own = self._merged(name), self._sides(name)[0]
        for late, early in self._order():
            if name in (late, early):
                turned = f"{self._merged(late)} < {self._merged(early)}"
                return f"CASE WHEN {turned} THEN {own} ELSE {merged} END"
        return merged

    def _turned(self) -> Iterator[tuple[str, str]]:
        for late, early in self._order():
            yield late, f"{self._merged(late)} < {self._merged(early)}"

    def _order(self) -> tuple[tuple[str, str], ...]:
        """Return which day must not lie before which."""
        held = self.joint.sides.columns(self.joint.table)
        fields = self.joint.sides.fields.tables[self.joint.table].fields
        pairs = ((name, fields[name].not_before) for name in held)
        return tuple((late, early) for late, early in pairs if early in held and early)

    def _sides(self, name: str) -> tuple[str, str]:
        """Return SQL of a value of the deciding side, and of the other."""
        form, record = (self.joint.value(initial, name) for initial in INITIALS)
        sides = self.joint.sides
        first = sides.form_decides(self.joint.table, name)
        return (form, record) if first else (record, form)

    def _merged(self, name: str) -> str:
        own, other = self._sides(name)
        if self._type(name) is FieldType.DATETIME:
            whole = f"{own} = date_trunc('day', {own}) AND CAST({own} AS DATE)"
            same = f"{whole} = CAST({other} AS DATE)"  # a day, and a moment of that day
            return f"CASE WHEN {same} THEN {other} ELSE coalesce({own}, {other}) END"
        return f"coalesce({own}, {other})"

    def _differ(self, name: str) -> str:
        first, second = f"f.{sql.name(name)}", f"r.{sql.name(name)}"
        if self._type(name) is FieldType.DATETIME:
            on_days = f"CAST({first} AS DATE) <> CAST({second} AS DATE)"
            at_times = (
                f"{first} <> date_trunc('day', {first}) AND {second} <> date_trunc('day', {second})"
            )
            return f"{first} <> {second} AND ({on_days} OR ({at_times}))"
        return f"{self.joint.plain('f', name)} <> {self.joint.plain('r', name)}"

    def _difference(self, name: str, what: str, condition: str) -> str:
        form, record = (self.joint.value(initial, name) for initial in INITIALS)
        return (
            f"CASE WHEN {condition} THEN {{'field': '{name}', 'what': '{what}', "
            f"'f_value': CAST({form} AS VARCHAR), 'r_value': CAST({record} AS VARCHAR)}} END"
        )

    def _type(self, name: str) -> FieldType:
        return self.joint.sides.fields.tables[self.joint.table].fields[name].type
