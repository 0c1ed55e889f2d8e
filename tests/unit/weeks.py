"""Weeks for the tests of the report: a small synthetic batch, and ledgers of what was moderated."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count

from engine.moderation.entries import (
    ActionClosed,
    ActionSet,
    Blind,
    Body,
    Confirmed,
    Draw,
    Entry,
    Graded,
    Head,
    Included,
    Inclusions,
    Reaudited,
    Revealed,
    Safe,
    Standing,
)
from engine.records.quality import Quality
from engine.reports.view import NO_GRADE, RunHeader, Summary, Words
from engine.reports.week.facts import Asked, Facts, facts_of
from engine.reports.week.gathered import Feedback, Gathered, Scored
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_to_score
from engine.terms import OUTCOMES
from tests.unit.synthetic_batches import ROOT

GRADES = ("inadequate", "requires_improvement", "good", "outstanding")
DAY = date(2026, 1, 30)
AT = datetime(2026, 1, 20, tzinfo=UTC)
WEEK = "Practice week, January 2026"
NAMES = ("Ann Reed", "Ben Cole", "Sam Ryde", "AU-KIM", "AU-LEE", "W-77")


@cache
def rulebook() -> Rulebook:
    book, problems = load_to_score(ROOT / "rules")
    assert book is not None, problems
    return book


def scored(number: int, said: int, cap: int = 0, **also: object) -> Scored:
    """Return an audit by one of two auditors."""
    own: dict[str, object] = {
        "audit_id": f"C{number:03}",
        "auditor": ("AU-KIM", "AU-LEE")[number % 2],
        "team": f"Team {number % 3}",
        "domains": {"safety": (said, cap), "visits": (max(said - 1, 1), 0)},
        "groups": {"case_type": ("child_in_need", "child_protection")[number % 2]},
        **also,
    }
    return Scored(said=said, cap=cap, **own)  # type: ignore[arg-type]


def gathered(audits: Sequence[Scored], feedback: Sequence[Feedback] = ()) -> Gathered:
    """Return a batch of audits in which CN-01 was tested on each and missed on every fourth."""
    standards = {s.id: dict.fromkeys((*OUTCOMES, *KINDS), 0) for s in rulebook().live}
    missed = len(audits) // 4
    standards["CN-01"] |= {"met": len(audits) - missed, "not_met": missed, "contradictions": missed}
    book = rulebook()
    header = RunHeader("0.1.0", "book", "1", "r" * 64, "rules", "in", "rows:1", DAY, "plain", 0, 0)
    summary = Summary(
        grades_before={NO_GRADE: 0},
        grades_after={NO_GRADE: 0},
        flagged=0,
        capped=0,
        lowered=sum(bool(one.lowered_by) for one in audits),
        contradictions=missed,
        contradicted=missed,
        unsupported=0,
        harsher=0,
        alerts=0,
        routes={},
        data_gaps={"CN-02": min(7, len(audits))} if audits else {},
        put_aside=0,
        by_standard=standards,
        by_auditor={},
    )
    return Gathered(
        header=header,
        words=Words(book.book.title, (), (), ()),
        summary=summary,
        quality=Quality(DAY, DAY),
        audits=tuple(audits),
        answers={"CN-01": len(audits)},
        feedback=tuple(feedback),
        days=(date(2026, 1, 5), date(2026, 1, 9)) if audits else None,
        period=None,
        names=frozenset({"W-77"}),
    )


KINDS = ("contradictions", "unsupported", "harsher")


class Said:
    """A ledger as entries, in the order in which they are said."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.numbers = count(1)

    def say(self, body: Body, audit_id: str | None = None, by: str = "Sam Ryde") -> None:
        number = next(self.numbers)
        self.entries.append(Entry(number, AT, by, audit_id, body, f"h{number - 1}", f"h{number}"))

    def draw(self, audits: Sequence[Scored], drawn: Sequence[str], name: str = "d1") -> None:
        """Draw some audits, each with probability a half, and the rest not."""
        body = Draw(
            draw=name, seed=7, budget=len(drawn), audits=len(audits), drawn=len(drawn),
            moderators=("Ann Reed", "Ben Cole"), input_hash="rows:1", rulebook_hash="r",
            rulebook_version="1", engine_version="0.1.0", as_of=DAY,
        )  # fmt: skip
        self.say(body)
        rows = tuple(
            Included(
                audit_id=one.audit_id, inclusion=0.5, tier="other", reason="by chance",
                drawn=one.audit_id in drawn, auditor_id=one.auditor, team=one.team,
                overall=Standing(auditor_grade=_id(one.said), cap=_id(one.cap)),
            )
            for one in audits
        )  # fmt: skip
        self.say(Inclusions(draw=name, audits=rows))

    def moderate(self, audit_id: str, grade: int, *, confirm: bool = True) -> None:
        """Seal a grade, and confirm it."""
        graded = Graded(grade=GRADES[grade - 1], domains={"safety": GRADES[grade - 1]})
        self.say(Blind(moderator="Ann Reed", turn="first", graded=graded), audit_id, "Ann Reed")
        self.say(Revealed(moderator="Ann Reed"), audit_id, "Ann Reed")
        if confirm:
            self.say(Confirmed(moderator="Ann Reed", graded=graded), audit_id, "Ann Reed")

    def second(self, audit_id: str, grade: int) -> None:
        graded = Graded(grade=GRADES[grade - 1])
        self.say(Blind(moderator="Ben Cole", turn="second", graded=graded), audit_id, "Ben Cole")

    def safe(self, audit_id: str, alerted: date, day: date) -> None:
        body = Safe(by="Ben Cole", day=day, alerted=alerted, how="Ann Reed saw the child")
        self.say(body, audit_id)

    def action(self, name: str, due: date, *, carried: str = "", closed: bool = False) -> None:
        what = "Ann Reed looks at visits with W-77 and AU-KIM"
        self.say(ActionSet(action=name, what=what, owner="Sam Ryde", due=due, carried_from=carried))
        if closed:
            self.say(ActionClosed(action=name, evidence="Seen by Ann Reed", day=DAY))

    def again(self, audit_id: str, again: str) -> None:
        self.say(Reaudited(again=again, action="A1"), audit_id)


def _id(rank: int) -> str | None:
    return GRADES[rank - 1] if rank else None


def facts(
    audits: Sequence[Scored],
    ledger: Said | None = None,
    previous: Said | None = None,
    feedback: Sequence[Feedback] = (),
) -> Facts:
    """Return the facts of a week, without reading or scoring anything."""
    asked = Asked(
        week=WEEK,
        as_of=DAY,
        theme="Visits",
        ledger=None if ledger is None else tuple(ledger.entries),
        head=None if ledger is None else Head(len(ledger.entries), "a" * 64),
        previous=None if previous is None else tuple(previous.entries),
    )
    return facts_of(asked, rulebook(), gathered(audits, feedback))


def many(number: int) -> list[Scored]:
    """Audits of all grades; every seventh has an alert, every fifth is capped at 2."""
    return list(_many(number))


def _many(number: int) -> Iterator[Scored]:
    for place in range(number):
        said, cap = 2 + place % 3, 2 if place % 5 == 0 else 0
        lowered = (("bottom-line-missed", ("CN-01",)),) if cap and said > cap else ()
        alerts = ("CN-01",) if place % 7 == 0 else ()
        yield scored(place, said, cap, lowered_by=lowered, alerts=alerts)


def whole_week() -> Facts:
    """Return a week with everything in it: 120 audits, 60 of them moderated."""
    audits, ledger, before = many(120), Said(), Said()
    ids = [one.audit_id for one in audits]
    ledger.draw(audits, ids[::2])
    for place, one in enumerate(audits[::2]):
        ledger.moderate(one.audit_id, max(1, (one.cap or one.said) - (place % 3 == 0)))
        if place % 10 == 0:
            ledger.second(one.audit_id, one.said)
    ledger.safe(ids[0], date(2026, 1, 6), date(2026, 1, 8))
    ledger.action("A1", date(2026, 1, 10), carried="B1")
    ledger.action("A2", date(2026, 3, 1), closed=True)
    ledger.again(ids[0], ids[1])
    before.draw(audits, ids[:20], "d0")
    for one in audits[:20]:
        before.moderate(one.audit_id, one.said)
    before.action("B1", date(2025, 9, 1))
    before.action("B2", date(2025, 9, 1), closed=True)
    before.action("B3", date(2025, 9, 1))
    voices = [
        Feedback(ids[0], "child", 7, "Ann Reed listens."),
        Feedback(ids[1], "parent", None, ""),
        *(Feedback(one, "worker", 4, "Too many forms.") for one in ids[2:12]),
    ]
    return facts(audits, ledger, before, voices)
