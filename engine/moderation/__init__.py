"""Moderation: who looks at which audit again, what they decide, and the ledger that keeps it.

In: scored audits and what people decided of them. Out: entries of an append-only ledger, and what
they add up to. Nothing here computes a cap or a statistic; no decision is ever changed, only
followed by another.
"""
