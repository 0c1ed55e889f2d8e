"""What each list of Ofsted's Annex A says, as data: which columns fill which fields.

Only what a list really says is here. What Annex A cannot say (the day something was recorded, the
actions of a plan, supervision, the day of a decision, who was seen alone in an assessment) stays
absent, so that a standard that asks for it is not assessable.

To read more of a list: give it another `Rows`, or a `Rows` another field. Headers are written as
Ofsted writes them; other ways to write them stand in `annex_a_spellings.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.records.readers.annex_a_words import (
    ALONE,
    ARRANGEMENTS,
    CASE_STATUS,
    OPPOSITE,
    SEEN,
    SEEN_IF_ALONE,
    Words,
)

CHILD, BIRTH, AGE, SEX = "Child Unique ID", "Date of Birth", "Age of Child (Years)", "Gender"
TEAM, WORKER = "Allocated Team", "Allocated Worker"
CHILD_SEEN = "Child Seen During Continuous Assessment"
SEEN_ALONE_HEADER = "Was the Child Seen Alone?"
DISCUSSION = "Strategy discussion initiating Section 47 Enquiry Start Date"
CONFERENCE = "Date of Initial Child Protection Conference"
STARTED, CEASED = "Date Started to be Looked After", "Date Ceased to be Looked After"
PATHWAY_REVIEW = "Latest Pathway Plan Review Date"
ADVISER = "Allocated Personal Advisor"
OVER, IN_CARE = "over", 8
CAME, LEFT = "came_into_care_date", "left_care_date"


@dataclass(frozen=True)
class Column:
    """A column, and its own words for what the field may hold.

    `words` gives the text for a word in its plain form; `rest` stands for every word that it does
    not give (none: the cell is taken as it is); `codes`: the words are codes within the text.
    `implied`: another column, and what this one says by its being filled where this one is blank.
    """

    header: str
    words: Words = field(default_factory=dict)
    rest: str | None = None
    codes: bool = False
    implied: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Rows:
    """Rows of a table that a list gives.

    `always`: being on the list is itself the fact, so every line gives a row; else only a line that
    gives its day does, or that fills `shown`, a column that shows that there is such a thing.
    `only`: a column and what it says of a line that gives a row. `after` and `until`: columns of
    days; an entry outside them hides whether there was one between them. `silent`: tables of which
    the return never tells what a standard asks about such a row.
    """

    table: str
    constant: Mapping[str, str]
    columns: Mapping[str, str | Column]
    always: bool = False
    only: tuple[Column, str] | None = None
    shown: str = ""
    silent: frozenset[str] = frozenset()
    after: str = ""
    until: str = ""


@dataclass(frozen=True, eq=False)
class AnnexList:
    """One list: what its children's cases are, and the rows that it gives.

    `over`: a filled cell there says that this is over, so that it no longer decides the case type.
    `facts`: the columns of days that fill fields of `audits`. `status`: the column that says what
    the case is. `worker`: the columns of the worker, the likeliest first. `unused`: columns of the
    list that say nothing that a field holds. `silent`: tables of which this list never tells: that
    none of their rows is there says nothing, unless the child is on a list that tells of them.
    """

    number: int
    case_type: str
    rows: tuple[Rows, ...] = ()
    over: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    status: Column | None = None
    worker: tuple[str, ...] = (WORKER,)
    unused: tuple[str, ...] = ()
    silent: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return the name of the list."""
        return f"List {self.number}"


STATUS = Column("Case Status", CASE_STATUS, rest="")

# Where a child is on several lists, the first of these that is not over says what the case is,
# whose team it is with and who holds it. List 10 names children whom other lists name too.
PRECEDENCE = (8, 9, 7, 6, 5, 4, 2, 3, 1, 10)
# The list on which a child of that case stands, where another list says what the case is.
LIST_OF = {"child_in_care": 8, "care_leaver": 9, "child_protection": 7, "assessment": 4}
# Columns in which a script that writes Annex A from the Standard Safeguarding Dataset writes
# "b) No" for whatever is not the word "Yes", blanks and the dataset's own "Y" too
# (`AnnexA_sqlserver_v1.2.0` of data-to-insight/ssd-data-model). Its headers give it away.
DOUBTED = {CHILD_SEEN: "ContinuousAssessmentChildSeen", SEEN_ALONE_HEADER: "ChildSeenAlone"}

EVERY_LIST = (CHILD, SEX, "Ethnicity", BIRTH, AGE, "Does the Child have a Disability", TEAM, WORKER)

LISTS = (
    # No table holds contacts.
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
    # Whether a referral led to anything does not say on which day that was decided, nor a number of
    # referrals that an earlier one was turned away.
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
                    "start_date": DISCUSSION,
                    # A conference that was held had been found necessary.
                    "conference_required": Column(
                        "Was an Initial Child Protection Conference deemed unnecessary?",
                        OPPOSITE,
                        implied=(CONFERENCE, "yes"),
                    ),
                },
                always=True,
            ),
            # Only discussions that began an enquiry stand here, so the threshold was met.
            Rows("strategy_discussions", {"threshold_met": "yes"}, {"held_date": DISCUSSION}),
            Rows(
                "conferences",
                {"kind": "initial"},
                {"held_date": CONFERENCE},
                after=DISCUSSION,
            ),
        ),
        # No field holds what a conference decided; the plan itself stands on List 7.
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
            # The list gives the days of the episode, from the referral on, and not of the plan;
            # no list gives the meetings about such a plan.
            Rows(
                "plans",
                {"kind": "child_in_need"},
                {},
                always=True,
                only=(STATUS, "child_in_need"),
                silent=frozenset({"reviews"}),
            ),
            # Of whatever kind the visit was; the list does not say.
            Rows("visits", {"child_seen": "yes"}, {"visit_date": "Date Child Was Last Seen"}),
        ),
        over="CIN Closure Date",
        status=STATUS,
        silent=frozenset({"reviews"}),
        unused=("CIN Start Date", "Primary Need Code", "Reason for Closure"),
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
        # No field holds why there is a plan, or how many there were.
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
                    "end_date": CEASED,
                    "arrangement": Column("Placement Type", ARRANGEMENTS, rest="", codes=True),
                },
                always=True,
            ),
            Rows(
                "visits",
                {"kind": "child_in_care"},
                {"visit_date": "Date of Last Social Work Visit"},
                after=STARTED,
                until=CEASED,
            ),
            Rows(
                "reviews",
                {"kind": "child_in_care"},
                {"held_date": "Date of Latest Statutory Review"},
                after=STARTED,
                until=CEASED,
            ),
            # The list does not say whether it was the first.
            Rows(
                "health_assessments",
                {},
                {"assessment_date": "Date of Last Health Assessment"},
                after=STARTED,
                until=CEASED,
            ),
        ),
        over=CEASED,
        facts={CAME: STARTED, LEFT: CEASED},
        # Not the day on which a plan for permanence was agreed, nor the days of missing episodes;
        # "out of the authority" may be next door, and a contact of the reviewing officer no review.
        unused=(
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
            "Child's Category of Need",
            (
                "Is this a second or subsequent period of being a Looked After Child "
                "within the last 12 months (Y/N)"
            ),
            "Start date of current legal status",
            "Child's Legal Status",
            "What is the permanence plan for this child?",
            "Date of Last IRO Visit / Contact to the Child",
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
    # A contact with a care leaver may be a call or a message, so it is no visit; whose the
    # accommodation is, is not said.
    AnnexList(
        9,
        "care_leaver",
        (
            # What was reviewed is there; since when, the list does not say.
            Rows("plans", {"kind": "pathway"}, {}, shown=PATHWAY_REVIEW),
            Rows("reviews", {"kind": "pathway"}, {"held_date": PATHWAY_REVIEW}),
        ),
        worker=(WORKER, ADVISER),
        unused=(
            "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
            "Eligibility Category",
            "LA in Touch",
            "Latest Date of Contact",
            "Type of Accommodation",
            "Suitability of Accommodation",
            "Activity Status",
        ),
    ),
    # The decision for adoption comes after the plan for permanence that it carries out, so it does
    # not say on which day that was agreed. Who is adopted is no longer in care.
    AnnexList(
        10,
        "child_in_care",
        over="Date of Adoption Order",
        facts={CAME: "Date the Child Entered Care", LEFT: "Date of Adoption Order"},
        silent=frozenset({"health_assessments", "placements", "reviews", "visits"}),
        unused=(
            "Family identifier",
            "Date of Decision that Child Should be Placed for Adoption",
            "Date of Placement Order",
            "Date of Matching Child and Prospective Adopters",
            "Date Placed for Adoption",
            "Date of Decision that Child Should No Longer be Placed for Adoption",
            "Reason Why Child No Longer Placed for Adoption",
            "Date the child was placed for fostering in FFA or concurrent planning placement",
        ),
    ),
)
