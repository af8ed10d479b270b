"""The one error body (RFC 9457), the catalogue of its types, and the handlers that answer with it."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from fastapi import FastAPI
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"
READING_METHODS = ("GET", "HEAD", "OPTIONS")
READ_ONLY = "this API is read-only"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: what it means and what to do, as its page under /problems tells."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str


INVALID_REQUEST = ProblemType(
    "invalid-request",
    422,
    "The request has a parameter that can't be answered",
    "A parameter is unknown, is given twice where it can't be, or has a value that isn't allowed. "
    "Nothing is silently ignored, since a misspelt filter would answer another question.",
    "Each item of `errors` names the parameter and says what is wrong; `suggestion` has the word "
    "that was most likely meant.",
)
NOT_FOUND = ProblemType(
    "not-found",
    404,
    "There is nothing at this address",
    "The path isn't part of this API, or it names an id that the dataset doesn't have.",
    "The suggestions in `errors` are ids that exist and read alike. Find others with the lists, "
    "such as /v1/companies?q=moonshot.",
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed",
    405,
    "This API is read-only",
    "The request's method would change something, or isn't known here.",
    "Use GET or HEAD, and POST at /mcp alone. The header Allow lists what is answered.",
)
BAD_MESSAGE = ProblemType(
    "bad-message",
    400,
    "The message to /mcp can't be read",
    "It is too large or too slow, its Content-Type isn't application/json, or it comes from a host or an "
    "origin that isn't allowed: then the status is 413, 408, 400, 421 or 403.",
    "Ask by a client of the Model Context Protocol. Whoever runs the service names the hosts and origins "
    "that may ask in AIROUNDS_MCP_HOSTS and AIROUNDS_CORS_ORIGINS.",
)
NOT_SHARED = ProblemType(
    "not-shared",
    403,
    "Pages of other origins can't ask in this way",
    "A browser asked beforehand (CORS) for an origin, a method or a header that isn't allowed here.",
    "The answer's Access-Control-Allow headers say what a page may send. Whoever runs the service names the "
    "origins in AIROUNDS_CORS_ORIGINS.",
)
UNREADABLE = ProblemType(
    "unreadable-request",
    400,
    "The request can't be read",
    "It isn't HTTP/1.1, is larger than any request for this API, or wasn't sent in time: then the status is "
    "400, 414, 431 or 408.",
    "Ask by an HTTP client, with an address of at most 8,192 bytes, a head of at most 16,384 and at most 100 "
    "headers. What many ids ask for is asked for in several requests.",
)
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests",
    429,
    "More requests than this service allows",
    "Whoever runs the service has set a limit of requests in a time, for each address that asks.",
    "Ask again after the seconds in Retry-After; RateLimit tells what is left. A whole collection comes in "
    "one request of its export, such as /v1/rounds.ndjson, and /v1/changes tells what is new.",
)
OVERLOADED = ProblemType(
    "overloaded",
    503,
    "More is asked for than the service can answer at the moment",
    "As many requests are being answered and waiting as this service takes on; so that these are answered "
    "soon, others aren't taken on.",
    "Ask again after the seconds in Retry-After, and after longer each time. Whoever runs the service adds "
    "processes (AIROUNDS_WORKERS), machines, or a cache in front.",
)
NOT_READY = ProblemType(
    "not-ready",
    503,
    "The dataset can't be read at the moment",
    "The database doesn't answer, or no dataset has been loaded into it yet.",
    "Try again after the seconds in Retry-After. Whoever runs the service finds the reason in its "
    "log; `airounds load` loads a dataset.",
)
NOT_INSTALLED = ProblemType(
    "not-installed",
    501,
    "The service runs without a part that this needs",
    "A library that is optional isn't installed beside the service.",
    "Take another format, or the API itself instead of /mcp. Whoever runs the service installs the "
    "part: `pip install 'airounds[parquet]'` or `pip install 'airounds[mcp]'`.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error",
    500,
    "The service has failed",
    "Something went wrong that is no fault of the request.",
    "Report it with the `request_id` of the answer, which the log has too.",
)
PROBLEM_TYPES: Mapping[str, ProblemType] = MappingProxyType(
    {
        kind.slug: kind
        for kind in (
            INVALID_REQUEST,
            NOT_FOUND,
            METHOD_NOT_ALLOWED,
            BAD_MESSAGE,
            NOT_SHARED,
            UNREADABLE,
            TOO_MANY_REQUESTS,
            OVERLOADED,
            NOT_READY,
            NOT_INSTALLED,
            INTERNAL_ERROR,
        )
    }
)
"""Every problem that an answer can have, by the name of its page."""


class ProblemDetail(BaseModel):
    """One thing that is wrong with a request."""

    parameter: str | None = Field(
        description="The parameter that it is about.", examples=["contry"]
    )
    message: str = Field(
        description="What is wrong, in a sentence.",
        examples=["contry: is no parameter of this path; did you mean country?"],
    )
    suggestion: str | None = Field(description="What was most likely meant.", examples=["country"])


class Problem(BaseModel):
    """Why a request wasn't answered (RFC 9457)."""

    type: str = Field(
        description="Address of a page that explains this kind of problem.",
        examples=["/problems/invalid-request"],
    )
    title: str = Field(description="The kind of problem.", examples=[INVALID_REQUEST.title])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(
        description="What happened this time.",
        examples=["contry: is no parameter of this path; did you mean country?"],
    )
    instance: str = Field(description="The path that was asked for.", examples=["/v1/rounds"])
    request_id: str | None = Field(
        description="The id of this request in the service's log.",
        examples=["0d9f8f4c5b7e4f0f9a57d1c6f0c1f3aa"],
    )
    errors: list[ProblemDetail] = Field(description="Everything that is wrong, one by one.")


class ProblemError(Exception):
    """A request that is answered with a problem."""

    kind = INTERNAL_ERROR
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str, errors: Sequence[ProblemDetail] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)


class InvalidRequest(ProblemError):  # noqa: N818  # named as its problem type is
    """A parameter can't be answered."""

    kind = INVALID_REQUEST

    def __init__(self, errors: Sequence[ProblemDetail]) -> None:
        super().__init__("; ".join(one.message for one in errors), errors)


def wrong(parameter: str | None, reason: str, suggestion: str | None = None) -> ProblemDetail:
    """Say what is wrong with a parameter, and what was most likely meant."""
    message = f"{parameter}: {reason}" if parameter else reason
    if suggestion:
        message += f"; did you mean {suggestion}?"
    return ProblemDetail(parameter=parameter, message=message, suggestion=suggestion)


class BadMessage(ProblemError):  # noqa: N818  # named as its problem type is
    """A message to /mcp that can't be taken, with the status that says why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.kind = replace(BAD_MESSAGE, status=status)


class NotFound(ProblemError):  # noqa: N818  # named as its problem type is
    """An id or a path that doesn't exist, with near ones that do."""

    kind = NOT_FOUND

    def __init__(
        self, detail: str, suggestions: Iterable[str] | None = None, parameter: str | None = None
    ) -> None:
        near = [
            ProblemDetail(
                parameter=parameter, message=f"did you mean {suggestion}?", suggestion=suggestion
            )
            for suggestion in suggestions or ()
        ]
        super().__init__(detail, near)


class NotReady(ProblemError):  # noqa: N818  # named as its problem type is
    """The dataset can't be read at the moment."""

    kind = NOT_READY
    headers = MappingProxyType({"Retry-After": "2"})


class NotInstalled(ProblemError):  # noqa: N818  # named as its problem type is
    """A part of the service that is optional, and missing."""

    kind = NOT_INSTALLED


def problem(
    kind: ProblemType,
    detail: str,
    instance: str = "",
    request_id: str | None = None,
    errors: Sequence[ProblemDetail] = (),
) -> Problem:
    """Say what happened to a request; one that couldn't be read has no path and no id."""
    return Problem(
        type=f"/problems/{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=instance,
        request_id=request_id,
        errors=list(errors),
    )


def problem_response(
    request: Request,
    kind: ProblemType,
    detail: str,
    errors: Sequence[ProblemDetail] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a request with a problem."""
    request_id = request.scope.get("state", {}).get("request_id")
    told = problem(kind, detail, request.url.path, request_id, errors)
    return Response(
        told.model_dump_json(),
        kind.status,
        {"Cache-Control": "no-store", **(headers or {})},
        PROBLEM_JSON,
    )


def answer_exception(request: Request, error: Exception) -> Response:
    """Answer any exception with the problem that it means."""
    match error:
        case ProblemError():
            return problem_response(request, error.kind, error.detail, error.errors, error.headers)
        case HTTPException(status_code=404):
            path = json.dumps(request.url.path, ensure_ascii=False)
            hint = "; leave out the slash at its end" if path.endswith('/"') else ""
            return problem_response(request, NOT_FOUND, f"nothing is served at {path}{hint}")
        case HTTPException(status_code=405):
            return method_not_allowed(request)
        case DBAPIError() | PoolTimeoutError():
            # What SQLAlchemy says has the values that were asked for.
            reason = error.orig if isinstance(error, DBAPIError) else error
            _logger.error("the database can't be read: %s", reason, extra=_named(request))
            waiting = NotReady(_reason(error))
            return problem_response(request, waiting.kind, waiting.detail, headers=waiting.headers)
    _logger.error("a request failed", exc_info=error, extra=_named(request))
    return problem_response(request, INTERNAL_ERROR, "the service failed to answer this request")


def _named(request: Request) -> dict[str, str | None]:
    return {"request_id": request.scope.get("state", {}).get("request_id")}


def _reason(error: Exception) -> str:
    if isinstance(error, PoolTimeoutError):
        return "more is asked of the database at once than it may be: ask again"
    return "the database doesn't answer"


def method_not_allowed(
    request: Request, allowed: Sequence[str] = READING_METHODS, reason: str = READ_ONLY
) -> Response:
    """Answer a method that would change something, or that an address doesn't take."""
    detail = f"{request.method} isn't answered here: {reason}"
    return problem_response(
        request, METHOD_NOT_ALLOWED, detail, headers={"Allow": ", ".join(allowed)}
    )


def install_handlers(app: FastAPI) -> None:
    """Let every error of an application be answered with a problem."""
    for kind in (ProblemError, HTTPException, DBAPIError, PoolTimeoutError):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    return answer_exception(request, error)
