"""What the auditors' form and its reader both have to know: the words at fixed places.

In: nothing. Out: names. `engine.reports.form` writes them, `engine.records.form` finds them.
"""

from engine.rulebook.fields import ANSWERS, AUDITS

COVER = "Read me first"
LISTS = "Lists"  # the hidden sheet with the lists of drop-downs
FORM_OF = "Rulebook"
VERSION = "Version of the rulebook"
HASH = "Fingerprint of the rulebook"
LEFT_OUT = "Standards left out"
SHEETS_LEFT_OUT = "Sheets left out"
NONE = "none"
LOOKED_AT = "What you looked at on the file"
DOMAIN_GRADES = "domain_grades"
# no auditor has to say of these that they were looked at: what is not entered there is not there
ALWAYS = frozenset({AUDITS, ANSWERS, DOMAIN_GRADES, "exceptions", "moderations"})
# what stands in a row of these tables before anybody has written in it
PREFILLED = {ANSWERS: "standard", DOMAIN_GRADES: "domain"}
