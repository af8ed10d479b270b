"""What this release is, by a hash of its code: another one may give another answer."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent


def code_hash(files: Iterable[Path]) -> str:
    """Hash the content of files, in the order given."""
    digest = hashlib.blake2b(digest_size=8)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def release() -> str:
    """Hash all of the code, for what it computes at a request."""
    return code_hash(sorted(PACKAGE.rglob("*.py")))
