"""The elements of the children in need census, as data: what may stand in what, and what is read.

They are those of the Department for Education's schemas for 2017 to 2026, all years together.
"""

from collections.abc import Mapping

CHILD_NUMBER, BORN, EXPECTED = "LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate"
DIED = "PersonDeathDate"
REFERRED, CLOSED, NO_FURTHER = "CINreferralDate", "CINclosureDate", "ReferralNFA"
INITIAL, TARGET, NOT_REQUIRED = "DateOfInitialCPC", "InitialCPCtarget", "ICPCnotRequired"
ASSESSMENT, IN_NEED, ENQUIRY = "Assessments", "CINPlanDates", "Section47"
PROTECTION, REVIEWS, REVIEWED = "ChildProtectionPlans", "Reviews", "CPPreviewDate"
PLANS_SINCE = 2022  # the first census that asks for plans of children in need

# What may stand in an element; elements that are not named here hold text.
INSIDE: Mapping[str, frozenset[str]] = {
    "Child": frozenset({"ChildIdentifiers", "ChildCharacteristics", "CINdetails"}),
    "ChildIdentifiers": frozenset(
        {CHILD_NUMBER, "UPN", "FormerUPN", "UPNunknown", BORN, EXPECTED}
        | {"GenderCurrent", "Sex", DIED}
    ),
    "ChildCharacteristics": frozenset({"Ethnicity", "Disabilities"}),
    "Disabilities": frozenset({"Disability"}),
    "CINdetails": frozenset(
        {REFERRED, "ReferralSource", "PrimaryNeedCode", CLOSED, "ReasonForClosure", INITIAL}
        | {NO_FURTHER, ASSESSMENT, IN_NEED, ENQUIRY, PROTECTION}
    ),
    ASSESSMENT: frozenset(
        {"AssessmentActualStartDate", "AssessmentInternalReviewDate"}
        | {"AssessmentAuthorisationDate", "FactorsIdentifiedAtAssessment"}
    ),
    "FactorsIdentifiedAtAssessment": frozenset({"AssessmentFactors"}),
    IN_NEED: frozenset({"CINPlanStartDate", "CINPlanEndDate"}),
    ENQUIRY: frozenset({"S47ActualStartDate", TARGET, INITIAL, NOT_REQUIRED}),
    PROTECTION: frozenset(
        {"CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse"}
        | {"NumberOfPreviousCPP", REVIEWS}
    ),
    REVIEWS: frozenset({REVIEWED}),
}

# The elements that fill the fields of a table, by what the rows come from. A blank name: the
# element itself.
FILLED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "CINdetails": ("referrals", {"received_date": REFERRED}),
    ASSESSMENT: (
        "assessments",
        {"start_date": "AssessmentActualStartDate"}
        | {"authorised_date": "AssessmentAuthorisationDate"},
    ),
    IN_NEED: ("plans", {"start_date": "CINPlanStartDate", "end_date": "CINPlanEndDate"}),
    PROTECTION: ("plans", {"start_date": "CPPstartDate", "end_date": "CPPendDate"}),
    ENQUIRY: (
        "enquiries",
        {"start_date": "S47ActualStartDate", "conference_required": NOT_REQUIRED},
    ),
    INITIAL: ("conferences", {"held_date": INITIAL, "due_date": TARGET}),
    REVIEWED: ("conferences", {"held_date": ""}),
}
# Fields that are filled by what an element is, or by an element outside it.
TOLD = {
    "assessments": ("kind", "referral_date"),
    "plans": ("kind",),
    "conferences": ("kind",),
}
