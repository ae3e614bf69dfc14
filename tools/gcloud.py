"""gcloud as a source of answers: nothing is changed through it."""

import json
import re
import shutil
import subprocess
from typing import Any

SECONDS = 60.0
INSTALL = "gcloud is not installed: https://cloud.google.com/sdk/docs/install"
LOGIN = "gcloud auth login"
NOT_LOGGED_IN = re.compile(r"active account|[Rr]eauthentication|refreshing|gcloud auth login")
ABSENT = re.compile(r"not.found|(?<!may )not exist|matched no", re.IGNORECASE)


class Unavailable(Exception):
    """There is no answer to be had; the message says why."""


class Absent(Unavailable):
    """What was asked for is not there."""


def read(*arguments: str) -> bytes:
    """Return what a command prints, or raise Unavailable."""
    program = shutil.which("gcloud")
    if not program:
        raise Unavailable(INSTALL)
    try:
        answer = subprocess.run(  # noqa: S603 - its arguments are checked by Google
            [program, *arguments, "--quiet"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"gcloud does not answer within {SECONDS:.0f} s") from None
    if answer.returncode:
        raise _refusal(answer.stderr.decode(errors="replace"))
    return answer.stdout


def ask(project: str, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a command answers about the project's things, or raise Unavailable."""
    answer = read(*arguments, f"--project={project}", "--format=json")
    try:
        return json.loads(answer or b"null")
    except ValueError:
        raise Unavailable(f"gcloud answers what is no JSON: {answer[:60]!r}") from None


def _refusal(errors: str) -> Unavailable:
    last = errors.rpartition("ERROR: ")[2].strip() or "no reason given"
    if NOT_LOGGED_IN.search(last):
        return Unavailable(f"gcloud is not logged in: {LOGIN}")
    return (Absent if ABSENT.search(last) else Unavailable)(f"gcloud says: {' '.join(last.split())[:200]}")
