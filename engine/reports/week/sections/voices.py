"""What children, families, partners and workers said: who, how many, and on the scale to 10."""

from collections.abc import Iterator
from statistics import mean

from engine.reports.week.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Count,
    Estimate,
    Heading,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)
from engine.reports.week.gathered import Feedback
from engine.reports.week.telling import Telling, Told
from engine.reports.wording import plain

WHO = {
    "child": "Children",
    "parent": "Parents",
    "carer": "Carers",
    "partner": "Partner agencies",
    "worker": "Workers",
    "": "Not said who",
}
LOW, HIGH = 3, 7
QUOTED = 3
LONGEST = 240


def voices(tell: Telling) -> Told:
    """Tell who was heard and what they said; words stand for the panel alone."""
    feedback, facts = tell.facts.gathered.feedback, tell.facts
    whole = tell.files(facts.whole, "all")
    heard = Count(len({one.audit_id for one in feedback}), "voices.audits")
    blocks: list[Block] = [
        Paragraph(
            (
                "Feedback is on record in ",
                heard,
                " of ",
                whole,
                f" {tell.plural(whole.value, 'file')} (",
                Share(heard, whole),
                "). No feedback on record is not a good answer: nobody may have asked.",
            )
        )
    ]
    sums = [Sum("all.audits", ("voices.audits", "voices.silent"))]
    if feedback:
        blocks.append(_table(feedback))
        sums += _sums(feedback)
    if tell.panel:
        blocks += _quotations(feedback)
    section = Section("voices", "Voices of children, families and workers", tuple(blocks))
    return Told(section, tuple(sums))


def _table(feedback: tuple[Feedback, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for who, title in WHO.items():
        own = [one for one in feedback if one.given_by == who]
        if own:
            rows.append((title, *_cells(f"voices.{who or 'unknown'}", own)))
    rows.append(("All", *_cells("voices.all", list(feedback))))
    return Table(
        "voices",
        "Feedback",
        (
            Column("who", "Who"),
            Column("said", "Answers", number=True),
            Column("scaled", "On the scale", number=True),
            Column("mean", "Mean, 0 to 10", number=True),
            Column("low", f"0 to {LOW}", number=True),
            Column("middle", f"{LOW + 1} to {HIGH - 1}", number=True),
            Column("high", f"{HIGH} to 10", number=True),
        ),
        tuple(rows),
        note="The scale asks how safe or how well helped somebody feels; 10 is best.",
    )


def _cells(key: str, own: list[Feedback]) -> tuple[Cell, ...]:
    scales = [one.scale for one in own if one.scale is not None]
    scaled = Count(len(scales), f"{key}.scaled")
    low = sum(scale <= LOW for scale in scales)
    high = sum(scale >= HIGH for scale in scales)
    average = Estimate(mean(scales), None, None, "number", scaled) if scales else None
    return (
        Count(len(own), f"{key}.said"),
        scaled,
        average,
        Count(low, f"{key}.low"),
        Count(len(scales) - low - high, f"{key}.middle"),
        Count(high, f"{key}.high"),
    )


def _sums(feedback: tuple[Feedback, ...]) -> Iterator[Sum]:
    held = [who for who in WHO if any(one.given_by == who for one in feedback)]
    keys = [f"voices.{who or 'unknown'}" for who in held]
    for kind in ("said", "scaled", "low", "middle", "high"):
        yield Sum(f"voices.all.{kind}", tuple(f"{key}.{kind}" for key in keys))
    for key in (*keys, "voices.all"):
        yield Sum(f"{key}.scaled", (f"{key}.low", f"{key}.middle", f"{key}.high"))
        yield Sum(f"{key}.said", (f"{key}.scaled", f"{key}.unscaled"))


def _quotations(feedback: tuple[Feedback, ...]) -> Iterator[Block]:
    said = []
    for who in WHO:
        texts = dict.fromkeys(" ".join(one.text.split()) for one in feedback if one.given_by == who)
        for text in [text for text in texts if text][:QUOTED]:
            short = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"
            said.append((f"{plain(who) or 'Not said who'}: “{short}”",))
    if said:
        yield Heading("In their words")
        yield Bullets(tuple(said))
