"""What the moderators' workbooks and their reader both have to know: the words at fixed places.

In: nothing. Out: names. `engine.reports.moderator_book` writes them, `engine.moderation.returned`
finds them again.
"""

COVER, GRADES, DOMAINS, LISTS = "Read me first", "Your grades", "Domains", "Lists"
STAGE, DRAW, MODERATOR = "Stage", "Draw", "Moderator"
BLIND, CONFIRM = "Blind grades", "Confirmed grades"
AUDIT, OVERALL, NOTE = "Audit", "Overall grade", "Note"
REASON = "Reason"  # followed by a number from 1
REASONS = 3
DOMAIN, DOMAIN_GRADE = "Section", "Confirmed grade"
CONFIRMED = "Confirmed overall grade"
OVERRIDE, SECOND = "Reason for a grade above the cap", "Second moderator"
GRADES_BELOW, DOMAINS_BELOW = 4, 4  # the row of the headings, from 1
