"""What the routes of the API share: path parameters, and the problems that they declare."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel

from app.delivery.columns import columns_of
from app.delivery.tabular import WRITERS, TableFormat
from app.problems import PROBLEM_JSON, Problem

CompanyId = Annotated[str, Path(description="The company's id.", examples=["moonshot-ai"])]
RoundId = Annotated[
    str, Path(description="The round's id.", examples=["moonshot-ai-2026-05-series-d"])
]
InvestorId = Annotated[str, Path(description="The investor's id.", examples=["accel"])]
SourceId = Annotated[str, Path(description="The source's id.", examples=["seed-document"])]

FileFormat = Annotated[TableFormat, Path(description="The format of the file.", examples=["csv"])]


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


def export_responses(resource: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Document an export: its formats, and its columns in their order."""
    columns = ", ".join(f"`{one.name}` ({one.type})" for one in columns_of(resource))
    text, file = {"type": "string"}, {"type": "string", "format": "binary"}
    content = {
        media_type.partition(";")[0]: {"schema": file if kind is TableFormat.PARQUET else text}
        for kind, (_, media_type) in WRITERS.items()
    }
    return {
        200: {"description": f"The table, of the columns {columns}.", "content": content},
        206: {"description": "The part of the table that `Range` asks for.", "content": content},
        **DETAIL_RESPONSES,
        404: _problem("There is no such format."),
        501: _problem("The service runs without what writes this format."),
    }
