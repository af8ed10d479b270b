"""The OpenAPI document: what generators and readers of it rely on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.database import Reader
from app.main import create_api

GOLDEN = Path(__file__).parent / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{path} {operation['operationId']}": operation
    for path, methods in DOCUMENT["paths"].items()
    for operation in methods.values()
}
each_operation = pytest.mark.parametrize("name", OPERATIONS, ids=lambda name: name.split()[1])


def test_the_golden_copy_is_the_document() -> None:
    """What clients are generated from is what is committed; where this fails, run `make openapi`."""
    assert create_api(Reader("sqlite://")).openapi() == DOCUMENT
    assert DOCUMENT["openapi"].startswith("3.1")


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _nodes(inner)


@each_operation
def test_an_operation_says_what_it_is(name: str) -> None:
    """It has one described tag, a summary, a sentence, and a name that is its function's."""
    operation = OPERATIONS[name]
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    assert len(operation["tags"]) == 1
    assert set(operation["tags"]) <= described
    assert re.fullmatch(r"(list|get|export)_[a-z_]+|search", operation["operationId"])
    assert operation["summary"].lower().replace(" ", "_") == operation["operationId"]
    assert operation["description"].split("\n")[0].endswith((".", ":", ","))


@each_operation
def test_an_operation_tells_every_status_with_its_headers(name: str) -> None:
    """Answers have a validator and a version, and each error is a problem."""
    answers = OPERATIONS[name]["responses"]
    path = name.split(maxsplit=1)[0]
    assert {"200", "304", "422", "429", "500", "503"} <= set(answers)
    assert ("404" in answers) == ("{" in path)
    assert ("206" in answers) == ("501" in answers) == path.endswith("{file_format}")
    for status, answer in answers.items():
        headers = set(answer["headers"])
        if status < "400":
            assert {"ETag", "Dataset-Version"} <= headers
        else:
            problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
            assert answer["content"] == {"application/problem+json": problem}
            assert ("Retry-After" in headers) == (status in {"429", "503"})
    reference = next(iter(answers["200"]["content"].values()))["schema"].get("$ref", "")
    assert ("Link" in answers["200"]["headers"]) == reference.endswith("Page")


@each_operation
def test_parameters_have_examples_and_plain_types(name: str) -> None:
    """None is a union or may be null, each has an example, and its words are a named list."""
    for parameter in OPERATIONS[name]["parameters"]:
        if "$ref" in parameter:
            continue
        schema = parameter["schema"]
        assert not {"anyOf", "oneOf", "allOf", "enum", "title"} & set(schema), parameter["name"]
        assert schema.get("examples"), parameter["name"]
        assert parameter["description"]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_schemas_are_concrete(schema: str) -> None:
    """Every field is required, described and of a named type; the only unions are those with null."""
    described = SCHEMAS[schema]
    assert re.fullmatch(r"([A-Z][a-z]+)+", schema)
    assert described["description"]
    if "enum" in described:
        return
    assert set(described["required"]) == set(described["properties"])
    for name, field in described["properties"].items():
        named = SCHEMAS.get(field.get("$ref", "").rpartition("/")[2], {})
        assert field.get("description") or named["description"], name
        for node in _nodes(field):
            assert "enum" not in node, f"{name}: the words have no name"
            assert "properties" not in node, f"{name}: the object has no name"
            for kinds in (node.get("anyOf", [{}, {"type": "null"}]), node.get("oneOf", [])):
                assert kinds == [] or [kinds[1:], kinds[0]] == [[{"type": "null"}], kinds[0]], name


def test_links_lead_to_operations_that_there_are() -> None:
    """A link names an operation and parameters of it that a generator can follow."""
    by_id = {operation["operationId"]: operation for operation in OPERATIONS.values()}
    links = [node["links"] for node in _nodes(DOCUMENT["paths"]) if "links" in node]
    assert len(links) > 8
    for link in (link for several in links for link in several.values()):
        names = {one.get("name") for one in by_id[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= names


def _address(name: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    path = name.split(maxsplit=1)[0]
    for parameter in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{parameter}}}", values[parameter])
    return path, {key: value for key, value in values.items() if f"{{{key}}}" not in name}


@each_operation
def test_the_examples_of_parameters_are_answered_by_the_seed(seed: httpx.Client, name: str) -> None:
    """Each parameter's example, beside those that are required, is one that the seed knows."""
    examples = {
        one["name"]: (one["schema"]["examples"][0], one["required"])
        for one in OPERATIONS[name]["parameters"]
        if "$ref" not in one
    }
    required = {key: value for key, (value, needed) in examples.items() if needed}
    for parameter, (value, _) in examples.items():
        path, query = _address(name, {**required, parameter: value})
        answer = seed.get(path, params=query)
        assert answer.status_code == 200, (parameter, value, answer.text)
        assert answer.content
