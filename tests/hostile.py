"""Hostile requests, drawn from a seed: what was seen to break services, in every place that takes text.

Words that only a leak of ours would have, such as SELECT in capitals, are left out of what is sent, since
an error may quote what was asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

EVIL = "evil.example"

_TEXTS: Sequence[bytes] = (
    *(b"", b" ", b"\0", b"a\0b", b"\x1b[31m", b"\r\nX-Evil: 1", b"\x7f", b"\xc2\x85"),
    *(b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"),
    *("\u202e\u2028\u2029\ufeff".encode(), "\U0001f680".encode() * 50, "e\u0301".encode() * 100),
    *("\u1100\u1161" * 100).encode().split(b"\n"),
    *(b"9223372036854775807", b"9223372036854775808", b"-9223372036854775809", b"1" * 400),
    *(
        b"NaN",
        b"nan",
        b"Infinity",
        b"-inf",
        b"1e400",
        b"1e-400",
        b"0x10",
        b"1_000",
        "\u0661".encode(),
    ),
    *(
        b"' or '1'='1",
        b"'; drop table rounds; --",
        b"1 union all select null",
        b"\\",
        b"')--",
        b"$$",
    ),
    *(b"pg_sleep(10)", b"%", b"_", b"%%%%", b"\\%", b"[a-z]*", b"?1", b":name", b"%s", b"%(id)s"),
    *(b'"', b'""', b"AND", b"OR NOT", b"a-b", b"NEAR(a b)", b"name:x", b"*", b"^a", b"(a", b"a OR"),
    *(b"=1+1", b"+cmd|' /C calc'!A0", b"@SUM(A1)", b"-1", b"\tx"),
    *(b"../../etc/passwd", b"..\\..\\win.ini", b"/etc/passwd", b"file:///etc/passwd", b"C:\\"),
    *(b"<script>alert(1)</script>", b"javascript:alert(1)", b"{{7*7}}", b"${jndi:ldap://x}"),
    *(b"(a+)+$", b"a" * 5_000, b"," * 1_000, b"a," * 1_000, b"[" * 2_000, b"-" * 500, b"0" * 3_000),
    *(
        b"2026-02-30",
        b"0000-00-00",
        b"9999-12-31",
        b"2026-13",
        b"10000-01-01",
        b"-1-01-01",
        b"2026-21",
    ),
    *(b"true", b"null", b"[]", b"{}", b"sort", b"-id,-id,-id", b"id,name,id", b"--id"),
    *(
        b"W10=",
        b"WyJuYW1lIl0",
        b"bnVsbA",
        b"e30",
        b"W1tbW1tbXV1dXV1d",
        b"WzFlNDAwXQ",
        b"AAAA",
        b"====",
    ),
)
_PATHS: Sequence[bytes] = (
    *(b"/", b"//", b"/.", b"/..", b"/x/", b"/v1", b"/v1/", b"/v1//rounds", b"/v1/rounds/", b"*"),
    *(b"/docs/../etc/passwd", b"/docs/%2e%2e/%2e%2e/etc/passwd", b"/docs/..%2f..%2fpyproject.toml"),
    *(
        b"/docs/..%5c..%5cx",
        b"/docs/%252e%252e/x",
        b"/docs/.%00./x",
        b"/docs/....//x",
        b"/docs//etc",
    ),
    *(b"/%00", b"/%ff", b"/v1/%ed%a0%80", b"/v1/companies/%00", b"/v1/companies/%2e%2e%2fdataset"),
    *(
        b"/v1/companies/" + b"a" * 3_000,
        b"/v1/companies/%25%25",
        b"/v1/rounds.exe",
        b"/v1/rounds.csv%00",
    ),
    *(b"/v1/rounds.csv/../x", b"/problems/..%2f..", b"/problems/%00", b"/openapi.json/x", b"/.env"),
    *(
        b"/.git/config",
        b"/mcp",
        b"/mcp/",
        b"/metrics",
        b"//evil.example/%2e%2e",
        b"/\\evil.example",
    ),
    *(b"http://evil.example/v1/rounds", b"/v1/rounds;x=1", b"/v1/rounds%3fq=x", b"/v1/rounds#x"),
)
_METHODS = ("GET",) * 30 + (
    "HEAD",
    "OPTIONS",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "PROPFIND",
)
_HEADERS: Sequence[tuple[bytes, Sequence[bytes]]] = (
    (b"Host", (b"evil.example", b"evil.example:99999", b"", b"[::1", b"a b", b"x" * 1_000)),
    (b"X-Forwarded-Host", (b"evil.example",)),
    (b"X-Forwarded-For", (b"evil.example", b"1.2.3.4" * 500, b",,,,", b"::", b"\xff")),
    (b"X-Forwarded-Proto", (b"https", b"javascript", b"ws")),
    (b"X-Forwarded-Prefix", (b"//evil.example",)),
    (b"Forwarded", (b"for=x;host=evil.example;proto=https",)),
    (b"X-Original-URL", (b"/admin",)),
    (b"X-HTTP-Method-Override", (b"DELETE",)),
    (b"X-Request-ID", (b"x" * 5_000, b"a b", b"\xe9", b"\x1b[31m", b"${jndi}", b"<b>")),
    (b"If-None-Match", (b"*", b'"', b'W/"x"', b'"a",' * 1_000, b"\xff", b'"\xff"')),
    (b"If-Range", (b'"x"', b"Fri, 99 Foo 9999", b"\xff")),
    (
        b"Range",
        (
            b"bytes=0-",
            b"bytes=-1",
            b"bytes=9-1",
            b"bytes=0-0," * 500,
            b"lines=1",
            b"bytes=" + b"9" * 500,
        ),
    ),
    (
        b"Accept-Encoding",
        (b"br;q=nan", b"gzip;q=1e400", b"*;q=0", b";;;,,,", b"zstd" * 500, b"\xff", b"br;q=-1"),
    ),
    (b"Accept", (b"\xff", b"text/html;q=nan", b"*" * 2_000)),
    (b"Origin", (b"null", b"https://evil.example", b"\xff", b"x" * 3_000)),
    (b"Access-Control-Request-Method", (b"GET", b"DELETE", b"\xff")),
    (b"Access-Control-Request-Headers", (b"x-evil", b"a," * 1_000, b"\xff")),
    (b"Content-Type", (b"application/json", b"\xff")),
    (b"Content-Length", (b"0",)),
    (b"Cookie", (b"a=b;" * 500, b"\xff")),
    (b"Upgrade", (b"websocket", b"h2c")),
    (b"Expect", (b"100-continue", b"x")),
    (b"Transfer-Encoding", (b"identity", b"gzip", b"xchunked")),
    (b"Connection", (b"upgrade", b"keep-alive, upgrade")),
    (b"Authorization", (b"Basic \xff",)),
)


def requests(document: Mapping[str, Any], cursors: Sequence[str], seed: int) -> Iterator[bytes]:
    """Draw requests without end, to all paths and parameters of an OpenAPI document."""
    random = Random(seed)
    paths = {
        path: [one["name"] for one in operations["get"].get("parameters", ()) if "name" in one]
        for path, operations in document["paths"].items()
    }
    while True:
        yield _request(random, paths, cursors)


def _request(random: Random, paths: Mapping[str, Sequence[str]], cursors: Sequence[str]) -> bytes:
    path = random.choice(sorted(paths))
    address = b"/".join(_filled(random, part) for part in path.split("/"))
    if random.random() < 0.15:
        address = random.choice(_PATHS)
    names = [*paths[path], "nothing", "cursor", "q", "limit"]
    count = random.choice((0, 1, 1, 1, 2, 3, 250) if random.random() < 0.1 else (0, 1, 1, 2, 3))
    pairs = [
        (_escaped(random, random.choice(names).encode()), _value(random, cursors))
        for _ in range(count)
    ]
    query = b"&".join(name + b"=" + value for name, value in pairs)
    method = random.choice(_METHODS).encode()
    lines = [method + b" " + address + (b"?" + query if query else b"") + b" HTTP/1.1"]
    headers = {b"Host": b"localhost"}
    for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
        name, values = random.choice(_HEADERS)
        headers[name] = random.choice(values)
    lines += [name + b": " + value for name, value in headers.items()]
    if random.random() < 0.01:
        lines += [b"X-%d: x" % number for number in range(random.choice((99, 101, 5_000)))]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


def _filled(random: Random, part: str) -> bytes:
    """Put an id in the place of a parameter of a path."""
    if "{" not in part:
        return part.encode()
    end = part[part.index("}") + 1 :].encode()
    known = (b"moonshot-ai", b"csv", b"ndjson", b"parquet", b"nobody")
    filled = random.choice(known) if random.random() < 0.5 else _escaped(random, _text(random))
    start = part[: part.index("{")].encode()
    return start + filled + end


def _value(random: Random, cursors: Sequence[str]) -> bytes:
    if random.random() < 0.2:
        return _forged(random, random.choice(cursors))
    return _escaped(random, _text(random))


def _forged(random: Random, cursor: str) -> bytes:
    """Cut a cursor short, or change it in a place."""
    at = random.randrange(len(cursor))
    if random.random() < 0.4:
        return cursor[:at].encode()
    return (cursor[:at] + random.choice("AZaz09-_=.") + cursor[at + 1 :]).encode()


def _text(random: Random) -> bytes:
    if random.random() < 0.15:
        return random.randbytes(random.choice((1, 3, 20, 300)))
    text = random.choice(_TEXTS)
    return text + random.choice(_TEXTS) if random.random() < 0.1 else text


def _escaped(random: Random, text: bytes) -> bytes:
    """Write a text as an address has it, sometimes as no address may have it."""
    if random.random() < 0.05:
        return text.replace(b" ", b"+").replace(b"\r", b"").replace(b"\n", b"")
    escaped = quote_from_bytes(text, safe="").encode()
    return (
        escaped + random.choice((b"%", b"%0", b"%zz", b"%u0041"))
        if random.random() < 0.05
        else escaped
    )
