"""Over HTTP: the explorer's page holds its policy, and its files are kept by content and compressed."""

import re
from pathlib import Path

import httpx
import pytest

from app.routes.explorer import FILES, POLICY, files, files_version
from app.routes.files import MEDIA_TYPES

NAMES = sorted(files())
SCRIPTS = [name for name in NAMES if name.endswith(".js")]
STYLES = [name for name in NAMES if name.endswith(".css")]
# What makes markup or code of a text, or leaves the page's own style sheets.
RUNS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|setHTML"
    r"|javascript:"
)


def _address(name: str) -> str:
    return f"/explorer/{files_version()}/{name}"


def test_page_obeys_a_policy_that_reads_no_text_as_markup(client: httpx.Client) -> None:
    """Nothing inline, nothing foreign, and the browser itself refuses to make markup of a text."""
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == POLICY
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in POLICY
    assert not re.search(r"unsafe|\*|https?:|blob:|data:|nonce", POLICY)
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", page.text)
    assert not re.search(r"(?:src|<link[^>]*href)=\"(?:https?:|/)", page.text)


def test_every_address_on_the_page_is_relative_and_answers(client: httpx.Client) -> None:
    """The page works behind a path prefix, and names no file that isn't there."""
    addresses = re.findall(r'(?:src|href)="(?!#)([^"]+)"', client.get("/").text)
    assert len(addresses) > 10
    for address in addresses:
        assert client.get(str(client.base_url.join("/").join(address))).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_kept_for_good_under_the_name_of_its_content(
    client: httpx.Client, name: str
) -> None:
    """It is immutable, revalidated by its ETag all the same, and sent as the type that it is."""
    answer = client.get(_address(name))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith(MEDIA_TYPES[Path(name).suffix])
    assert answer.content == (FILES / name).read_bytes()
    etag = answer.headers["etag"]
    held = client.get(_address(name), headers={"If-None-Match": etag})
    assert (held.status_code, held.content) == (304, b"")


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
@pytest.mark.parametrize("path", ["/", _address("main.js"), _address("page.css")])
def test_page_and_files_are_compressed(client: httpx.Client, path: str, coding: str) -> None:
    """Each coding has a validator of its own, as answers of the API have."""
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 1.8


def test_the_page_is_asked_for_anew_and_answered_with_304(client: httpx.Client) -> None:
    """A new release is seen at once, and costs nothing where there is none."""
    page = client.get("/")
    assert page.headers["cache-control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    assert client.head("/").headers["content-type"] == page.headers["content-type"]


@pytest.mark.parametrize(
    "path",
    [
        "/explorer/other-version/main.js",
        _address("index.html"),
        _address("inter/README.md"),
        _address("../routes/explorer.py"),
        _address("..%2froutes%2fexplorer.py"),
        _address("%2e%2e/tables.py"),
        _address("main.js/"),
        _address(""),
    ],
)
def test_nothing_else_is_served(client: httpx.Client, path: str) -> None:
    """A name that isn't listed, and files of another release, are not found."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_make_no_markup_of_texts(name: str) -> None:
    """No script has a way to run a text; all of them import only files that there are."""
    code = (FILES / name).read_text(encoding="utf-8")
    assert not re.search(RUNS, code)
    for imported in re.findall(r'(?:\bfrom |import\()"([^"]+\.js)"', code):
        found = (FILES / name).parent.joinpath(imported).resolve()
        assert found.relative_to(FILES.resolve()).as_posix() in NAMES


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_ask_nothing_but_the_public_api(name: str) -> None:
    """Whatever they ask for lies under v1/."""
    code = (FILES / name).read_text(encoding="utf-8")
    assert code.count("fetch(") == (name in ("api.js", "requests.js"))
    for path in re.findall(r"\.(?:get|getNow|all)\(\s*[\"`]([^\"`?$]+)", code):
        assert path.startswith("v1/") or "." not in path


@pytest.mark.parametrize("name", STYLES)
def test_styles_are_our_own(name: str) -> None:
    """No style sheet has an address of another host, or one that is no file of ours."""
    code = (FILES / name).read_text(encoding="utf-8")
    assert "@import" not in code
    for address in re.findall(r'url\("([^"]+)"\)', code):
        assert address in NAMES


def test_vendored_files_have_their_licence_and_version() -> None:
    """The typeface is the one thing that isn't ours."""
    told = (FILES / "inter" / "README.md").read_text(encoding="utf-8")
    assert "Inter 4.1" in told
    assert "SIL Open Font License" in (FILES / "inter" / "LICENSE.txt").read_text(encoding="utf-8")
    assert [name for name in NAMES if name.endswith((".woff2", ".min.js"))] == ["inter/Inter.woff2"]
