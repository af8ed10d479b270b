"""The description of a dataset, datapackage.json: its terms of use, and the files that it has."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.dataset.records import FILES, Value

_BETWEEN = " · "


def describe(told: Mapping[str, Any]) -> str:
    """Write what is told of a new dataset, with the files and columns that every dataset has."""
    described = {
        "profile": "tabular-data-package",
        **told,
        "resources": [_resource(file) for file in FILES],
    }
    return _text(described)


def _resource(file: str) -> dict[str, Any]:
    return {
        "name": Path(file).stem,
        "path": file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                {"name": name, "type": _type(column.annotation)}
                for name, column in FILES[file].model_fields.items()
            ]
        },
    }


def _type(annotation: Any) -> str:
    return "number" if annotation in {Decimal, Value | None} else "string"


def join_packages(name: str, ours: str | None, theirs: str | None) -> str | None:
    """Keep our description, and append the terms of theirs: licences, attribution and origins.

    Where we have none, theirs are the terms of a new dataset of this name.
    """
    joined, other = json.loads(ours or "{}"), json.loads(theirs or "{}")
    before = dict(joined)
    for terms in ("licenses", "contributors", "sources"):
        lists = [
            one if isinstance(one, list) else [] for one in (joined.get(terms), other.get(terms))
        ]
        if new := [one for one in lists[1] if one not in lists[0]]:
            joined[terms] = lists[0] + new
    told = (joined.get("attribution"), other.get("attribution"))
    credits_ = [one.split(_BETWEEN) if isinstance(one, str) and one else [] for one in told]
    if new := [one for one in credits_[1] if one not in credits_[0]]:
        joined["attribution"] = _BETWEEN.join(credits_[0] + new)
    if joined == before:
        return ours
    return _text(joined) if ours is not None else describe({"name": name, **joined})


def _text(described: Mapping[str, Any]) -> str:
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"
