"""Other ways to write the headers of Annex A, such as those of Data to Insight's script.

The header on the left is Ofsted's. All are compared by their letters and digits alone.
"""

from collections.abc import Mapping

from engine.records.readers.annex_a_lists import AGE, CHILD, CHILD_SEEN, SEEN_ALONE_HEADER, SEX

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    CHILD: ("Child ID", "Unique Child ID", "Child's Unique ID"),
    SEX: ("Sex",),
    AGE: ("Age",),
    "Does the Child have a Disability": ("HasDisability",),
    "Date of Referral": ("ReferralDate",),
    "Referral NFA?": ("ReferralNFA",),
    "Number of Referrals in Last 12 Months": ("NumberOfReferralsLast12Months",),
    "Continuous Assessment Start Date": ("ContinuousAssessmentStart",),
    CHILD_SEEN: ("ContinuousAssessmentChildSeen",),
    "Continuous Assessment Date of Authorisation": ("ContinuousAssessmentAuthDate",),
    "Was the child assessed as requiring LA children's social care support?": (
        "CSCSupportRequired",
    ),
    "Strategy discussion initiating Section 47 Enquiry Start Date": ("StratDiscussionDate",),
    "Was an Initial Child Protection Conference deemed unnecessary?": ("InitialCPConfUnnecessary",),
    "Date of Initial Child Protection Conference": ("InitialCPConfDate",),
    "Did the Initial Child Protection Conference Result in a Child Protection Plan": (
        "CPConfResultInCPPlan",
    ),
    "Number of Section 47 Enquiries in the last 12 months": ("NumberS47s12m",),
    "Number of ICPCs in the last 12 months": ("NumberICPCs12m",),
    "Date Child Was Last Seen": ("DateChildLastSeen",),
    "Date of the Last Statutory Visit": ("DateOfLastStatutoryVisit",),
    SEEN_ALONE_HEADER: ("ChildSeenAlone",),
    "Date of latest review conference": ("DateOfLatestReviewConf",),
    "Subject to Emergency Protection Order or Protected Under Police Powers "
    "in Last Six Months (Y/N)": ("ProtectionLastSixMonths",),
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": ("UASC",),
    "Date Started to be Looked After": ("LookedAfterStartDate", "LoookedAfterStartDate"),
    "Child's Category of Need": ("ChildCategoryOfNeed",),
    "Is this a second or subsequent period of being a Looked After Child "
    "within the last 12 months (Y/N)": ("SubsequentLACEpisodeLast12Months",),
    "Start date of current legal status": ("MostRecentLegalStatusStart",),
    "Child's Legal Status": ("LegalStatus",),
    "Date of Latest Statutory Review": ("LatestStatutoryReviewDate",),
    "Date of Last Social Work Visit": ("LastSocialWorkVisitDate",),
    "What is the permanence plan for this child?": ("PermanencePlan",),
    "Date of Last IRO Visit / Contact to the Child": ("LastIROVisitDate",),
    "Date of Last Health Assessment": ("LastHealthAssessmentDate",),
    "Date of Last Dental Check": ("LastDentalCheckDate",),
    "Number of Placements in the Last 12 months": ("PlacementsLast12Months",),
    "Date Ceased to be Looked After": ("CeasedLookedAfterDate",),
    "Reason Ceased to be Looked After": ("ReasonCeasedLookedAfter",),
    "Start Date of Most Recent Placement": ("MostRecentPlacementStartDate",),
    "URN of Placement": ("PlacementURN",),
    "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months": (
        "EpisodesChildMissingFromPlacement",
    ),
    "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months": (
        "EpisodesChildAbsentFromPlacement",
    ),
    "Was the child offered a Return Interview after their last missing episode (Y/N)?": (
        "ChildOfferedReturnInterviewAfterLastMFH",
    ),
    "Did the child accept a Return Interview after their last missing episode (Y/N)?": (
        "ChildAcceptedReturnInterviewAfterLastMFH",
    ),
    "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)": ("UASC",),
    "Latest Pathway Plan Review Date": ("LatestPathwayPlan",),
    "Latest Date of Contact": ("LatestContact",),
    "Family identifier": ("FamilyID",),
    "Date the Child Entered Care": ("EnteredCareDate",),
    "Date of Decision that Child Should be Placed for Adoption": ("ADMSHOBPADecisionDate",),
    "Date of Placement Order": ("PlacementOrderDate",),
    "Date of Matching Child and Prospective Adopters": ("MatchedForAdoptionDate",),
    "Date Placed for Adoption": ("PlacedForAdoptionDate",),
    "Date of Adoption Order": ("AdoptionOrderDate",),
    "Date of Decision that Child Should No Longer be Placed for Adoption": (
        "DecisionReversedDate",
    ),
    "Reason Why Child No Longer Placed for Adoption": ("DecisionReversedReason",),
    "Date the child was placed for fostering in FFA or concurrent planning placement": (
        "DateFFAConsurrencyPlacement",
    ),
}
