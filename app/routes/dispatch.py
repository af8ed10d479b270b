"""Finds the route of a request among those of the API, by the path's noun.

FastAPI documents the routes and answers all else. Its own search asks routers and routes in turn, and
wraps each in stacks of contexts that no route here uses, which takes longer than a page of a list.
"""

from collections import defaultdict
from collections.abc import Iterable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from app.delivery.ledger import NOTE
from app.routes.query_route import QueryRoute


class Dispatch:
    """Answer by the routes that validate their own query; the rest is FastAPI's."""

    def __init__(self, app: FastAPI, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._by_path: dict[str, QueryRoute] = {}
        self._by_noun: dict[str, list[QueryRoute]] = defaultdict(list)
        for route in routes:
            if not isinstance(route, QueryRoute):
                continue
            if route.param_convertors:
                self._by_noun[_noun(route.path)].append(route)
            else:
                self._by_path[route.path] = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, a GET."""
        route = self._route(scope) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        if NOTE in scope["state"]:
            scope["state"][NOTE].route = route.path
        scope["app"] = self._app
        answer = await route.answer(Request(scope, receive, send))
        await answer(scope, receive, send)

    def _route(self, scope: Scope) -> QueryRoute | None:
        path = scope["path"]
        if scope.get("root_path"):
            return None
        if route := self._by_path.get(path):
            scope["path_params"] = {}
            return route
        for route in self._by_noun.get(_noun(path), ()):
            if found := route.path_regex.match(path):
                scope["path_params"] = found.groupdict()
                return route
        return None


def _noun(path: str) -> str:
    """Return the second part of a path, without what a file's format adds: companies of /v1/companies."""
    _, _, rest = path.removeprefix("/").partition("/")
    return rest.partition("/")[0].partition(".")[0]
