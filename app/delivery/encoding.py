"""Compression: which content coding an answer gets, and its encoders.

The choice depends on the request alone, so that the validators that a client holds can be told apart
by their coding before the answer is there.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

import brotli
import zstandard

# Quick settings: a list of 50 rounds takes about a millisecond and becomes a tenth.
_BROTLI_QUALITY = 4
_ZSTD_LEVEL = 3
_GZIP_LEVEL = 6
_GZIP_WINDOW = 31


class Encoder(Protocol):
    """Compresses chunk after chunk."""

    def add(self, chunk: bytes) -> bytes:
        """Take a chunk, and return what can be sent of it."""
        ...

    def end(self) -> bytes:
        """Return the rest."""
        ...


class _Brotli:
    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=_BROTLI_QUALITY)

    def add(self, chunk: bytes) -> bytes:
        return bytes(self._compressor.process(chunk))

    def end(self) -> bytes:
        return bytes(self._compressor.finish())


class _Zstd:
    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def add(self, chunk: bytes) -> bytes:
        return self._compressor.compress(chunk)

    def end(self) -> bytes:
        return self._compressor.flush()


class _Gzip:
    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def add(self, chunk: bytes) -> bytes:
        return self._compressor.compress(chunk)

    def end(self) -> bytes:
        return self._compressor.flush()


ENCODERS: Mapping[str, Callable[[], Encoder]] = {"br": _Brotli, "zstd": _Zstd, "gzip": _Gzip}
"""The content codings that are offered, the one that is taken of equals first."""


def choose(accepted: str) -> str | None:
    """Choose a coding by Accept-Encoding (RFC 9110, section 12.5.3); None is identity.

    Of those that a client likes equally the first of ENCODERS is taken; what it doesn't name isn't
    sent.
    """
    if not accepted:
        return None
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, parameter = part.strip().partition(";")
        _, _, weight = parameter.partition("=")
        try:
            weights[name.strip().lower()] = float(weight) if weight.strip() else 1.0
        except ValueError:
            continue
    offered = {name: weights.get(name, weights.get("*", 0.0)) for name in ENCODERS}
    best = max(offered, key=lambda name: offered[name])
    return best if offered[best] > 0 and offered[best] >= weights.get("identity", 0.0) else None
