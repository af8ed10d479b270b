"""The pages for readers: Swagger UI at /docs, ReDoc at /redoc, and a page for each problem type.

Everything comes from this process, so that the pages work without internet and under a strict
content security policy. The OpenAPI document and the catalogue of problems live elsewhere.
"""

import base64
import functools
import hashlib
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

PAGES = Path(__file__).with_name("pages")

# Only these names are served, so that no request reaches the file system with a path of its own.
OUR_ASSETS: Mapping[str, str] = {
    "docs.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "openapi.js": "text/javascript",
    "pages.css": "text/css",
    "redoc.css": "text/css",
    "redoc.js": "text/javascript",
}
PACKAGED_ASSETS: Mapping[str, str] = {
    "redoc.standalone.js": "text/javascript",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}

# ReDoc fetches the logo of its maker from their host; without an address the image hides itself.
REDOC_LOGO_ADDRESS = b"https://cdn.redoc.ly/redoc/logo-mini.svg"

# ReDoc adds two kinds of style elements while it runs: empty ones, which it fills rule by rule
# through the object model, and the fixed sheet of its scrollbar. A hash admits exactly these two
# texts, so no other inline style is let in. Should a new release of ReDoc bring another sheet, the
# browser refuses it and says so, and the page, which uses native scrollbars, is none the worse.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
SCROLLBAR_STYLE = "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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
class Document:
    """A file or page ready to send, with the validator that its content determines."""

    content: bytes
    media_type: str
    etag: str


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
    return _answer(_page("docs.html"), PAGE_CACHING, DOCS_POLICY, if_none_match)


@router.api_route("/redoc", methods=["GET", "HEAD"])
def redoc(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """ReDoc: the whole reference on one page."""
    return _answer(_page("redoc.html"), PAGE_CACHING, REDOC_POLICY, if_none_match)


@router.api_route("/docs/assets/{name}", methods=["GET", "HEAD"])
def docs_asset(name: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """A script, style sheet or icon of the pages."""
    if name not in OUR_ASSETS and name not in PACKAGED_ASSETS:
        raise NotFound("there is no such asset of the documentation")
    return _answer(_asset(name), ASSET_CACHING, NOTHING, if_none_match)


@router.api_route("/problems", methods=["GET", "HEAD"])
def problems(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """The list of problem types."""
    return _answer(_problem_list(), PAGE_CACHING, PROBLEM_POLICY, if_none_match)


@router.api_route("/problems/{slug}", methods=["GET", "HEAD"])
def problem(slug: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """What one problem type means, how it comes about and what to do next."""
    if slug not in PROBLEM_TYPES:
        raise NotFound("there is no such problem type", near(slug, PROBLEM_TYPES))
    return _answer(_problem_page(slug), PAGE_CACHING, PROBLEM_POLICY, if_none_match)


def _answer(document: Document, caching: str, policy: str, if_none_match: str | None) -> Response:
    """The document, or 304 if the client already holds it."""
    headers = {
        "Cache-Control": caching,
        "Content-Security-Policy": policy,
        "ETag": document.etag,
        "X-Content-Type-Options": "nosniff",
    }
    held = re.findall(r'"[^"]*"|\*', if_none_match or "")
    if document.etag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(document.content, media_type=document.media_type, headers=headers)


def _document(content: bytes, media_type: str) -> Document:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:18]).decode()
    return Document(content, media_type, f'"{digest}"')


@functools.cache
def _page(name: str) -> Document:
    return _document((PAGES / name).read_bytes(), "text/html")


@functools.cache
def _asset(name: str) -> Document:
    """One of our files, or one of the package's, whose code is never imported."""
    if name in OUR_ASSETS:
        return _document((PAGES / name).read_bytes(), OUR_ASSETS[name])
    package = importlib.util.find_spec("fastapi_offline")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package fastapi-offline, which carries this file, isn't installed.")
    file = Path(package.submodule_search_locations[0]) / "static" / name
    content = file.read_bytes().replace(REDOC_LOGO_ADDRESS, b"")
    return _document(content, PACKAGED_ASSETS[name])


@functools.cache
def _problem_list() -> Document:
    entries = "\n".join(
        f'<dt><a href="problems/{_escaped(kind.slug)}">{_escaped(kind.title)}</a> '
        f'<span class="status">{kind.status}</span></dt>\n<dd>{_escaped(kind.meaning)}</dd>'
        for kind in sorted(PROBLEM_TYPES.values(), key=lambda kind: kind.status)
    )
    return _document(_filled("problems.html", entries=entries), "text/html")


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
    return _document(_filled("problem.html", **parts), "text/html")


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
