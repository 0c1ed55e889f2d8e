"""Statistics of moderation: the draw, estimates of the batch, agreement, leniency and power.

In: arrays, an element an audit. Out: arrays and frozen dataclasses. All of it is pure: NumPy and
SciPy, seeds as arguments, nothing of files, rulebooks or people. Statistics describe a batch and
say where to look next; they never change one child's file.
"""
