"""Score practice audits of children's social care files against YAML standards.

Data flows one way: rulebook and records → findings → judgements → reports.
`engine.pipeline` alone composes the stages.
"""

__version__ = "0.1.0"
