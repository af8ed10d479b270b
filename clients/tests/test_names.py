"""Generated clients read as a person would have written them."""

import re
from pathlib import Path

import pytest

from clients.blocks import ROOT

SDK = ROOT / "build" / "sdk"
PYTHON = SDK / "python" / "airounds_client"
TYPES = SDK / "typescript" / "src" / "types.gen.ts"
UGLY = re.compile(r"Inner|GetResponse|[Vv]1|[a-z_]\d+$|__|_$|^Body|^Response[A-Z]|Any|Unknown")

MODULES = sorted(
    path
    for room in ("api/*", "models")
    for path in PYTHON.glob(f"{room}/*.py")
    if path.stem != "__init__"
)


def _python_names() -> list[str]:
    return [path.stem for path in MODULES] + [
        name for path in MODULES for name in re.findall(r"^class (\w+)", path.read_text(), re.M)
    ]


def _typescript_names() -> list[str]:
    code = TYPES.read_text() + TYPES.with_name("sdk.gen.ts").read_text()
    return re.findall(r"^export (?:type|const|enum) (\w+)", code, re.M)


def _java_names() -> list[str]:
    folder = SDK / "java" / "src" / "main" / "java" / "airounds"
    return [path.stem for room in ("api", "model") for path in folder.joinpath(room).glob("*.java")]


@pytest.mark.parametrize("names", [_python_names, _typescript_names, _java_names])
def test_no_name_is_made_up(names: object) -> None:
    """No name holds a path, a number that tells it from another, or a word of the generator's."""
    assert callable(names)
    found = names()
    assert len(found) > 50
    assert [name for name in found if UGLY.search(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "ResponseSearchSearchGetInner",
        "FundingRound1",
        "figure_2",
        "ListCompaniesV1CompaniesGetResponse200",
        "list_companies_v1_companies_get_response_200",
        "listCompaniesV1CompaniesGet",
        "list_companies_v1_companies_get",
        "AnyType",
        "round_",
    ],
)
def test_a_made_up_name_is_known(name: str) -> None:
    """Such as generators give to what the document leaves without a name."""
    assert UGLY.search(name)


def test_names_are_those_of_the_document() -> None:
    """An operation is a function of its name, in the module of its tag; a resource is a class."""
    assert (PYTHON / "api" / "rounds" / "list_rounds.py").exists()
    assert {"funding_round", "company_page"} <= {path.stem for path in MODULES}
    assert {"FundingRound", "CompanyPage", "Problem"} <= set(_typescript_names())
    sdk = TYPES.with_name("sdk.gen.ts").read_text()
    assert "export const listRounds = " in sdk


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_python_takes_and_gives_nothing_of_any_type(path: Path) -> None:
    """Any stands only where JSON is read and written."""
    code = path.read_text()
    for json_text in ("dict[str, Any]", "Mapping[str, Any]"):
        code = code.replace(json_text, "")
    assert not re.search(r"^(?!from typing ).*\bAny\b", code, re.M)


def test_typescript_has_nothing_of_unknown_type() -> None:
    """Every field and every answer has a type of its own."""
    code = re.sub(r"/\*\*.*?\*/|'[^'\n]*'", "", TYPES.read_text(), flags=re.S)
    assert not re.search(r"\b(any|unknown)\b", code)
