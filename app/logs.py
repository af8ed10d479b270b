"""Logs: lines on standard output, of JSON where nobody watches, about what happened and not who asked."""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

_LOGGERS = ("app", "uvicorn")


class _Stdout(logging.StreamHandler[TextIO]):
    """Writes to what is standard output at the time."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stdout

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Keep nothing: what logging hands over may be closed later."""


def configure(log_format: str, level: str) -> None:
    """Have the messages of the service and its server written, each as one line."""
    handler = _Stdout()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([structlog.processors.format_exc_info] if as_json(log_format) else []),
                renderer(log_format),
            ],
        )
    )
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
    # It repeats in colours what it says.
    logging.getLogger("uvicorn.error").addFilter(_without_colours)


def as_json(log_format: str) -> bool:
    """Tell whether lines are JSON."""
    return log_format == "json" or (log_format == "auto" and not sys.stdout.isatty())


def renderer(log_format: str) -> Processor:
    """Return what makes a line of a message and its fields."""
    if as_json(log_format):
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer()


def _without_colours(record: logging.LogRecord) -> bool:
    fields: dict[str, Any] = vars(record)
    fields.pop("color_message", None)
    return True
