"""A mapping as models: which files and sheets, which columns, and what their values mean."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from engine.records.mapping.dates import DateForm
from engine.rulebook.model import Strict
from engine.rulebook.scalars import Fault, Name, Text, YesNo

BLANK = "blank"


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


Form = Annotated[
    DateForm,
    BeforeValidator(DateForm.parse),
    PlainSerializer(lambda form: form.text),
    WithJsonSchema({"type": "string", "examples": ["DD/MM/YYYY", "YYYY-MM-DD HH:mm"]}),
]
Several = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more)]
Names = Annotated[Several, Field(min_length=1)]


class Filled(Strict):
    """How a field is filled: from a column, or with one value in every row.

    A text alone names the column.
    """

    column: Names | None = None
    """the column as its header names it; of several, the first that is filled"""
    always: Text | None = None
    """the value in every row"""
    values: dict[Text, str | None] = Field(default_factory=dict)
    """what the column's own words mean here; no value: blank"""
    otherwise: Text | None = None
    """what any word that is not among `values` means; `blank` leaves the field blank"""
    dates: Form | None = None
    """how the column writes its dates"""

    @model_validator(mode="before")
    @classmethod
    def _column_alone(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the YAML held
        return {"column": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_way(self) -> "Filled":
        if (self.column is None) == (self.always is None):
            said = "a field is filled either from a `column` or with one value, `always`"
            raise Fault(said, "write `column: Header` or `always: value`", code="M008")
        if self.always is not None and (self.values or self.otherwise or self.dates):
            said = "`always` stands alone: there is no column whose words could mean something"
            raise Fault(said, "take the other keys out", code="M008")
        if self.otherwise and not self.values:
            said = "`otherwise` needs `values`, from which the other words are told"
            raise Fault(
                said, "add `values: {their word: our word}`", code="M008", at=("otherwise",)
            )
        return self


class Asked(Strict):
    """What a column must hold for its row to be read; a text or a list gives the words."""

    is_: Annotated[Names | None, Field(alias="is")] = None
    """one of these words"""
    is_not: Names | None = None
    """none of these words"""
    filled: YesNo | None = None
    """`yes`: anything; `no`: nothing"""

    @model_validator(mode="before")
    @classmethod
    def _words_alone(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the YAML held
        return {"is": value} if isinstance(value, str | list) else value


class Mapped(Strict):
    """One table of ours that is filled from files or sheets of the system."""

    table: Name
    """the table that is filled"""
    from_: Annotated[Names, Field(alias="from")]
    """the file or sheet; `*` stands for any letters"""
    child: Names | None = None
    """the column with the child's number, where the mapping reads children"""
    where: dict[Text, Asked] = Field(default_factory=dict)
    """which rows are read: what their columns must hold"""
    fields: dict[Name, Filled] = Field(default_factory=dict)
    """the fields that are filled"""
    each: tuple[dict[Name, Filled], ...] = ()
    """several rows from one: further fields for each of them"""
    dates: Form | None = None
    """how its columns write dates"""
    holds: Literal["complete", "latest_only"] = "complete"
    """`latest_only`: the system hands out the latest entry alone"""
    work: Name | None = None
    """the kind of work that each row is a spell of, where the mapping reads children"""
    ignore: Several = ()
    """columns that are of no use here"""


class MappingFile(Strict):
    """A whole mapping."""

    system: Text
    """the system that the files come from"""
    reads: Literal["audits", "children"] = "audits"
    """`audits`: forms with the number of an audit; `children`: each child becomes a record check"""
    dates: Form | None = None
    """how the system writes dates"""
    tables: Annotated[tuple[Mapped, ...], Field(min_length=1)]
    """what is read, table by table"""
    ignore: Several = ()
    """files and sheets that are of no use here"""
