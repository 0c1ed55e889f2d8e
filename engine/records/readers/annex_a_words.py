"""The words that lists of Annex A use, and what they say in the words of the dictionary.

In: a word in its plain form (`engine.records.cells.plain`, which takes the letter before it away).
Out: the dictionary's text; nothing where the word does not say. It must not know lists or columns.

That councils write the answer on who was seen, the case status and the abuse in many ways is known
from the schema of the public LIIA tools (github.com/SocialFinanceDigitalLabs/liia-tools-pipeline,
`Annex_A_schema.yml`). What each way says is settled here, and more strictly: a child who was seen
was not for that seen alone, and of a child who is not yet born nothing is said.
"""

from collections.abc import Mapping

Words = Mapping[str, str]


def _all(said: str, *words: str) -> Words:
    return dict.fromkeys(words, said)


YES = _all("yes", "yes", "y", "1", "true", "1_yes", "yes_see_care_notes_for_details")
NO = _all("no", "no", "n", "0", "false", "0_no")
NOT_TOLD = _all(
    "", "unknown", "not_known", "not_recorded", "not_stated", "not_applicable", "unborn",
    "no_visit", "no_visit_new_in_last_month",
)  # fmt: skip

YES_NO: Words = {**YES, **NO, **NOT_TOLD}
OPPOSITE: Words = {**dict.fromkeys(YES, "no"), **dict.fromkeys(NO, "yes"), **NOT_TOLD}

_SEEN = ("seen", "child_seen")
_NOT_SEEN = ("not_seen", "child_not_seen")
_ALONE = ("seen_alone", "child_seen_alone")
_NOT_ALONE = ("not_seen_alone", "child_not_seen_alone")

# Asked whether the child was seen. Who was not seen alone may have been seen with others.
SEEN: Words = {
    **YES_NO, **_all("yes", *_SEEN, *_ALONE), **_all("no", *_NOT_SEEN), **_all("", *_NOT_ALONE),
}  # fmt: skip
# Asked whether the child was seen alone. "Seen" does not say so, and "not seen" says no.
ALONE: Words = {
    **YES_NO, **_all("yes", *_ALONE), **_all("no", *_NOT_ALONE, *_NOT_SEEN), **_all("", *_SEEN),
}  # fmt: skip
# Asked the same: who was seen alone was seen; "No" may mean seen with others or not seen at all.
SEEN_IF_ALONE: Words = {**YES, **_all("yes", *_ALONE, *_SEEN), **_all("no", *_NOT_SEEN)}

# What the case is, by its status on List 6.
CASE_STATUS: Words = {
    **_all(
        "child_in_care", "a", "looked_after_child", "looked_after", "cla", "lac", "cla&cp",
        "cla&cpp", "cp_cla",
    ),
    **_all(
        "child_protection", "b", "child_protection_plan", "child_protection", "cp", "cpp", "cp_ext"
    ),
    **_all("child_in_need", "c", "child_in_need_plan", "child_in_need", "cin_plan", "cin"),
    **_all(
        "assessment", "d", "open_assessment", "open_asmt", "assessment",
        "cf_assessment_in_progress",
    ),
    **_all("care_leaver", "care_leaver"),
    **_all(
        "over", "e", "closed_episode", "closed", "closed_stepdown", "closed_case",
        "closed_referral", "closed_assessment",
    ),
}  # fmt: skip

# The codes of the return on children looked after. T (temporary) and Z do not say with whom.
ARRANGEMENTS: Words = {
    **_all("connected_carer", "U1", "U2", "U3", "Q1"),
    **_all("foster_care", "U4", "U5", "U6", "Q2"),
    **_all("prospective_adopter", "A3", "A4", "A5", "A6"),
    **_all("residential", "K1", "K2", "R1", "R2", "R3", "R5", "S1"),
    **_all("semi_independent", "H5", "P2"),
    **_all("parent", "P1"),
    **_all("other", "P3", "Z1"),
}
