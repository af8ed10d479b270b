"""The server of the official SDK: it lists the tools, and answers a call from the API in this process.

A call is a GET like any client's, through all layers, so that one answer serves both. This is the only
file that needs the extra `mcp`.
"""

import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import anyio
import httpx2
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool
from starlette.types import ASGIApp, Receive, Scope, Send

from app.guide import READING
from app.likeness import nearest
from app.mcp.compact import compact
from app.mcp.tools import Tool, tools_of
from app.problems import InvalidRequest

_HERE = "http://airounds"
_AS_IT_IS = {"Accept-Encoding": "identity"}
_ANNOTATIONS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_SHORTENED = """\
- Answers are JSON in few words: members that are unknown or empty are left out, except bounds; `source` is an
  id under `sources`, which has each source once. `page.next_cursor` goes into `cursor`.
"""


class Answers:
    """Answers MCP's requests from an API that runs in this process."""

    def __init__(self, api: ASGIApp, document: Mapping[str, Any]) -> None:
        self._api = api
        self._tools = tools_of(document)
        self.server: Server[Any] = Server(
            "airounds",
            version=version("airounds"),
            title="airounds",
            instructions=f"{document['info']['description']}\n{READING}{_SHORTENED}",
            on_list_tools=self._list,
            on_call_tool=self._call,
        )

    async def _list(self, *_: object) -> ListToolsResult:
        return ListToolsResult(tools=[_listed(tool) for tool in self._tools.values()])

    async def _call(self, _: object, asked: CallToolRequestParams) -> CallToolResult:
        tool = self._tools.get(asked.name)
        if tool is None:
            meant = nearest(asked.name, self._tools) or f"one of {', '.join(self._tools)}"
            raise MCPError(INVALID_PARAMS, f"there is no such tool; did you mean {meant}?")
        try:
            answer, is_error = await self._answer(tool.address(asked.arguments or {})), False
        except InvalidRequest as problem:
            answer, is_error = problem.detail, True
        except _RefusedError as refused:
            answer, is_error = str(refused), True
        return CallToolResult(content=[TextContent(text=answer)], is_error=is_error)

    async def _answer(self, address: str) -> str:
        response = await get(self._api, address)
        answer = json.loads(await response.aread())
        if response.status_code != 200:
            raise _RefusedError(_told(answer))
        short = compact({**answer, "dataset": response.headers["dataset-version"]})
        return json.dumps(short, ensure_ascii=False, separators=(",", ":"))


class _RefusedError(Exception):
    """A call that the API doesn't answer, and why."""


async def get(api: ASGIApp, address: str) -> httpx2.Response:
    """Ask an API in this process; an address that is longer than any is refused."""
    try:
        request = httpx2.Request("GET", f"{_HERE}{address}", headers=_AS_IT_IS)
    except httpx2.InvalidURL:
        raise _RefusedError("the arguments are too long") from None
    return await httpx2.ASGITransport(api).handle_async_request(request)


def _told(problem: Mapping[str, Any]) -> str:
    """Say a problem in words: what happened, and what was most likely meant."""
    detail = problem["detail"]
    more = [one["message"] for one in problem["errors"] if one["message"] not in detail]
    failed = problem["status"] >= 500
    return "; ".join([detail, *more, *([f"request {problem['request_id']}"] if failed else [])])


def _listed(tool: Tool) -> ListedTool:
    return ListedTool(
        name=tool.name,
        description=tool.description,
        input_schema=dict(tool.schema),
        annotations=_ANNOTATIONS,
    )


async def answers_of(api: ASGIApp) -> Answers:
    """Describe an API's tools by its own document."""
    response = await get(api, "/openapi.json")
    return Answers(api, json.loads(await response.aread()))


async def answer_http(answers: Answers, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one message over HTTP, by itself: any process may answer the next one."""
    manager = StreamableHTTPSessionManager(answers.server, json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send)


def serve_stdio(api: ASGIApp) -> None:
    """Answer one client over standard input and output, until it closes them."""

    async def serve() -> None:
        server = (await answers_of(api)).server
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)
