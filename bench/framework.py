"""The framework alone: FastAPI validates the parameters of a list of rounds, and sends constant bytes.

The parameters are those of `GET /v1/rounds`, parsed in FastAPI's ordinary way. Nothing is asked of a
database, and the route runs on the loop, which is the cheapest that FastAPI offers.
"""

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Response

from app.query.rounds import RoundList


def create_app(data: Path) -> FastAPI:
    """Make the application that sends the bytes of a file."""
    body = data.read_bytes()
    app = FastAPI()

    @app.get("/v1/rounds")
    async def list_rounds(filters: Annotated[RoundList, Query()]) -> Response:  # noqa: ARG001  # validated, and nothing more
        return Response(body, media_type="application/json")

    return app
