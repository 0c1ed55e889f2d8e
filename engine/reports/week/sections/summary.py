"""One page for members of a scrutiny committee: plain English, what matters most."""

from collections.abc import Iterator
from statistics import mean

from engine.reports.week.document import (
    Block,
    Bullets,
    Cell,
    Count,
    Estimate,
    Heading,
    Paragraph,
    Section,
    Share,
    Words,
)
from engine.reports.week.sections.actions import open_actions
from engine.reports.week.sections.agreement import cell_of
from engine.reports.week.sections.critical import alerted, safe_days
from engine.reports.week.sections.practice import Shown, notable_concerns, notable_strengths
from engine.reports.week.telling import Telling, Told


def summary(tell: Telling) -> Told:
    """Tell the week on one page."""
    blocks: tuple[Block, ...] = (
        Paragraph(_headline(tell), "lead"),
        Paragraph(_checked(tell)),
        Paragraph(_records(tell)),
        Heading("What was strong"),
        *_named(notable_strengths(tell), strong=True),
        Heading("What worries us"),
        *_named(notable_concerns(tell), strong=False),
        Heading("What children and families said"),
        Paragraph(_voices(tell)),
        Heading("Children who needed help at once"),
        Paragraph(_critical(tell)),
        Heading("What is being done"),
        Paragraph(_done(tell)),
    )
    return Told(Section("summary", "Summary for members", blocks))


def number_of(number: int, key: str) -> Cell:
    """Return a number in a sentence: none in words, else a count."""
    return Count(number, key) if number else "none"


def _headline(tell: Telling) -> Words:
    whole = tell.facts.whole
    share = tell.share(whole, "all", "said")
    said: Words = ("Auditors graded ", share, f" of children's files {tell.good}.")
    if not whole.files:
        return ("No children's file was audited.",)
    estimate = tell.at_least(whole.estimate)
    return said if estimate is None else (*said, " We estimate ", estimate, ".")


def _checked(tell: Telling) -> Words:
    facts = tell.facts
    theme = f" The theme was: {facts.asked.theme}." if facts.asked.theme else ""
    begun: Words = (
        "Audits look at how well children and families are helped. In this round ",
        tell.files(facts.whole, "all"),
        (
            f" {tell.plural(facts.whole.files, 'file')} "
            f"{'was' if facts.whole.files == 1 and not tell.published else 'were'} audited.{theme} "
        ),
    )
    if not facts.moderated:
        return (*begun, "No second person has checked the grades yet.")
    told: Words = (
        *begun,
        "Audits can be too kind, so other trained people graded ",
        Count(facts.moderated, "moderated"),
        " of them again without knowing the first grade. ",
    )
    if facts.whole.estimate is None:
        return (*told, "Too few were checked to say anything of all files.")
    return (*told, *_moved(tell), _gap(tell))


def _moved(tell: Telling) -> Words:
    good, below = tell.merged
    fell, rose = cell_of(tell, good, below), cell_of(tell, below, good)
    means = (
        "From these we estimate what all files would have been given; the range in brackets is how "
        "sure we can be. "
    )
    if not tell.countable(fell.value, rose.value):
        return (means,)
    down, up = number_of(fell.value, fell.key), number_of(rose.value, rose.key)
    return (means, "When they were checked, ", down, f" fell below {tell.good} and ", up, " rose. ")


def _gap(tell: Telling) -> str:
    one = tell.facts.whole.estimate
    if one is None or one.gap.low <= 0 <= one.gap.high:
        return "The difference is within what chance would give."
    way = "kinder" if one.gap.low > 0 else "harder"
    return f"On average auditors were {way} than those who checked."


def _records(tell: Telling) -> Words:
    facts = tell.facts
    lowered = sum(bool(one.lowered_by) for one in facts.gathered.audits)
    if not facts.whole.files or not tell.countable(lowered):
        return ("Where the record shows less than the auditor said, the grade is lowered.",)
    return (
        "Where the record shows less than the auditor said, the grade is lowered. This was so in ",
        number_of(lowered, "lowered"),
        " of the ",
        tell.files(facts.whole, "all"),
        f" {tell.plural(facts.whole.files, 'file')}. With that, and with what was decided since, ",
        tell.share(facts.whole, "all", "after"),
        f" now stand at {tell.good}.",
    )


def _named(found: list[Shown], *, strong: bool) -> Iterator[Block]:
    if not found:
        often = "met" if strong else "missed"
        yield Paragraph((f"No standard was {often} often enough to be named here.",))
        return
    yield Bullets(tuple(_one(one, strong=strong) for one in found))


def _one(one: Shown, *, strong: bool) -> Words:
    share = one.met_share() if strong else one.missed_share()
    said = "shown in " if strong else "not shown in "
    return (f"{one.standard.title}: {said}", share.part, " of ", one.whole(), " files.")


def _voices(tell: Telling) -> Words:
    feedback, files = tell.facts.gathered.feedback, tell.facts.whole.files
    heard = len({one.audit_id for one in feedback})
    if not heard:
        return ("Nothing is on record of what they think of the help they had.",)
    if not tell.countable(heard, files - heard):
        return ("Feedback is on record in some of the files.",)
    share = Share(Count(heard, "voices.audits"), tell.files(tell.facts.whole, "all"))
    told: Words = ("Feedback is on record in ", share, " of files.")
    scales = [f.scale for f in feedback if f.given_by == "child" and f.scale is not None]
    if not scales or not tell.countable(len(scales)):
        return told
    base = Count(len(scales), "voices.child.scaled")
    average = Estimate(mean(scales), None, None, "number", base)
    return (*told, " Asked how well they were helped, children gave ", average, " out of 10.")


def _critical(tell: Telling) -> Words:
    alerts, days = len(alerted(tell)), len(safe_days(tell))
    if not alerts:
        return ("No file raised an alert.",)
    left = alerts - days
    if not tell.countable(alerts, days, left):
        return (
            (
                "Where something was missed that matters for a child's safety today, the file is "
                "looked at the same day, until a named person confirms that the child is safe. The "
                "numbers are too small to publish."
            ),
        )
    told: Words = (
        "In ",
        Count(alerts, "alerts"),
        (
            f" {tell.plural(alerts, 'file')} something was missed that matters for a "
            "child's safety today. For "
        ),
        number_of(days, "alerts.safe"),
        " of them a named person has confirmed since that the child is safe",
    )
    if not left:
        return (*told, ".")
    return (*told, "; for ", Count(left, "alerts.open"), " that is still to be confirmed.")


def _done(tell: Telling) -> Words:
    own, open_ = tell.facts.actions, open_actions(tell)
    if not own:
        return ("No action has been agreed yet.",)
    closed = sum(one.closed is not None for one in own)
    overdue = sum(one.overdue(tell.facts.asked.as_of) for one in own)
    return (
        (
            f"{len(own)} {tell.plural(len(own), 'action')} {_were(len(own))} agreed, each with one "
            f"person responsible and a date: {closed or 'none'} {_is(closed)} done, "
            f"{len(open_) or 'none'} {_is(len(open_))} open, {overdue or 'none'} overdue."
        ),
    )


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
