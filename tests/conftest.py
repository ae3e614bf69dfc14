"""What the tests share: the stand-ins and the function, both over real HTTP."""

from collections.abc import Callable, Iterator

import pytest
from function import Function, line_of, running

import fakes
from fakes import Services, command
from fakes.discord.rules import Interaction
from picture.recipe import SEED_LENGTH


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
    """Discord and the bucket, in order; whatever a test breaks is mended after it, and what it registers removed."""
    yield shared_services
    shared_services.faults.clear()
    shared_services.discord.api.commands.clear()
    shared_services.discord.api.endpoint = None


@pytest.fixture
def function(services: Services, shared_function: Function) -> Iterator[Function]:
    """The function, warm after the first test that uses it; it is done with one test's interactions before the next."""
    before = len(services.discord.interactions)
    yield shared_function
    services.faults.clear()
    for sent in services.discord.interactions[before:]:
        if any(exchange.url == shared_function.url for exchange in sent.exchanges):
            line_of(shared_function, sent)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> str:
    """A picture of the test's own, the same at every run."""
    return str(request.node.name)[-SEED_LENGTH:]


@pytest.fixture
def mando(services: Services, function: Function, seed: str) -> Callable[..., Interaction]:
    """Send a /mando with these options, and return it once its request is answered."""
    return lambda **options: services.discord.send(function.url, command({"seed": seed, **options}))
