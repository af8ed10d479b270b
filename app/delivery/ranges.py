"""Parts of an answer (RFC 9110, section 14): readers of Parquet and CSV fetch the bytes they need."""

import re

from starlette.requests import Request
from starlette.responses import Response

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


def in_parts(request: Request, whole: Response) -> Response:
    """Answer with the part of an answer that is asked for; with all of it where that can't be.

    One range is answered with 206. Several ranges, ranges past the end and those of another version,
    as `If-Range` names it, get the whole answer, as the RFC allows.
    """
    whole.headers["Accept-Ranges"] = "bytes"
    asked = _ONE_RANGE.fullmatch(request.headers.get("range", ""))
    only_of = request.headers.get("if-range")
    if asked is None or (only_of is not None and only_of != whole.headers["etag"]):
        return whole
    size = len(whole.body)
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        start, end = max(size - int(last or 0), 0), size - 1
    if start > end or start >= size:
        return whole
    part = Response(bytes(whole.body[start : end + 1]), 206)
    part.raw_headers = [
        (name, value) for name, value in whole.raw_headers if name != b"content-length"
    ] + [(b"content-length", str(end - start + 1).encode())]
    part.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return part
