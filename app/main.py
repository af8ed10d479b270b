"""The application: routes, problems and the layers around them, on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from threading import BoundedSemaphore

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import RedirectResponse

from app import openapi
from app.columnar import Columns
from app.database import Reader
from app.delivery.cache import Cache
from app.delivery.gate import Gate
from app.delivery.watch import Watch
from app.problems import install_handlers
from app.release import release
from app.routes import (
    changes,
    claims,
    companies,
    documentation,
    feed,
    investors,
    metrics,
    rounds,
    search,
    service,
    sources,
)
from app.routes.exports import LONG_EXPORTS
from app.settings import Settings, read_settings

_EXPOSED = [
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "Dataset-Version",
    "ETag",
    "Link",
    "Retry-After",
    "X-Request-ID",
]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application that serves the database of the settings."""
    settings = settings or read_settings()
    reader = Reader(settings.database_url)
    columns = Columns()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        columns.close()
        reader.close()

    app = FastAPI(
        title="airounds",
        version=version("airounds"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.reader = reader
    app.state.columns = columns
    app.state.release = release()
    app.state.streams = BoundedSemaphore(LONG_EXPORTS)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's own way
    install_handlers(app)
    # The last one added is the outermost, so that errors carry CORS headers too.
    app.add_middleware(Cache, watch=Watch(reader), most_bytes=settings.cache_bytes)
    app.add_middleware(Gate)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "HEAD", "OPTIONS"],
        allow_headers=["If-None-Match", "If-Range", "Range", "X-Request-ID"],
        expose_headers=_EXPOSED,
    )
    nouns = (
        companies,
        rounds,
        investors,
        metrics,
        claims,
        sources,
        search,
        feed,
        changes,
        service,
        documentation,
    )
    for noun in nouns:
        app.include_router(noun.router)
    app.add_api_route("/", _to_docs, include_in_schema=False)
    return app


def _to_docs() -> RedirectResponse:
    return RedirectResponse("docs")
