"""What the tests share: the stand-ins and the function, both over real HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cloud as clouds
import pytest
from cloud import Cloud
from function import Function, line_of, running
from hypothesis import HealthCheck, settings

import fakes
from fakes import Services, command
from fakes.discord.rules import RACE, Interaction
from picture.recipe import SEED_LENGTH

# How long an example takes depends on what else the machine does; and our fixtures bear more than one.
settings.register_profile("mando", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("mando")


@pytest.fixture(scope="session")
def shared_services() -> Iterator[Services]:
    with fakes.serve() as services:
        yield services


@pytest.fixture(scope="session")
def shared_function(shared_services: Services) -> Iterator[Function]:
    with running(shared_services.environ) as function:
        function.wait_until_answering()  # its first request bounds what the next ones may do
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
    """The function, warm after the first test that uses it; it is done with one test's interactions before the next.

    What it says is as it should be: Discord would not only take it, there is nothing to be noted. After a callback
    without an answer a race may be, since that counts as sent, and what follows can come before it.
    """
    before = len(services.discord.interactions)
    yield shared_function
    services.faults.clear()
    for sent in services.discord.interactions[before:]:
        if any(exchange.url == shared_function.url for exchange in sent.exchanges):
            line_of(shared_function, sent)
            unanswered = any(each.kind == "callback" and each.status is None for each in sent.exchanges)
            assert set(sent.notes) <= ({RACE} if unanswered else set())


@pytest.fixture(scope="session")
def broken(shared_services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    """The function where matplotlib is no library that anybody could draw with."""
    package = tmp_path_factory.mktemp("broken") / "matplotlib"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('no paint left')\n")
    with running({**shared_services.environ, "PYTHONPATH": str(package.parent)}) as function:
        yield function


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> str:
    """A picture of the test's own, the same at every run."""
    return str(request.node.name)[-SEED_LENGTH:]


@pytest.fixture
def mando(services: Services, function: Function, seed: str) -> Callable[..., Interaction]:
    """Send a /mando with these options, and return it once its request is answered."""
    return lambda **options: services.discord.send(function.url, command({"seed": seed, **options}))


@pytest.fixture(scope="session")
def gcloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for PATH with the installed gcloud, which waits there to be quick."""
    if not clouds.GCLOUD:
        pytest.skip("GCLOUD IS NOT INSTALLED: nothing was deployed to the stand-in")
    with clouds.gcloud_server(tmp_path_factory.mktemp("gcloud")) as folder:
        yield folder


@pytest.fixture
def cloud(gcloud: Path, tmp_path: Path) -> Iterator[Cloud]:
    """A Google where nothing is yet, and deploy.sh."""
    with clouds.cloud(gcloud, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def deployment(gcloud: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The state of a Google to which deploy.sh has deployed."""
    with clouds.cloud(gcloud, tmp_path_factory.mktemp("deployment")) as made:
        made.completes()
        return made.google.state()


@pytest.fixture
def deployed(cloud: Cloud, deployment: dict[str, Any]) -> Cloud:
    """A Google to which deploy.sh has deployed."""
    cloud.google.restore(deployment)
    return cloud
