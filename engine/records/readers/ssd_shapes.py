"""How tables of the Standard Safeguarding Dataset are described, and the words in their cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

Words = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Column:
    """A column, and its own words for what the field may hold.

    `words` gives the text for a word in its plain form; `rest` stands for every word that it does
    not give (none: the cell is taken as it is); `codes`: the words are codes within the text;
    `day`: it holds a day; `filled`: where no row fills it, the system has no such fact.
    """

    name: str
    words: Words = field(default_factory=dict)
    rest: str | None = None
    codes: bool = False
    day: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of one of our tables that a table gives."""

    table: str
    constant: Mapping[str, str]
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class Spell:
    """The columns that say which work goes on with a child, since when and by whom."""

    case_type: str
    start: str
    end: str = ""
    team: str = ""
    worker: str = ""


@dataclass(frozen=True)
class Skip:
    """Rows that are not read: the column, the words in it, and what such a row is."""

    column: str
    words: frozenset[str]
    what: str


@dataclass(frozen=True, eq=False)
class Table:
    """One table of the dataset.

    `key` numbers its rows; `person` names the child, or `period` the period of care that does.
    `joins` are columns that are read for what other rows say; `unused` say nothing for us.
    """

    name: str
    key: str
    person: str = ""
    period: str = ""
    rows: Rows | None = None
    spell: Spell | None = None
    skip: Skip | None = None
    joins: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the columns of the table as they are called now."""
        return frozenset({*self.read, *self.unused})

    @cached_property
    def read(self) -> tuple[str, ...]:
        """Return the columns that are read."""
        spell = self.spell
        worked = (spell.start, spell.end, spell.team, spell.worker) if spell else ()
        given = (column.name for column in self.rows.columns.values()) if self.rows else ()
        skip = self.skip.column if self.skip else ""
        named = (self.key, self.person, self.period, *given, *worked, skip, *self.joins)
        return tuple(dict.fromkeys(filter(None, named)))


# A one-letter flag; what is neither yes nor no says nothing.
FLAG: Words = {"t": "yes", "f": "no", **dict.fromkeys(("na", "u", "x", "not_applicable"), "")}
CANCELLED = frozenset({"y", "yes", "1", "true", "t", "cancelled"})
NOT_HELD = frozenset(
    {
        *("cancelled", "canceled", "declined", "refused", "not_attended", "did_not_attend", "dna"),
        *("incomplete", "not_completed", "planned", "scheduled", "booked", "n", "no"),
    }
)
# The codes of the return on children looked after: why the child has another worker.
REASONS: Words = {
    "fconta": "first_worker",
    "leftrl": "worker_left",
    "orgrst": "reorganisation",
    "tsproc": "case_transferred",
    "absenc": "worker_absent",
    **dict.fromkeys(("chchan", "pcchan"), "family_asked"),
    **dict.fromkeys(("manage", "swdied", "others", "other"), "other"),
}
# The roles that hold a case; nobody else is taken for the child's worker.
WORKER_ROLES = frozenset(
    {
        *("cw", "case_worker", "caseworker", "allocated_case_worker", "allocated_worker", "sw"),
        *(
            "social_worker",
            "allocated_social_worker",
            "key_worker",
            "lead_worker",
            "lead_social_worker",
        ),
        *("16plus", "16_worker", "16+_worker", "allocatedworker", "keyworker", "lead_professional"),
    }
)

# how the columns of the tables begin that say nothing for us, and those tables
OTHER = {
    "addr": "ssd_address",
    "cinf": "ssd_assessment_factors",
    "clac": "ssd_cla_convictions",
    "clai": "ssd_cla_immunisations",
    "clas": "ssd_cla_substance_misuse",
    "cont": "ssd_contacts",
    "csdq": "ssd_sdq_scores",
    "disa": "ssd_disability",
    "ehca": "ssd_ehcp_assessment",
    "ehcn": "ssd_ehcp_named_plan",
    "ehcp": "ssd_ehcp_active_plans",
    "ehcr": "ssd_ehcp_requests",
    "fami": "ssd_family",
    "immi": "ssd_immigration_status",
    "lapp": "ssd_cla_previous_permanence",
    "lega": "ssd_legal_status",
    "link": "ssd_linked_identifiers",
    "moth": "ssd_mother",
    "perm": "ssd_permanence",
    "prep": "ssd_pre_proceedings",
    "prof": "ssd_professionals",
    "s251": "ssd_s251_finance",
    "send": "ssd_send",
    "senn": "ssd_sen_need",
    "voch": "ssd_voice_of_child",
}

# Columns of `audits`, and the columns from which they are worked out.
OF_THE_CHILD: Mapping[str, tuple[str, ...]] = {
    "child_id": ("pers_person_id",),
    "birth_month": ("pers_dob",),
    "death_date": ("pers_death_date",),
    "unborn": ("pers_expected_dob",),
    "team": ("invo_professional_team",),
    "worker_id": ("invo_professional_id",),
    "allocated_date": ("invo_involvement_start_date",),
    "came_into_care_date": ("clae_entered_care_date",),
    "left_care_date": ("clae_cla_episode_ceased_date",),
}
