"""The Atom feed (RFC 4287) of rounds: what a reader of news sees of each, from its wire JSON."""

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from pydantic_core import from_json

from app.dates import first_day

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
# Ids of entries are made of this one and of the round's, so that every instance gives the same.
_NAMESPACE = uuid.UUID("6f0c7cf1-33b6-5d1a-9c54-0d1d9b6a3c55")
_HEDGES = {"at_least": "at least ", "at_most": "up to ", "approx": "about "}
_EPOCH = "1970-01-01"
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))

# What XML 1.0 has no place for.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Round = Mapping[str, Any]


def atom(entries: Iterable[tuple[str, str]], address: str) -> bytes:
    """Write a feed of rounds, each as its JSON and the moment at which it last changed.

    `address` is the feed's own path and query.
    """
    rounds = [(from_json(body), updated) for body, updated in entries]
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", uuid.uuid5(_NAMESPACE, address).urn)
    _add(feed, "title", "AI funding rounds")
    _add(feed, "updated", max((updated for _, updated in rounds), default=midnight(_EPOCH)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    _add(_add(feed, "author"), "name", "airounds")
    for one, updated in rounds:
        _entry(feed, one, updated)
    ElementTree.indent(feed)
    text: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def midnight(day: str) -> str:
    """Return the moment at which a day begins, as RFC 3339 writes it."""
    return f"{day}T00:00:00Z"


def _entry(feed: ElementTree.Element, one: Round, updated: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", uuid.uuid5(_NAMESPACE, f"rounds/{one['id']}").urn)
    _add(entry, "title", _title(one))
    _add(entry, "updated", updated)
    if date := one["announced_on"] or one["closed_on"]:
        _add(entry, "published", midnight(first_day(date)))
    figures = [one[name] for name in ("amount", "valuation") if one[name]]
    stating = [one["source"], *(figure["source"] for figure in figures)]
    pages = dict.fromkeys(source["url"] for source in stating if source["url"])
    # What a reader opens is the page that states the round; its JSON only where there is no page.
    path = f"/v1/rounds/{one['id']}"
    for number, address in enumerate((*pages, path)):
        _add(entry, "link", rel="related" if number else "alternate", href=address)
    for term in (one["stage"], one["instrument"], one["status"]):
        _add(entry, "category", term=term)
    _add(entry, "summary", _summary(one))


def _title(one: Round) -> str:
    stage = "" if one["stage"] == "unknown" else f", {one['stage'].replace('_', ' ').title()}"
    amount = one["amount"]
    raised = f"{one['company']['name']}: {_money(amount)}" if amount else one["company"]["name"]
    return f"{raised}{stage} ({one['status']})"


def _summary(one: Round) -> str:
    company, amount, valuation = one["company"]["name"], one["amount"], one["valuation"]
    told = [f"{company}, {one['instrument']}, {one['status']}."]
    told.append(_stated("Raised", amount) if amount else "The amount isn't disclosed.")
    if valuation:
        basis = valuation["basis"].replace("_", "-")
        told.append(_stated(f"Valued ({basis}) at", valuation))
    if one["investors"]:
        names = ", ".join(
            f"{part['name']} ({part['role'].replace('_', '-')})" for part in one["investors"]
        )
        told.append(f"Investors: {names}.")
    return " ".join(told)


def _stated(words: str, figure: Round) -> str:
    publisher = figure["source"]["publisher"] or figure["source"]["id"]
    return f"{words} {_money(figure)}, says {publisher}."


def _money(figure: Round) -> str:
    """Write an amount as stated, hedge and currency included: at least CNY 1.2B."""
    hedge = _HEDGES.get(figure["qualifier"], "")
    until = f" to {_short(figure['value_high'])}" if figure["value_high"] is not None else ""
    return f"{hedge}{figure['currency']} {_short(figure['value'])}{until}"


def _short(value: float) -> str:
    for size, unit in _UNITS:
        if value >= size:
            return f"{value / size:.10g}{unit}"
    return f"{value:g}"


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    clean = {key: _clean(value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", clean)
    child.text = None if text is None else _clean(text)
    return child


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
