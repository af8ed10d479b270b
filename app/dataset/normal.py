"""The normal form of a dataset: sorted rows, minimal quotes, and a version that hashes them.

Two folders with the same facts have the same normal form, however their rows are ordered or quoted.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from io import StringIO

from app.dataset.records import FILES

_VERSION_BYTES = 8


def normal_text(file: str, rows: Iterable[list[str]]) -> str:
    """Write the rows of a file in normal form."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FILES[file].model_fields)
    writer.writerows(sorted(rows))
    return text.getvalue()


def version_of(files: Mapping[str, Iterable[list[str]]], datapackage: str | None) -> str:
    """Hash a dataset's content: the same facts and the same description are the same version."""
    digest = hashlib.blake2b(digest_size=_VERSION_BYTES)
    for file in FILES:
        digest.update(normal_text(file, files[file]).encode())
        digest.update(b"\0")
    digest.update((datapackage or "").encode())
    return digest.hexdigest()
