"""A resource ready to be stored: its JSON, and the columns that filter and sort it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from app.dataset.derive import Value
from app.dataset.resolve import Choice
from app.dates import first_day, last_day
from app.likeness import searchable
from app.tables import SnapshotTable

_FOLDED_TEXTS = 1 << 14


class Rendered(NamedTuple):
    """A resource ready to be stored: its JSON, its filter and sort columns, and its tags."""

    table: type[SnapshotTable]
    id: str
    body: str
    columns: Mapping[str, Any]
    tags: frozenset[tuple[str, str]] = frozenset()


def rendered(
    table: type[SnapshotTable],
    resource: BaseModel,
    columns: Mapping[str, Any],
    tags: set[tuple[str, str]] | None = None,
) -> Rendered:
    """Render a resource to the JSON that is served."""
    body = resource.model_dump_json()
    return Rendered(table, str(columns["id"]), body, columns, frozenset(tags or ()))


def day_columns(name: str, date: str | None) -> dict[str, str | None]:
    """Return the first and the last day that a partial date may mean."""
    return {
        f"{name}_first": first_day(date) if date else None,
        f"{name}_last": last_day(date) if date else None,
    }


def money_columns(name: str, choice: Choice | None) -> dict[str, float | None]:
    """Return an amount in USD and its bounds."""
    bounds = choice.chosen.usd_bounds if choice else None
    return {
        name: choice.chosen.usd if choice else None,
        f"{name}_low": bounds.low if bounds else None,
        f"{name}_high": bounds.high if bounds else None,
    }


def value_columns(name: str, value: Value) -> dict[str, float | None]:
    """Return a derived value and its bounds."""
    return {name: value.nominal, f"{name}_low": value.bounds.low, f"{name}_high": value.bounds.high}


@lru_cache(_FOLDED_TEXTS)
def folded(text: str) -> str:
    """Fold a text, such as a name or a place in a source, that comes again and again."""
    return searchable(text)


def search_text(*texts: str | None) -> str:
    """Return the folded text that `q` looks through."""
    return " ".join(filter(None, (folded(text) for text in texts if text)))
