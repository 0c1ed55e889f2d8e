"""The sections of a week's report, in the order in which they stand.

Each is a pure function from what may be told to one section, or nothing where there is nothing that
this audience may have. Adding one is one file and one line in `SECTIONS`.
"""

from collections.abc import Callable

from engine.reports.week.sections.about import about
from engine.reports.week.sections.actions import actions_section
from engine.reports.week.sections.agreement import agreement_section
from engine.reports.week.sections.answers import answers
from engine.reports.week.sections.auditors import auditors
from engine.reports.week.sections.change import change
from engine.reports.week.sections.critical import critical
from engine.reports.week.sections.grades import grades_section
from engine.reports.week.sections.groups import groups
from engine.reports.week.sections.practice import practice
from engine.reports.week.sections.provenance import provenance
from engine.reports.week.sections.quality import quality
from engine.reports.week.sections.rules import rules
from engine.reports.week.sections.self_evaluation import self_evaluation
from engine.reports.week.sections.standards import standards
from engine.reports.week.sections.summary import summary
from engine.reports.week.sections.teams import teams
from engine.reports.week.sections.voices import voices
from engine.reports.week.telling import Telling, Told

SECTIONS: tuple[Callable[[Telling], Told | None], ...] = (
    summary,
    about,
    grades_section,
    agreement_section,
    auditors,
    answers,
    rules,
    practice,
    standards,
    voices,
    critical,
    actions_section,
    teams,
    groups,
    quality,
    change,
    self_evaluation,
    provenance,
)
