"""What to do about each problem: a sentence or two for every code (`engine.cli.codes.ALL_CODES`).

`audit explain CODE` prints it, and docs/reference/problems.md is made from it.
"""

from collections.abc import Mapping

from engine.cli.advice_ledger import LEDGER
from engine.cli.advice_moderating import MODERATING
from engine.cli.advice_report import REPORT
from engine.cli.advice_sample import SAMPLE
from engine.cli.advice_scale import SCALE
from engine.cli.advice_spark import SPARK
from engine.records.quality import CHECKS

BATCH = {
    "B001": "Check the path, and that you may read what is there. A path with blanks in it "
    "needs quotes.",
    "B002": "Give a workbook (.xlsx), a folder of CSV or Parquet files, JSON Lines, JSON or "
    "YAML. What counts is what the file holds, not what it is called.",
    "B003": "One sheet, file or list is to be called `audits` and have a column `audit_id`. If "
    "the folder holds several things, give the one that is the batch.",
    "B004": "Every audit was put aside: the reasons are printed above this one. Put those right "
    "first.",
    "B005": "Save a copy without the password or the sensitivity label, in a place that is "
    "allowed to hold it.",
    "B006": "Open it in Excel and save it as a workbook (.xlsx).",
    "B007": "The file may be damaged or made to do harm. Ask whoever sent it for another copy; "
    "a very large batch is better sent as CSV or Parquet.",
    "B008": "Keep one batch in a folder, or give the path of one of them.",
    "B009": "Ask for another copy, or open the file in the program that made it and save it again.",
    "B010": "A return never needs a document type. Whoever made the file can export it without; "
    "if nobody knows where it comes from, do not open it.",
    "B011": "No return holds texts, tags or depths like these. The file may be damaged or made to "
    "do harm: export it again.",
    "B012": "Put the files of the return into one folder and give the folder. Files are known by "
    "their columns, so their names do not matter.",
    "B101": "Nothing is wrong if the table is of no use here. If it is, give it the name that "
    "the dictionary (`rules/fields.yaml`) has for it.",
    "B102": "Nothing is wrong if the column is of no use here. If it is, give it the name that "
    "the dictionary (`rules/fields.yaml`) has for it: standards that need it cannot be "
    "assessed without.",
    "B103": "Look at names with accents in the results. Save the file as UTF-8 to be sure.",
    "B104": "Take the sheet out of the workbook if it is not meant to be read.",
    "B105": "The rows were read. Check which of the two days is the right one: a finding that "
    "rests on them cannot be trusted.",
    "B106": "Nothing is wrong. Put the file elsewhere if it is no part of the batch.",
    "B107": "Rows that stand in both were kept once. Take one of the two tables out to be sure.",
    "B108": "Nothing is wrong: no standard asks for what that list holds.",
    "B109": "Look at the lists that are named, and put the wrong one right. Until then nothing is "
    "taken from either where they differ.",
    "B110": "Check the day: it may be a slip. If it is right, the return cannot show whether there "
    "was an entry before it, and the standard is not assessed.",
    "B120": "The order of rows settles nothing: find out which row is right, put the other right, "
    "and read the extract again.",
    "B122": "The rest of the row is read. Some systems write plain text there; then only the "
    "conference itself tells whether an enquiry led to one.",
    "B123": "The extract then tells no worker and no day of allocation. The message lists the "
    "roles that were met: ask for the one that holds the case to be added.",
    "B125": "A cancelled review, an absence, a dental check or a professional who does not hold "
    "the case. Look whether the rows are what the message says.",
    "B126": "Look up which row is meant.",
    "B127": "Enter the day of birth, or the day of death, in the system.",
    "B128": "Export the table `ssd_person` too.",
    "B129": "Give the day on which the extract was made with `--as-of`; otherwise every child "
    "seems to have been left alone since then.",
    "B130": "Nothing is wrong if the element is of no use here: each is named once. If a standard "
    "needs it, ask for it to be read.",
    "B131": "Standards on what is due again and again are not assessed, since it may lie before or "
    "after what the return tells. Put the year right, or the days that lie far from it.",
    "B132": "Put the file that is named into the folder of the return, or the child into the "
    "header. What the other files say is read all the same.",
    "B133": "Nothing is wrong: the rows are no fact that a standard asks for. The place is that of "
    "the first of them.",
    "B134": "The return tells of its year only. Standards on those reviews are not assessed for "
    "these children; the case record shows when the last review before the year was held.",
    "B140": "Ask whoever runs the script to put it right, or fill the column from the case system. "
    "Until then a yes is believed and a no is not: what asks for it is not assessed.",
    "B141": "Put the wrong day right in the system that it comes from. Until then what is counted "
    "from either day is not assessed.",
    "B150": "Give the table a shorter name in rules/fields.yaml.",
    "B151": "The form was made from another rulebook. What the rulebook does not have was not "
    "read, the rest was. Make a new form with `audit template`.",
    "B152": "The form is older than the rulebook. What it does not ask about is not assessable, "
    "and is never held against the case. Make a new form with `audit template`.",
    "B153": "On the sheet Audits, choose yes for what the auditor looked at on the file, even if "
    "there was nothing. What was not looked at is not assessable. A kind of record of which the "
    "form has rows, and yet says that it was not looked at, is named too.",
    "B154": "Nothing is wrong if nobody has filled it in. Take it out of the folder, or ask the "
    "auditor for the one that was filled in.",
    "B155": "Nothing is lost. Take one of the two out of the folder.",
    "B156": "Look at what made the file: a table of this size is mostly one that lies on its side. "
    "A table has a row for each thing and a column for each field.",
    "B157": "Mostly one thing is wrong with all rows, such as the form of a date or the number of "
    "the audit. Put right what is said first, and read the batch again.",
    "B160": "Write the child's number in the column `child_id` of `audits`, as it stands in the "
    "records.",
    "B161": "Ask for the extract again, with the number of the child in every list. A batch of "
    "audits that is given as records needs the column `child_id`, too.",
    "B162": "Add the column `child_id` to `audits`, with the number that the child has in the case "
    "management system.",
    "B163": "Look at the two numbers that are named: perhaps one has a letter in front, or lost "
    "the zeros at its front. Write the numbers on the forms as they stand in the records.",
    "B164": "Name the forms first, and the extract of the case management system after --records.",
    "B165": "Check the number on the form. If it is right, ask why the child is not in the "
    "extract: it may be older than the case, or leave a service out.",
    "B166": "Nothing is wrong if only a sample was audited. The data quality lists the children.",
    "B167": "Compare `period_start` and `period_end` of the audit with those of the records.",
    "B168": "Look at the entries `record_disagrees` in the data quality: each has both values and "
    "both places. Put the wrong one right, on the form or in the case management system.",
    "B180": "`batch.json` says what the tables of a batch cannot tell, such as which hold the "
    "latest entry only. Make the batch again with `audit import`; without the file, standards "
    "would be judged that the batch cannot show.",
    "B181": "Use the version of `audit` that made the batch, or make it again with this one.",
    "B182": "The file was edited or cut short. Make the batch again with `audit import`.",
    "B183": "The rulebook in use has no such table. Use the rulebook that the batch was made with, "
    "or put the name right.",
    "B184": "Write the batch as Parquet, which holds any text and any number of rows; CSV holds "
    "any text but one with a NUL character.",
    "B185": "Give a new or empty folder, or one in which `audit import` wrote a batch before.",
    "B190": "The place is told, and nothing of it is repeated. Take it out at its source, and use "
    "the council's own number for a child. `audit pseudonymise` writes a batch without ids and "
    "without free text. What looks like personal data may be something else: nothing is "
    "changed or put aside because of it.",
    "B201": "Look for a comma or a line break in a text that has no quotes around it.",
    "B202": "Look at the place that is named: a bracket, a quote or a comma is missing or too "
    "many.",
    "B203": "Write a list where a list is expected (`[…]`), and one value where one is.",
    "B204": "Open the workbook in Excel, put the formula right or write its value in, and save.",
    "B205": "Take one of the two columns out, or make them agree.",
    "B206": "Rows inside an audit belong to it: leave `audit_id` out of them, or move the row.",
    "B220": "Or it belongs to a period of care of nobody, or of several children. Export all "
    "tables on the same day.",
    "B221": "Look whether the export left out the column of the child's number.",
    "B240": "Compare the names of the columns in the mapping with the header of the file.",
    "B241": "The system may have renamed the column. Put the name right in the mapping, or take "
    "the "
    "line out; until then standards that need it are not assessed.",
    "B242": "Nothing is wrong if the columns are of no use here. Write them after `ignore:` to "
    "say so.",
    "B243": "Nothing is wrong if the file is of no use here. Write its name after `ignore:` to "
    "say so.",
    "B244": "The system may name its files otherwise now. Compare the names after `from:`; `*` "
    "stands "
    "for any letters, such as a month.",
    "B245": "The file is perhaps damaged or of another kind. A sheet has 16,384 columns at most.",
    "B246": "A mapping reads CSV files and workbooks. Files in other formats that are read here "
    "need "
    "no mapping.",
    "B301": "Fill the field in. An audit needs `audit_id`; the dictionary says what else is "
    "required.",
    "B302": "Write the day as 2025-01-31 or 31/01/2025, or as a date of Excel.",
    "B303": "Look for a wrong century or a slip in the year.",
    "B304": "Write yes or no (also true, false, Y, N, 1 or 0), or leave it blank if it is not "
    "known.",
    "B305": "Use one of the values that the dictionary lists for the field; the message names "
    "the nearest.",
    "B306": "Write a whole number in digits.",
    "B307": "Check the number: the dictionary says how small and how large it may be.",
    "B308": "Write the month as 2025-01.",
    "B401": "Nothing is lost. Take the second row out if you can.",
    "B402": "Two rows say different things of the same thing, and nobody but you can tell which "
    "is right. Take the wrong one out.",
    "B403": "Add the audit to `audits`, or put the row's `audit_id` right.",
    "B404": "Check the two days: one of them is wrong.",
    "B405": "Put the audit right; its rows are then read as well.",
}
MAPPING = {
    "M001": "Check the path. `audit mapping new SAMPLE --out FILE` makes a mapping to begin with.",
    "M002": "Use the name of a table of the dictionary (`rules/fields.yaml`).",
    "M003": "Use the name of a field of that table, as the dictionary (`rules/fields.yaml`) has "
    "it.",
    "M004": "Say which column holds the number: `audit_id:` among the fields of a mapping of "
    "audits, "
    "`child:` in one of children.",
    "M005": "Write a value that the dictionary allows for the field; their words stand on the "
    "left, "
    "ours on the right.",
    "M006": "Write the form with YYYY, MM and DD once each, and perhaps HH, mm and ss.",
    "M007": "Take `dates` out of that field: only fields that hold days have a form of dates.",
    "M008": "Fill each field in one way: from a column, or with `always`.",
    "M009": "Write `reads: children` for an extract without audits, and `reads: audits` for forms; "
    "`child` and `work` belong to the first.",
    "M010": "Fill the table `audits` from the file of audits, or write `reads: children`.",
    "M020": "Give a file with a header row, and some rows of what the system holds. A mapping can "
    "also be written by hand: docs/how-to/map-a-system.md.",
    "M021": "Give a file that is not there yet, or take the old one away first.",
}
CALENDAR = {
    "M700": "Write the report as `html` and print it from the browser, or as `docx`; "
    "Typst has no build for Windows on ARM.",
    "C001": "Put `from` and `to` in the right order.",
    "C002": "Move the day, or let the calendar reach so far.",
    "C003": "A bank holiday on a weekend has a substitute day: give that one, or take the day out.",
    "C004": "Add the bank holidays of that year, or end the calendar before it. A year without "
    "them would give wrong numbers of working days in silence.",
}
RULEBOOK = {
    "R001": "Look for a slip of the keys: the message names the nearest key, or all that are "
    "known.",
    "R002": "Add the key. The example in another rule file of the same kind shows how.",
    "R003": "Write the value as the message says. Days are written 2025-01-31, lengths of time "
    "`10 working days`, and yes and no as words.",
    "R004": "Use one of the values that the message lists.",
    "R005": "Each value is right by itself, but they do not go together. The message says what "
    "must be so.",
    "R010": "A rulebook is a folder with rulebook.yaml, fields.yaml, judgement.yaml, a "
    "calendar, and a folder of standards for each stage.",
    "R011": "Move the file to the folder of a stage, or add the stage to rulebook.yaml.",
    "R012": "Give each entry of a list a name of its own. The engine keeps a few names for itself.",
    "R020": "Use a name that rulebook.yaml lists, or add it there.",
    "R021": "Use a name that fields.yaml lists, or add the field there. `trigger.` and `audit.` "
    "come before fields of the trigger row and of the audit.",
    "R022": "Compare a field only with what it can hold: a number with a number, a day with a "
    "day, a choice with one of its values.",
    "R023": "Add the part that the message names. docs/reference/semantics.md says what each "
    "kind of measure needs.",
    "R024": "Name a field there (`trigger.start_date`), not a table.",
    "R025": "Put the versions in the order of their `from`, each from a day of its own.",
    "R026": "Use only the values that the message lists. Every branch of a choice has to give "
    "the value.",
    "R027": "Add an example that gives this outcome. It shows readers what the standard means, "
    "and `audit rules test` runs it.",
    "R028": "Give one of the two another id.",
    "R029": "Write the example's record as an audit would be written: one `audits` row, and a "
    "list of rows for each other table.",
    "R040": "Give the folders from the bottom up: the whole rulebook first, each overlay after "
    "the one that its `over` names.",
    "R041": "Give each folder once, and each overlay an id of its own.",
    "R042": "Change `over` in one of them: the lowest overlay is over a whole rulebook.",
    "R043": "Give one folder with rulebook.yaml first. Every other folder is an overlay, with "
    "overlay.yaml and without rulebook.yaml.",
    "R044": "An overlay changes what is there. Look the name up with `audit rules list` and "
    "`audit rules show`; what is new goes into a file of its own, or under `adds`.",
    "R045": "Take the change out. If it did something once, the book beneath has come to say the "
    "same; look whether the reason still holds.",
    "R046": "Keep one of the two changes. A group of keys and a key in it are the same value.",
    "R047": "Change what is there under `changes`, or give what is new a name of its own.",
    "R048": "Leave it as it is. What belongs to the overlay itself is changed in its own file.",
    "R049": "A limit that a council sets for itself is `local`, whatever the limit before it was. "
    "Where a law or guidance asks for the new one, name that as its source.",
    "R030": "The limit of `partly_met` has to be looser than that of `met`, or leave it out.",
    "R031": "Write a limit that a record can meet and can miss: not below 0, and not above 100 "
    "where it is a per cent.",
    "R050": "Change one of the conditions that cannot hold together, or retire the standard.",
    "R051": "Add the version that was in force before, with its own source. If there was none, "
    "nothing is wrong: what began before that day is reported as not assessable.",
    "R052": "Take the version out, or write into it what is new.",
    "R053": "Look at the source, put the standard right if it has changed, and write the day into "
    "`checked`.",
    "R054": "Put the branch with the narrower condition first, or take one of the two out.",
    "R055": "Retire one of the two, or make them ask different things: one miss counts twice.",
    "R056": "Add an example whose record fills the field, so that a wrong name would show.",
    "R057": "Say in `why` what goes wrong for the child, and in `because` what was found.",
    "R058": "Add the limit to the version, or leave its name out of the message.",
    "R059": "Copy the whole address from the browser.",
    "R060": "Add the paragraph (`paragraph: Regulation 28`), or choose another level.",
    "R061": "Change the example so that it shows something else, or take it out.",
    "R301": "Use a grade that rulebook.yaml lists.",
    "R302": "Use a domain that rulebook.yaml lists.",
    "R303": "Give one of the two rules another id.",
    "R304": "Say what the rule does: a cap, an alert or a route. A cap at the best grade caps "
    "nothing.",
    "R305": "Move the rule to a list whose rules may do that, or take the effect out.",
    "R306": "Move the rule to a list whose rules may ask that, or ask something else.",
    "R307": "Use a number within the range that the message gives.",
    "R308": "As it is written the rule never fires. Change the condition or take the rule out.",
    "R070": "Put what is asked for in the place of FILL; the comment beside it says what.",
    "R309": "Join rules or conditions that say the same, or do without some.",
    "R310": "Ask for smaller numbers, or count the same findings in several rules, so that "
    "every pattern can still be tried.",
    "R311": "Write the rule in another way: the rule engine was shown to go wrong with this one.",
    "R330": "A warning. What the rule asks for cannot come about with the live standards of the "
    "book: too few of them, of another severity, or none that gives the outcome. Change what it "
    "asks, or take it out.",
    "R331": "A warning. Take the rule out, or write `backstop: yes` beside it if it is kept in "
    "case other rules change.",
    "R332": "A warning. Take one of the two rules out.",
    "R333": "Let the rule ask for the worse outcomes too: one that asks for `partly_met` also for "
    "`not_evidenced` and `not_met`. The help line shows a finding whose turning for the worse "
    "raises the grade; `audit rules prove` shows the case in full.",
    "R334": "A warning. The numbers that the rules of the whole audit ask for are so large that "
    "looking at every pattern would take long. Ask for smaller numbers, or run `audit rules "
    "prove` and wait.",
    "R340": "Put the first day of the outage in `from` and the last in `to`.",
    "R341": "Take one of the two out.",
}
SYNTHETIC = {
    "S001": "Ask for a number of audits within the range that the message gives.",
    "S002": "Use one of the formats that the message lists.",
    "S003": "Name another place, or take away what is there: nothing is overwritten.",
    "S004": "Ask for fewer audits, or for another format.",
    "S005": "Name another place, or make room there.",
}
USAGE = {
    "U001": "Use formats that the message lists, with commas between them.",
    "U002": "Give another folder with --out, or make room there. Nothing was half written.",
    "U003": "Give a folder with --out, or leave --write out.",
    "U004": "Give a folder outside the batch with --out: a later run would take the results for a "
    "part of the batch.",
    "U010": "Check the spelling. An audit is looked up in the batch that --batch names.",
    "U011": "Either the example or the standard is wrong. The line below the message says what "
    "was found, in the standard's own words.",
    "U020": "Check the path. A rule file lies in the folder of its stage, inside the folder that "
    "holds rulebook.yaml.",
    "U021": "Run the command once for each rulebook.",
    "U040": "Choose an id that no standard has: capitals, a hyphen and digits, such as `CP-09`.",
    "U041": "Use a name that stands in rulebook.yaml, or add one there first.",
    "U042": "Give another title, or edit the file that is there: nothing is overwritten.",
    "U043": "Go to the folder that holds your rules, or name them with --rules. The rules that "
    "come with the tool are not edited where they are installed.",
    "U030": "Name what the edited rules are held against: a copy of the folder from before, or a "
    "revision of git.",
    "U031": "Install git, or keep a copy of the folder from before the edit and name it with "
    "--against.",
    "U032": "Name a copy of the folder from before the edit with --against.",
    "U033": "Use the name of a branch or tag, or the number of a commit: `git log --oneline` lists "
    "them.",
    "U034": "The folder was called otherwise, or was not there yet. Use a later revision.",
    "U022": "A standard is a file such as `rules/child_protection/visits.yaml`.",
}
YAML = {
    "U013": "Name the forms with --batch, and the records with --records.",
    "U012": "`audit rules list` lists every standard with its stage, level and status.",
    "Y001": "Save the file as plain text in UTF-8.",
    "Y002": "Look at the place that is named: mostly it is the indentation, a colon, a quote or "
    "a bracket.",
    "Y003": "Look for a bracket that is not closed.",
    "Y004": "Write the text out again where it is needed: rule files have no short cuts, so "
    "that each can be read by itself.",
    "Y005": "Take the tag out. Text that begins with `!` needs quotes.",
    "Y006": "Take one of the two out: only one of them would count.",
    "Y007": "Write `key: value`, with a plain word as the key.",
    "Y008": "Keep one document in a file: take out the line `---`.",
    "Y009": "Split the file.",
    "Y010": "Write the file, or take it out of the folder.",
    "Y011": "Take the line out, or put the text in quotes.",
    "Y012": "Line the item up with the others, or put the whole text in quotes.",
}

QUALITY = {check.code: check.advice for check in CHECKS.values()}

EXTRACT = {
    "K001": "A performance extract has a row for each indicator, and columns `indicator` and "
    "`standard` beside its figures. docs/reference/reconcile.md lists them.",
    "K002": "Write a row for each indicator below the names of the columns.",
    "K003": "Write the id of the standard that the indicator stands for, such as CP-05. "
    "`audit rules list` lists them.",
    "K004": "Write the percentage of cases that achieved what is asked, between 0 and 100.",
    "K005": "The numerator counts some of those that the denominator counts: put the wrong one "
    "right.",
    "K006": "Keep one row for an indicator in a period and team.",
    "K007": "Write a percentage, or a numerator and a denominator above 0. A suppressed figure "
    "cannot be held against anything.",
    "K008": "A cell that Excel shows as 85% holds 0.85, and is read as 85%. If 0.85 was meant as "
    "less than one per cent, write the numerator and the denominator.",
    "K009": "Put the wrong one right: the percentage has to be that of the two counts, up to "
    "one per cent.",
    "K010": "Write the name of the indicator as its row does, and one row for a child and "
    "indicator.",
    "K011": "--key-file takes the name of a file that holds the key. `--new-key` makes one.",
    "K012": "A key file holds 64 hexadecimal digits on one line, and nothing else. `--new-key` "
    "makes one.",
    "K013": "Ids are few, and whoever guesses the key can try them all. `--new-key` makes a key "
    "from the randomness of the system.",
    "K014": "Leave `--new-key` out to use the key that is there. Without it, the same ids could "
    "not be given the same pseudonyms again.",
    "K015": "Whoever has the key can find out who is who. Keep it out of what you share.",
    "K016": "Check that the folder is there and that you may write to it.",
    "K017": "`--hash` replaces names of teams and providers by pseudonyms. Ids of children, "
    "audits and staff are always replaced.",
    "K018": "Write days as 2025-01-31 or 31/01/2025, counts as whole numbers, yes or no.",
    "K019": "Put the wrong day right.",
}

ADVICE: Mapping[str, str] = {
    **BATCH,
    **MAPPING,
    **CALENDAR,
    **EXTRACT,
    **LEDGER,
    **REPORT,
    **MODERATING,
    **QUALITY,
    **RULEBOOK,
    **SAMPLE,
    **SCALE,
    **SPARK,
    **SYNTHETIC,
    **USAGE,
    **YAML,
}
