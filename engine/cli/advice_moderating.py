"""What to do where moderation refuses something: M201 to M243."""

MODERATING = {
    "M201": "Check the id. `audit moderate safe` also takes any audit of the batch that `--batch` "
    "names. `audit moderate list` shows the audits that were drawn, and `--batch` "
    "or `--ledger` says which ledger is meant.",
    "M202": "An audit is moderated once it is drawn. `audit sample BATCH --add AUDIT --because …`"
    " adds one on suspicion, and leaves it out of every estimate.",
    "M203": "Write a grade as rules/rulebook.yaml has it, by its id or its title.",
    "M204": "Write a domain as rules/rulebook.yaml has it, by its id or its title.",
    "M205": "Write a reason of `moderation_reasons` in rules/rulebook.yaml, by its id or its "
    "title; `--note` takes anything else. An overlay may add reasons.",
    "M206": "Give what is missing: the ledger keeps who said what, and why.",
    "M207": "Give the audit to another moderator.",
    "M208": "What was sealed stays, since the statistics rest on it. After the reveal another "
    "grade may be confirmed.",
    "M209": "A grade is blind only if whoever gives it has not seen the auditor's. Ask somebody "
    "who has not.",
    "M210": "An audit has at most two blind grades. If they are far apart, call a panel.",
    "M211": "Seal a blind grade first, with `audit moderate record` or by importing the workbook.",
    "M212": "Look at what the auditor said and what the record shows, with `audit moderate "
    "reveal`; then confirm.",
    "M213": "A decision is never written over. A panel, an appeal or a corrected fact comes after"
    " it.",
    "M214": "The record does not allow that grade. If it is right all the same, say why, and have"
    " a second moderator agree to it by name; if the record is wrong, have it corrected "
    "and use `audit moderate rescore`.",
    "M215": "The second moderator is another person than who decides, and not the auditor.",
    "M216": "Whoever reads the report wants to know why a grade was changed: give a reason of the"
    " list, or words.",
    "M217": "A panel looks at a confirmed grade. An appeal is answered with `appeal-decide`.",
    "M218": "Name at least two people, none of them the auditor. The moderator may be one of them.",
    "M219": "Give the auditor's id as it stands in the batch.",
    "M220": "Wait until the grade is final: `audit moderate list` says what is left to do.",
    "M221": "A decision is appealed against once. A corrected fact opens the case again.",
    "M222": "Ask somebody who neither audited nor confirmed it, agreed to an override or sat on "
    "its panel.",
    "M223": "Look up the audit with `audit ledger show`.",
    "M224": "Give a grade with `--uphold`, and none with `--dismiss`.",
    "M225": "Give the batch in which the fact is corrected and the audit can be read.",
    "M226": "Nothing needs to be done, unless another batch was meant.",
    "M227": "Put the day right.",
    "M228": "Nothing needs to be done.",
    "M229": "Grades are held against each other by their names. Give the rulebook that the sample"
    " was drawn with, or one that has the same grades.",
    "M230": "Caps in the ledger are those of the older rulebook. If it asks for something else "
    "now, `audit moderate rescore` judges an audit anew.",
    "M231": "Write the domain, `=` and the grade, without blanks: --domain visits=good.",
    "M232": "Workbooks go back into the ledger that they were written from.",
    "M234": "Give the audit to a moderator of another team, as the draw would; there is no way "
    "around it. Teams are those that moderators were named with at the draw.",
    "M240": "`audit actions list` shows the actions and their ids.",
    "M241": "An action is closed once; one that was carried goes on under its new id.",
    "M243": "Give the id of the later audit.",
}
