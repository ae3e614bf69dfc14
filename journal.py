"""The one log line of an interaction, as Cloud Logging reads it: https://cloud.google.com/run/docs/logging."""

import json
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from discord_api import Interaction

TRACE = re.compile(r"[0-9a-f]{32}", re.ASCII)


ROUTINE = {"delivered", "deleted", "refused privately"}
"""Outcomes that nobody need look into."""


class Journal:
    """Collects what becomes of one interaction, and writes it once."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._fields: dict[str, object] = {}
        self._bug = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage; its milliseconds are told even if it fails."""
        start = time.monotonic()
        try:
            yield
        finally:
            self._fields[f"{name}_ms"] = _milliseconds(start)

    def note(self, **fields: object) -> None:
        """Add fields to the line."""
        self._fields.update(fields)

    def bug(self) -> None:
        """Keep the traceback of the exception that is being handled: it is nothing that was expected."""
        self._bug = traceback.format_exc()

    def write(self, interaction: Interaction, outcome: str) -> None:
        """Print the line. The interaction's token never stands in it, not even in a traceback that quotes a URL."""
        severity = "ERROR" if self._bug else "INFO" if outcome in ROUTINE else "WARNING"
        summary = f"/mando {interaction.id}: {outcome}"
        bug = self._bug.replace(interaction.token, "[token]")
        line = {
            "severity": severity,
            "message": f"{summary}\n{bug}".rstrip(),
            "interaction": interaction.id,
            "outcome": outcome,
            **self._fields,
            "total_ms": _milliseconds(self._start),
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def trace_of(header: str, project: str) -> dict[str, str]:
    """Return the field that joins a line to its request, from X-Cloud-Trace-Context: `TRACE_ID/SPAN_ID;o=OPTIONS`."""
    trace_id = header.partition("/")[0]
    if not TRACE.fullmatch(trace_id):
        return {}
    return {"logging.googleapis.com/trace": f"projects/{project}/traces/{trace_id}" if project else trace_id}


def _milliseconds(start: float) -> int:
    return round(1000 * (time.monotonic() - start))
