"""/llms.txt: how to use the API, on one page for a model, most of it from the OpenAPI document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from app.guide import READING, asked_by
from app.routes.documentation import PAGE_CACHING

router = APIRouter(include_in_schema=False)

_EXAMPLES = {
    "What is a company worth, what does it earn, and at which multiple?": (
        "/v1/companies/moonshot-ai"
    ),
    "Which company goes by this name?": "/v1/search?q=kimi&kind=company",
    "Which were the largest rounds of 2026?": (
        "/v1/rounds?status=closed&announced_from=2026&announced_to=2026&sort=-amount_usd&limit=5"
    ),
    "How did its multiple of ARR change?": "/v1/metrics?company=moonshot-ai&kind=arr_multiple",
    "Who states its ARR, and who says otherwise?": "/v1/claims?company=moonshot-ai&metric=arr",
    "How much was raised a year, and the median?": "/v1/rounds/stats?group_by=year",
    "What was known at the end of 2025?": "/v1/companies/moonshot-ai?known_on=2025-12-31",
    "And as a table?": "/v1/rounds.csv?fields=id,company_name,amount_usd&country=CN",
}
# What most lists take is said once.
_SHARED = ("limit", "cursor", "count", "sort", "id", "q", "bounds", "known_on")
_ASKING = f"""\
GET only; answers are JSON. Repeat a parameter for OR (`country=CN&country=US`); different ones mean AND. A
range takes in what surely lies inside, `bounds=possible` what may. Lists have `data`, `page` and `dataset`:
put `page.next_cursor` into `cursor` for the next page, `limit` is 1 to 200, `count=true` fills `page.total`,
and `sort=-amount_usd,name` sorts. Besides those named below most lists take {", ".join(_SHARED)}.
Every list and statistic is a table too: add .csv, .ndjson or .parquet to its path. A wrong parameter is
refused with 422 and an unknown id with 404, as application/problem+json whose `errors` name the parameter
and a `suggestion`: take it and ask again.
"""
_ELSEWHERE = """\
All parameters, fields and words are in `/openapi.json`. Models that have tools connect to `/mcp` (Model
Context Protocol, streamable HTTP) instead. The ids above are the seed dataset's.
"""


@router.get("/llms.txt")
def tell_models(request: Request) -> Response:
    """How to use the API, for a model."""
    document = request.app.openapi()
    examples = "".join(f"- {asked} `{address}`\n" for asked, address in _EXAMPLES.items())
    operations = "".join(_operations(document["paths"]))
    parts = {
        "How to ask": _ASKING,
        "How to read the numbers": READING,
        "Examples": examples,
        "What there is": operations,
        "Elsewhere": _ELSEWHERE,
    }
    sections = "".join(f"\n## {title}\n\n{text}" for title, text in parts.items())
    page = f"# {document['info']['title']}\n\n{document['info']['description']}{sections}"
    return Response(page, headers={"Cache-Control": PAGE_CACHING}, media_type="text/plain")


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    """Describe each operation in a line; the files of a list are one with it."""
    for path, operations in paths.items():
        told = operations.get("get")
        if told is None or "{file_format}" in path:
            continue
        parameters = asked_by(told)
        meaning = " ".join(told["description"].partition("\n\n")[0].split())
        address, example = _addresses(path, parameters)
        such = f", such as `{example}`" if example != address else ""
        # The part of a list that belongs to one item takes what the list takes.
        own = [] if "{" in path else [one["name"] for one in parameters]
        names = ", ".join(name for name in own if name not in _SHARED)
        taken = f" Parameters: {names}." if names else ""
        yield f"- `{address}`{such}: {meaning}{taken}\n"


def _addresses(path: str, parameters: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return an operation's address with places for what it needs, and with the document's examples."""
    needed = [one for one in parameters if one["required"]]
    query = "&".join(f"{one['name']}={{{one['name']}}}" for one in needed if one["in"] == "query")
    address = f"{path}?{query}" if query else path
    examples = {one["name"]: quote(str(one["schema"]["examples"][0]), "") for one in needed}
    return address, address.format_map(examples)
