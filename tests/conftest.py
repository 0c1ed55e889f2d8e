"""No test reads or writes what the user's own runs keep."""

import os

os.environ["AUDIT_CACHE"] = "off"
