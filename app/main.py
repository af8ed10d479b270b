"""The application: routes, problems and the layers around them, on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from importlib.metadata import version
from threading import BoundedSemaphore

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app import openapi
from app.columnar import Columns
from app.database import Reader
from app.delivery.admission import Admission
from app.delivery.cache import Cache
from app.delivery.gate import Gate
from app.delivery.ledger import Ledger, Lines
from app.delivery.sharing import Sharing
from app.delivery.watch import Watch
from app.mcp.door import Door
from app.problems import install_handlers
from app.query.prepared import Statements
from app.release import release
from app.routes import (
    changes,
    claims,
    companies,
    documentation,
    explorer,
    feed,
    investors,
    llms,
    metrics,
    rounds,
    search,
    service,
    sources,
)
from app.routes.dispatch import Dispatch
from app.routes.exports import LONG_EXPORTS
from app.settings import Settings, read_settings

_EXPOSED = [
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "Dataset-Version",
    "ETag",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]
_NOUNS = (
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
    explorer,
    llms,
)


def create_app(settings: Settings | None = None) -> ASGIApp:
    """Build the application that serves the database of the settings, with delivery around it."""
    settings = settings or read_settings()
    reader = Reader(
        settings.database_url,
        settings.query_timeout,
        settings.database_connections // settings.workers,
    )
    ledger = create_ledger(settings)
    api = create_api(reader, ledger)
    routes = (route for noun in _NOUNS for route in noun.router.routes)
    shared = Sharing(
        Gate(Dispatch(api, routes)),
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "HEAD", "OPTIONS"],
        allow_headers=["If-None-Match", "If-Range", "Range", "X-Request-ID"],
        expose_headers=_EXPOSED,
    )

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        await cache(scope, receive, send)

    # A tool of MCP asks as any client does, from outside.
    door = Door(shared, whole, settings.names_of_mcp, settings.cors_origins)
    admission = Admission(door, settings.max_running, settings.max_waiting, settings.cors_origins)
    # An answer from memory has been through all that is inside.
    cache = Cache(admission, Watch(reader), settings.cache_bytes, ledger, settings.cors_origins)
    ledger.load = lambda: (admission.running, admission.waiting, admission.refused)
    if settings.rate_limit is None:
        return cache
    from app.delivery.rate_limit import RateLimit  # noqa: PLC0415  # what counts takes a while to import

    return RateLimit(cache, settings.rate_limit, settings.rate_limit_storage, settings.cors_origins)


def create_ledger(settings: Settings) -> Ledger:
    """Build what counts requests, and writes of them what the settings ask for."""
    lines = metrics = spans = None
    if settings.access_log:
        lines = Lines(settings.log_format, personal=settings.log_personal)
    if settings.metrics_port is not None:
        from app.metrics import RequestMetrics  # noqa: PLC0415  # as the docstring there says

        metrics = RequestMetrics()
    if settings.traces:
        from app.delivery.tracing import Spans  # noqa: PLC0415  # an extra brings what it needs

        spans = Spans()
    return Ledger(lines, metrics, spans)


def create_api(reader: Reader, ledger: Ledger | None = None) -> FastAPI:
    """Build the application that computes answers and documents them."""
    columns = Columns(reader.timeout_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with ledger.kept() if ledger else nullcontext():
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
    app.state.statements = Statements()
    app.state.columns = columns
    app.state.release = release()
    app.state.streams = BoundedSemaphore(min(LONG_EXPORTS, reader.longest_at_once))
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's own way
    install_handlers(app)
    for noun in _NOUNS:
        app.include_router(noun.router)
    return app
