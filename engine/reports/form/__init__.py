"""The auditors' form: a blank workbook for one audit, made from the dictionary and the rulebook."""

from engine.reports.form.workbook import write_form

__all__ = ["write_form"]
