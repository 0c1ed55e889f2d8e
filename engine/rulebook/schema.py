"""JSON Schemas of the rule files, for editors: they complete keys and underline mistakes.

The models go in, with the lists and the dictionary of a rulebook so that names can be completed
too; JSON text by file name goes out. A schema is stricter than nothing and looser than
`audit rules check`: what it underlines is always a mistake.
"""

import json
from typing import TYPE_CHECKING, Any

from engine.rulebook.book import Book
from engine.rulebook.fields import Fields
from engine.rulebook.judgement import Judgement
from engine.rulebook.model import Strict, meanings, models
from engine.rulebook.outages import Outages
from engine.rulebook.overlay import Overlay
from engine.rulebook.promises import Promises
from engine.rulebook.schema_names import with_names
from engine.rulebook.standard import Standard

if TYPE_CHECKING:
    from pydantic import BaseModel

Schema = dict[str, Any]
MODELS: dict[str, type[Strict]] = {
    "standard": Standard,
    "judgement": Judgement,
    "promises": Promises,
    "outages": Outages,
    "fields": Fields,
    "rulebook": Book,
    "overlay": Overlay,
}


def schemas(book: Book, fields: Fields) -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    return {f"{name}.schema.json": _text(name, book, fields) for name in MODELS}


def _text(name: str, book: Book, fields: Fields) -> str:
    schema = _plain(_described(MODELS[name].model_json_schema(by_alias=True), MODELS[name]))
    if name == "standard":
        schema = with_names(schema, book, fields)
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _described(schema: Schema, top: type[Strict]) -> Schema:
    """Say of each field what it is for."""
    named = {model.__name__: model for model in models()}
    parts: list[tuple[type[BaseModel], Schema]] = [(top, schema)]
    parts += [(named[name], part) for name, part in schema["$defs"].items() if name in named]
    for model, part in parts:
        for name, told in meanings(model).items():
            key = model.model_fields[name].alias or name
            for one in (part, *part.get("anyOf", ())):  # a condition may also be a bare value
                if key in one.get("properties", {}):
                    one["properties"][key].setdefault("description", told)
    return schema


def _plain(part: Any) -> Any:
    """Take out what an editor would show and nobody could use: titles, nulls, discriminators."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "discriminator" in part:
        return _by_kind(part)
    # `title` as a key of properties is a field of ours; as text it is pydantic's name for one.
    kept = {
        key: _plain(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and not value)
    }
    if isinstance(kept.get("description"), str):  # so that an editor shows its backticks as code
        kept["markdownDescription"] = kept["description"]
    for key in ("anyOf", "oneOf"):
        if key in kept:
            kept[key] = [one for one in kept[key] if one != {"type": "null"}]
            if len(kept[key]) == 1:
                kept |= kept.pop(key)[0]
    return kept


def _by_kind(part: Schema) -> Schema:
    """Say what each kind takes as conditions on `kind`: an editor then knows which one is meant."""
    mapping = part["discriminator"]["mapping"]
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(mapping), "description": "how it is tested"}},
        "allOf": [
            {
                "if": {"required": ["kind"], "properties": {"kind": {"const": kind}}},
                "then": {"$ref": ref},
            }
            for kind, ref in mapping.items()
        ],
    } | ({"description": part["description"]} if "description" in part else {})
