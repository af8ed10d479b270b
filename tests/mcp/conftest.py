"""A client of the SDK over each transport, and messages as they come over HTTP."""

import asyncio
import json
import os
import sys
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, TextContent

COMMAND = ["-c", "from app.cli import main; main()", "mcp"]
LEGACY = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
MODERN = {
    **LEGACY,
    "MCP-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/call",
    "Mcp-Name": "list_rounds",
}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}

Server = str | StdioServerParameters


def started(url: str) -> StdioServerParameters:
    """Tell how a client starts the command on a database."""
    # The role that the tests load with.
    environment = {
        **os.environ,
        "AIROUNDS_DATABASE_URL": url,
        "AIROUNDS_SERVE_AS_OWNER": "true",
    }
    return StdioServerParameters(command=sys.executable, args=COMMAND, env=environment)


def call(
    server: Server, name: str, arguments: dict[str, Any], mode: str = "auto"
) -> CallToolResult:
    """Call a tool by the SDK's client."""

    async def ask() -> CallToolResult:
        async with Client(server, mode=mode) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(ask())


def text(result: CallToolResult) -> str:
    """Return what a tool says."""
    [block] = result.content
    assert isinstance(block, TextContent)
    return block.text


def message(arguments: str = '{"limit": 1}', name: str = "list_rounds") -> bytes:
    """Write a call of a tool as it comes over HTTP."""
    params = f'{{"_meta": {json.dumps(META)}, "name": "{name}", "arguments": {arguments}}}'
    return f'{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {params}}}'.encode()


def problem(answer: httpx.Response) -> Any:
    """Read an answer that is a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


@pytest.fixture(params=["http", "stdio"])
def server(request: pytest.FixtureRequest, seed: httpx.Client, seed_url: str) -> Server:
    """The seed's tools over each transport."""
    return f"{seed.base_url}/mcp" if request.param == "http" else started(seed_url)
