"""What a detail can be asked with."""

from pydantic import ConfigDict

from app.models import Model
from app.query.parameters import KnownOn


class DetailFilter(Model):
    """Parameters of a detail."""

    model_config = ConfigDict(extra="forbid")

    known_on: KnownOn = None
