"""Findings: what the record shows of each standard, compiled to columnar plans and run in slices."""
