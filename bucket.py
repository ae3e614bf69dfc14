"""The public bucket: a file in, public URL out."""

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from response import File
from shutdown import wait_for
from tls import VerifiedOnce
from worker_threads import WorkerThreads

if TYPE_CHECKING:
    from google.cloud import storage

PATIENCE = 15.0
"""Seconds for one file, all tries together; then it travels as an attachment."""
LAST_PATIENCE = 2.0
"""Seconds for one file once the process is ending."""
RESERVED = 2.5
"""Seconds that must be left for the edits of an ending process, attachments included."""
TIMEOUT = (3.05, 5.0)
"""Seconds to connect and between two bytes, for one try."""
UPLOADS = 16
"""At a time. A bucket takes one in about a tenth of a second, which is more than one instance makes."""
CACHE_CONTROL = "public, max-age=31536000, immutable"


class BucketUnavailable(Exception):
    """The bucket did not take the file in time; the message says what it said, for the log."""


class Bucket:
    """The bucket of a name. The client is made on first use: importing it takes longer than Discord waits."""

    def __init__(self, name: str, patience: float = PATIENCE) -> None:
        self.name, self.patience = name, patience
        self._threads = WorkerThreads("upload", UPLOADS)
        self._connecting = threading.Lock()
        self._connected: storage.Bucket | None = None

    def start(self) -> None:
        """Start the threads that upload, as long as threads can be started."""
        self._threads.start()

    def publish(self, file: File) -> str:
        """Store a file for good and return its public URL, or raise BucketUnavailable.

        The client's own deadline does not count bytes that trickle in or credentials that do not come, so an upload has
        a thread to itself, and is left to its fate when the time is out.
        """
        upload = self._threads.submit(partial(self._upload, file))
        try:
            return wait_for(upload, self.patience, last_seconds=LAST_PATIENCE, reserve=RESERVED)
        except TimeoutError as error:
            raise BucketUnavailable("no answer in time") from error
        except Exception as error:  # whatever the client raises, the file can still travel as an attachment
            raise BucketUnavailable(f"{type(error).__name__}: {error}") from error

    def _upload(self, file: File) -> str:
        from google.api_core.exceptions import PreconditionFailed  # noqa: PLC0415 - see the class
        from google.cloud.storage.retry import DEFAULT_RETRY  # noqa: PLC0415

        blob = self._connect().blob(file.name)
        blob.cache_control = CACHE_CONTROL
        # A 412 says that the same file was stored before: a repeat, or our own try whose answer was lost.
        with suppress(PreconditionFailed):
            blob.upload_from_string(
                file.content,
                content_type=file.content_type,
                if_generation_match=0,  # makes a retry safe
                timeout=TIMEOUT,
                retry=DEFAULT_RETRY.with_timeout(self.patience).with_delay(initial=0.2, maximum=2.0, multiplier=2.0),
            )
        return str(blob.public_url)

    def _connect(self) -> "storage.Bucket":
        from google.cloud import storage  # noqa: PLC0415 - see the class

        with self._connecting:
            if self._connected is None:
                client = storage.Client()
                for scheme in ("https://", "http://"):
                    client._http.mount(scheme, VerifiedOnce())  # noqa: SLF001 - Google's documented way
                self._connected = client.bucket(self.name)
            return self._connected
