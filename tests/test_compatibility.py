"""A change that breaks generated clients is told from one that doesn't."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from clients.compatibility import compare, main, permits

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
Edit = Callable[[dict[str, Any]], Any]


def _rounds(document: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = document["paths"]["/v1/rounds"]["get"]
    return operation


def _sent(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in _rounds(document)["parameters"] if one.get("name") == name
    )
    return found


def _schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


BREAKING: dict[str, Edit] = {
    "a path": lambda d: d["paths"].pop("/v1/rounds"),
    "a name of an operation": lambda d: _rounds(d).update(operationId="rounds"),
    "a tag": lambda d: _rounds(d).update(tags=["dataset"]),
    "a parameter": lambda d: _rounds(d)["parameters"].pop(0),
    "a parameter that is required": lambda d: _sent(d, "q").update(required=True),
    "a new parameter that is required": lambda d: _rounds(d)["parameters"].append(
        {"name": "key", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
    "a type": lambda d: _sent(d, "limit")["schema"].update(type="string"),
    "a lower maximum": lambda d: _sent(d, "limit")["schema"].update(maximum=100),
    "a new maximum": lambda d: _sent(d, "sort")["schema"].update(maxItems=1),
    "a default": lambda d: _sent(d, "sort")["schema"].update(default="id"),
    "a narrower pattern": lambda d: _sent(d, "announced_from")["schema"].update(
        pattern=r"^\d{4}-\d{2}-\d{2}$"
    ),
    "a status": lambda d: _rounds(d)["responses"].pop("304"),
    "a header": lambda d: _rounds(d)["responses"]["200"]["headers"].pop("ETag"),
    "a schema": lambda d: d["components"]["schemas"].pop("Figure"),
    "a field": lambda d: _schema(d, "FundingRound")["properties"].pop("stage"),
    "a field that may be missing": lambda d: _schema(d, "FundingRound")["required"].remove("stage"),
    "a field that may be null": lambda d: _schema(d, "Company")["properties"].update(
        name={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "another schema of a field": lambda d: _schema(d, "Company")["properties"].update(
        arr={"$ref": "#/components/schemas/Count"}
    ),
    "a word that readers don't know": lambda d: _schema(d, "KnownBasis")["enum"].append("told"),
    "a word that may be sent": lambda d: _schema(d, "Certainty")["enum"].remove("possible"),
}
COMPATIBLE: dict[str, Edit] = {
    "a path": lambda d: d["paths"].update({"/v1/people": {}}),
    "a parameter": lambda d: _rounds(d)["parameters"].append(
        {"name": "city", "in": "query", "schema": {"type": "string"}}
    ),
    "a higher maximum": lambda d: _sent(d, "limit")["schema"].update(maximum=500),
    "a field to sort by": lambda d: _sent(d, "sort")["schema"].update(
        pattern=_sent(d, "sort")["schema"]["pattern"]
        .replace("(name|", "(name|x|")
        .replace("|name|", "|name|city|")
    ),
    "a status": lambda d: _rounds(d)["responses"].update({"410": {"description": "Gone."}}),
    "a schema": lambda d: d["components"]["schemas"].update(Person={"type": "object"}),
    "a field": lambda d: _schema(d, "Company")["properties"].update(ticker={"type": "string"}),
    "a field that is never null": lambda d: _schema(d, "Company")["properties"].update(
        country={"type": "string"}
    ),
    "other words": lambda d: _schema(d, "Company").update(description="A firm."),
    "a word that may be sent": lambda d: _schema(d, "Certainty")["enum"].append("likely"),
}


def _changed(edit: Edit) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    edit(document)
    return document


@pytest.mark.parametrize("edit", BREAKING.values(), ids=BREAKING)
def test_what_breaks_clients_is_named(edit: Edit) -> None:
    """What was there and isn't, or is less than it was, breaks who relies on it."""
    changes = compare(DOCUMENT, _changed(edit))
    assert any(change.breaking for change in changes)


@pytest.mark.parametrize("edit", COMPATIBLE.values(), ids=COMPATIBLE)
def test_what_clients_needn_t_know_breaks_none(edit: Edit) -> None:
    """What is added, or allows more, is told and breaks nobody."""
    changes = compare(DOCUMENT, _changed(edit))
    assert changes
    assert not [change for change in changes if change.breaking]


def test_the_same_document_has_no_changes() -> None:
    """Nothing is told where nothing has changed."""
    assert compare(DOCUMENT, deepcopy(DOCUMENT)) == []


def test_clients_break_with_another_version_and_a_word_in_the_changelog_alone() -> None:
    """Either alone isn't enough."""
    later = {**DOCUMENT, "info": {**DOCUMENT["info"], "version": "0.2.0"}}
    told = "## 0.2.0\n\n- Breaking: rounds have no stage.\n\n## 0.1.0\n"
    assert permits(DOCUMENT, later, told)
    assert not permits(DOCUMENT, later, "## 0.2.0\n\n## 0.1.0\n\n- Breaking: of before.\n")
    assert not permits(DOCUMENT, DOCUMENT, told)


def test_the_command_says_what_breaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its exit code is what CI goes by."""
    paths = [tmp_path / name for name in ("golden.json", "made.json", "CHANGELOG.md")]
    edited = _changed(BREAKING["a field"])
    for path, text in zip(paths, [json.dumps(DOCUMENT), json.dumps(edited), ""], strict=True):
        path.write_text(text, encoding="utf-8")
    assert main(*paths) == 1
    assert "BREAKS CLIENTS: schema FundingRound has no stage any more" in capsys.readouterr().out
    assert main(paths[0], paths[0], paths[2]) == 0
