"""The rulebook: YAML with places → pydantic models → one checked, frozen `Rulebook`."""
