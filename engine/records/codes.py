"""The codes of everything that can be wrong with a batch: B and three digits.

B0: the batch cannot be read at all. B1: a warning, nothing is put aside. B2: a row whose shape is
broken. B3: a cell that cannot be read. B4: a row at odds with the other rows.
"""

CODES: dict[str, str] = {
    "B001": "the path does not exist or cannot be read",
    "B002": "the content is in no format that is read here",
    "B003": "the folder holds no audits",
    "B004": "no audit could be read",
    "B005": "the workbook is protected by a password or a sensitivity label",
    "B006": "the workbook is in the old .xls format",
    "B007": "the file unpacks to more than can be read safely",
    "B008": "the folder holds several batches",
    "B009": "the file is damaged",
    "B101": "a table, sheet or file that is not in the dictionary was not read",
    "B102": "a column or key that is not in the dictionary was not read",
    "B103": "the text was not UTF-8 and was read in another encoding",
    "B104": "a hidden sheet was read",
    "B105": "rows were recorded before they happened",
    "B106": "a file beside the batch was not read",
    "B107": "a table stands twice in the batch and both were read",
    "B108": "a list of the return says nothing that a standard asks for",
    "B201": "a row has more or fewer cells than the header",
    "B202": "a line or document is not well formed",
    "B203": "a value has the wrong shape: a list, an object or one value was expected",
    "B204": "a cell shows an Excel error or a formula without a result",
    "B205": "a column or key stands twice and the two differ",
    "B206": "a row names another audit than the one it stands in",
    "B301": "a field that must be filled is blank",
    "B302": "a date cannot be read",
    "B303": "a date is not believable",
    "B304": "a yes or no cannot be read",
    "B305": "a value is not among those allowed",
    "B306": "a number cannot be read",
    "B307": "a number is out of range",
    "B308": "a month cannot be read",
    "B401": "the same row stands twice; the first is kept",
    "B402": "rows with the same key differ; none is kept",
    "B403": "the row belongs to an audit that is not in the batch",
    "B404": "an end lies before its start",
    "B405": "the row's audit was put aside and takes the row with it",
}
