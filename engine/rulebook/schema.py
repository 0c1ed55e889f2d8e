"""JSON Schemas of the rule files, for editors: they complete keys and underline mistakes.

The models go in, JSON text by file name goes out.
"""

import json

from engine.rulebook.book import Book
from engine.rulebook.fields import Fields
from engine.rulebook.judgement import Judgement
from engine.rulebook.model import Strict
from engine.rulebook.promises import Promises
from engine.rulebook.standard import Standard

MODELS: dict[str, type[Strict]] = {
    "standard": Standard,
    "judgement": Judgement,
    "promises": Promises,
    "fields": Fields,
    "rulebook": Book,
}


def schemas() -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    return {f"{name}.schema.json": _text(model) for name, model in MODELS.items()}


def _text(model: type[Strict]) -> str:
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
