"""What to do about problems of large batches: memory, room on the disk, tables in parts."""

SCALE = {
    "B600": "Write a number and a unit, such as `--memory 2GB`; 256 MiB are the least.",
    "B601": "Give more with --memory if the machine has more, or go by parts: split the batch into "
    "several folders, each with all rows of some of the audits, and score one after another.",
    "B602": "The scratch of a large batch takes about as much room as its files. Make room, or let "
    "the variable TMPDIR (on Windows TEMP) name a folder on a larger disk.",
    "B603": "The rows of that part are read as blank in the column, which may count against the "
    "case. Write the part again if what made it has the column.",
    "B604": "Write all parts of a table with the same types. A column that is text in one part and "
    "a day in another can be read; a number and a day cannot.",
    "B605": "Look whether the part was left behind when the folder was copied. If there never was "
    "one, nothing is wrong.",
    "U050": "Wait until the other run is done, or give another folder with --out. A run that was "
    "killed holds nothing: the same command goes on from its finished parts.",
}
