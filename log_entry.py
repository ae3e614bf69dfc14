"""The one log entry of an interaction, as Cloud Logging reads it: https://cloud.google.com/run/docs/logging."""

import json
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from interaction import Interaction

TRACE = re.compile(r"[0-9a-f]{32}", re.ASCII)

ROUTINE = {"answered", "delivered", "deleted", "opened a modal", "refused privately"}
"""Outcomes that nobody need look into."""


class LogEntry:
    """Collects what becomes of one interaction, and writes it once."""

    def __init__(self, trace_header: str = "", project: str = "") -> None:
        """Begin one that belongs to the request with this X-Cloud-Trace-Context."""
        self._start = time.monotonic()
        self._fields: dict[str, object] = _trace(trace_header, project)
        self._steps: Counter[str] = Counter()
        self._traceback = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; its milliseconds are a field even if it fails, together with those of the same step before."""
        start = time.monotonic()
        try:
            yield
        finally:
            self._steps[f"{name}_ms"] += _milliseconds(start)

    def add(self, **fields: object) -> None:
        self._fields.update(fields)

    def exception(self) -> None:
        """Keep the traceback of the exception that is being handled: it is nothing that was expected."""
        self._traceback = traceback.format_exc()

    def write(self, interaction: Interaction, outcome: str) -> None:
        """Print the line. The interaction's token never stands in it, not even in a traceback that quotes a URL."""
        severity = "ERROR" if self._traceback else "INFO" if outcome in ROUTINE else "WARNING"
        summary = f"{interaction.id}: {outcome}"
        trace = self._traceback.replace(interaction.token, "[token]")
        line = {
            "severity": severity,
            "message": f"{summary}\n{trace}".rstrip(),
            "interaction": interaction.id,
            "outcome": outcome,
            **self._fields,
            **self._steps,
            "total_ms": _milliseconds(self._start),
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _trace(header: str, project: str) -> dict[str, object]:
    """Return the field that joins an entry to its request, from `TRACE_ID/SPAN_ID;o=OPTIONS`."""
    trace_id = header.partition("/")[0]
    if not TRACE.fullmatch(trace_id):
        return {}
    return {"logging.googleapis.com/trace": f"projects/{project}/traces/{trace_id}" if project else trace_id}


def _milliseconds(start: float) -> int:
    return round(1000 * (time.monotonic() - start))
