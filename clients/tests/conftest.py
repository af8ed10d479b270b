"""A service on the seed for clients to ask.

These tests run where the service isn't installed, as its users are: `make sdk-test` brings the packages.
"""

from collections.abc import Iterator

import pytest

from clients.service import serving


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service."""
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address
