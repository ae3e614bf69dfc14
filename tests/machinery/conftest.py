"""What the machinery's tests share."""

import zlib
from collections.abc import Callable
from typing import Any

import pytest
from function import Function, used

from fakes import Services
from fakes.discord.rules import Interaction


@pytest.fixture
def words(request: pytest.FixtureRequest) -> str:
    """Words that no other test draws, the same at every run."""
    return f"red {zlib.crc32(str(request.node.name).encode())}, blue 5"


@pytest.fixture
def payload(words: str) -> dict[str, Any]:
    """A use of the command."""
    return used(words)


@pytest.fixture
def use(services: Services, function: Function, payload: dict[str, Any]) -> Callable[[], Interaction]:
    """Send it, and return the interaction once its request is answered."""
    return lambda: services.discord.send(function.url, payload)
