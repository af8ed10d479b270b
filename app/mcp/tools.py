"""The tools: which operations of the API they are, how they are described, and which address a call asks.

An operation's own description, parameters and limits are taken from the OpenAPI document, so that a new
filter is one of its tool too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from pydantic import TypeAdapter, ValidationError

from app.guide import asked_by
from app.likeness import slug
from app.problems import InvalidRequest, ProblemDetail, wrong
from app.query.parameters import Id

# A model reads all that it asks for, so that it is given less than a program by default.
LIMIT = 10

_NEEDED = "an id such as moonshot-ai is needed, which search finds"
_SHAPE = "takes a text, a number, true or false, or a list of these"
_MOST_BITS = 64  # of a whole number; larger ones can't all be written out
_ID: TypeAdapter[str] = TypeAdapter(Id)

_KEPT_WORDS = ("type", "enum", "examples", "default", "minimum", "maximum")


class Choice(NamedTuple):
    """An operation that is a tool, and when a model should take it."""

    operation: str
    when: str


TOOLS: Mapping[str, Choice] = MappingProxyType(
    {
        "search": Choice(
            "search",
            "Begin here: the other tools take ids, and this finds the ids that go by a name.",
        ),
        "get_company": Choice(
            "get_company",
            "This alone answers what a company is worth, earns, has raised and at which multiple of "
            "ARR, with qualifiers, bounds, the valuation's basis and sources.",
        ),
        "list_rounds": Choice(
            "list_rounds",
            "Who raised how much from whom, when and at which valuation. Talks, debt and cancelled "
            "rounds are among them unless `status` and `instrument` say otherwise.",
        ),
        "get_metrics": Choice(
            "list_metrics",
            "Take this for one company's history, or for one kind of metric of many companies: `kind` "
            "is arr, valuation, arr_multiple, dilution and so on.",
        ),
        "round_stats": Choice(
            "get_round_stats",
            "Take this for totals, medians and trends instead of adding up a list.",
        ),
        "list_claims": Choice(
            "list_claims",
            "Take this to check or to doubt a figure: what each source states, those that weren't "
            "chosen included.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Tool:
    """An operation of the API as a model sees it."""

    name: str
    path: str
    description: str
    schema: Mapping[str, Any]
    in_path: Sequence[str]
    others: frozenset[str]  # paths of other operations that one of this tool's may look like

    def address(self, arguments: Mapping[str, Any]) -> str:
        """Return the path and query that a call asks for; the API judges all but what is in the path.

        Raises InvalidRequest for an argument that no address can be made of.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        if "limit" in self.schema["properties"]:
            given.setdefault("limit", LIMIT)
        in_path = {name: given.pop(name, None) for name in self.in_path}
        problems = [
            *(problem for name, value in in_path.items() for problem in _judge_id(name, value)),
            *(wrong(name, _SHAPE) for name, value in given.items() if not _is_plain(value)),
        ]
        if problems:
            raise InvalidRequest(problems)
        path = self.path.format_map({name: quote(value, "") for name, value in in_path.items()})
        if path in self.others:
            raise InvalidRequest([wrong(name, _NEEDED) for name in in_path])
        pairs = [(name, _text(one)) for name, value in given.items() for one in _several(value)]
        return f"{path}?{urlencode(pairs, errors='surrogatepass')}"


def tools_of(document: Mapping[str, Any]) -> dict[str, Tool]:
    """Return the tools by name, as the OpenAPI document describes their operations."""
    operations = {
        path_item["get"]["operationId"]: (path, path_item["get"])
        for path, path_item in document["paths"].items()
        if "get" in path_item
    }
    return {
        name: _tool(name, *operations[choice.operation], choice.when, document)
        for name, choice in TOOLS.items()
    }


def _tool(
    name: str, path: str, operation: Mapping[str, Any], when: str, document: Mapping[str, Any]
) -> Tool:
    schemas = document["components"]["schemas"]
    parameters = asked_by(operation)
    properties = {one["name"]: _property(one, schemas) for one in parameters}
    if "limit" in properties:
        properties["limit"]["default"] = LIMIT
    schema = {
        "type": "object",
        "properties": properties,
        "required": [one["name"] for one in parameters if one.get("required")],
        "additionalProperties": False,
    }
    in_path = [one["name"] for one in parameters if one["in"] == "path"]
    description = f"{operation['description']}\n\n{when}"
    others = frozenset(document["paths"]) - {path}
    return Tool(name, path, description, schema, in_path, others if in_path else frozenset())


def _property(parameter: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Describe an argument; patterns are left to the API, whose errors say what was meant."""
    told = _words(parameter["schema"], schemas)
    description = parameter.get("description") or parameter["schema"].get("description")
    return {**told, "description": description} if description else told


def _words(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    told = {word: schema[word] for word in _KEPT_WORDS if schema.get(word) not in (None, [])}
    if "items" in schema:
        told["items"] = _words(schema["items"], schemas)
    return told


def _judge_id(name: str, value: object) -> Iterator[ProblemDetail]:
    try:
        _ID.validate_python(value, strict=True)
    except ValidationError:
        yield wrong(name, _NEEDED, slug(value) if isinstance(value, str) else None)


def _is_plain(value: object) -> bool:
    return all(
        one.bit_length() <= _MOST_BITS if isinstance(one, int) else isinstance(one, str | float)
        for one in _several(value)
    )


def _several(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """Write an argument as a query has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
