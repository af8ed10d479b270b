"""The pages for readers: Swagger UI at /docs, ReDoc at /redoc, and a page for each problem type.

Everything comes from this process, so that the pages work without internet and under a strict
content security policy. The OpenAPI document and the catalogue of problems live elsewhere.
"""

import functools
import html
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Header, Response

from app.likeness import near
from app.problems import (
    PROBLEM_TYPES,
    NotFound,
    Problem,
    ProblemDetail,
    ProblemType,
)
from app.routes.files import MEDIA_TYPES, NOTHING, Document, answer_document, document

PAGES = Path(__file__).with_name("pages")

# Only these names are served, so that no request reaches the file system with a path of its own.
OUR_ASSETS = ("docs.js", "icon.svg", "openapi.js", "pages.css", "redoc.css", "redoc.js")
PACKAGED_ASSETS = ("redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css")

# ReDoc fetches the logo of its maker from their host; without an address the image hides itself.
REDOC_LOGO_ADDRESS = b"https://cdn.redoc.ly/redoc/logo-mini.svg"

# ReDoc adds two kinds of style elements while it runs: empty ones, which it fills rule by rule
# through the object model, and the fixed sheet of its scrollbar. A hash admits exactly these two
# texts, so no other inline style is let in. Should a new release of ReDoc bring another sheet, the
# browser refuses it and says so, and the page, which uses native scrollbars, is none the worse.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
SCROLLBAR_STYLE = "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"

PROBLEM_POLICY = f"{NOTHING}; img-src 'self'; style-src 'self'"
# The style sheets of both tools draw their arrows from data: images, which can't run anything.
SCRIPTED = f"{NOTHING}; script-src 'self'; connect-src 'self'; img-src 'self' data:"
DOCS_POLICY = f"{SCRIPTED}; style-src 'self'"
REDOC_POLICY = f"{SCRIPTED}; style-src 'self' {EMPTY_STYLE} {SCROLLBAR_STYLE}"

# An upgrade of the package changes the assets under the same names, hence a day and no longer.
ASSET_CACHING = "public, max-age=86400"
PAGE_CACHING = "public, max-age=300"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """How a problem type comes about: a cause in words, and one request that meets it."""

    cause: str
    method: str
    path: str
    detail: str
    query: str = ""
    errors: tuple[ProblemDetail, ...] = ()


OCCURRENCES: Mapping[str, Occurrence] = {
    "invalid-request": Occurrence(
        cause="A misspelt parameter, a value outside its list or range, a date that isn't one, or "
        "a cursor that belongs to another query.",
        method="GET",
        path="/v1/rounds",
        query="?contry=CN",
        detail="contry: is no parameter of this path; did you mean country?",
        errors=(
            ProblemDetail(
                parameter="contry",
                message="contry: is no parameter of this path; did you mean country?",
                suggestion="country",
            ),
        ),
    ),
    "not-found": Occurrence(
        cause="A misspelt id, or one from another dataset.",
        method="GET",
        path="/v1/companies/moonshot",
        detail="there is no company moonshot",
        errors=(
            ProblemDetail(
                parameter="id", message="did you mean moonshot-ai?", suggestion="moonshot-ai"
            ),
        ),
    ),
    "method-not-allowed": Occurrence(
        cause="A client that tries to write, by POST, PUT, PATCH or DELETE.",
        method="DELETE",
        path="/v1/rounds",
        detail="DELETE isn't answered here: this API is read-only",
    ),
    "bad-message": Occurrence(
        cause="A message of more than 100,000 bytes, or a page that reaches a private service by a name "
        "of its own.",
        method="POST",
        path="/mcp",
        detail="it has more than 100000 bytes",
    ),
    "not-installed": Occurrence(
        cause="A Parquet export of a service that runs without pyarrow.",
        method="GET",
        path="/v1/rounds.parquet",
        detail="this service can't write parquet; take csv or ndjson",
    ),
    "not-ready": Occurrence(
        cause="A service that has just been installed, or a database that is being restarted.",
        method="GET",
        path="/v1/companies",
        detail="the database doesn't answer",
    ),
    "internal-error": Occurrence(
        cause="A fault in the service itself.",
        method="GET",
        path="/v1/companies",
        detail="the service failed to answer this request",
    ),
}


@router.api_route("/docs", methods=["GET", "HEAD"])
def docs(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """Swagger UI: read about each operation and try it."""
    return answer_document(_page("docs.html"), PAGE_CACHING, DOCS_POLICY, if_none_match)


@router.api_route("/redoc", methods=["GET", "HEAD"])
def redoc(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """ReDoc: the whole reference on one page."""
    return answer_document(_page("redoc.html"), PAGE_CACHING, REDOC_POLICY, if_none_match)


@router.api_route("/docs/assets/{name}", methods=["GET", "HEAD"])
def docs_asset(name: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """A script, style sheet or icon of the pages."""
    if name not in OUR_ASSETS and name not in PACKAGED_ASSETS:
        raise NotFound("there is no such asset of the documentation")
    return answer_document(_asset(name), ASSET_CACHING, NOTHING, if_none_match)


@router.api_route("/problems", methods=["GET", "HEAD"])
def problems(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """The list of problem types."""
    return answer_document(_problem_list(), PAGE_CACHING, PROBLEM_POLICY, if_none_match)


@router.api_route("/problems/{slug}", methods=["GET", "HEAD"])
def problem(slug: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """What one problem type means, how it comes about and what to do next."""
    if slug not in PROBLEM_TYPES:
        raise NotFound("there is no such problem type", near(slug, PROBLEM_TYPES))
    return answer_document(_problem_page(slug), PAGE_CACHING, PROBLEM_POLICY, if_none_match)


@functools.cache
def _page(name: str) -> Document:
    return document((PAGES / name).read_bytes(), "text/html")


@functools.cache
def _asset(name: str) -> Document:
    """One of our files, or one of the package's, whose code is never imported."""
    media_type = MEDIA_TYPES[Path(name).suffix]
    if name in OUR_ASSETS:
        return document((PAGES / name).read_bytes(), media_type)
    package = importlib.util.find_spec("fastapi_offline")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package fastapi-offline, which carries this file, isn't installed.")
    file = Path(package.submodule_search_locations[0]) / "static" / name
    content = file.read_bytes().replace(REDOC_LOGO_ADDRESS, b"")
    return document(content, media_type)


@functools.cache
def _problem_list() -> Document:
    entries = "\n".join(
        f'<dt><a href="problems/{_escaped(kind.slug)}">{_escaped(kind.title)}</a> '
        f'<span class="status">{kind.status}</span></dt>\n<dd>{_escaped(kind.meaning)}</dd>'
        for kind in sorted(PROBLEM_TYPES.values(), key=lambda kind: kind.status)
    )
    return document(_filled("problems.html", entries=entries), "text/html")


@functools.cache
def _problem_page(slug: str) -> Document:
    kind = PROBLEM_TYPES[slug]
    # A type that the table above leaves out still has a page, if a plainer one.
    occurrence = OCCURRENCES.get(slug) or Occurrence(
        cause="The `detail` of the answer tells it.",
        method="GET",
        path="/v1/rounds",
        detail=kind.meaning,
    )
    example = _example(kind, occurrence)
    texts = {
        "title": kind.title,
        "status": str(kind.status),
        "type": example.type,
        "meaning": kind.meaning,
        "cause": occurrence.cause,
        "remedy": kind.remedy,
        "request": f"{occurrence.method} {occurrence.path}{occurrence.query}",
        "example": example.model_dump_json(indent=2),
    }
    parts = {name: _escaped(text) for name, text in texts.items()}
    return document(_filled("problem.html", **parts), "text/html")


def _example(kind: ProblemType, occurrence: Occurrence) -> Problem:
    """An answer, built by the model of answers so that a page can't show another shape."""
    return Problem(
        type=f"/problems/{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=occurrence.detail,
        instance=occurrence.path,
        request_id="0d9f8f4c5b7e4f0f9a57d1c6f0c1f3aa",
        errors=list(occurrence.errors),
    )


def _escaped(text: str) -> str:
    """Text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _filled(template: str, **html_parts: str) -> bytes:
    """A template with its parts, which are HTML already, as bytes."""
    text = (PAGES / template).read_text(encoding="utf-8")
    return Template(text).substitute(html_parts).encode()
