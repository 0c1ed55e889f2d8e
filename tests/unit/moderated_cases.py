"""Entries of moderation for the tests: one audit, drawn, and what people say of it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from engine.errors import Location
from engine.moderation.cases import Case, cases
from engine.moderation.decide import Lists, refusals
from engine.moderation.entries import (
    Assigned,
    Blind,
    Body,
    Confirmed,
    Entry,
    Graded,
    Included,
    Inclusions,
    Override,
    Rescored,
    Revealed,
    Standing,
)

GRADES = ("inadequate", "requires_improvement", "good", "outstanding")
LISTS = Lists(
    grades=dict(
        zip(GRADES, ("Inadequate", "Requires improvement", "Good", "Outstanding"), strict=True)
    ),
    domains={"visits": "Visits", "planning": "Planning"},
    reasons={"voice_missing": "Voice", "other": "Another"},
)
AT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
DAY = date(2026, 1, 12)
AUDIT = "AUD-1"


def included(grade: str | None = "good", cap: str | None = None, **more: object) -> Inclusions:
    there = Included.model_validate({
        "audit_id": AUDIT, "inclusion": 0.5, "tier": "other", "reason": "any", "drawn": True,
        "auditor_id": "AU7", "overall": Standing(auditor_grade=grade, cap=cap),
        "domains": {"visits": Standing(auditor_grade=grade, cap=cap)}, **more,
    })  # fmt: skip
    return Inclusions(draw="d1", audits=(there,))


def graded(grade: str, *reasons: str, **domains: str) -> Graded:
    return Graded(grade=grade, domains=domains, reasons=reasons or ("other",))


def blind(name: str = "Ann", grade: str = "good", **domains: str) -> Blind:
    return Blind(moderator=name, turn="first", graded=graded(grade, **domains))


def second(name: str = "Bob", grade: str = "good") -> Blind:
    return Blind(moderator=name, turn="second", graded=graded(grade))


def revealed(name: str = "Ann") -> Revealed:
    return Revealed(moderator=name)


def confirmed(grade: str = "good", name: str = "Ann", by: str | None = None) -> Confirmed:
    override = Override(reason="the record lags", second=by) if by is not None else None
    return Confirmed(moderator=name, graded=graded(grade), override=override)


def rescored(cap: str | None, grade: str | None = "good", batch: str = "b2") -> Rescored:
    return Rescored(
        by="Ann", correction="a visit was added", before={},
        after={"overall": Standing(auditor_grade=grade, cap=cap)},
        input_hash=batch, rulebook_hash="r", as_of=DAY,
    )  # fmt: skip


def assigned(name: str, turn: str = "first") -> Assigned:
    return Assigned.model_validate({"draw": "d1", "moderator": name, "turn": turn})


def entries(bodies: Iterable[Body], audit: str = AUDIT, start: int = 1) -> tuple[Entry, ...]:
    return tuple(
        Entry(seq, AT, "Ann", None if isinstance(body, Inclusions) else audit, body, "", "")
        for seq, body in enumerate(bodies, start)
    )


def all_of(*bodies: Body) -> Mapping[str, Case]:
    return cases(entries(bodies), GRADES)


def case_of(*bodies: Body) -> Case:
    return all_of(*bodies).get(AUDIT) or Case(AUDIT, GRADES)


def refused(case: Case, body: Body) -> list[tuple[str, str, str]]:
    found = refusals(case, body, LISTS, Location("here"))
    return [(one.code, one.message, one.help) for one in found]


DRAWN = (included(),)
SEALED = (included(), blind())
SHOWN = (*SEALED, revealed())
FINAL = (*SHOWN, confirmed())
