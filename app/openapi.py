"""What the OpenAPI document says of the whole: name, tags, licence, and the shape of problems."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.problems import Problem, ProblemDetail
from app.routes.query_route import MOST_PARAMETERS, ONE_LINE
from app.routes.responses import HEADERS, IF_NONE_MATCH

DESCRIPTION = """\
Funding rounds of AI startups: who raised what, from whom, when, at which valuation, on how much ARR,
and so at which multiple. Every figure names the source that states it. Claims are kept, never
averaged; "more than $200M" stays a bound in everything computed from it.

Nothing can be changed here: every path answers GET and HEAD, without a key, to any origin. What is
said of parameters and problems holds for all of them: a parameter that isn't described is refused with
422, as is a request of more than 200 of them, repeated ones counted each; nothing is silently ignored,
and every error is a problem of RFC 9457. The licence named here is the code's; /v1/dataset tells that
of the data.
"""
_IF_NONE_MATCH = "IfNoneMatch"
TAGS = [
    {"name": "companies", "description": "Companies, their current figures and their history."},
    {"name": "rounds", "description": "Funding rounds."},
    {"name": "investors", "description": "Investors and their rounds."},
    {"name": "metrics", "description": "Observed and derived points of companies' series."},
    {"name": "claims", "description": "What each source states, chosen or not."},
    {"name": "sources", "description": "The documents that state figures."},
    {"name": "search", "description": "Typeahead over names, in any script, slips forgiven."},
    {"name": "dataset", "description": "The dataset behind the answers."},
]

SERVERS = [{"url": "/", "description": "The service that this document comes from."}]


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=app.openapi_version,
            description=DESCRIPTION,
            routes=app.routes,
            tags=TAGS,
            servers=SERVERS,
            license_info={"name": "MIT", "identifier": "MIT"},
        )
        for path in schema["paths"].values():
            for operation in path.values():
                _complete(operation)
        components = schema["components"]
        components["headers"] = dict(HEADERS)
        components["parameters"] = {_IF_NONE_MATCH: dict(IF_NONE_MATCH)}
        components["schemas"] |= _problem_schemas()
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        _drop_titles(schema["paths"])
        _drop_titles(components["schemas"])
        for described in components["schemas"].values():
            _repeat_examples(described)
        app.openapi_schema = schema
    return app.openapi_schema


def _complete(operation: dict[str, Any]) -> None:
    """Give an operation the summary that its name is, and what holds of all parameters."""
    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        schema = parameter["schema"]
        if schema.get("type") == "array":
            schema["maxItems"] = MOST_PARAMETERS
            schema = schema["items"]
        if schema.get("type") == "string":
            schema.setdefault("pattern", ONE_LINE)
    parameters.append({"$ref": f"#/components/parameters/{_IF_NONE_MATCH}"})


def _problem_schemas() -> dict[str, Any]:
    template = "#/components/schemas/{model}"
    schemas = {}
    for model in (Problem, ProblemDetail):
        described = model.model_json_schema(mode="serialization", ref_template=template)
        described.pop("$defs", None)
        schemas[model.__name__] = described
    return schemas


def _drop_titles(node: Any) -> None:
    """Drop the titles that are made of names: generators make worse names of them again."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for inner in node.values():
            _drop_titles(inner)
    elif isinstance(node, list):
        for inner in node:
            _drop_titles(inner)


def _repeat_examples(schema: dict[str, Any]) -> None:
    """Give the examples of a member that may be null to the kind that it else has: mocks look there."""
    for member in schema.get("properties", {}).values():
        kind = member.get("anyOf", [{"$ref": ""}])[0]
        examples = [one for one in member.get("examples", []) if one is not None]
        if examples and "$ref" not in kind:
            kind["examples"] = examples
