"""What to do about each problem of the ledger."""

LEDGER = {
    "M101": "`audit sample` begins a ledger beside the batch. If yours is elsewhere, give it with "
    "`--ledger`.",
    "M102": "Make the folder, or check the spelling of the path. A path with blanks needs quotes.",
    "M103": "The ledger is one file, mostly called `audit-ledger.sqlite`, beside the batch. It is "
    "neither a workbook nor a folder, and no program but this one is to save it.",
    "M104": "Somebody wrote to the ledger with a newer version of this tool. Install that version "
    "or a newer one.",
    "M105": "The file or its folder is write-protected, or somebody has it open in a way that "
    "keeps others out. Ask whoever keeps it for the right to change it.",
    "M106": "Make room on the disk, or connect the network drive again, and repeat the command. "
    "What was in the ledger before is whole, and nothing of the command that failed is in it.",
    "M107": "Wait until the other command has ended and repeat yours. If none runs, close the "
    "programs that have the file open: backup, synchronising or a viewer of databases.",
    "M108": "Run `audit ledger verify`: it says which entries are no longer as they were written. "
    "Fetch the last whole copy from the backup, and find out who changed the file.",
    "M109": "Write postgresql://user@server/database, or give the path of a file.",
    "M110": 'Install it beside the tool: `pip install "practice-audit[postgresql]"`.',
    "M111": "Check the name of the server and the network, such as the VPN, and ask whoever keeps "
    "the server whether it runs. If it happened while something was written, look with "
    "`audit ledger show` before you repeat it.",
    "M112": "Check the user, the password and the name of the database in the address. A user of "
    "the ledger needs the right to read and to insert, and no more.",
    "M113": "The text was copied from where characters are written otherwise. Type the words "
    "again, or leave the odd character out.",
    "M114": "Copy the head from the report: a number, a colon and 64 letters and digits.",
    "M115": "Check the spelling of the audit's id. `audit ledger show` without an id lists all.",
}
