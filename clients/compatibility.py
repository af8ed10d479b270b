"""Whether a change of the OpenAPI document breaks the clients that were generated from it.

`make openapi-diff` compares the document with its golden copy, `make openapi` then writes that anew. A
change that breaks clients needs another version, whose section in the changelog has a line that begins
with `- Breaking:`.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.schemas import Change, compare_schemas, reachable

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The same part of both documents, and what to call it."""

    where: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def gone(self) -> Iterator[Change]:
        """Tell what isn't there any more: all of it breaks clients."""
        for name in self.before:
            if name not in self.after:
                yield Change(f"{self.where} {name}", "is gone", breaking=True)

    def new(self) -> Iterator[str]:
        """Name what is new."""
        return (name for name in self.after if name not in self.before)

    def both(self) -> Iterator[tuple[str, Any, Any]]:
        """Name what both have, with how it was and how it is."""
        return (
            (name, self.before[name], self.after[name])
            for name in self.before
            if name in self.after
        )


def compare(before: Document, after: Document) -> list[Change]:
    """Return what has changed between two documents, what breaks clients first."""
    changes = [*_compare_operations(before, after), *_compare_components(before, after)]
    return sorted(set(changes), key=lambda one: (not one.breaking, one.where, one.what))


def _compare_operations(before: Document, after: Document) -> Iterator[Change]:
    paths = _Sides("path", before["paths"], after["paths"])
    yield from paths.gone()
    for path in paths.new():
        yield Change(f"path {path}", "is new")
    for path, was, now in paths.both():
        operations = _Sides(f"path {path}: method", was, now)
        yield from operations.gone()
        for _, one, other in operations.both():
            yield from _compare_operation(path, one, other)


def _compare_operation(path: str, before: Document, after: Document) -> Iterator[Change]:
    where = f"{before['operationId']} ({path})"
    for key in ("operationId", "tags"):  # generated clients name their functions and modules so
        if before[key] != after[key]:
            yield Change(where, f"{key} was {before[key]} and is {after[key]}", breaking=True)
    yield from _compare_parameters(where, before, after)
    answers = _Sides(f"{where}: answer", before["responses"], after["responses"])
    yield from answers.gone()
    for status in answers.new():
        yield Change(f"{where}: answer {status}", "is new")
    for status, was, now in answers.both():
        for part in ("content", "headers", "links"):
            inside = _Sides(
                f"{where}: answer {status}: {part}", was.get(part, {}), now.get(part, {})
            )
            yield from inside.gone()
            for name in inside.new():
                yield Change(f"{inside.where} {name}", "is new")
            if part == "content":
                for media_type, one, other in inside.both():
                    at = f"{inside.where} {media_type}"
                    yield from compare_schemas(at, one["schema"], other["schema"], answered=True)


def _compare_parameters(where: str, before: Document, after: Document) -> Iterator[Change]:
    sides = _Sides(f"{where}: parameter", _parameters(before), _parameters(after))
    yield from sides.gone()
    for name in sides.new():
        required = sides.after[name].get("required", False)
        yield Change(f"{sides.where} {name}", "is new", breaking=required)
    for name, was, now in sides.both():
        if now.get("required") and not was.get("required"):
            yield Change(f"{sides.where} {name}", "is required now", breaking=True)
        one, other = was.get("schema", {}), now.get("schema", {})
        yield from compare_schemas(f"{sides.where} {name}", one, other, sent=True)


def _parameters(operation: Document) -> dict[str, Any]:
    return {one.get("name", one.get("$ref")): one for one in operation["parameters"]}


def _compare_components(before: Document, after: Document) -> Iterator[Change]:
    schemas = _Sides("schema", before["components"]["schemas"], after["components"]["schemas"])
    yield from schemas.gone()
    for name in schemas.new():
        yield Change(f"schema {name}", "is new")
    sent, answered = reachable(before, "parameters"), reachable(before, "responses")
    for name, was, now in schemas.both():
        yield from compare_schemas(
            f"schema {name}", was, now, sent=name in sent, answered=name in answered
        )


def permits(before: Document, after: Document, changelog: str) -> bool:
    """Tell whether clients may be broken: the version is another, and the changelog says how."""
    version = str(after["info"]["version"])
    section = re.search(rf"^## {re.escape(version)}\b.*?(?=^## |\Z)", changelog, re.M | re.S)
    told = section is not None and re.search(r"^- Breaking: ", section[0], re.M) is not None
    return version != before["info"]["version"] and told


def main(golden: Path, made: Path, changelog: Path) -> int:
    """Tell what has changed; returns 1 where clients break and nobody was told."""
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (golden, made))
    changes = compare(before, after)
    for change in changes:
        print(change)
    broken = any(change.breaking for change in changes)
    if broken and not permits(before, after, changelog.read_text(encoding="utf-8")):
        print("Clients break: raise the version, and say how in its changelog (`- Breaking: …`).")
        return 1
    print(f"{golden}: {len(changes)} changes, and none that breaks clients without a word")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
