"""Promises (`rules/promises.yaml`) as models: what must hold of every audit there can be.

In: the YAML. Out: frozen promises, in the words of `judgement.yaml`: `given` is written as `when`
is there, `then` says what must follow. It must not know how a promise is proved
(`engine.authoring.prove`). What may be wrong with one, beyond its shape, is in `check_promises`.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from engine.errors import nearest
from engine.rulebook.judgement import (
    Condition,
    Findings,
    When,
    Yes,
    an_id,
    listed,
)
from engine.rulebook.judgement import Domains as DomainNames
from engine.rulebook.judgement_check import Mistake, Path, check_conditions, placed
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Fault, Name, Text


def _promise_id(value: str) -> str:
    return an_id(value, "promise")


PromiseId = Annotated[Text, AfterValidator(_promise_id)]
MORE = Literal["a_further_miss", "more_met"]


class FindingsIn(Findings):
    """How many findings have one of the severities and outcomes, in these domains (else: in all).

    In a promise `of: each_domain` always the findings of that domain.
    """

    domain: DomainNames = ()


class AuditorGrade(Strict):
    """The auditor's overall grade is this one or a worse one."""

    at: Name


PromiseCondition = Condition | AuditorGrade


class Given(When):
    """Conditions by name, as in a rule's `when`; all must hold."""

    findings: FindingsIn | None = None
    auditor_grade: AuditorGrade | None = None


class Then(Strict):
    """What must be so: exactly one of these.

    `never_better_than`: the grade (the moderated one or, where the auditor gave none, the cap) is
    no better. `route`: the audit goes at least so far. `never_raised_by`: one finding that turns
    to a worse miss (`a_further_miss`), or that was no miss and is now met (`more_met`), raises
    neither the audit's grade nor that of a domain. `compliance_never_gives`: the grade is neither
    suggested nor given to an audit whose auditor gave a worse one.
    """

    never_better_than: Name | None = None
    never_better_than_auditors: Yes | None = None
    compliance_never_gives: Name | None = None
    never_raised_by: MORE | None = None
    route: Literal["moderate", "panel", "alert"] | None = None
    alert: Yes | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """Return the keys that are set."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if len(self.said) != 1:
            found = " and ".join(f"`{name}`" for name in self.said) or "nothing"
            help_ = "one of: " + ", ".join(f"`{name}`" for name in type(self).model_fields)
            raise Fault(f"`then` says one thing, and here it says {found}", help_)
        return self


class Promise(Strict):
    """One promise: the sentence, what is given, and what must follow of every such audit."""

    id: PromiseId
    it: Text
    of: Literal["audit", "each_domain"] = "audit"
    given: Annotated[
        tuple[Given, ...], BeforeValidator(listed, json_schema_input_type=Given | list[Given])
    ] = ()
    then: Then

    @property
    def conditions(self) -> tuple[PromiseCondition, ...]:
        """Return everything that is given."""
        return tuple(condition for given in self.given for _, condition in given.conditions())

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.then.never_raised_by and self.given:
            help_ = "leave `given` out"
            raise Fault("`never_raised_by` is promised of every audit", help_, at=("given",))
        if self.of == "each_domain":
            if not self.then.never_better_than:
                help_ = "of a domain only `never_better_than` can be promised"
                raise Fault(f"`{self.then.said[0]}` is said of the whole audit", help_, at=("of",))
            if any(isinstance(c, FindingsIn) and c.domain for c in self.conditions):
                help_ = "leave out `of: each_domain`, or leave out `domain`"
                raise Fault("a promise of each domain names no domain", help_, at=("given",))
        return self


class Promises(Strict):
    """`promises.yaml`: the promises of a book."""

    promises: tuple[Promise, ...] = ()


def check_promises(
    promises: Promises, grades: Sequence[str], domains: Sequence[str]
) -> Iterator[Mistake]:
    """Yield every mistake in the promises, given the grades (worst first) and domains."""
    seen: set[str] = set()
    for place, promise in enumerate(promises.promises):
        path: Path = ("promises", place)
        if promise.id in seen:
            yield Mistake((*path, "id"), "R303", f"there is already a promise `{promise.id}`")
        seen.add(promise.id)
        for key in ("never_better_than", "compliance_never_gives"):
            grade = getattr(promise.then, key)
            if grade is not None and grade not in grades:
                at = (*path, "then", key)
                yield Mistake(at, "R301", f"unknown grade `{grade}`", nearest(grade, tuple(grades)))
            elif key == "never_better_than" and grade == grades[-1]:
                said = f"`{grade}` is the best grade, so this promises nothing"
                yield Mistake((*path, "then", key), "R304", said)
        yield from check_conditions((*path, "given"), promise.given, grades, domains)
        for where, _, condition in placed((*path, "given"), promise.given):
            yield from _own(where, condition, grades, domains)


def _own(
    path: Path, condition: object, grades: Sequence[str], domains: Sequence[str]
) -> Iterator[Mistake]:
    """Yield what is wrong with a condition that only a promise has."""
    if isinstance(condition, AuditorGrade) and condition.at not in grades:
        help_ = nearest(condition.at, tuple(grades))
        yield Mistake((*path, "at"), "R301", f"unknown grade `{condition.at}`", help_)
    if isinstance(condition, FindingsIn):
        for domain in condition.domain:
            if domain not in domains:
                help_ = nearest(domain, tuple(domains))
                yield Mistake((*path, "domain"), "R302", f"unknown domain `{domain}`", help_)
