"""What looks like personal data in a text: each kind, what is taken for none, and the masks."""

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.records.personal_patterns import (
    MAYBE,
    MAYBE_DATE,
    Hit,
    Kind,
    hits,
    id_kind,
    is_nhs_number,
    masked,
)

BORN = date(2015, 3, 1)
# numbers that Ofcom keeps for drama, NHS numbers kept for tests, a postcode district without streets
FOUND = [
    ("ring 07700 900123", Kind.PHONE, "***** ******"),
    ("07700900123.", Kind.PHONE, "***********"),
    ("tel 01632 960123", Kind.PHONE, "***** ******"),
    ("(020) 7946 0018", Kind.PHONE, "***** **** ****"),
    ("+44 7700 900 123", Kind.PHONE, "*** **** *** ***"),
    ("+44 (0)1632 960123", Kind.PHONE, "*** ******* ******"),
    ("0044 7700900123", Kind.PHONE, "**** **********"),
    ("NHS 9990000018", Kind.NHS, "**********"),
    ("NHS no. 999 000 0018, seen", Kind.NHS, "*** *** ****"),
    ("999-000-0018", Kind.NHS, "***-***-****"),
    ("at ZE99 9ZZ now", Kind.POSTCODE, "**** ***"),
    ("at ze99 9zz now", Kind.POSTCODE, "**** ***"),
    ("ZE999ZZ", Kind.POSTCODE, "*******"),
    ("W1A 9ZZ", Kind.POSTCODE, "*** ***"),
    ("to a.b+c@example.org,", Kind.EMAIL, "*.***@*******.***"),
    ("dob 12/04/2016", Kind.BIRTH, "**/**/****"),
    ("D.O.B.: 12.4.16", Kind.BIRTH, "**.*.**"),
    ("date of birth is 2016-04-12", Kind.BIRTH, "****-**-**"),
    ("born on 12th April 2016", Kind.BIRTH, "**** ***** ****"),
    ("12 Apr 2016 (born)", Kind.BIRTH, "** *** ****"),
    ("it began on 12/03/2015", Kind.BIRTH, "**/**/****"),
    ("it began on 3rd of March 2015", Kind.BIRTH, "*** ** ***** ****"),
]
NOTHING = [
    "CP-05, PL-01 and SU-02 are not met",
    "a s47 2nd enquiry, S47 2ND TIME, s20 1st review, s17 3hr visit",
    "aged 5 1yr ago; p1 3yr; EH1 2yr",
    "case 1234567890, order 99900000180, £9990000018, 12 999 000 0018, A9990000018",
    "999 000 0019 has another check digit; 4444444444 is made up",
    "born at 32 weeks; seen 12/04/2024",
    "seen on 12/04/2024, due by 1 May 2024",
    "01 02 2024 10 30; 12/03/15; 31/02/2015",
    "Childline 0800 1111, the council 0300 123 4567, 0845 46 46 4646",
    "the flat was cold @ night; x@y; 50% by 2025-26",
    "room B12CD, form QV1 1AA, unit XX1 1AA, ZE99 9CZ",
    "born again, and date of birth not known",
    "",
]


@pytest.mark.parametrize(("text", "kind", "mask"), FOUND, ids=[text for text, _, _ in FOUND])
def test_personal_data_is_found_and_masked(text: str, kind: Kind, mask: str) -> None:
    """It is found once, and the mask shows its shape alone."""
    (hit,) = hits(text, BORN)
    assert (hit.kind, masked(text, hit)) == (kind, mask)


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_resembles_it_is_no_alarm(text: str) -> None:
    """References, sections of the Children Act, days of events and help lines are none."""
    assert hits(text, BORN) == ()


def test_a_day_counts_in_the_month_of_birth_alone() -> None:
    """Without the month, or in another, a day without words about birth is the day of an event."""
    assert hits("it began on 12/03/2015", date(2015, 4, 1)) == ()
    assert hits("it began on 12/03/2015") == ()


def test_ids_are_looked_at_whole() -> None:
    """An id is an NHS number or an address, never because of a part of it."""
    assert id_kind("9990000018") is Kind.NHS
    assert id_kind("jo@example.org") is Kind.EMAIL
    assert id_kind("12/03/2015", BORN) is Kind.BIRTH
    assert [id_kind(text) for text in ("C 9990000018", "ZE99 9ZZ", "1234567890")] == [None] * 3


@given(st.integers(0, 10**10 - 1))
@settings(max_examples=100, deadline=None)
def test_no_other_last_digit_makes_a_valid_number_valid(number: int) -> None:
    """Of ten numbers that differ in the last digit, at most one is an NHS number."""
    first = f"{number:010}"[:9]
    assert sum(is_nhs_number(f"{first}{last}") for last in range(10)) <= 1


PIECES = st.sampled_from(
    [*(text for text, _, _ in FOUND), *NOTHING, " ", "\n", "é", "1", "07", "@"]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=4).map("".join))
@settings(max_examples=60, deadline=None)
def test_hits_stand_apart_and_masks_say_nothing(text: str) -> None:
    """No two hits overlap, no mask holds a letter or digit, and the first look misses none."""
    found = hits(text, BORN)
    assert all(first.end <= later.start for first, later in pairwise(found))
    assert not any(c.isalnum() for hit in found for c in masked(text, hit))
    assert not found or re.search(f"{MAYBE}|{MAYBE_DATE}", text)
    numbers = [re.sub("[ -]", "", text[h.start : h.end]) for h in found if h.kind is Kind.NHS]
    assert all(map(is_nhs_number, numbers))


def test_a_long_text_takes_no_time() -> None:
    """A text of a million characters that is nearly an address or a number is looked at in a blink."""
    for text in (
        "a" * 10**6,
        "a@" * 10**5,
        "0 " * 10**5,
        "born " * 10**5,
        "1/" * 10**5,
        "(0" * 10**5,
    ):
        assert hits(text, BORN) == ()
    assert masked("x", Hit(0, 1, Kind.EMAIL)) == "*"
