"""What was looked at, and what was found."""

from dataclasses import dataclass
from typing import Any

MARKS = {True: "✓", False: "✗", None: "-"}


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is right (None: could not be checked), what was seen, the cure."""

    what: str
    right: bool | None
    seen: str
    cure: str = ""
    status: int = 0
    """Of the HTTP answer that it is about."""

    def __str__(self) -> str:
        cure = f"; cure: {self.cure}" if self.cure and self.right is False else ""
        return f"{MARKS[self.right]} {self.what}: {self.seen}{cure}"

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "right": self.right, "seen": self.seen, "cure": "" if self.right else self.cure}
