"""The feed over HTTP, as a reader of feeds sees it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import httpx

from app.dataset.load import load
from tests.builder import World
from tests.conftest import NOTICED_SECONDS, Served, serving

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_valid_atom(seed: httpx.Client) -> None:
    """Every element that RFC 4287 asks for, once; ids unique; a reader finds nothing wrong."""
    answer = seed.get("/v1/feed.atom?limit=200")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 200
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [one.findtext(f"{ATOM}id") for one in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert all(one.updated_parsed and one.link and one.summary for one in parsed.entries)


def test_the_feed_takes_the_filters_of_rounds(seed: httpx.Client) -> None:
    """The newest first, of the rounds that match."""
    listed = seed.get("/v1/rounds?country=CN&status=closed&limit=20").json()["data"]
    parsed = feedparser.parse(seed.get("/v1/feed.atom?country=CN&status=closed&limit=20").content)
    told = [[link.href for link in one.links] for one in parsed.entries]
    assert [links[-1] for links in told] == [f"/v1/rounds/{one['id']}" for one in listed]
    assert [links[0] for links in told] == [
        one["source"]["url"] or f"/v1/rounds/{one['id']}" for one in listed
    ]
    assert seed.get("/v1/feed.atom?contry=CN").status_code == 422


def test_the_feed_is_revalidated(seed: httpx.Client) -> None:
    """A reader that has it gets 304."""
    first = seed.get("/v1/feed.atom?stage=seed")
    again = seed.get("/v1/feed.atom?stage=seed", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_entry_keeps_its_id_when_its_round_changes(served: Served) -> None:
    """So that a reader shows it as updated, not as new; it says who states what, hedge included."""
    world = World().source("press", publisher="The <Press> & Co", published_on="2026-05-02")
    world.round("r1", announced_on="2026-05-01", source_id="press")
    before = feedparser.parse(served(world).get("/v1/feed.atom").content).entries[0]
    world.source("more", publisher="More", published_on="2026-05-09")
    world.claim("amount_raised", 250_000_000, "more", round_id="r1", qualifier="at_least")
    after = feedparser.parse(served(world).get("/v1/feed.atom").content).entries[0]
    assert after.id == before.id
    assert (before.updated, after.updated) == ("2026-05-02T00:00:00Z", "2026-05-09T00:00:00Z")
    assert after.title == "Acme: at least USD 250M (closed)"
    assert "Raised at least USD 250M, says More." in after.summary


def test_names_of_the_dataset_are_text_in_the_feed(served: Served) -> None:
    """Markup in a name stays text, and what XML has no place for is replaced."""
    world = World().company("evil", name="<script>\uffff&amp;</script>")
    world.round("r1", company_id="evil")
    body = served(world).get("/v1/feed.atom").content
    title = ElementTree.fromstring(body).findtext(f"{ATOM}entry/{ATOM}title")
    assert title == "<script>\N{REPLACEMENT CHARACTER}&amp;</script> (closed)"


def test_a_correction_updates_its_entry(
    engine: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """At the moment of the load that brought it; what is known only later isn't of the future."""
    url = new_url(engine)
    world = World().round("r1", announced_on="2026-05-01").claim("amount_raised", 1, round_id="r1")
    world.source("vague", published_on="2026").round("r2", source_id="vague")
    first = datetime(2026, 11, 1, 8, tzinfo=UTC)
    load(world.write(tmp_path / "first"), url, loaded_at=first)
    with serving(url) as client:
        before = client.get("/v1/feed.atom")
        told = {one.title: one.updated for one in feedparser.parse(before.content).entries}
        assert told == {
            "Acme: USD 1 (closed)": "2020-01-01T00:00:00Z",
            "Acme (closed)": "2026-11-01T08:00:00Z",
        }
        world.rows["claims.csv"][0]["value"] = "2"
        load(world.write(tmp_path / "second"), url, loaded_at=first + timedelta(days=1))
        time.sleep(NOTICED_SECONDS)
        after = client.get("/v1/feed.atom", headers={"If-None-Match": before.headers["etag"]})
        told = {one.title: one.updated for one in feedparser.parse(after.content).entries}
        assert told["Acme: USD 2 (closed)"] == "2026-11-02T08:00:00Z"


def test_amounts_are_written_as_stated(served: Served) -> None:
    """Every digit of a number, its hedge and its currency, in a sentence that reads well."""
    world = World().source("press", publisher="Press", url="https://press.example/\uffff")
    for number, (value, cells) in enumerate(
        (
            (13_500_000_000_000, {"currency": "KRW"}),
            (999_999_999, {"qualifier": "at_most"}),
            (1_234_500_000, {"qualifier": "range", "value_high": "2000000000"}),
        )
    ):
        world.round(f"r{number}", announced_on=f"2026-01-0{number + 1}", source_id="press")
        world.claim("amount_raised", value, "press", round_id=f"r{number}", **cells)
        world.claim("valuation", value, "press", round_id=f"r{number}", **cells)
    parsed = feedparser.parse(served(world).get("/v1/feed.atom").content)
    assert not parsed.bozo
    told = [one.summary.partition("closed. ")[2] for one in reversed(parsed.entries)]
    assert told == [
        f"Raised {one}, says Press. Valued (unspecified) at {one}, says Press."
        for one in ("KRW 13.5T", "up to USD 999.999999M", "USD 1.2345B to 2B")
    ]
