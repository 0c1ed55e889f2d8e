"""Findings: what the record shows of each standard, as columnar plans that run in slices."""
