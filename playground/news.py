"""News for pages: each thing is told once, and again when it has changed."""

from collections.abc import Mapping
from typing import Any

REMEMBERED = 1000  # changes for which a page that was asleep still hears what is gone


class News:
    """What there is to tell by key, and the number of the change that made it so; what is gone is None."""

    def __init__(self) -> None:
        self.number = 0
        self._told: dict[str, tuple[int, Any]] = {}

    def update(self, current: Mapping[str, Any]) -> int:
        """Take in what there is now, and return the number of the last change."""
        for key in [*current, *(self._told.keys() - current.keys())]:
            if self._told.get(key, (0, None))[1] != current.get(key):
                self.number += 1
                self._told[key] = self.number, current.get(key)
        old = self.number - REMEMBERED
        self._told = {key: each for key, each in self._told.items() if each[1] is not None or each[0] > old}
        return self.number

    def since(self, seen: int) -> dict[str, Any]:
        return {key: value for key, (number, value) in self._told.items() if number > seen}
