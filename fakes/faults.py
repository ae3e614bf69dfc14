"""What can go wrong with Discord and the bucket, to order: the same for the tests and for the page.

Each route takes an order: a list of faults plays them once each, in turn, and a single fault stands until it is
set to None. What is left in a list has not happened yet.

    faults.edit = ["503", "429 0.2"]    # the first edit fails with 503, the second with 429, the third succeeds
    faults.bucket = "hang"              # until further notice
    faults.discord_latency = 0.1

| fault | what happens to the request |
| --- | --- |
| any status, "503" | answered with it, as the service words it; nothing is done |
| "429 2" | 429, Retry-After: 2 (default 0.3), in JSON |
| "429-bare" | 429 as Cloudflare sends it: HTML, no Retry-After |
| "break" | the connection breaks before anything was done |
| "lose" | it is done, but the connection breaks before the answer |
| "hang" | accepted, and never answered |
| "slow 2" | answered after 2 s (default 1) |
| "drip 5" | the answer's body arrives over 5 s (default 10) |

For new connections over HTTPS (serve(tls=True)): the certificate is "expired", "self-signed" or for a "wrong-name".

For the delivery of interactions: "duplicate" sends it twice, "bad-signature" signs other bytes, "late 2.5"
(default 3.5) sends it when it is already that old.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, fields

from fakes import certificates
from fakes.web import Response

FOREVER = 300.0  # seconds; longer than anybody waits
DEFAULT_SECONDS = {"429": 0.3, "slow": 1.0, "drip": 10.0, "hang": FOREVER, "late": 3.5}
SERVED = ("429-bare", "break", "lose", "hang", "slow", "drip")
DELIVERED = ("duplicate", "bad-signature", "late")
CLOUDFLARE_429 = (
    b"<!doctype html><title>Access denied | discord.com used Cloudflare to restrict access</title>error code: 1015"
)

Order = str | list[str] | None
RECOVERABLE: dict[str, dict[str, list[str]]] = {
    "callback": {
        "503": ["503"],
        "503 twice": ["503", "500"],
        "429 with Retry-After": ["429 0.4"],
        "bare 429": ["429-bare"],
        "broken connection": ["break"],
        "lost answer": ["lose"],
        "lost answer, then 503": ["lose", "503"],
        "slow": ["slow 1.5"],
    },
    "edit": {
        "503": ["503"],
        "a run of 5xx": ["500", "502", "503"],
        "429 with Retry-After": ["429 0.4"],
        "bare 429": ["429-bare"],
        "broken connection": ["break"],
        "lost answer": ["lose"],
        "10015 right after the callback": ["404", "404"],
        "slow": ["slow 1"],
        "hanging": ["hang"],
    },
    "upload": {
        "503": ["503"],
        "429": ["429"],
        "broken connection": ["break"],
        "stored, but the answer was lost": ["lose"],
        "slow": ["slow 1"],
    },
}
"""What goes wrong on a route for a while: whoever tries again gets through."""


@dataclass(frozen=True)
class Fault:
    kind: str = ""  # none
    seconds: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.kind)

    @property
    def told(self) -> str:
        return f"to order: {self.kind}" if self else ""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read "kind" or "kind seconds"; raise ValueError for a kind that nobody plays."""
        kind, _, seconds = str(text).partition(" ")
        if not (kind.isdecimal() or kind in (*SERVED, *DELIVERED, *certificates.WRONG)):
            raise ValueError(f"no such fault: {text!r}")
        return cls(kind, float(seconds) if seconds else DEFAULT_SECONDS.get(kind, 0.0))

    def play(  # noqa: PLR0911 - a table of faults
        self, act: Callable[[], Response], refuse: Callable[[int], Response], wait: Callable[[float], object]
    ) -> Response | None:
        """Answer a request whose proper answer is act(), or None to break the connection."""
        match self.kind:
            case "":
                return act()
            case "429":
                response = refuse(429)
                response.headers["Retry-After"] = f"{self.seconds:g}"
                return response
            case "429-bare":
                return Response(CLOUDFLARE_429, 429, {"Server": "cloudflare"}, content_type="text/html")
            case "break":
                return None
            case "lose":
                act()
                return None
            case "hang":
                wait(self.seconds)
                return None
            case "slow":
                wait(self.seconds)
                return act()
            case "drip":
                response = act()
                response.drip = self.seconds
                return response
        return refuse(int(self.kind))


@dataclass
class Faults:
    delivery: Order = None  # of an interaction to the function
    callback: Order = None
    edit: Order = None
    delete: Order = None
    discord: Order = None  # any of Discord's routes
    upload: Order = None
    bucket: Order = None  # any request to the bucket, also the client's own for the bucket's metadata
    discord_certificate: Order = None
    bucket_certificate: Order = None
    discord_latency: float = 0.0  # seconds, on every answer
    bucket_latency: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def take(self, *routes: str) -> Fault:
        """Return the fault for this request, a false one for none, by the first route that has one, and count it."""
        with self._lock:
            for route in routes:
                order = getattr(self, route, None)
                if isinstance(order, list):
                    setattr(self, route, order[1:])  # not in the list itself: tables of orders are played again
                    order = order[0] if order else None
                if order:
                    return Fault.parse(order)
        return Fault()

    def clear(self) -> None:
        """Let everything work again."""
        for each in fields(self):
            setattr(self, each.name, each.default)
