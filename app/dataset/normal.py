"""The normal form of a dataset: sorted rows, minimal quotes, and a version that hashes them.

Two folders with the same facts have the same normal form, however their rows are ordered or quoted.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from more_itertools import chunked

from app.dataset.records import FILES

_VERSION_BYTES = 8
_HASHED_ROWS = 10_000


def normal_text(file: str, rows: Iterable[list[str]]) -> str:
    """Write the rows of a file in normal form."""
    return _text([FILES[file].model_fields, *sorted(rows)])


def _text(rows: Iterable[Iterable[str]]) -> str:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def version_of(files: Mapping[str, Iterable[Sequence[str]]], datapackage: str | None) -> str:
    """Hash a dataset's content: the same facts and the same description are the same version.

    The rows come in the order of normal form, and are never all held.
    """
    digest = hashlib.blake2b(digest_size=_VERSION_BYTES)
    for file in FILES:
        digest.update(_text([FILES[file].model_fields]).encode())
        for rows in chunked(files[file], _HASHED_ROWS):
            digest.update(_text(rows).encode())
        digest.update(b"\0")
    digest.update((datapackage or "").encode())
    return digest.hexdigest()
