"""The log line of an interaction."""

import io
import json
import time
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from interaction import Interaction
from log_entry import LogEntry

INTERACTION = Interaction(2, "1300000000000000000", "secret-token")
TRACE = "0af7651916cd43dd8448eb211c80319c"
FIELD = "logging.googleapis.com/trace"


def test_traceback_of_a_bug_is_one_line_without_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    """A bug is one entry of severity ERROR; a token that its traceback quotes is blotted out."""
    entry = LogEntry()
    try:
        Path("/webhooks/1/secret-token/messages").read_text()
    except OSError:
        entry.exception()
    entry.write(INTERACTION, "failed")
    line = json.loads(capsys.readouterr().out)

    assert line["severity"] == "ERROR"
    assert "/webhooks/1/[token]/messages" in line["message"]
    assert "secret-token" not in json.dumps(line)


@pytest.mark.parametrize(
    ("outcome", "severity"),
    [
        ("delivered", "INFO"),
        ("deleted", "INFO"),
        ("answered", "INFO"),
        ("refused privately", "INFO"),
        ("delivered as an attachment", "WARNING"),
        ("given up: no answer", "WARNING"),
    ],
)
def test_entry_is_written_at_once(outcome: str, severity: str) -> None:
    """One line of JSON, which has left the process when it is written: an instance may end or freeze at any time."""
    sent = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(sent)):  # which keeps what is not flushed
        entry = LogEntry()
        entry.add(age_ms=7)
        entry.add(bucket="full")
        entry.write(INTERACTION, outcome)
        written = sent.getvalue()
    line = json.loads(written)

    assert written.count(b"\n") == written.endswith(b"\n") == 1
    assert 0 <= line.pop("total_ms") < 1000
    assert line == {
        "severity": severity,
        "message": f"{INTERACTION.id}: {outcome}",
        "interaction": INTERACTION.id,
        "outcome": outcome,
        "age_ms": 7,
        "bucket": "full",
    }


def test_step_that_fails_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """A step's milliseconds are a field even if it raised; a second run's are added."""
    entry = LogEntry()
    with pytest.raises(ValueError, match="x"), entry.step("upload"):  # noqa: PT012 - what takes its time
        time.sleep(0.01)
        raise ValueError("x")
    with entry.step("upload"):
        time.sleep(0.01)
    entry.write(INTERACTION, "delivered")

    assert json.loads(capsys.readouterr().out)["upload_ms"] >= 20


@pytest.mark.parametrize(
    ("header", "project", "fields"),
    [
        (f"{TRACE}/123;o=1", "my-project", {FIELD: f"projects/my-project/traces/{TRACE}"}),
        (TRACE, "", {FIELD: TRACE}),
        ("", "my-project", {}),
        ("x" * 32, "my-project", {}),
        (f"{TRACE}{TRACE}/1", "my-project", {}),
    ],
)
def test_trace_is_read(header: str, project: str, fields: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """X-Cloud-Trace-Context begins with 32 hex digits; anything else is no trace."""
    LogEntry(header, project).write(INTERACTION, "delivered")
    line = json.loads(capsys.readouterr().out)

    assert {name: value for name, value in line.items() if name == FIELD} == fields
