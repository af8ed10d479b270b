"""What the OpenAPI document says of the whole: name, tags, licence, and the shape of problems."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.problems import Problem, ProblemDetail

DESCRIPTION = """\
Funding rounds of AI startups: who raised what, from whom, when, at which valuation, on how much ARR,
and so at which multiple. Every figure names the source that states it. Claims are kept, never
averaged; "more than $200M" stays a bound in everything computed from it.
"""
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
            license_info={"name": "MIT", "identifier": "MIT"},
        )
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        template = "#/components/schemas/{model}"
        for model in (Problem, ProblemDetail):
            described = model.model_json_schema(mode="serialization", ref_template=template)
            described.pop("$defs", None)
            schemas[model.__name__] = described
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        app.openapi_schema = schema
    return app.openapi_schema
