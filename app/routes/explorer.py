"""The explorer at /: a page that shows the dataset, and the files of app/explorer that it is made of.

The page asks nothing but the public API. Its files lie under an address that names their content, so
that a browser keeps them for good and never mixes those of two releases.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Header, Response

from app.problems import NotFound
from app.routes.files import MEDIA_TYPES, NOTHING, Document, answer_document, digest, document

FILES = Path(__file__).parent.parent / "explorer"
PAGE = "index.html"

# Texts of a dataset are never read as markup: the browser refuses every way of doing so.
POLICY = (
    f"{NOTHING}; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# The page names the version of its files, so that it is asked for anew each time.
PAGE_CACHING = "no-cache"
FILE_CACHING = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def explorer(if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """The explorer's page."""
    return answer_document(_page(), PAGE_CACHING, POLICY, if_none_match)


@router.api_route("/explorer/{version}/{name:path}", methods=["GET", "HEAD"])
def explorer_file(
    version: str, name: str, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """A script, style sheet or font of the explorer."""
    found = files().get(name) if version == files_version() else None
    if found is None:
        raise NotFound("there is no such file of the explorer in this release; load the page again")
    return answer_document(found, FILE_CACHING, NOTHING, if_none_match)


@functools.cache
def files() -> Mapping[str, Document]:
    """Return the files by name, so that no request reaches the file system with a path of its own."""
    return {
        path.relative_to(FILES).as_posix(): document(path.read_bytes(), MEDIA_TYPES[path.suffix])
        for path in sorted(FILES.rglob("*"))
        if path.suffix in MEDIA_TYPES and path.name != PAGE
    }


@functools.cache
def files_version() -> str:
    """Name the content of all files."""
    return digest("".join(f"{name} {file.etag}\n" for name, file in files().items()).encode())


@functools.cache
def _page() -> Document:
    template = Template((FILES / PAGE).read_text(encoding="utf-8"))
    folder = f"explorer/{files_version()}"
    # What every view needs is asked for at once, and not when a script that imports it has come.
    shared = (name for name in files() if name.endswith(".js") and "/" not in name)
    modules = "\n".join(f'<link rel="modulepreload" href="{folder}/{name}">' for name in shared)
    page = template.substitute(files=folder, modules=modules)
    return document(page.encode(), MEDIA_TYPES[".html"])
