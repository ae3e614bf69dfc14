"""deploy.sh, stopped after every single thing that it changes at Google: the same command, again, has the same end.

The script keeps nothing on the machine, so whatever stops it, a kill, a refusal or a lost network, the next run finds
what the requests until then have made of Google. One undisturbed run with the real gcloud shows each of these states.
"""

import re
from pathlib import Path
from typing import Any

import cloud as clouds
import pytest
from cloud import Cloud

pytestmark = pytest.mark.slow

PARTS = 2  # of the states, for processes that run at once
SETTINGS = {"ALERT_EMAIL": "me@example.test", "KEEP_DAYS": "30"}
COUNTED = re.compile(r"(?<=[-/'])\d+\b")  # numbers that the stand-in gives to what it makes


def states(cloud: Cloud, *arguments: str) -> list[dict[str, Any]]:
    """Run deploy.sh undisturbed; return every state that Google was in."""
    seen = [cloud.google.state()]
    cloud.google.answered = lambda: None if cloud.google.state() == seen[-1] else seen.append(cloud.google.state())
    cloud.completes(*arguments, **SETTINGS)
    cloud.google.answered = lambda: None
    return seen


def essence(state: dict[str, Any]) -> str:
    """Write a state down without etags, generations and what else counts up."""
    return COUNTED.sub(
        "N", repr(without(state, {"etag", "generation", "objects", "id", "busy", "client.knative.dev/nonce"}))
    )


def without(value: Any, keys: set[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: without(each, keys) for key, each in sorted(value.items()) if key not in keys}
    if isinstance(value, list | set):
        return sorted((without(each, keys) for each in value), key=repr)
    return value


@pytest.fixture(scope="session")
def history(gcloud: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Every state of a deployment from nothing, and of a deletion after it."""
    with clouds.cloud(gcloud, tmp_path_factory.mktemp("undisturbed")) as undisturbed:
        deployment = states(undisturbed)
        return {"": deployment, "--delete --yes": states(undisturbed, "--delete", "--yes")}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("command", ["", "--delete --yes"])
def test_interrupted_run_is_completed(
    history: dict[str, list[dict[str, Any]]], cloud: Cloud, command: str, part: int
) -> None:
    """From each state on the way, the same command ends where the undisturbed one did."""
    *between, end = history[command][1:]
    assert len(between) > PARTS
    for state in between[part::PARTS]:
        cloud.google.restore(state)
        cloud.completes(*command.split(), **SETTINGS)

        assert essence(cloud.google.state()) == essence(end)
