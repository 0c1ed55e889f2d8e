"""What the lists of Annex A say, as data: which of their columns states which of our fields.

Headings are given without spaces, signs and capitals, in every form that is met: the template's,
and the one that scripts write (`DateOfLastStatutoryVisit`). A field that is not here is one that
the lists cannot tell; it stays absent, and what needs it is not assessable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Way(StrEnum):
    """How the text of a cell becomes the text of a field."""

    AS_IT_IS = "as_it_is"
    YES_NO = "yes_no"
    OPPOSITE = "opposite"
    SEEN = "seen"  # seen alone says seen; anything else says nothing
    PLACEMENT = "placement"


@dataclass(frozen=True)
class Say:
    """A column, by its headings, and how it is read."""

    headings: tuple[str, ...]
    way: Way = Way.AS_IT_IS


@dataclass(frozen=True)
class Rows:
    """Rows of one of our tables that a list states.

    `needs`: without a value in these fields there is no row. `only`: the list's row must hold one
    of these words in that column.
    """

    table: str
    says: Mapping[str, Say]
    always: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    only: tuple[Say, tuple[str, ...]] | None = None


CHILD = Say(("childuniqueid", "childid", "uniquechildid"))
BIRTH = Say(("dateofbirth", "dob"))
TEAM = Say(("allocatedteam",))
STATUS = Say(("casestatus",))
CHILD_IN_NEED = ("child_in_need_plan", "child_in_need")
CEASED = Say(("dateceasedtobelookedafter",))
PLAN_END = Say(("childprotectionplanenddate", "dateofchildprotectionplanend"))
CLOSED = Say(("cinclosuredate",))

LISTS: Mapping[int, Sequence[Rows]] = {
    3: (Rows("referrals", {"received_date": Say(("dateofreferral",))}, needs=("received_date",)),),
    4: (
        Rows(
            "assessments",
            {
                "start_date": Say(("continuousassessmentstartdate",)),
                "child_seen": Say(
                    ("childseenduringcontinuousassessment", "continuousassessmentchildseen"),
                    Way.YES_NO,
                ),
                "authorised_date": Say(
                    (
                        "continuousassessmentdateofauthorisation",
                        "continuousassessmentauthorisationdate",
                    )
                ),
            },
            {"kind": "child_and_family"},
        ),
    ),
    5: (
        Rows(
            "strategy_discussions",
            {"held_date": Say(("strategydiscussioninitiatingsection47enquirystartdate",))},
            needs=("held_date",),
        ),
        Rows(
            "enquiries",
            {
                "start_date": Say(("strategydiscussioninitiatingsection47enquirystartdate",)),
                "conference_required": Say(
                    ("wasaninitialchildprotectionconferencedeemedunnecessary",), Way.OPPOSITE
                ),
            },
            needs=("start_date",),
        ),
        Rows(
            "conferences",
            {"held_date": Say(("dateofinitialchildprotectionconference",))},
            {"kind": "initial"},
            needs=("held_date",),
        ),
    ),
    6: (
        Rows(
            "plans",
            {"start_date": Say(("cinstartdate",)), "end_date": CLOSED},
            {"kind": "child_in_need"},
            only=(STATUS, CHILD_IN_NEED),
        ),
        Rows(
            "visits",
            {"visit_date": Say(("datechildwaslastseen",))},
            {"kind": "child_in_need", "child_seen": "yes"},
            needs=("visit_date",),
            only=(STATUS, CHILD_IN_NEED),
        ),
    ),
    7: (
        Rows(
            "plans",
            {
                "start_date": Say(("childprotectionplanstartdate",)),
                "end_date": PLAN_END,
            },
            {"kind": "child_protection"},
        ),
        Rows(
            "visits",
            {
                "visit_date": Say(("dateofthelaststatutoryvisit", "dateoflaststatutoryvisit")),
                "child_seen": Say(("wasthechildseenalone", "childseenalone"), Way.SEEN),
                "seen_alone": Say(("wasthechildseenalone", "childseenalone"), Way.YES_NO),
            },
            {"kind": "child_protection"},
            needs=("visit_date",),
        ),
        Rows(
            "conferences",
            {"held_date": Say(("dateoflatestreviewconference",))},
            {"kind": "review"},
            needs=("held_date",),
        ),
    ),
    8: (
        Rows(
            "placements",
            {
                "start_date": Say(("startdateofmostrecentplacement",)),
                "end_date": CEASED,
                "arrangement": Say(("placementtype",), Way.PLACEMENT),
            },
            needs=("start_date",),
        ),
        Rows(
            "visits",
            {"visit_date": Say(("dateoflastsocialworkvisit", "dateofthelastsocialworkvisit"))},
            {"kind": "child_in_care"},
            needs=("visit_date",),
        ),
        Rows(
            "reviews",
            {"held_date": Say(("dateoflateststatutoryreview",))},
            {"kind": "child_in_care"},
            needs=("held_date",),
        ),
    ),
    9: (
        Rows(
            "reviews",
            {"held_date": Say(("latestpathwayplanreviewdate", "dateoflatestpathwayplanreview"))},
            {"kind": "pathway"},
            needs=("held_date",),
        ),
    ),
}

# Of these tables a list tells only for the children in it; for other children they say nothing.
TOLD_BY: Mapping[str, tuple[int, ...]] = {"visits": (6, 7, 8), "reviews": (8, 9)}


@dataclass(frozen=True)
class CaseType:
    """What a list says of the service: open while `ended` is blank, and only for `only`."""

    number: int
    case_type: str
    ended: Say | None = None
    still_open: bool = True
    only: tuple[Say, tuple[str, ...]] | None = None


# The first that holds for a child decides: the most intensive service now open, then past ones.
CASE_TYPES: Sequence[CaseType] = (
    CaseType(8, "child_in_care", CEASED),
    CaseType(7, "child_protection", PLAN_END),
    CaseType(9, "care_leaver"),
    CaseType(6, "child_in_need", CLOSED, only=(STATUS, CHILD_IN_NEED)),
    CaseType(5, "assessment"),
    CaseType(4, "assessment"),
    CaseType(10, "child_in_care"),
    CaseType(8, "child_in_care", CEASED, still_open=False),
    CaseType(7, "child_protection", PLAN_END, still_open=False),
    CaseType(6, "child_in_need", CLOSED, still_open=False, only=(STATUS, CHILD_IN_NEED)),
    CaseType(3, "front_door"),
    CaseType(1, "front_door"),
    CaseType(2, "early_help"),
)

# The census's codes of placements; the first letters of the lettered text, such as
# `f) U6: Foster placement - not FFA`, name the code.
PLACEMENTS: Mapping[str, str] = {
    "a3": "prospective_adopter",
    "a4": "prospective_adopter",
    "a5": "prospective_adopter",
    "a6": "prospective_adopter",
    "h5": "semi_independent",
    "k1": "residential",
    "k2": "residential",
    "p1": "parent",
    "p2": "semi_independent",
    "p3": "other",
    "r1": "residential",
    "r2": "other",
    "r3": "other",
    "r5": "other",
    "s1": "residential",
    "t0": "other",
    "t1": "other",
    "t2": "other",
    "t3": "other",
    "t4": "other",
    "u1": "connected_carer",
    "u2": "connected_carer",
    "u3": "connected_carer",
    "u4": "foster_care",
    "u5": "foster_care",
    "u6": "foster_care",
    "z1": "other",
}
# Answers that say nothing of whether the child was seen.
NOTHING_SAID = (
    "unborn",
    "unknown",
    "not_known",
    "not_recorded",
    "not_applicable",
    "no_visit",
    "no_visit_new_in_last_month",
)
SAID_YES = ("seen_alone", "1_yes", "yes_seen_alone", "yes_alone")
SAID_NO = ("not_seen_alone", "2_no", "0_no", "no_not_alone", "seen_not_alone")
