"""The page's switches: what goes wrong, in a user's words, made of fakes.faults."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fakes.faults import DELIVERED, Faults


@dataclass(frozen=True)
class Switch:
    id: str
    group: str
    label: str
    text: str
    orders: dict[str, Any]  # of Faults; lists are ordered anew for every interaction


ANSWERED = ("503", "502", "500", "404", "403", "429", "429-bare", "slow", "drip", "hang", "break", "lose")
FUNCTION = ("cold", "taken")  # starts anew for so long with each interaction; is taken away so long after it was sent
PLAYED = dict.fromkeys(("discord", "callback", "edit", "delete", "bucket", "upload"), ANSWERED) | {
    "delivery": DELIVERED,
    "function": FUNCTION,
}
TIMED = ("429", "slow", "drip", "hang", "late", *FUNCTION)
LONGEST, MOST = 900, 100  # seconds, times
COLD = "cold"  # the session's own: no request fails, but the function is restarted
SWITCHES = (
    Switch(
        "far",
        "Network",
        "As far away as in life",
        "Discord is 100 ms away, the bucket 150 ms",
        {"discord_latency": 0.1, "bucket_latency": 0.15},
    ),
    Switch("slow", "Discord", "Slow", "Every answer takes a second", {"discord_latency": 1.0}),
    Switch(
        "5xx",
        "Discord",
        "Server errors",
        "503 to the first callback and to two edits",
        {"callback": ["503"], "edit": ["503", "502"]},
    ),
    Switch("429", "Discord", "Rate limit", "429 with Retry-After: 1 to the first edit", {"edit": ["429 1"]}),
    Switch(
        "429-bare", "Discord", "Rate limit by Cloudflare", "429 in HTML, without Retry-After", {"edit": ["429-bare"]}
    ),
    Switch(
        "404", "Discord", "404 at the first edit", "Unknown Webhook, right after a good callback", {"edit": ["404"]}
    ),
    Switch("lost", "Discord", "Lost answer", "The callback is taken, its answer is lost", {"callback": ["lose"]}),
    Switch(
        "broken",
        "Discord",
        "Broken connection",
        "At the first callback and the first edit",
        {"callback": ["break"], "edit": ["break"]},
    ),
    Switch("deaf", "Discord", "No callback gets through", "503 to every callback", {"callback": "503"}),
    Switch("bucket-down", "Bucket", "Down", "503 to everything", {"bucket": "503"}),
    Switch("bucket-forbidden", "Bucket", "Forbidden", "403 to every upload", {"upload": "403"}),
    Switch("bucket-hangs", "Bucket", "Hangs", "Takes the connection, and never answers", {"bucket": "hang"}),
    Switch("bucket-slow", "Bucket", "Slow", "Every answer takes a second and a half", {"bucket_latency": 1.5}),
    Switch("duplicate", "Delivery", "Duplicate", "Each interaction arrives twice", {"delivery": ["duplicate"]}),
    Switch(
        "bad-signature",
        "Delivery",
        "Bad signature",
        "Each interaction is signed wrongly",
        {"delivery": ["bad-signature"]},
    ),
    Switch("late", "Delivery", "Too late", "Each interaction is 3.5 s old when it arrives", {"delivery": ["late 3.5"]}),
    Switch(COLD, "Delivery", "Cold start", "The function is started anew for each interaction", {}),
)


@dataclass(frozen=True)
class Numbered:
    """A fault as its user puts it: where, what, of how many seconds, and how many times, 0 for always."""

    route: str
    fault: str
    seconds: float
    times: int

    @classmethod
    def read(cls, asked: object) -> "Numbered":
        """Read one from JSON; raise ValueError for one that nobody can play."""
        try:
            numbered = cls(**asked)  # type: ignore[arg-type]  # a TypeError is what it is about
            known = numbered.fault in PLAYED[numbered.route] and isinstance(numbered.times, int)
            if known and 0 <= numbered.seconds <= LONGEST and 0 <= numbered.times <= MOST:
                return numbered
        except (KeyError, TypeError):
            pass
        raise ValueError(f"no such fault: {asked!r}")

    @property
    def order(self) -> str | list[str]:
        fault = f"{self.fault} {self.seconds:g}" if self.fault in TIMED else self.fault
        return [fault] * self.times if self.times else fault


def arm(faults: Faults, on: Iterable[str], numbered: Iterable[Numbered] = ()) -> None:
    """Set the faults of the switches that are on, those with numbers, and no others: lists on one route are joined."""
    faults.clear()
    orders = [order for switch in SWITCHES if switch.id in on for order in switch.orders.items()]
    for route, order in [*orders, *((each.route, each.order) for each in numbered if each.route != "function")]:
        present = getattr(faults, route)
        joined = [*present, *order] if isinstance(present, list) and isinstance(order, list) else order
        setattr(faults, route, joined)
