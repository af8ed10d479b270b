"""Addresses on the web, as a cell may write them: with a scheme and a host, or a site's bare name."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

# Labels joined by dots, the last one of letters (or their ASCII form), and perhaps a path.
_SITE = re.compile(r"([^\W_]([\w-]*[^\W_])?\.)+([^\W\d_]{2,}|xn--[a-z0-9-]+)(/\S*)?")
_HOST = re.compile(r"[\w.:-]*\w[\w.:-]*")


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or any(char.isspace() for char in text):
        raise PydanticCustomError("url", "not an address that starts with https:// or http://")
    if not _HOST.fullmatch(_host(text)):
        raise PydanticCustomError("url", "an address without a host, such as example.com")
    return text


def is_address(text: str) -> bool:
    """Tell whether a text can be the address of a document."""
    try:
        return bool(_address(text))
    except PydanticCustomError:
        return False


def _host(address: str) -> str:
    """Return the host of an address, empty where it has none that can be read."""
    try:
        parts = urlsplit(address)
        # Reading the port raises where it isn't one.
        return (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return ""


def _website(text: str) -> str:
    return text if _SITE.fullmatch(text) else _address(text)


Address = Annotated[str, AfterValidator(_address)]
"""An address of a document."""

Website = Annotated[str, AfterValidator(_website)]
"""An address, or a host's name such as example.com, as sources often write it."""
