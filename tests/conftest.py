"""What the tests share: the stand-ins and the function, both over real HTTP."""

from collections.abc import Iterator

import pytest
from function import Function, running

import playground
from playground import World


@pytest.fixture(scope="session")
def shared_world() -> Iterator[World]:
    with playground.serve() as world:
        yield world


@pytest.fixture(scope="session")
def shared_function(shared_world: World) -> Iterator[Function]:
    with running(shared_world.environ) as function:
        yield function


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """Discord and the bucket, in order; whatever a test breaks is mended after it."""
    yield shared_world
    shared_world.faults.clear()


@pytest.fixture
def function(shared_function: Function) -> Function:
    """The function, warm after the first test that uses it."""
    return shared_function
