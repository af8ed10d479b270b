"""What the models of parameters and of answers share."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A model that is built when it is first used.

    A process that serves uses few of them, and would spend a seventh of its start on all.
    """

    model_config = ConfigDict(defer_build=True)
