"""What the tests share: the stand-ins and the function, both over real HTTP."""

from collections.abc import Iterator

import pytest
from function import Function, running

import fakes
from fakes import Services


@pytest.fixture(scope="session")
def shared_services() -> Iterator[Services]:
    with fakes.serve() as services:
        yield services


@pytest.fixture(scope="session")
def shared_function(shared_services: Services) -> Iterator[Function]:
    with running(shared_services.environ) as function:
        yield function


@pytest.fixture
def services(shared_services: Services) -> Iterator[Services]:
    """Discord and the bucket, in order; whatever a test breaks is mended after it."""
    yield shared_services
    shared_services.faults.clear()
    shared_services.discord.api.commands.clear()
    shared_services.discord.api.endpoint = None


@pytest.fixture
def function(shared_function: Function) -> Function:
    """The function, warm after the first test that uses it."""
    return shared_function
