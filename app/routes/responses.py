"""What the routes of the API declare of their answers: statuses, media types, headers and links."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.delivery.columns import columns_of
from app.delivery.tabular import WRITERS, TableFormat
from app.problems import PROBLEM_JSON, Problem

Responses = dict[int | str, dict[str, Any]]

_TEXT = {"type": "string"}
HEADERS: Mapping[str, Mapping[str, Any]] = {
    "ETag": {
        "description": "Names this answer, byte by byte: send it in `If-None-Match` when you ask again.",
        "required": True,
        "schema": {**_TEXT, "examples": ['"8f41c2d0a7be93f65d1e0c24"']},
    },
    "Dataset-Version": {
        "description": "Version of the dataset that answered, as `dataset` in the answer.",
        "required": True,
        "schema": {**_TEXT, "examples": ["f2a1c09be4d75a36"]},
    },
    "Link": {
        "description": "Address of the next page (RFC 8288); missing on the last one.",
        "schema": {**_TEXT, "examples": ['</v1/rounds?cursor=WyJuYW1lIl0>; rel="next"']},
    },
    "Content-Disposition": {
        "description": "A name for the file, which has the dataset's version in it.",
        "required": True,
        "schema": {
            **_TEXT,
            "examples": ['attachment; filename="airounds-rounds-f2a1c09be4d75a36.csv"'],
        },
    },
    "Content-Range": {
        "description": "Which bytes of the file these are.",
        "required": True,
        "schema": {**_TEXT, "examples": ["bytes 0-1023/52800"]},
    },
    "Retry-After": {
        "description": "After how many seconds to ask again.",
        "required": True,
        "schema": {"type": "integer", "examples": [2]},
    },
    "Access-Control-Allow-Origin": {
        "description": "Who else's pages may read this, to requests with `Origin`: by default all.",
        "schema": {**_TEXT, "examples": ["*"]},
    },
    "RateLimit": {
        "description": "What is left of the limit of requests, where the service has one.",
        "schema": {**_TEXT, "examples": ['"default";r=99;t=60']},
    },
}
"""The headers of answers, by name; operations refer to them."""

IF_NONE_MATCH: Mapping[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "`ETag` of the answer that you have: where it is still right, you get 304.",
    "schema": {**_TEXT, "examples": ['"8f41c2d0a7be93f65d1e0c24"']},
}
"""The parameter of every operation that can answer 304."""

_OF_ALL = ("Access-Control-Allow-Origin", "RateLimit")
_OF_ANSWERS = ("ETag", "Dataset-Version", *_OF_ALL)


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(description: str, *headers: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": description,
        "headers": _headers(*headers, *_OF_ALL),
        "content": {PROBLEM_JSON: {"schema": reference}},
    }


_ALWAYS: Responses = {
    304: {"description": "What the client has is still right.", "headers": _headers(*_OF_ANSWERS)},
    422: _problem("A parameter is unknown or has a value that isn't allowed."),
    429: _problem("More requests than the service allows, where it has a limit.", "Retry-After"),
    500: _problem("The service has failed."),
    503: _problem(
        "The dataset can't be read, or the service is busy, at the moment.", "Retry-After"
    ),
}
_NO_SUCH_ID: Responses = {404: _problem("There is no such id; near ones are suggested.")}


def answer_responses(resource: type[BaseModel], **leads_to: Mapping[str, str]) -> Responses:
    """Document an answer and what it leads to: operations, and where their parameters stand in it."""
    return {200: _answer(resource, leads_to), **_ALWAYS}


def detail_responses(resource: type[BaseModel], **leads_to: Mapping[str, str]) -> Responses:
    """Document the answer to an id."""
    return {200: _answer(resource, leads_to), **_NO_SUCH_ID, **_ALWAYS}


def list_responses(page: type[BaseModel], **leads_to: Mapping[str, str]) -> Responses:
    """Document a list."""
    return {200: _answer(page, leads_to, "Link"), **_ALWAYS}


def part_responses(page: type[BaseModel], **leads_to: Mapping[str, str]) -> Responses:
    """Document the part of a list that belongs to an id."""
    return {**list_responses(page, **leads_to), **_NO_SUCH_ID}


def _answer(
    resource: type[BaseModel], leads_to: Mapping[str, Mapping[str, str]], *headers: str
) -> dict[str, Any]:
    links = {
        operation: {
            "operationId": operation,
            "parameters": {name: f"$response.body#{at}" for name, at in parameters.items()},
        }
        for operation, parameters in leads_to.items()
    }
    return {
        "description": (resource.__doc__ or "").partition("\n")[0],
        "headers": _headers(*headers, *_OF_ANSWERS),
        **({"links": links} if links else {}),
    }


def text_responses(description: str, media_type: str) -> Responses:
    """Document an answer that is text of another format than JSON."""
    content = {media_type: {"schema": _TEXT}}
    answer = {"description": description, "headers": _headers(*_OF_ANSWERS), "content": content}
    return {200: answer, **_ALWAYS}


def export_responses(resource: type[BaseModel]) -> Responses:
    """Document an export: its formats, and its columns in their order."""
    columns = ", ".join(f"`{one.name}` ({one.type})" for one in columns_of(resource))
    file = {"type": "string", "format": "binary"}
    content = {
        media_type.partition(";")[0]: {"schema": file if kind is TableFormat.PARQUET else _TEXT}
        for kind, (_, media_type) in WRITERS.items()
    }
    headers = ("Content-Disposition", *_OF_ANSWERS)
    return {
        200: {
            "description": f"The table, of the columns {columns}.",
            "headers": _headers(*headers),
            "content": content,
        },
        206: {
            "description": "The part of the table that `Range` asks for.",
            "headers": _headers("Content-Range", *headers),
            "content": content,
        },
        **_ALWAYS,
        404: _problem("There is no such format."),
        501: _problem("The service runs without what writes this format."),
    }
