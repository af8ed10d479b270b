"""Files and pages that are sent as they are, each with the validator that its content determines.

Which of them there are, and under which policy a page stands, is said where they are served.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from fastapi import Response

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of what loads nothing."""

MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file or page ready to send, with the validator that its content determines."""

    content: bytes
    media_type: str
    etag: str


def document(content: bytes, media_type: str) -> Document:
    """Make content ready to send."""
    return Document(content, media_type, f'"{digest(content)}"')


def digest(content: bytes) -> str:
    """Name content by a hash of it, in letters that an address may have."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:18]).decode()


def answer_document(
    sent: Document, caching: str, policy: str, if_none_match: str | None
) -> Response:
    """Answer with the document, or with 304 if the client already holds it."""
    headers = {
        "Cache-Control": caching,
        "Content-Security-Policy": policy,
        "ETag": sent.etag,
        "X-Content-Type-Options": "nosniff",
    }
    held = re.findall(r'"[^"]*"|\*', if_none_match or "")
    if sent.etag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(sent.content, media_type=sent.media_type, headers=headers)
