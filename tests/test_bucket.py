"""An upload that fails, by a patience that is handed in. What becomes of its picture: test_faults."""

import re
import time
from collections.abc import Iterator

import pytest

from bucket import Bucket, BucketUnavailable
from fakes import Services
from response import File

PATIENCE = 4.0  # the client gives up when its next pause, 2 s at the most, would be too long


def picture(name: str) -> File:
    return File(f"{name}.png", "image/png", b"PNG")


@pytest.fixture(scope="module")
def bucket(shared_services: Services) -> Iterator[Bucket]:
    """A bucket whose threads and connections are there."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STORAGE_EMULATOR_HOST", shared_services.bucket.url)
        bucket = Bucket(shared_services.bucket.name, PATIENCE)
        bucket.start()
        bucket.publish(picture("first"))
        yield bucket


@pytest.mark.parametrize(
    ("order", "patience", "reason"),
    [
        ("403", 0, "Forbidden: .*"),
        ("404", 0, "NotFound: .*"),
        ("503", PATIENCE, "no answer in time|.*503.*"),
        ("break", PATIENCE, "no answer in time|.*Connection.*"),
        ("hang", PATIENCE, "no answer in time"),
        ("drip 60", PATIENCE, "no answer in time"),
    ],
)
def test_failing_bucket_is_given_up(
    services: Services, bucket: Bucket, order: str, patience: float, reason: str
) -> None:
    """One that says no is given up at once, any other when the patience ends, however it keeps us waiting."""
    services.faults.bucket = order
    start = time.monotonic()

    with pytest.raises(BucketUnavailable) as refused:
        bucket.publish(picture(order))

    assert re.fullmatch(reason, str(refused.value), re.DOTALL)
    assert 0.4 * patience < time.monotonic() - start < patience + 0.5


def test_one_try_that_hangs_is_not_the_last(services: Services, bucket: Bucket) -> None:
    """A try has 5 s, so that another fits into the patience of 15."""
    services.faults.upload = ["hang"]
    patient = Bucket(bucket.name)
    patient.start()

    assert patient.publish(picture("hung"))


def test_what_is_stored_already_has_its_url(bucket: Bucket) -> None:
    """The same file once more, which the function may not replace, is no failure: it is there."""
    assert bucket.publish(picture("twice")) == bucket.publish(picture("twice"))
