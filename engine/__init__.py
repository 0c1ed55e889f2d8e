"""Score practice audits of children's social care files against YAML standards.

Data flows one way: rulebook and records → findings → judgements → reports.
`engine.pipeline` alone composes the stages.
"""

import os

# openpyxl takes another XML parser wherever a package brings one; damaged and hostile workbooks
# are tried with this one
os.environ.setdefault("OPENPYXL_LXML", "False")

__version__ = "0.1.0"
