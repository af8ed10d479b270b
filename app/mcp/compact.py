"""Answers in few words: what an answer of the API says, without repetition and without what it doesn't say.

Each source stands once, under `sources`, and elsewhere its id. A member that is null or empty is left
out, but a bound is kept, since that it is unknown is what it says. Nothing is computed here.
"""

from typing import Any

from app.resources.figure import SourceRef

_BOUNDS = frozenset({"low", "high", "low_usd", "high_usd"})
_OF_A_SOURCE = frozenset(SourceRef.model_fields)


def compact(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of the API in few words."""
    sources: dict[str, Any] = {}
    told: dict[str, Any] = _shortened(answer, sources)
    return {**told, "sources": sources} if sources else told


def _shortened(value: Any, sources: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_shortened(one, sources) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _OF_A_SOURCE:
        named = {name: one for name, one in value.items() if one is not None and name != "id"}
        sources.setdefault(value["id"], named)
        return value["id"]
    # What has a reason for being unknown has no bounds either.
    kept = _BOUNDS if value.get("reason") is None else frozenset()
    return {
        name: _shortened(one, sources)
        for name, one in value.items()
        if one not in (None, []) or name in kept
    }
