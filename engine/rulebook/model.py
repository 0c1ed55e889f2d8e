"""The base of everything that an author writes in YAML: frozen, and unknown keys are errors."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        defer_build=True,
    )


@cache
def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Return what each field of a model is for: the text that stands below it, where there is one.

    It is looked for when an editor's schema or a message needs it. Pydantic would look for it
    whenever a command starts, which takes as long as reading a third of the rulebook.
    """
    told: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, Strict):
            told |= dict(_below(ast.parse(textwrap.dedent(inspect.getsource(owner)))))
    return told


def _below(module: ast.Module) -> Iterator[tuple[str, str]]:
    (owner,) = module.body
    assert isinstance(owner, ast.ClassDef)  # noqa: S101 - it is the source of a class
    for field, below in zip(owner.body, owner.body[1:], strict=False):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield field.target.id, inspect.cleandoc(str(below.value.value))


def models(base: type[BaseModel] = Strict) -> Iterator[type[BaseModel]]:
    """Yield every model of what authors write."""
    for model in base.__subclasses__():
        yield model
        yield from models(model)
