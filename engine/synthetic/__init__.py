"""Synthetic batches of audits, of any size, with realistic skew and known truth.

In: how many, a seed and the dictionary of fields. Out: a batch that any reader takes, and beside
it the truth: how lenient each auditor is, how good the practice was, which answers contradict the
record. It must not know the standards beyond their ids, nor how a batch is scored.
"""

from engine.synthetic.order import CODES, FORMATS, Manifest, Order
from engine.synthetic.run import synthesise

__all__ = ["CODES", "FORMATS", "Manifest", "Order", "synthesise"]
