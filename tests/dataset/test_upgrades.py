"""A database of any earlier schema is served by this release, with the dataset that it holds."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text

from app.dataset.load import load
from app.schema import is_newest, revision
from tests.conftest import DOCUMENT, serving
from tests.faults.service import PATHS, service
from tests.schemas import earlier_revisions, take_back

NewUrl = Callable[[str], str]


@pytest.mark.parametrize("earlier", earlier_revisions())
def test_a_database_of_any_earlier_schema_is_served(
    engine: str, new_url: NewUrl, earlier: str
) -> None:
    """By one start of the service, which answers as one that was loaded by this release does."""
    url, fresh = new_url(engine), new_url(engine)
    for one in (url, fresh):
        load(DOCUMENT, one)
    _rendered_by_another_release(url)
    take_back(url, earlier)
    assert revision(url) == earlier
    with serving(fresh) as client:
        expected = {path: client.get(path).content for path in PATHS}
    with service(url, AIROUNDS_SERVE_AS_OWNER="true") as served:
        answers = {path: httpx.get(f"{served.address}{path}").content for path in PATHS}
    assert answers == expected
    assert is_newest(url)


def _rendered_by_another_release(url: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE dataset SET rendering = 'earlier'"))
