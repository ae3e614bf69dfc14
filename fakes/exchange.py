"""One HTTP exchange, as it is shown and judged."""

import time
from dataclasses import dataclass, field
from typing import Any

from fakes.web import Request, Response, parts

LONGEST_TEXT = 20_000


@dataclass
class Exchange:
    kind: str  # interaction, callback, edit, delete, get, follow-up, upload, read, metadata, …
    source: str  # discord, function
    target: str  # function, discord, bucket
    method: str
    url: str
    request_headers: dict[str, str]
    request_body: bytes
    started: float  # seconds since the epoch
    ended: float | None = None
    status: int | None = None  # None as long as there is no answer, and for ever when the connection broke
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: bytes = b""
    refused: str = ""  # why Discord, or Google, said no
    notes: list[str] = field(default_factory=list)  # what was not refused, but is not as it should be
    fault: str = ""  # what was ordered to go wrong

    @classmethod
    def of(cls, kind: str, target: str, request: Request, origin: str) -> "Exchange":
        """Begin the record of a request of the function's to a target, which is served at this origin."""
        url, headers = origin + request.environ["RAW_URI"], dict(request.headers.items())
        return cls(kind, "function", target, request.method, url, headers, request.get_data(), time.time())

    def answered(self, response: Response | None, fault: str = "") -> None:
        """Note the answer (None: the connection broke) and what was ordered to go wrong."""
        self.ended, self.fault = time.time(), fault
        if response:
            self.status, self.response_body = response.status_code, response.get_data()
            self.response_headers = dict(response.headers)

    def as_json(self, created: float) -> dict[str, Any]:
        """Return it for the page: times in ms since the interaction was created, bodies as text."""
        return {
            "kind": self.kind,
            "source": self.source,
            "target": self.target,
            "method": self.method,
            "url": self.url,
            "started": round((self.started - created) * 1000, 1),
            "ended": None if self.ended is None else round((self.ended - created) * 1000, 1),
            "status": self.status,
            "refused": self.refused,
            "notes": self.notes,
            "fault": self.fault,
            "request": {"headers": self.request_headers, "body": readable(self.request_body)},
            "response": {"headers": self.response_headers, "body": readable(self.response_body)},
        }


def readable(body: bytes) -> str:
    """Return body as text; the binary parts of it by their size only."""
    try:
        return body.decode()[:LONGEST_TEXT]
    except UnicodeDecodeError:
        heads = [f"{head}\n\n{readable(content)}" for head, content in parts(body) if body.startswith(b"--")]
        return "\n\n".join(heads).replace("\r\n", "\n") or f"<{len(body):,} bytes>"
