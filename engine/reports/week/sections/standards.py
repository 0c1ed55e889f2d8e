"""Every standard, by stage of the child's pathway: met, partly met, not evidenced, not met."""

from collections.abc import Iterator, Sequence

from engine.reports.week.document import (
    Block,
    Cell,
    Column,
    Count,
    Heading,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)
from engine.reports.week.sections.practice import TESTED, Shown, shown
from engine.reports.week.telling import Telling, Told
from engine.reports.wording import OUTCOME_TITLES
from engine.terms import Outcome


def standards(tell: Telling) -> Told:
    """Tell how often standards are met, first by stage and then one by one."""
    every = [one for one in shown(tell) if one.tested]
    book = tell.facts.rulebook
    stages = {
        stage.id: [one for one in every if book.stage_of(one.standard) == stage.id]
        for stage in book.book.stages
    }
    stages = {stage: held for stage, held in stages.items() if held}
    titles = {stage.id: stage.title for stage in book.book.stages}
    blocks: list[Block] = [
        Paragraph(
            (
                (
                    "Each file is tested by the standards that bind it. Counted "
                    "are findings, one for "
                    "each standard and file. Not evidenced: an entry is expected and the record is "
                    "silent; it may have been done and not recorded."
                ),
            )
        )
    ]
    if not every:
        blocks.append(Paragraph(("No standard could be tested on any file.",)))
    else:
        rows = [(titles[stage], *_cells(f"stage.{stage}", held)) for stage, held in stages.items()]
        rows.append(("All stages", *_cells("stages", every)))
        blocks.append(_table("stages", "Standards by stage", "Stage", rows))
        for stage, held in stages.items():
            blocks.append(Heading(titles[stage]))
            own = [(f"{s.standard.id}  {s.standard.title}", *_own(s)) for s in held]
            blocks.append(_table(f"stage_{stage}", titles[stage], "Standard", own))
    section = Section("standards", "Standards by stage", tuple(blocks))
    return Told(section, tuple(_sums(stages)))


def _cells(key: str, held: Sequence[Shown]) -> tuple[Cell, ...]:
    counts = {one: Count(sum(s.counts[one] for s in held), f"{key}.{one}") for one in TESTED}
    whole = Count(sum(s.tested for s in held), f"{key}.tested")
    return (*counts.values(), whole, Share(counts[Outcome.MET], whole))


def _own(one: Shown) -> tuple[Cell, ...]:
    return (*(one.of(outcome) for outcome in TESTED), one.whole(), one.met_share())


def _table(id_: str, title: str, first: str, rows: Sequence[tuple[Cell, ...]]) -> Table:
    columns = (
        Column("name", first),
        *(Column(str(one), OUTCOME_TITLES[one], number=True) for one in TESTED),
        Column("tested", "Tested", number=True),
        Column("share", "Met, share", number=True),
    )
    return Table(id_, title, columns, tuple(rows))


def _sums(stages: dict[str, list[Shown]]) -> Iterator[Sum]:
    kinds = (*map(str, TESTED), "tested")
    keys = [f"stage.{stage}" for stage in stages]
    for kind in kinds if stages else ():
        yield Sum(f"stages.{kind}", tuple(f"{key}.{kind}" for key in keys))
    for stage, held in stages.items():
        own = [f"standard.{one.standard.id}" for one in held]
        for kind in kinds:
            yield Sum(f"stage.{stage}.{kind}", tuple(f"{key}.{kind}" for key in own))
        for key in (f"stage.{stage}", *own):
            yield Sum(f"{key}.tested", tuple(f"{key}.{one}" for one in TESTED))
        for key in own:
            yield Sum(
                f"{key}.missed", (f"{key}.{Outcome.NOT_MET}", f"{key}.{Outcome.NOT_EVIDENCED}")
            )
    if stages:
        yield Sum("stages.tested", tuple(f"stages.{one}" for one in TESTED))
