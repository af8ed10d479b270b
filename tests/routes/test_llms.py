"""/llms.txt: what it says is true."""

import re

import httpx

MOST_CHARACTERS = 8_000


def test_every_address_on_the_page_answers(seed: httpx.Client) -> None:
    """The examples of questions and those of each operation, which the document has."""
    answer = seed.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    addresses = [one for one in re.findall(r"`(/[^`]*)`", answer.text) if "{" not in one]
    addresses.remove("/mcp")
    assert "/v1/rounds/stats?group_by=year" in addresses
    assert len(addresses) > 25
    assert {address: seed.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_every_operation_is_on_the_page(seed: httpx.Client) -> None:
    """One that is added needs no line there, and the page stays one page."""
    page = seed.get("/llms.txt").text
    paths = [
        path for path in seed.get("/openapi.json").json()["paths"] if "{file_format}" not in path
    ]
    assert all(f"- `{path}" in page for path in paths)
    assert len(page) < MOST_CHARACTERS
