"""What a detail can be asked with."""

from pydantic import BaseModel, ConfigDict

from app.query.parameters import KnownOn


class DetailFilter(BaseModel):
    """Parameters of a detail."""

    model_config = ConfigDict(extra="forbid")

    known_on: KnownOn = None
