"""What to do about each problem of the report of a week."""

REPORT = {
    "M500": "Write `panel` (names stand), `leaders` (auditors, moderators and owners without "
    "names) or `published` (grades merged, small numbers hidden).",
    "M501": "Write any of html, pdf, xlsx, docx and csv, with commas between them.",
    "M502": "Give the name that stands on the report, in quotes: "
    '`--week "Listening & Learning, January 2026"`.',
    "M503": "Check the path. Without `--ledger` the ledger beside the batch is taken, and where "
    "there is none the report is made without moderation.",
    "M504": "Give the ledger of the week before with `--previous`: the file "
    "`audit-ledger.sqlite` that lies beside the batch of that week. Or leave it out.",
    "M505": "The ledger given with `--previous` has no draw but this week's. Give the one that "
    "was kept of the week before; it may be this week's ledger, if that week stands in it too.",
    "M506": "The report is whole. Only the note in the ledger that it was made is missing: the "
    "ledger is write-protected, or somebody else was writing to it.",
    "M507": "The batch was changed after the files were drawn. Grades and caps are taken from the "
    "batch as it is now; moderators' grades from the ledger.",
    "M508": "These audits came to the batch after the draw, so nothing could draw them. They are "
    "counted, and no estimate speaks of them. If there are many, you may have given the ledger of "
    "another batch.",
    "M509": "The ledger knows audits that the batch does not hold. You may have given another "
    "week's ledger, or a part of the batch.",
}
