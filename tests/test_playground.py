"""The playground from the command line: what it takes, what it prints, and that nothing of it stays behind."""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from fakes.discord.probes import check
from fakes.faults import Faults
from fakes.web import Response, serving
from playground.__main__ import OPTIONS, parse, value_of
from playground.page import open_page
from playground.session import Session, open_session
from playground.switches import PLAYED, SWITCHES, Numbered, Switch, arm

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "playground"]
START_SECONDS = 60


def option(name: str) -> dict[str, object]:
    return next(each for each in OPTIONS if each["name"] == name)


# Options


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("seed", "tea for two", "tea for two"),
        ("symmetry", "7", 7),
        ("style", "fill", "fill"),
        ("style", "Round", "bezier_fill"),
        ("private", "yes", True),
        ("private", "FALSE", False),
    ],
)
def test_option_is_read(name: str, text: str, value: object) -> None:
    """An option's text becomes the value that Discord would send."""
    assert value_of(option(name), text) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ({"type": 4, "choices": [{"name": "One", "value": 1}]}, "one", 1),
        ({"type": 4, "choices": [{"name": "One", "value": 1}]}, "1", 1),
        ({"type": 4, "min_value": -5}, "-3", -3),
        ({"type": 10}, "0.5", 0.5),
    ],
)
def test_number_is_read(kind: dict[str, object], text: str, value: float) -> None:
    """A number is sent as one, also a chosen, a negative or a broken one."""
    assert value_of({"name": "n", **kind}, text) == value


@pytest.mark.parametrize("text", ["nan", "inf", "1e99", "many"])
def test_number_that_discord_does_not_send_is_refused(text: str) -> None:
    """Beyond 2**53, or none at all."""
    with pytest.raises(argparse.ArgumentTypeError):
        value_of({"type": 10, "name": "n"}, text)


@pytest.mark.parametrize(
    ("name", "text", "cure"),
    [
        ("seed", "", "1 to 100"),
        ("seed", "x" * 101, "1 to 100"),
        ("symmetry", "2", "from 3 to 20"),
        ("symmetry", "many", "from 3 to 20"),
        ("rings", "4.5", "from 4 to 19"),
        ("style", "square", "Sharp, Round, Lines"),
        ("palette", "pink", "Random, "),
        ("port", "65536", "from 0 to 65535"),
        ("port", "page", "from 0 to 65535"),
        ("private", "maybe", "yes, no"),
    ],
)
def test_bad_option_is_told_with_its_cure(name: str, text: str, cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A value that Discord's own box would not take ends at once, and the error says what would be right."""
    with pytest.raises(SystemExit) as ended:
        parse([f"--{name}", text])

    assert ended.value.code == 2
    assert f"--{name}: " in (error := capsys.readouterr().err)
    assert cure in error


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    """--help lists the options of /mando as they are registered with Discord."""
    with pytest.raises(SystemExit):
        parse(["--help"])

    printed = capsys.readouterr().out
    assert all(f"--{each['name']}" in printed for each in OPTIONS)


# The process


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the playground, and return it with what it has printed up to its address, which comes last."""
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [*COMMAND, "--no-browser", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    with process.stdout:
        try:
            yield process, read_address(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def read_address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    printed = ""
    for line in process.stdout:
        printed += line
        if match := re.search(r"http://127\.0\.0\.1:\d+", printed):
            return printed[: match.end()]
    raise AssertionError(f"it ended without an address:\n{printed}")


def descendants(process_id: int) -> set[int]:
    """Return the ids of all processes that a process has started, and of those that they have."""
    parents = {int(path.name): parent_of(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    found = {process_id}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process_id}


def parent_of(path: Path) -> int:
    with suppress(OSError):
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def is_alive(process_id: int) -> bool:
    try:
        return "Z" not in (Path("/proc") / str(process_id) / "stat").read_text().rpartition(")")[2].split()[:1]
    except OSError:
        return False


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_nothing_stays_behind(sent: signal.Signals) -> None:
    """Ctrl-C or SIGTERM ends it within seconds, with status 0, and every process that it started."""
    with started("--port", "0") as (process, printed):
        assert requests.get(printed.split()[-1], timeout=5).ok
        children = descendants(process.pid)
        asked = time.monotonic()
        process.send_signal(sent)

        assert process.wait(15) == 0
    assert time.monotonic() - asked < 8
    assert children
    assert not [each for each in children if is_alive(each)]


def test_port_that_is_taken() -> None:
    """With its port taken it says so, takes another, and serves there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with started("--port", port) as (_, printed):
            assert f"Port {port} is taken" in printed
            assert requests.get(printed.split()[-1], timeout=5).ok


def test_second_start_at_once() -> None:
    """Right after its end it starts again on the same port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    for _ in range(2):
        with started("--port", port) as (_, printed):
            assert printed.endswith(f":{port}")


def test_once() -> None:
    """--once sends a /mando, prints the exchange with its times, saves the picture and ends with 0."""
    ended = subprocess.run(  # noqa: S603 - ourselves
        [*COMMAND, "--once", "--seed", "tea"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    for told in ("/mando seed:tea", "signed request", "callback", "204", "upload", "edit of @original", "202"):
        assert told in ended.stdout
    saved = re.search(r"saved to (\S+)", ended.stdout)
    assert saved
    assert (ROOT / saved[1]).read_bytes().startswith(b"\x89PNG")


def test_function_that_does_not_start_is_told(tmp_path: Path) -> None:
    """A function that cannot be imported ends the playground with 1, and with what it printed."""
    source = tmp_path / "main.py"
    source.write_text("raise SystemExit('these settings are wrong')")
    ended = subprocess.run(  # noqa: S603 - ourselves
        [*COMMAND, "--once"],
        cwd=ROOT,
        env=os.environ | {"FUNCTION_SOURCE": str(source)},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stdout == "these settings are wrong\n"
    assert ended.stderr == "The function does not start.\n"


# The page's server


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with open_session() as session:
        yield session


@pytest.fixture(scope="module")
def address(session: Session) -> Iterator[str]:
    with open_page(session) as server:
        yield server.url


def post(address: str, path: str, body: str | bytes, **headers: str) -> requests.Response:
    """Post JSON as the playground's own page does, but for these headers."""
    own = {
        "Content-Type": "application/json",
        "Origin": address,
        **{key.replace("_", "-"): headers[key] for key in headers},
    }
    return requests.post(f"{address}/api/{path}", body, headers=own, timeout=5)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("use", '{"user": "nobody"}', 400),
        ("use", '{"user": ["ada"]}', 400),
        ("use", '{"user": "ada", "options": {"seed": null}}', 400),
        ("use", '{"user": "ada", "options": {"seed": 5}}', 400),
        ("use", '{"user": "ada", "options": {"colour": "red"}}', 400),
        ("use", '{"user": "ada", "options": {"seed": "\\ud800"}}', 400),
        ("use", '{"user": "ada", "options": ["seed"]}', 400),
        ("use", '{"user": "ada", "locale": {}}', 400),
        ("use", "[1, 2]", 400),
        ("use", "null", 400),
        ("use", "", 400),
        ("use", "{", 400),
        ("use", b"\xff\xfe", 400),
        ("use", "[" * 100_000, 400),
        ("press", '{"user": "ada", "message": "1", "custom_id": "x"}', 404),
        ("press", '{"user": "ada", "message": {}, "custom_id": "x"}', 400),
        ("submit", '{"id": "1", "typed": {}}', 404),
        ("submit", '{"id": "1", "typed": {"seed": [1]}}', 400),
        ("point", '{"user": "ada", "name": "Draw this", "message": "1"}', 404),
        ("point", '{"user": "ada", "name": "Their mandala", "person": "nobody"}', 400),
        ("say", '{"user": "ada"}', 400),
        ("send", '{"how": "again", "id": "1"}', 404),
        ("send", '{"how": "new", "payload": {"type": "2"}}', 400),
        ("send", '{"how": "new", "payload": {"type": 2, "message": []}}', 400),
        ("send", '{"how": "new", "payload": {"type": 2, "data": {"name": "\\ud800"}}}', 400),
        ("send", '{"how": "by post", "payload": {"type": 2}}', 400),
        ("dismiss", '{"id": 1}', 400),
        ("switches", '{"on": ["no such switch"]}', 400),
        ("switches", '{"on": "slow"}', 400),
        ("switches", '{"on": [["slow"]]}', 400),
        ("switches", "{}", 400),
        ("switches", '{"on": [], "numbered": {}}', 400),
        ("switches", '{"on": [], "numbered": [5]}', 400),
        ("switches", '{"on": [], "numbered": [{"route": "edit", "fault": "late", "seconds": 1, "times": 1}]}', 400),
        ("switches", '{"on": [], "numbered": [{"route": "edit", "fault": "slow", "seconds": -1, "times": 1}]}', 400),
        ("switches", '{"on": [], "numbered": [{"route": "edit", "fault": "slow", "seconds": NaN, "times": 1}]}', 400),
        ("switches", '{"on": [], "numbered": [{"route": "edit", "fault": "slow", "seconds": 1, "times": 1e9}]}', 400),
        ("nothing", "{}", 404),
    ],
)
def test_page_refuses_what_it_does_not_know(address: str, path: str, body: str | bytes, status: int) -> None:
    """A request that is odd or names what is not there is refused with a reason, and the page lives on."""
    response = post(address, path, body)

    assert response.status_code == status
    assert response.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_other_sites_cannot_write(session: Session, address: str, headers: dict[str, str]) -> None:
    """What another site's page sends, open in the same browser, is forbidden: nothing is done."""
    before = len(session.services.discord.interactions)

    assert post(address, "use", '{"user": "ada"}', **headers).status_code == 403
    assert len(session.services.discord.interactions) == before


def test_form_cannot_write(address: str) -> None:
    """A form is no JSON, whoever sends it."""
    assert post(address, "use", '{"user": "ada"}', Content_Type="text/plain").status_code == 415


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 403), ("evil.example:8400", 403), ("127.0.0.1.evil.example", 403), ("LocalHost:9", 200)],
)
def test_only_this_machines_names_are_answered(address: str, host: str, status: int) -> None:
    """A name that somebody made point here (DNS rebinding) is not answered, not even a file."""
    for path in ("/", "/api/setup", "/api/news"):
        assert requests.get(address + path, headers={"Host": host}, timeout=5).status_code == status


@pytest.mark.parametrize(
    "payload",
    [
        '{"type": 2}',
        '{"type": 99, "data": {"name": {}}}',
        '{"type": 2, "data": {"name": "mando", "options": {"seed": 5}}}',
        '{"type": 3, "data": {}, "message": {"components": 5}}',
        '{"type": 2, "member": {"user": "ada"}, "data": {"type": 1, "options": [null]}}',
    ],
)
def test_odd_payload_is_sent_and_shown(session: Session, address: str, payload: str) -> None:
    """An edited payload may be as odd as one likes: the function gets it, and the page shows what became of it."""
    id_ = post(address, "send", f'{{"how": "new", "payload": {payload}}}').json()["id"]
    session.services.discord.rules.interactions[id_].wait(5)

    assert news(address)["news"][id_]["state"] in ("failed", "shown")
    assert requests.get(f"{address}/api/wire/{id_}", timeout=5).ok


def news(address: str, seen: int = -1) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(f"{address}/api/news?seen={seen}", timeout=20).json()
    return told


def test_news_are_what_changed(session: Session, address: str) -> None:
    """A page hears of a change once: what it has heard is not told again, and what is gone is null."""
    session.forget()
    first, second = session.use({}).wait(), session.use({}).wait()
    while not all(each.status and session.function.log_of(each.id) for each in (first, second)):
        time.sleep(0.01)
    told = news(address)
    assert {first.id, second.id} <= told["news"].keys()

    session.dismiss(second.id)
    assert news(address, told["seen"])["news"].keys() == {second.id}
    session.forget()
    assert news(address, told["seen"])["news"] == {first.id: None, second.id: None}


def test_long_sitting_stays_flat() -> None:
    """Only the newest interactions are kept, with their messages, pictures, objects and exchanges."""
    with open_session(kept=3) as session:
        for _ in range(8):
            session.picture(session.use({}).wait().original.id)

    services = session.services
    assert len(services.discord.interactions) == len(services.discord.messages) == 3 + 1
    assert len(services.bucket.objects) <= 3 + 1
    assert len(services.bucket.exchanges) <= 3 * (3 + 1)
    assert len(services.discord.api.exchanges) <= 2 * (3 + 1)


@pytest.mark.parametrize("path", ["/static/../page.py", "/static/%2e%2e%2fpage.py", "/static/none.js", "/media/1/1"])
def test_page_serves_its_own_files_alone(address: str, path: str) -> None:
    """No path leads out of the page's folder."""
    with requests.Session() as http:
        request = requests.Request("GET", address).prepare()
        request.url = address + path
        assert http.send(request, timeout=5).status_code == 404


def test_security_check_names_the_cure(session: Session) -> None:
    """Against a function that says PONG to everybody, all but the PING itself fail, each with its cure."""
    pong = Response(b'{"type": 1}', 200, {"Content-Type": "application/json"})

    with serving(lambda _: pong) as careless:
        verdicts = check(session.services.discord.sender, careless.url)

    assert [each["name"] for each in verdicts if each["passed"]] == ["PING"]
    assert all(each["cure"] for each in verdicts if not each["passed"])


def test_switches_on_one_route_are_joined() -> None:
    """Two switches that order something on one route are both played."""
    faults = Faults()

    arm(faults, ["404", "429"])

    assert faults.edit == ["429 1", "404"]


def test_faults_with_numbers_join_the_switches() -> None:
    """A fault of so many seconds so many times comes after those of the switches; 0 times is always."""
    faults = Faults()

    arm(faults, ["404"], [Numbered("edit", "429", 2, 2), Numbered("upload", "slow", 0.5, 0)])

    assert faults.edit == ["404", "429 2", "429 2"]
    assert faults.upload == "slow 0.5"


@pytest.mark.parametrize("route", PLAYED)
def test_every_fault_with_a_number_is_played(route: str) -> None:
    """What the page offers for a route is what the stand-ins play there."""
    faults = Faults()
    for fault in PLAYED[route]:
        arm(faults, [], [Numbered.read({"route": route, "fault": fault, "seconds": 1, "times": 1})])

        assert route == "function" or faults.take(route)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda each: each.id)
def test_every_switch_orders_faults_that_exist(switch: Switch) -> None:
    """Each order of each switch is one that the stand-ins play."""
    faults = Faults()

    arm(faults, [switch.id])

    for route in ("delivery", "callback", "edit", "delete", "discord", "upload", "bucket"):
        faults.take(route)
