"""The tools over both transports, asked by the SDK's own client."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client

from app.mcp.tools import LIMIT, TOOLS
from tests.mcp.conftest import Server, call, text

PAGE = Path(__file__).parent.parent.parent / "docs" / "mcp.md"
ROUND = "moonshot-ai-2026-05-series-d"


def _answer(server: Server, name: str, **arguments: Any) -> dict[str, Any]:
    result = call(server, name, arguments)
    assert not result.is_error, text(result)
    answer: dict[str, Any] = json.loads(text(result))
    return answer


def test_a_multiple_is_told_with_its_qualifier_basis_and_sources(server: Server) -> None:
    """Moonshot AI's ARR multiple, from its name to the addresses of those who state both numbers."""
    found = _answer(server, "search", q="Moonshot AI", kind="company")["data"][0]
    company = _answer(server, "get_company", company_id=found["id"])
    multiple = company["arr_multiple"]
    told = {key: multiple[key] for key in ("nominal", "low", "high", "qualifier", "comparable")}
    assert told == {
        "nominal": 100.0,
        "low": None,
        "high": None,
        "qualifier": "unbounded",
        "comparable": True,
    }
    assert company["valuation"]["basis"] == "post_money"
    assert company["valuation"]["qualifier"] == company["arr"]["qualifier"] == "at_least"
    assert [one["metric"] for one in multiple["inputs"]] == ["valuation", "arr"]
    sources = [company["sources"][one["source"]] for one in multiple["inputs"]]
    assert all(source["url"].startswith("https://") for source in sources)
    [point] = _answer(server, "get_metrics", round=[ROUND], kind=["arr_multiple"])["data"]
    assert point["nominal"] == 100.0
    assert (point["qualifier"], point["basis"]) == ("unbounded", "post_money")


def test_every_tool_is_described_for_a_model(server: Server) -> None:
    """It reads only, says when to take it, and each argument has a meaning, an example and its words."""

    async def ask() -> tuple[Any, str]:
        async with Client(server) as client:
            return (await client.list_tools()).tools, client.instructions or ""

    tools, instructions = asyncio.run(ask())
    assert "never quote it without its qualifier" in instructions
    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert TOOLS[tool.name].when in tool.description
        arguments = tool.input_schema["properties"]
        assert all(argument["description"] for argument in arguments.values())
        assert "$ref" not in json.dumps(tool.input_schema)
        assert arguments.get("limit", {"default": LIMIT})["default"] == LIMIT
    rounds = next(tool for tool in tools if tool.name == "list_rounds").input_schema
    assert "closed" in rounds["properties"]["status"]["items"]["enum"]


@pytest.mark.parametrize(
    ("name", "path", "arguments"),
    [
        ("search", "/v1/search", {"q": "月之暗面"}),
        ("list_rounds", "/v1/rounds", {"country": ["CN", "US"], "min_amount_usd": 1e9}),
        ("list_rounds", "/v1/rounds", {"category": "chips", "bounds": "possible", "count": True}),
        ("get_metrics", "/v1/metrics", {"kind": ["arr_multiple"], "comparable": True}),
        ("round_stats", "/v1/rounds/stats", {"group_by": "year,stage", "known_on": "2025-12-31"}),
        ("list_claims", "/v1/claims", {"company": "moonshot-ai", "chosen": False, "status": None}),
    ],
)
def test_a_tool_answers_what_the_api_answers(
    seed: httpx.Client, name: str, path: str, arguments: dict[str, Any]
) -> None:
    """The same items under the same filters; nothing that is known is lost, each source stands once."""
    told = _answer(f"{seed.base_url}/mcp", name, **arguments)
    asked = {key: value for key, value in arguments.items() if value is not None}
    answer = seed.get(path, params={"limit": LIMIT, **asked}).json()
    assert told["dataset"] == answer["dataset"]
    assert told["data"]
    sources = told.get("sources", {})
    assert _known(told["data"], sources) == _known(answer["data"], {})


def _known(value: Any, sources: dict[str, Any]) -> Any:
    """Return what an answer says, whichever way: without nulls, with each source where it is named."""
    if isinstance(value, list):
        return [_known(one, sources) for one in value]
    if not isinstance(value, dict):
        return value
    named = {
        key: {"id": one, **sources[one]} if key == "source" and isinstance(one, str) else one
        for key, one in value.items()
    }
    return {key: _known(one, sources) for key, one in named.items() if one not in (None, [])}


def test_a_list_is_read_to_its_end_by_cursors(seed: httpx.Client) -> None:
    """Each page names the next one, as that of the API does."""
    server, cursor, found = f"{seed.base_url}/mcp", None, []
    while True:
        page = _answer(server, "list_rounds", company="moonshot-ai", limit=3, cursor=cursor)
        found += [one["id"] for one in page["data"]]
        cursor = page["page"].get("next_cursor")
        if cursor is None:
            break
    listed = seed.get("/v1/companies/moonshot-ai/rounds").json()["data"]
    assert found == [one["id"] for one in listed]


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("list_rounds", {"contry": "CN"}, "did you mean country?"),
        ("list_rounds", {"stage": "series_ab"}, "isn't one of"),
        ("list_rounds", {"company": ["moonshoot-ai"]}, "did you mean moonshot-ai?"),
        ("list_rounds", {"q": {"word": "x"}}, "q: takes a text"),
        ("list_rounds", {"limit": 10**30}, "limit: takes a text, a number"),
        ("list_rounds", {"q": "x" * 90_000}, "too long"),
        ("round_stats", {"group_by": ["year", "stage"]}, "join words by commas"),
        ("get_company", {"company_id": "moonshoot-ai"}, "did you mean moonshot-ai?"),
        ("get_company", {"company_id": "Moonshot AI"}, "did you mean moonshot-ai?"),
        ("get_company", {"company_id": "moonshot-ai/rounds"}, "which search finds"),
        ("get_company", {"company_id": "stats"}, "which search finds"),
        ("get_company", {}, "which search finds"),
    ],
)
def test_a_wrong_argument_is_told_with_what_was_meant(
    seed: httpx.Client, name: str, arguments: dict[str, Any], reason: str
) -> None:
    """As the text of an error that the model reads, so that it can ask again."""
    for mode in ("auto", "legacy"):
        result = call(f"{seed.base_url}/mcp", name, arguments, mode)
        assert result.is_error
        assert reason in text(result)


def test_the_page_shows_true_calls(seed: httpx.Client) -> None:
    """docs/mcp.md names every tool, and its example is what the tool answers."""
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(TOOLS)
    asked, answered = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[-2:]
    called = json.loads(asked)
    told = _answer(f"{seed.base_url}/mcp", called["name"], **called["arguments"])
    assert told == json.loads(answered)
