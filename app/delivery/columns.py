"""The flat columns of a wire model, and the values that a resource has in them.

A column is named by the way to its value: `amount.source.url` is `amount_source_url`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import from_json

Row = list[Any]


class ColumnType(StrEnum):
    """What a column holds; each value may be null."""

    TEXT = "text"
    TEXTS = "list of texts"
    NUMBER = "number"
    INTEGER = "whole number"
    FLAG = "true or false"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the way to its value in the resource, and what it holds."""

    name: str
    path: tuple[str, ...]
    type: ColumnType


def columns_of(model: type[BaseModel], keys: Sequence[str] = ()) -> list[Column]:
    """Return the columns of a resource; `keys` are those that a mapping of texts has."""
    return list(_columns(model, (), keys))


def _columns(
    model: type[BaseModel], path: tuple[str, ...], keys: Sequence[str]
) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        way = (*path, name)
        kind = _plain(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _columns(kind, way, keys)
        elif get_origin(kind) is dict:
            yield from (Column(key, (*way, key), ColumnType.TEXT) for key in keys)
        else:
            yield Column("_".join(way), way, _type_of(kind))


def _plain(annotation: Any) -> Any:
    """Return an annotation without null and without what only describes it."""
    if get_origin(annotation) in (Union, UnionType):
        some = [part for part in get_args(annotation) if part is not NoneType]
        return _plain(some[0]) if len(some) == 1 else annotation
    if hasattr(annotation, "__metadata__"):
        return _plain(get_args(annotation)[0])
    return annotation


def _type_of(kind: Any) -> ColumnType:
    if get_origin(kind) is list:
        return ColumnType.TEXTS if get_args(kind) == (str,) else ColumnType.JSON
    if kind is bool:
        return ColumnType.FLAG
    if kind is int:
        return ColumnType.INTEGER
    if kind is float or get_origin(kind) in (Union, UnionType):
        return ColumnType.NUMBER
    return ColumnType.TEXT


def rows_of(bodies: Iterable[str | bytes], columns: Sequence[Column]) -> Iterator[Row]:
    """Return the values of each resource's columns, from its JSON."""
    paths = [column.path for column in columns]
    for body in bodies:
        resource = from_json(body)
        yield [_value(resource, path) for path in paths]


def _value(resource: Any, path: Sequence[str]) -> Any:
    for name in path:
        if resource is None:
            return None
        resource = resource[name]
    return resource
