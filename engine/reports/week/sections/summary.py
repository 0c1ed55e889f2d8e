"""One page for members of a scrutiny committee: plain English, what matters most."""

from engine.reports.week.document import Bullets, Cell, Count, Heading, Paragraph, Section, Words
from engine.reports.week.sections.actions import open_actions
from engine.reports.week.sections.critical import alerted, safe_days
from engine.reports.week.sections.practice import Shown, concerns, strengths
from engine.reports.week.telling import Telling, Told
from engine.reports.wording import mid_sentence

NAMED = 2


def summary(tell: Telling) -> Told:
    """Tell the week on one page."""
    blocks = (
        Paragraph(_opening(tell), "lead"),
        Heading("What auditors said, and what we think"),
        Paragraph(_grades(tell)),
        Heading("What was strong, and what worries us"),
        Bullets((_strong(tell), _worrying(tell))),
        Heading("Children who needed help at once"),
        Paragraph(_critical(tell)),
        Heading("What is being done"),
        Paragraph(_done(tell)),
    )
    return Told(Section("summary", "Summary for members", blocks))


def _opening(tell: Telling) -> Words:
    facts = tell.facts
    files = facts.whole.files
    theme = f" The theme was: {facts.asked.theme}." if facts.asked.theme else ""
    were = "was" if files == 1 and not tell.published else "were"
    told: Words = (
        "Audits look at how well children and families are helped. In this round ",
        tell.files(facts.whole, "all"),
        f" children's {tell.plural(files, 'file')} {were} audited.{theme}",
    )
    if not facts.moderated:
        return (*told, " No second person has checked the grades yet.")
    number = facts.moderated
    return (
        *told,
        " Because audits can be too kind, other trained people graded ",
        Count(number, "moderated"),
        f" of the {tell.plural(number, 'file')} again without knowing the first grade.",
    )


def _grades(tell: Telling) -> Words:
    whole = tell.facts.whole
    said: Words = (
        "Auditors graded ",
        tell.share(whole, "all", "said"),
        f" of files {tell.good}. ",
    )
    estimate = tell.at_least(whole.estimate)
    if whole.estimate is None or estimate is None:
        after = tell.share(whole, "all", "after")
        return (
            *said,
            "What the records show, and the decisions so far, allow that grade in ",
            after,
            ". Too few files were checked to say more of all files.",
        )
    return (
        *said,
        "If every file had been checked, we estimate the figure would be ",
        estimate,
        f"; the range in brackets is how sure we can be. {_gap(tell)}",
    )


def _gap(tell: Telling) -> str:
    one = tell.facts.whole.estimate
    if one is None or one.gap.low <= 0 <= one.gap.high:
        return "The difference is within what chance would give."
    way = "kinder" if one.gap.low > 0 else "harder"
    return f"On average auditors are {way} than those who checked."


def _strong(tell: Telling) -> Words:
    found = strengths(tell)
    if not found:
        return ("Strong: no standard was met often enough to be named here.",)
    return ("Strong: ", *_named(found, strong=True))


def _worrying(tell: Telling) -> Words:
    found = concerns(tell)
    if not found:
        return ("Worrying: no standard was missed often enough to be named here.",)
    return ("Worrying: ", *_named(found, strong=False))


def _named(found: list[Shown], *, strong: bool) -> Words:
    cells: list[Cell] = []
    for place, one in enumerate(found[:NAMED]):
        share = one.met_share() if strong else one.missed_share()
        cells += ["; " if place else "", mid_sentence(one.standard.title), " ("]
        cells += [
            share,
            " of the files that it concerns)" if strong else " of files do not show it)",
        ]
    return (*cells, ".")


def _critical(tell: Telling) -> Words:
    alerts, days = alerted(tell), safe_days(tell)
    if not alerts:
        return ("No file raised an alert.",)
    left = len(alerts) - len(days)
    told: Words = (
        "In ",
        Count(len(alerts), "alerts"),
        (
            f" {tell.plural(len(alerts), 'file')} a standard was missed that matters "
            "for a child's safety "
            "today. In "
        ),
        Count(len(days), "alerts.safe"),
        " of them a named person has since confirmed that the child is safe",
    )
    if not left:
        return (*told, ".")
    return (*told, "; in ", Count(left, "alerts.open"), " that is still to be confirmed.")


def _done(tell: Telling) -> Words:
    own, open_ = tell.facts.actions, open_actions(tell)
    if not own:
        return (
            (
                "No action is on record yet. Where the record shows less than "
                "the auditor said, the "
                "grade is lowered at once; nobody's grade is raised by a rule."
            ),
        )
    closed = sum(one.closed is not None for one in own)
    overdue = sum(one.overdue(tell.facts.asked.as_of) for one in own)
    return (
        len(own),
        (
            f" {tell.plural(len(own), 'action')} {'was' if len(own) == 1 else 'were'} "
            "agreed, each with one "
            "person responsible and a date. "
        ),
        closed,
        f" {'is' if closed == 1 else 'are'} done, ",
        len(open_),
        f" {'is' if len(open_) == 1 else 'are'} open, ",
        overdue,
        " of these overdue.",
    )
