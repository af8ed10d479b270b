"""What a reader of a dataset has to say about it: each error and warning with its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from app.likeness import nearest, slug


class Level(StrEnum):
    """An error keeps a dataset from being loaded; a warning is for a person to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to look at; `line` counts from 1, the header's line."""

    file: str
    line: int
    column: str | None
    value: str | None
    reason: str
    suggestion: str | None = None
    level: Level = Level.ERROR

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the finding as `airounds check --json` prints it."""
        return asdict(self)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" + (f": {self.column}" if self.column else "")
        value = "" if self.value is None else f" '{visible(shorten(self.value))}'"
        return f"{place}:{value} {self.advice}"

    @property
    def advice(self) -> str:
        """The reason, and what was most likely meant."""
        return self.reason + (f" (did you mean {self.suggestion}?)" if self.suggestion else "")


def warning(
    file: str,
    line: int,
    column: str | None,
    value: str | None,
    reason: str,
    *,
    suggestion: str | None = None,
) -> Finding:
    """Return a finding that keeps nothing from loading."""
    return Finding(file, line, column, value, reason, suggestion, Level.WARNING)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings as a person mends them: by file and line."""
    return sorted(
        findings, key=lambda found: (found.file, found.line, found.column or "", found.reason)
    )


def shorten(value: str, length: int = 80) -> str:
    """Cut a long cell, so that a message stays a line."""
    return value if len(value) <= length else value[: length - 1] + "…"


def visible(text: str) -> str:
    """Write what a terminal would obey, or show as nothing, as the escape that Python has for it."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def explain(
    file: str, line: int, row: Mapping[str, str], error: ValidationError
) -> Iterator[Finding]:
    """Turn what a record's model says of a row into findings, one a cell."""
    told = set()
    for problem in error.errors(include_url=False):
        context = problem.get("ctx", {})
        if problem["type"] == "cells":
            for column, reason in context["wrong"].items():
                yield Finding(file, line, column, row[column], reason)
            continue
        column, *item = problem["loc"]
        if column in told:
            continue
        told.add(column)
        cell = row[str(column)]
        if item and isinstance(item[0], int):
            cell = cell.split("|")[item[0]]
        reason, suggestion = _reason(cell, problem["type"], problem["msg"], context)
        yield Finding(file, line, str(column), cell, reason, suggestion)


def _reason(
    cell: str, kind: str, message: str, context: Mapping[str, Any]
) -> tuple[str, str | None]:
    match kind:
        case "enum":
            listed = context["expected"].replace("'", "").replace(" or ", ", ")
            reason = f"not one of {listed}" if cell else f"missing: one of {listed}"
            return reason, nearest(cell, listed.split(", "))
        case "string_pattern_mismatch":
            reason = "not a slug: lower-case letters, digits and hyphens, such as moonshot-ai"
            return (reason if cell else "missing"), slug(cell)
        case "string_too_short":
            return "missing", None
        case "less_than_equal":
            return f"too large: at most {context['le']}", None
        case "value_error":
            return str(context["error"]), None
        case _:
            return message, context.get("suggestion")
