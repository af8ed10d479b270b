"""The route class of the API: it documents a route's parameters, and validates them in one step.

FastAPI reads a route's signature for OpenAPI. Its own parsing of a request costs more than the whole
answer does, so the raw query goes to the route's Pydantic model directly.
"""

import inspect
import re
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.database import TooLongError
from app.figures import whole
from app.likeness import nearest, slug
from app.postgres import is_passing
from app.problems import InvalidRequest, ProblemDetail, wrong

MOST_PARAMETERS = 200
JOINED = frozenset({"fields", "group_by", "sort"})
_LONGEST_ECHO = 80
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_REPEATED = 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class NoFilter(BaseModel):
    """The parameters of a route that takes none."""

    model_config = ConfigDict(extra="forbid")


class QueryRoute(APIRoute):
    """A route whose endpoint takes the request, its path parameters, and at most one filter model."""

    answer: Callable[[Request], Coroutine[Any, Any, Response]]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of a request, built once for each route."""
        endpoint = self.endpoint
        name, model = _filter_of(endpoint)

        async def handle(request: Request) -> Response:
            filters = read_query(request.scope["query_string"], model)
            state = request.scope["state"]
            state["asked"] = in_one_way(filters)
            arguments = {"request": request, **request.path_params}
            if name is not None:
                arguments[name] = filters
            try:
                state["at_once"] = True
                if request.app.state.reader.is_file:
                    # A short query of a file is answered sooner than a thread could be told to.
                    answered: Response = endpoint(**arguments)
                else:
                    answered = await run_in_threadpool(_read, endpoint, arguments)
            except TooLongError:
                state["at_once"] = False
                answered = await run_in_threadpool(_read, endpoint, arguments)
            return answered

        self.answer = handle
        return handle


def _read(endpoint: Callable[..., Response], arguments: Mapping[str, Any]) -> Response:
    """Answer, and again where a connection or its rows were lost: a read changes nothing by being repeated.

    Twice, since one host may go after another.
    """
    for _ in range(_REPEATED):
        try:
            return endpoint(**arguments)
        except DBAPIError as error:
            if not is_passing(error):
                raise
    return endpoint(**arguments)


def read_query(raw: bytes, model: type[BaseModel]) -> BaseModel:
    """Validate a raw query string by a filter model.

    Raises InvalidRequest with everything that is wrong with it.
    """
    values, problems = _split(raw, model)
    if problems:
        raise InvalidRequest(problems)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidRequest(list(_explain(error, model))) from None


def in_one_way(filters: BaseModel) -> list[tuple[str, str]]:
    """Return what is asked for, whichever way it was written: in order, without what holds anyway."""
    fields = type(filters).model_fields
    asked: list[tuple[str, str]] = []
    for name in filters.model_fields_set:
        value = getattr(filters, name)
        if isinstance(value, list):
            asked += ((name, str(one)) for one in value)
        elif value != fields[name].default:
            asked.append((name, _text(value)))
    return sorted(asked)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(whole(value)) if isinstance(value, float) else str(value)


def _split(
    raw: bytes, model: type[BaseModel]
) -> tuple[dict[str, str | list[str]], list[ProblemDetail]]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except UnicodeDecodeError:
        return {}, [wrong(None, "the query isn't UTF-8 text in percent-encoding")]
    except ValueError:
        return {}, [wrong(None, f"the query has more than {MOST_PARAMETERS} parameters")]
    values: dict[str, str | list[str]] = {}
    problems = []
    repeated = _repeated(model)
    for name, value in pairs:
        if _CONTROL.search(name) or _CONTROL.search(value):
            problems.append(wrong(_echo(name), "has a control character"))
        elif name in repeated:
            listed = values.setdefault(name, [])
            if isinstance(listed, list):
                listed.append(value)
        elif name in values:
            joined = "; join words by commas" if name in JOINED else ""
            problems.append(wrong(_echo(name), f"is given twice, and takes one value{joined}"))
        else:
            values[name] = value
    return values, problems


@cache
def _repeated(model: type[BaseModel]) -> frozenset[str]:
    """Return the parameters that take several values, each of its own."""
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if get_origin(field.annotation) is list)


def _filter_of(endpoint: Callable[..., Any]) -> tuple[str | None, type[BaseModel]]:
    for name, parameter in inspect.signature(endpoint, eval_str=True).parameters.items():
        annotation = parameter.annotation
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return name, annotation
    return None, NoFilter


def _explain(error: ValidationError, model: type[BaseModel]) -> Iterable[ProblemDetail]:
    """Say what is wrong with each parameter, once."""
    seen = set()
    for problem in error.errors(include_url=False):
        if problem["type"] == "none_required":
            continue  # The other branch of an optional parameter says what is wrong.
        parameter = str(problem["loc"][0])
        message, suggestion = _reason(parameter, problem, model)
        if (parameter, message) not in seen:
            seen.add((parameter, message))
            yield wrong(_echo(parameter), message, suggestion)


def _reason(
    parameter: str, problem: Mapping[str, Any], model: type[BaseModel]
) -> tuple[str, str | None]:
    context, value = problem.get("ctx", {}), str(problem["input"])
    match problem["type"]:
        case "extra_forbidden":
            names = list(model.model_fields)
            meant = nearest(parameter, names)
            listed = "" if meant or not names else f", which takes {', '.join(names)}"
            return f"is no parameter of this path{listed}", meant
        case "enum":
            listed = context["expected"].replace("'", "").replace(" or ", ", ")
            return f"{_echo(value)!r} isn't one of {listed}", nearest(value, listed.split(", "))
        case "string_pattern_mismatch":
            return f"{_echo(value)!r} isn't an id or a word such as moonshot-ai", slug(value)
        case "string_too_short" | "too_short":
            return "is empty", None
        case "value_error":
            return f"{_echo(value)!r} is {context['error']}", None
        case "country":
            several = "; repeat the parameter for several values" if "," in value else ""
            return f"{_echo(value)!r} is {problem['msg']}{several}", context["suggestion"]
        case _:
            message = problem["msg"]
            return message[:1].lower() + message[1:], context.get("suggestion")


def _echo(text: str) -> str:
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return clean if len(clean) <= _LONGEST_ECHO else clean[: _LONGEST_ECHO - 1] + "…"
