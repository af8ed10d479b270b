"""Sorts: the fields that lists and groups are ordered by, and how a sort is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.likeness import nearest
from app.query.parameters import LONGEST_SORT

LONGEST_WORD = 80


def unknown_word(purpose: str, name: str, known: Iterable[str]) -> PydanticCustomError:
    """Say that a word isn't one of those to sort or group by, and which was meant."""
    names = list(known)
    context = {
        "purpose": purpose,
        "name": name[:LONGEST_WORD],
        "names": ", ".join(names),
        "suggestion": nearest(name, names),
    }
    return PydanticCustomError(
        "unknown_word", "there is no {name} to {purpose} by: take one of {names}", context
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """How a text of joined words is validated and documented; an annotation of its field."""

    check: Callable[[str], str]
    pattern: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate the text."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Document which words there are."""
        return {**handler(schema), "pattern": self.pattern, "maxLength": LONGEST_SORT}


class Key(NamedTuple):
    """A column that rows are ordered by, and whether it may be unknown where those before it are equal."""

    column: Mapped[Any]
    descending: bool
    may_be_unknown: bool


@dataclass(frozen=True, eq=False)
class SortBy:
    """The fields that a list can be sorted by, each with its columns, and how a sort is written."""

    fields: Mapping[str, Sequence[Any]]

    @property
    def description(self) -> str:
        """Say in words which sorts there are."""
        return (
            "Fields to sort by, joined by commas; `-` before a field sorts it in descending order. "
            f"Unknown values come last. One of: {', '.join(self.fields)}."
        )

    @property
    def terms(self) -> Terms:
        """How a sort is written."""
        term = f"-?({'|'.join(self.fields)})"
        return Terms(self._check, f"^{term}(,{term})*$")

    def keys(self, sort: str) -> list[Key]:
        """Return the columns of a sort, every column once.

        A field of two columns is a partial date: its last day is known where its first is.
        """
        keys: dict[str, Key] = {}
        for term in sort.split(","):
            for number, column in enumerate(self.fields[term.removeprefix("-")]):
                may_be_unknown = number == 0 and cast(Any, column).nullable
                key = Key(col(column), term.startswith("-"), may_be_unknown)
                keys.setdefault(str(column), key)
        return list(keys.values())

    def _check(self, sort: str) -> str:
        if len(sort) > LONGEST_SORT:
            raise PydanticCustomError("sort", "is longer than any sort of these fields need be")
        for term in sort.split(","):
            name = term.removeprefix("-")
            if not name:
                raise PydanticCustomError("sort", "has an empty term")
            if name not in self.fields:
                raise unknown_word("sort", name, self.fields)
        return sort
