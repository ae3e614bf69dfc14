"""All faults at one press: what is judged, what is reported, and that a function which fails is found out."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast
from xml.etree import ElementTree as ET

import pytest
from function import Function, running
from test_playground import descendants, is_alive

from fakes import Services
from fakes.function import ROOT
from fakes.web import Response, serving
from playground.__main__ import parse
from playground.report import cases_with, junit, markdown
from playground.verdicts import Verdict, play

FAULTS = [sys.executable, "-m", "playground", "--faults"]


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("Edit: 503", "a picture"),
        ("Delivery: Too late", "nothing to be told: Discord had given it up"),
        ("Security: Wrong signature", "401 invalid request signature"),
    ],
)
def test_verdict_tells_the_ending(services: Services, function: Function, name: str, ending: str) -> None:
    """What a user would see under a fault, and that it is right."""
    (case,) = cases_with(name)
    verdict = play(services, function, case, {})

    assert verdict.right, verdict
    assert verdict.told.startswith(ending)


def test_fault_that_is_never_met(services: Services) -> None:
    """Where nothing is uploaded, an upload that fails is no merit."""
    (case,) = cases_with("Upload: 503")
    with running({**services.environ, "PICTURES": "attachments"}) as attaching:
        assert play(services, attaching, case, {}).right is None


@pytest.mark.parametrize(("name", "status"), [("main.py", 0), ("benchmarks/the_post.py", 1)])
def test_exit_status(name: str, status: int, tmp_path: Path) -> None:
    """0 if all is right; the way of the blog post, which tries nothing again, is found out, and the report says so."""
    report = tmp_path / "report.xml"
    ended = subprocess.run(  # noqa: S603 - ourselves
        [*FAULTS, "503 twice", "--report", report],
        cwd=ROOT,
        env=os.environ | {"FUNCTION_SOURCE": str(ROOT / name)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    suite = ET.parse(report).getroot()  # noqa: S314 - our own

    assert ended.returncode == status, ended.stdout
    assert (suite.get("tests"), suite.get("failures")) == ("1", str(status))
    assert ("there should be a result" in ended.stdout) == bool(status)


def test_reports_escape_what_a_function_says(services: Services) -> None:
    """Neither markup nor what no XML may hold gets from an answer into a report."""
    (case,) = cases_with("PING")
    with serving(lambda _: Response(b"\0\x1b[0m|<b>&`", 500)) as careless:
        verdict = play(services, cast("Function", careless), case, {})  # all that a probe needs is its address
    (failure,) = ET.fromstring(junit([verdict])).iter("failure")  # noqa: S314 - our own

    assert verdict.told.startswith("500  [0m|<b>&`; not 200")
    assert failure.get("message") == verdict.told
    assert r"| ✗ | Security: PING | 500  \[0m\|&lt;b&gt;&amp;\`; not 200" in markdown([verdict]).decode()


def test_reports_count() -> None:
    """What is right, what is not, and what was never met, as a person and as a CI reads it."""
    verdicts = [Verdict(str(right), "", right, 1.0) for right in (True, True, False, None)]
    suite = ET.fromstring(junit(verdicts))  # noqa: S314 - our own

    assert "\n2 as they should be, 1 not, 1 that this function never meets.\n" in markdown(verdicts).decode()
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["4", "1", "1"]


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["--faults", "--report", "faults.txt"], "ends in .md (Markdown) or .xml (JUnit), not 'faults.txt'"),
        (["--faults", "--report", "no/folder/faults.md"], "No such file or directory"),
        (["--report", "/dev/null/faults.md"], "Not a directory"),
        (["--faults", "no such fault"], "Bucket: Hangs"),
    ],
)
def test_what_cannot_be_reported_is_told_first(
    arguments: list[str], cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything runs, an error says what would be right."""
    with pytest.raises(SystemExit):
        parse(arguments)

    assert cure in capsys.readouterr().err


def test_nothing_stays_behind_of_it() -> None:
    """Ctrl-C while the bucket hangs ends it with status 1, and every process that it started."""
    process = subprocess.Popen([*FAULTS, "Bucket: Hangs"], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    assert process.stdout
    with process.stdout:
        assert any("1 to play" in line for line in process.stdout)
        children = descendants(process.pid)
        process.send_signal(signal.SIGINT)

        assert process.wait(20) == 1
    assert children
    assert not [each for each in children if is_alive(each)]
