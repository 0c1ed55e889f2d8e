"""What to do about each problem of `audit sample`, `audit rehearse` and moderators' workbooks."""

SAMPLE = {
    "M400": "Name everybody who moderates, with their team: nobody then moderates their own team's "
    "work.",
    "M401": "The audit was drawn and stays in the sample. Give the same command again with another "
    "moderator added, and it is given to them; all else stays as it is.",
    "M402": "Second grades show how far moderators agree. Fewer are no mistake; add moderators of "
    "other teams before the next draw.",
    "M403": "Make a table with the columns `name`, `team` and `id` in Excel, and save it as a "
    "workbook or as CSV. The id is the one that the person has as an auditor or worker in the "
    "batch.",
    "M404": "Each row of the table is one person.",
    "M405": "Look at the list and at what stands on the command line: a name in both counts twice.",
    "M406": "Audits without an overall grade of the auditor are not in the draw.",
    "M407": "A sample is drawn once: drawing until one likes it would make every estimate "
    "worthless. Take up the draw that stands, or, if it was a mistake and nobody has graded yet, "
    "begin another ledger.",
    "M408": "Moderation holds a second person's grade against the auditor's. A return or an "
    "extract of a case management system has none; give the forms, and the extract as `--records`.",
    "M409": "Give the number of the audit as it stands in the batch. An audit that was drawn is "
    "moderated already.",
    "M410": "The reason stays in the ledger, since a file that somebody picked must never count as "
    "one that was drawn.",
    "M411": "Probabilities were worked out from the batch as it was. Keep that batch unchanged "
    "until the week is over; a corrected fact is for `audit moderate rescore`.",
    "M412": "A seed is any whole number: written down, it lets anybody repeat the draw.",
    "M413": "The ledger is kept beside the batch, and standard input has no place.",
    "M420": "Give the workbook itself, with the sheet `Read me first` as it was.",
    "M421": "Somebody renamed or deleted a heading or a sheet. Copy the grades into the workbook "
    "as it was sent out.",
    "M422": "Choose the grade from the drop-down list.",
    "M423": "The number of the audit in the first column was deleted or moved.",
    "M424": "Choose the reason from the drop-down list; what it does not have goes into the note.",
    "M425": "Sections, reasons or a note are filled in and the overall grade is not.",
    "M426": "Rows were copied. Keep one of them.",
    "M427": "Above the cap a grade needs somebody else who has looked and agrees.",
    "M428": "The sections in the second column are not to be changed.",
    "M430": "The auditor's grades are shown only to somebody whose own grade is sealed in the "
    "ledger.",
    "M440": "Only the maker of a synthetic batch knows the true grades. Real moderators moderate a "
    "real batch.",
    "M441": "Give the folder that was named with `--out`.",
    "M442": "The folder holds workbooks of another batch.",
    "M443": "A rehearsal never writes over what a person wrote. Write the workbooks anew with "
    "`audit sample` into another folder.",
}
