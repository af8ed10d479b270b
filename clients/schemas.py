"""Whether a change of a JSON Schema breaks who sends what it describes, or who reads it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Schema = Mapping[str, Any]

_REFERENCE = "#/components/schemas/"
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_TOLD = ("description", "examples", "title")
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What has changed, where, and whether it breaks clients."""

    where: str
    what: str
    breaking: bool = False

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{'BREAKS CLIENTS' if self.breaking else 'compatible'}: {self.where} {self.what}"


def compare_schemas(
    where: str, before: Schema, after: Schema, *, sent: bool = False, answered: bool = False
) -> Iterator[Change]:
    """Return what has changed of a schema of what clients send, read, or both."""
    if before == after:
        return
    before, was_nullable = _without_null(before)
    after, nullable = _without_null(after)
    if nullable != was_nullable:
        breaking = answered if nullable else sent
        yield Change(where, "may be null now" if nullable else "is never null now", breaking)
    if _kind(before) != _kind(after):
        yield Change(where, f"was {_kind(before)} and is {_kind(after)}", breaking=True)
        return
    if before.get("default") != after.get("default"):
        told = f"was {before.get('default')} by default and is {after.get('default')}"
        yield Change(where, told, breaking=sent)
    yield from _compare_words(where, before, after, sent=sent, answered=answered)
    if sent:
        yield from _compare_limits(where, before, after)
    if any(before.get(key) != after.get(key) for key in _TOLD):
        yield Change(where, "is described in other words")
    yield from _compare_members(where, before, after, sent=sent, answered=answered)


def reachable(document: Mapping[str, Any], part: str) -> set[str]:
    """Name the schemas that the parameters or the responses of operations lead to."""
    operations = [one for path in document["paths"].values() for one in path.values()]
    found: set[str] = set()
    following = _references([operation.get(part, {}) for operation in operations])
    while following:
        found |= following
        schemas = [document["components"]["schemas"][name] for name in following]
        following = _references(schemas) - found
    return found


def _references(node: Any) -> set[str]:
    text = json.dumps(node)
    return set(re.findall(rf'"\$ref": "{_REFERENCE}(\w+)"', text))


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """Return what a schema is besides null, and whether it may be null."""
    kinds = schema.get("anyOf")
    if kinds is None:
        return schema, False
    others = [one for one in kinds if one != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    merged = {**rest, **(others[0] if len(others) == 1 else {"anyOf": others})}
    return merged, len(others) < len(kinds)


def _kind(schema: Schema) -> str:
    """Say what a schema is, as far as a client's type depends on it."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REFERENCE)
    if "anyOf" in schema:
        return " or ".join(sorted(map(_kind, schema["anyOf"])))
    return " ".join(filter(None, (schema.get("type", "anything"), schema.get("format"))))


def _compare_words(
    where: str, before: Schema, after: Schema, *, sent: bool, answered: bool
) -> Iterator[Change]:
    was, now = before.get("enum", []), after.get("enum", [])
    for word in was:
        if word not in now:
            yield Change(where, f"has no {word} any more", breaking=sent)
    for word in now:
        if word not in was:
            yield Change(where, f"has {word} now", breaking=answered)


def _compare_limits(where: str, before: Schema, after: Schema) -> Iterator[Change]:
    for limit in (*_LEAST, *_MOST):
        was, now = before.get(limit), after.get(limit)
        if was != now:
            narrower = now is not None and (was is None or (now > was) == (limit in _LEAST))
            yield Change(where, f"had {limit} {was} and has {now}", breaking=narrower)
    was, now = before.get("pattern"), after.get("pattern")
    if was != now:
        refused = None if now is None else _refused(was or ".*", now)
        told = "" if refused is None else f": {refused!r} isn't allowed any more"
        yield Change(where, f"has another pattern{told}", breaking=refused is not None)


def _refused(before: str, after: str) -> str | None:
    """Return a text that the first pattern allows and the second doesn't, of those tried."""
    refused: list[str] = []

    @settings(
        max_examples=_TRIES,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.from_regex(before, fullmatch=True))
    def look(text: str) -> None:
        if not re.search(after, text):
            refused.append(text)

    look()
    return min(refused, key=len, default=None)


def _compare_members(
    where: str, before: Schema, after: Schema, *, sent: bool, answered: bool
) -> Iterator[Change]:
    was, now = before.get("properties", {}), after.get("properties", {})
    for name in was:
        if name not in now:
            yield Change(where, f"has no {name} any more", breaking=True)
        else:
            inner = f"{where}.{name}"
            yield from compare_schemas(inner, was[name], now[name], sent=sent, answered=answered)
    for name in now:
        if name not in was:
            yield Change(where, f"has {name} now")
    for name in was:
        if name in now and answered and _requires(before, name) and not _requires(after, name):
            yield Change(where, f"may leave {name} out now", breaking=True)
    for key in ("items", "additionalProperties"):
        if isinstance(before.get(key), dict) and isinstance(after.get(key), dict):
            inner = f"{where}[]"
            yield from compare_schemas(inner, before[key], after[key], sent=sent, answered=answered)


def _requires(schema: Schema, name: str) -> bool:
    return name in schema.get("required", [])
