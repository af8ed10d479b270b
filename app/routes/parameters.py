"""What the routes of the API share: path parameters, and the problems that they declare."""

from typing import Annotated, Any

from fastapi import Path

from app.problems import PROBLEM_JSON, Problem

CompanyId = Annotated[str, Path(description="The company's id.", examples=["moonshot-ai"])]
RoundId = Annotated[
    str, Path(description="The round's id.", examples=["moonshot-ai-2026-05-series-d"])
]
InvestorId = Annotated[str, Path(description="The investor's id.", examples=["accel"])]
SourceId = Annotated[str, Path(description="The source's id.", examples=["seed-document"])]


def _problem(description: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": description, "content": {PROBLEM_JSON: {"schema": reference}}}


LIST_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "What the client has is still right."},
    422: _problem("A parameter is unknown or has a value that isn't allowed."),
    503: _problem("The dataset can't be read at the moment."),
}
DETAIL_RESPONSES: dict[int | str, dict[str, Any]] = {
    **LIST_RESPONSES,
    404: _problem("There is no such id; near ones are suggested."),
}
