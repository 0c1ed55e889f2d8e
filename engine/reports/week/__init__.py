"""The report of a Listening & Learning week: one document, drawn in every format.

`document` says what a report is made of; the sections fill it, the audience masks it, and the
formats draw it without knowing what it is about.
"""
