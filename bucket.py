"""The public bucket: PNG bytes in, public URL out."""

import math
import threading
import time
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter

from shutdown import seconds_left

if TYPE_CHECKING:
    from google.cloud import storage

PATIENCE = 15.0
"""Seconds for one picture, all tries together; then it travels as an attachment."""
LAST_PATIENCE = 2.0
"""Seconds left to an upload once the process is ending: the edit needs the rest."""
TIMEOUT = (3.05, 5.0)
"""Seconds to connect and between two bytes, for one try."""
POLL = 0.1
CONNECTIONS = 64
CACHE_CONTROL = "public, max-age=31536000, immutable"


class BucketUnavailable(Exception):
    """The bucket did not take the picture in time; the message says what it said, for the log."""


class Bucket:
    """The bucket of a name. The client is made on first use: importing it takes longer than Discord waits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._connecting = threading.Lock()
        self._connected: storage.Bucket | None = None

    def publish(self, name: str, png: bytes) -> str:
        """Store a PNG for good and return its public URL, or raise BucketUnavailable.

        The client's own deadline does not count bytes that trickle in or credentials that do not come, so the upload
        has a thread to itself, and is left to its fate (and never kept the process alive) when the time is out.
        """
        upload: Future[str] = Future()
        threading.Thread(target=self._settle, args=(upload, name, png), daemon=True).start()
        try:
            return _result(upload)
        except TimeoutError as error:
            raise BucketUnavailable("no answer in time") from error
        except Exception as error:  # whatever the client raises, the picture can still travel as an attachment
            raise BucketUnavailable(f"{type(error).__name__}: {error}") from error

    def _settle(self, upload: "Future[str]", name: str, png: bytes) -> None:
        try:
            upload.set_result(self._upload(name, png))
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            upload.set_exception(error)

    def _upload(self, name: str, png: bytes) -> str:
        from google.api_core.exceptions import PreconditionFailed  # noqa: PLC0415 - see the class
        from google.cloud.storage.retry import DEFAULT_RETRY  # noqa: PLC0415

        blob = self._connect().blob(name)
        blob.cache_control = CACHE_CONTROL
        # A 412 says that the same recipe was stored before: a repeat, or our own try whose answer was lost.
        with suppress(PreconditionFailed):
            blob.upload_from_string(
                png,
                content_type="image/png",
                if_generation_match=0,  # makes a retry safe
                timeout=TIMEOUT,
                retry=DEFAULT_RETRY.with_timeout(PATIENCE).with_delay(initial=0.2, maximum=2.0, multiplier=2.0),
            )
        return str(blob.public_url)

    def _connect(self) -> "storage.Bucket":
        from google.cloud import storage  # noqa: PLC0415 - see the class

        with self._connecting:
            if self._connected is None:
                client = storage.Client()
                # Ten connections, requests' own default, would be thrown away and made anew under load.
                client._http.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))  # noqa: SLF001 - Google's documented way
                client._http.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))  # noqa: SLF001
                self._connected = client.bucket(self.name)
            return self._connected


def _result(upload: "Future[str]") -> str:
    """Wait for PATIENCE, or for LAST_PATIENCE from the moment the process begins to end."""
    deadline = time.monotonic() + PATIENCE
    while not upload.done() and time.monotonic() < deadline:
        if seconds_left() < math.inf:
            return upload.result(timeout=LAST_PATIENCE)
        wait([upload], timeout=POLL)
    return upload.result(timeout=0)
