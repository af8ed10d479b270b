"""Messages as they come over HTTP, sound and hostile, and how they are answered."""

import json

import httpx
import pytest

from tests.mcp.conftest import LEGACY, MODERN, message

HOSTILE = {
    "empty": b"",
    "half": message()[:-1],
    "no text": b"\xff\xfe",
    "a list": b"[]",
    "several": b"[" + message() + b"," + message() + b"]",
    "a number": b"1",
    "deep": b"[" * 50_000,
    "deep inside": message('{"q": ' + "[" * 9_000 + "]" * 9_000 + "}"),
    "a huge number": message('{"limit": ' + "9" * 6_000 + "}"),
    "a large number": message('{"limit": ' + "9" * 4_000 + "}"),
    "no end": message('{"limit": 1e999}'),
    "half a character": message('{"q": "\\ud800"}'),
    "half a character's name": message('{"\\ud800": "x"}'),
    "a null character": message('{"q": "a\\u0000b"}'),
    "no name": message('{"": "x"}'),
    "many": message(json.dumps({"country": ["CN"] * 300})),
    "no arguments": message("[]"),
    "no such tool": message(name="list_round"),
    "an answer": b'{"jsonrpc": "2.0", "id": 1, "result": {}}',
}


@pytest.mark.parametrize("headers", [LEGACY, MODERN], ids=["legacy", "modern"])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_message_is_refused_in_words(
    client: httpx.Client, headers: dict[str, str], body: bytes
) -> None:
    """Whatever is sent, never as a fault of the service, which goes on answering."""
    answer = client.post("/mcp", content=body, headers=headers)
    assert answer.status_code in (200, 202, 400)
    if answer.status_code != 202:
        told = answer.json()
        assert told["error"]["message"] if "error" in told else told["result"]["isError"]
    good = client.post("/mcp", content=message(), headers=headers).json()
    assert json.loads(good["result"]["content"][0]["text"])["data"]
