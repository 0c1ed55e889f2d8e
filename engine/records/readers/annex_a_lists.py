"""What each list of Ofsted's Annex A says, as data: which columns fill which fields.

Only what a list really says is here. What Annex A cannot say (the day something was recorded, the
actions of a plan, supervision, the day of a decision, who was seen alone in an assessment) stays
absent, so that a standard that asks for it is not assessable.

To read more of a list: give it another `Rows`, or a `Rows` another field. Headers are written as
Ofsted writes them; other ways to write them stand in `annex_a_spellings.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHILD, BIRTH, AGE, SEX = "Child Unique ID", "Date of Birth", "Age of Child (Years)", "Gender"
TEAM, WORKER = "Allocated Team", "Allocated Worker"
CHILD_SEEN = "Child Seen During Continuous Assessment"
SEEN_ALONE_HEADER = "Was the Child Seen Alone?"

Words = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A column, and its own words for what the field may hold.

    `words` gives the text for a word in its plain form; `rest` stands for every word that it does
    not give (none: the cell is taken as it is); `codes`: the words are codes within the text.
    """

    header: str
    words: Words = field(default_factory=dict)
    rest: str | None = None
    codes: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of a table that a list gives.

    `always`: being on the list is itself the fact, so every line gives a row; else only a line that
    gives its day does. `only`: a column and the words that make a line give a row. `after` and
    `until`: columns of days; an entry outside them hides whether there was one between them.
    """

    table: str
    constant: Mapping[str, str]
    columns: Mapping[str, str | Column]
    always: bool = False
    only: tuple[str, frozenset[str]] | None = None
    after: str = ""
    until: str = ""


@dataclass(frozen=True, eq=False)
class AnnexList:
    """One list: what its children's cases are, and the rows that it gives.

    `over`: a filled cell there says that this is over, so that it no longer decides the case type.
    `unused`: columns of the list that say nothing that a field holds. `silent`: tables of which
    other lists tell and this one never does: that none of their rows is there says nothing.
    """

    number: int
    case_type: str
    rows: tuple[Rows, ...] = ()
    over: str = ""
    unused: tuple[str, ...] = ()
    silent: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return the name of the list."""
        return f"List {self.number}"


# Where a child is on several lists, the first of these that is not over says what the case is,
# whose team it is with and who holds it. List 10 names children whom other lists name too.
PRECEDENCE = (8, 9, 7, 6, 5, 4, 2, 3, 1, 10)

EVERY_LIST = (CHILD, SEX, "Ethnicity", BIRTH, AGE, "Does the Child have a Disability", TEAM, WORKER)

NOT_TOLD = dict.fromkeys(("unknown", "not_known", "not_recorded", "unborn", "not_applicable"), "")
YES_NO: Words = {"1_yes": "yes", "0_no": "no", **NOT_TOLD}
OPPOSITE: Words = {
    **dict.fromkeys(("yes", "y", "1_yes", "1", "true"), "no"),
    **dict.fromkeys(("no", "n", "0_no", "0", "false"), "yes"),
    **NOT_TOLD,
}
SEEN: Words = {
    **YES_NO,
    **dict.fromkeys(("seen", "child_seen"), "yes"),
    **dict.fromkeys(("not_seen", "child_not_seen"), "no"),
}
# "Seen" does not say that the child was seen alone, and "no visit" says nothing of a visit.
ALONE: Words = {
    **YES_NO,
    **dict.fromkeys(("seen_alone", "child_seen_alone", "yes_see_care_notes_for_details"), "yes"),
    **dict.fromkeys(("not_seen_alone", "child_not_seen_alone", "not_seen", "child_not_seen"), "no"),
    **dict.fromkeys(("seen", "child_seen", "no_visit", "no_visit_new_in_last_month"), ""),
}
# Who was seen alone was seen; "No" may mean seen with others or not seen at all.
SEEN_IF_ALONE: Words = {
    **dict.fromkeys(("yes", "y", "1", "true"), "yes"),
    **{word: said for word, said in ALONE.items() if said == "yes"},
    **dict.fromkeys(("seen", "child_seen"), "yes"),
    **dict.fromkeys(("not_seen", "child_not_seen"), "no"),
}
# The codes of the return on children looked after. T (temporary) and Z do not say with whom.
ARRANGEMENTS: Words = {
    **dict.fromkeys(("U1", "U2", "U3", "Q1"), "connected_carer"),
    **dict.fromkeys(("U4", "U5", "U6", "Q2"), "foster_care"),
    **dict.fromkeys(("A3", "A4", "A5", "A6"), "prospective_adopter"),
    **dict.fromkeys(("K1", "K2", "R1", "R2", "R3", "R5", "S1"), "residential"),
    **dict.fromkeys(("H5", "P2"), "semi_independent"),
    "P1": "parent",
    **dict.fromkeys(("P3", "Z1"), "other"),
}

LISTS = (
    AnnexList(1, "front_door", unused=("Date of Contact", "Contact Source")),
    # An early help assessment is not entered among the assessments: this list does not say whether
    # the child was seen, and a blank beside List 4 would look like silence.
    AnnexList(
        2,
        "early_help",
        unused=(
            "Assessment start date",
            "Assessment completion date",
            "Organisation completing assessment",
        ),
    ),
    AnnexList(
        3,
        "front_door",
        (Rows("referrals", {}, {"received_date": "Date of Referral"}, always=True),),
        unused=("Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months"),
    ),
    AnnexList(
        4,
        "assessment",
        (
            Rows(
                "assessments",
                {},
                {
                    # An assessment in which the child was not yet born was one before birth.
                    "kind": Column(CHILD_SEEN, {"unborn": "pre_birth"}, rest="child_and_family"),
                    "start_date": "Continuous Assessment Start Date",
                    "authorised_date": "Continuous Assessment Date of Authorisation",
                    "child_seen": Column(CHILD_SEEN, SEEN),
                },
                always=True,
            ),
        ),
        unused=("Was the child assessed as requiring LA children's social care support?",),
    ),
    AnnexList(
        5,
        "assessment",
        (
            Rows(
                "enquiries",
                {},
                {
                    "start_date": "Strategy discussion initiating Section 47 Enquiry Start Date",
                    "conference_required": Column(
                        "Was an Initial Child Protection Conference deemed unnecessary?", OPPOSITE
                    ),
                },
                always=True,
            ),
            Rows(
                "strategy_discussions",
                {},
                {"held_date": "Strategy discussion initiating Section 47 Enquiry Start Date"},
            ),
            Rows(
                "conferences",
                {"kind": "initial"},
                {"held_date": "Date of Initial Child Protection Conference"},
                after="Strategy discussion initiating Section 47 Enquiry Start Date",
            ),
        ),
        unused=(
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            "Number of Section 47 Enquiries in the last 12 months",
            "Number of ICPCs in the last 12 months",
        ),
    ),
    AnnexList(
        6,
        "child_in_need",
        (
            # The list gives the days of the episode, from the referral on, and not of the plan.
            Rows(
                "plans",
                {"kind": "child_in_need"},
                {},
                always=True,
                only=("Case Status", frozenset({"child_in_need_plan", "cin_plan", "c"})),
            ),
            # Of whatever kind the visit was; the list does not say.
            Rows("visits", {"child_seen": "yes"}, {"visit_date": "Date Child Was Last Seen"}),
        ),
        over="CIN Closure Date",
        silent=frozenset({"reviews"}),
        unused=("CIN Start Date", "Primary Need Code", "Reason for Closure", "Case Status"),
    ),
    AnnexList(
        7,
        "child_protection",
        (
            Rows(
                "plans",
                {"kind": "child_protection"},
                {
                    "start_date": "Child Protection Plan Start Date",
                    "end_date": "Child Protection Plan End Date",
                },
                always=True,
            ),
            Rows(
                "visits",
                {"kind": "child_protection"},
                {
                    "visit_date": "Date of the Last Statutory Visit",
                    "seen_alone": Column(SEEN_ALONE_HEADER, ALONE),
                    "child_seen": Column(SEEN_ALONE_HEADER, SEEN_IF_ALONE, rest=""),
                },
                until="Child Protection Plan End Date",
            ),
            Rows(
                "conferences",
                {"kind": "review"},
                {"held_date": "Date of latest review conference"},
            ),
        ),
        over="Child Protection Plan End Date",
        silent=frozenset({"reviews"}),
        unused=(
            "Initial Category of Abuse",
            "Latest Category of Abuse",
            (
                "Subject to Emergency Protection Order or Protected Under Police Powers "
                "in Last Six Months (Y/N)"
            ),
            "Number of Previous Child Protection Plans",
        ),
    ),
    AnnexList(
        8,
        "child_in_care",
        (
            Rows(
                "placements",
                {},
                {
                    "start_date": "Start Date of Most Recent Placement",
                    # A placement of a child in care lasts no longer than the care.
                    "end_date": "Date Ceased to be Looked After",
                    "arrangement": Column("Placement Type", ARRANGEMENTS, rest="", codes=True),
                },
                always=True,
            ),
            Rows(
                "visits",
                {"kind": "child_in_care"},
                {"visit_date": "Date of Last Social Work Visit"},
            ),
            Rows(
                "reviews",
                {"kind": "child_in_care"},
                {"held_date": "Date of Latest Statutory Review"},
            ),
        ),
        over="Date Ceased to be Looked After",
        unused=(
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
            "Date Started to be Looked After",
            "Child's Category of Need",
            (
                "Is this a second or subsequent period of being a Looked After Child "
                "within the last 12 months (Y/N)"
            ),
            "Start date of current legal status",
            "Child's Legal Status",
            "What is the permanence plan for this child?",
            "Date of Last IRO Visit / Contact to the Child",
            "Date of Last Health Assessment",
            "Date of Last Dental Check",
            "Number of Placements in the Last 12 months",
            "Reason Ceased to be Looked After",
            "Placement Provider",
            "Placement postcode",
            "URN of Placement",
            "Placement Location",
            "LA of Placement",
            (
                "Number of Episodes the Child has been 'Missing' from their Placement "
                "in the last 12 months"
            ),
            (
                "Number of Episodes the Child has been 'Absent' from their Placement "
                "in the last 12 months"
            ),
            "Was the child offered a Return Interview after their last missing episode (Y/N)?",
            "Did the child accept a Return Interview after their last missing episode (Y/N)?",
        ),
    ),
    # A contact with a care leaver may be a call or a message, so it is no visit.
    AnnexList(
        9,
        "care_leaver",
        (Rows("reviews", {"kind": "pathway"}, {"held_date": "Latest Pathway Plan Review Date"}),),
        unused=(
            "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
            "Allocated Personal Advisor",
            "Eligibility Category",
            "LA in Touch",
            "Latest Date of Contact",
            "Type of Accommodation",
            "Suitability of Accommodation",
            "Activity Status",
        ),
    ),
    AnnexList(
        10,
        "child_in_care",
        unused=(
            "Family identifier",
            "Date the Child Entered Care",
            "Date of Decision that Child Should be Placed for Adoption",
            "Date of Placement Order",
            "Date of Matching Child and Prospective Adopters",
            "Date Placed for Adoption",
            "Date of Adoption Order",
            "Date of Decision that Child Should No Longer be Placed for Adoption",
            "Reason Why Child No Longer Placed for Adoption",
            "Date the child was placed for fostering in FFA or concurrent planning placement",
        ),
    ),
)
