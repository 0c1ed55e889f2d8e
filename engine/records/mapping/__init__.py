"""Column mappings: a YAML file that says which column of a system is which field of ours.

In: a mapping and a source of CSV files or workbooks. Out: a filled stage, like any reader's; or a
proposal of a mapping. It must not know the command line.
"""

from engine.records.mapping.load import load_mapping
from engine.records.mapping.model import MappingFile

__all__ = ["MappingFile", "load_mapping"]
