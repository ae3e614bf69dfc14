"""tools.tunnel as a process, between stand-ins for ngrok and cloudflared and a Discord over HTTP."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from function import Function

from command import DEFINITIONS
from fakes import Services
from fakes.web import Request, Response, serving
from tools import register
from tools.http import NoAnswer, ask
from tools.tunnel_program import PROGRAMS

OURS = ["mando", "Draw this", "Their mandala"]
ROOT = Path(__file__).resolve().parent.parent
# Each prints, in its own words, an address that leads to the port without leaving this machine; and stays.
STAND_INS = {
    "ngrok": """\
echo 't=2026-11-25T15:00:00+0000 lvl=info msg="no configuration paths supplied"'
echo "t=2026-11-25T15:00:00+0000 lvl=info msg=\\"started tunnel\\" obj=tunnels addr=http://localhost:$2 url=http://127.0.0.1:$2"
""",
    "cloudflared": """\
echo "2026-11-25T15:00:00Z INF Thank you for trying Cloudflare Tunnel (https://www.cloudflare.com/website-terms/)"
echo "2026-11-25T15:00:00Z INF +--------------------------------------------------------------+"
echo "2026-11-25T15:00:00Z INF |  Your quick Tunnel has been created! Visit it at (it may take |"
echo "2026-11-25T15:00:00Z INF |  ${6}                                                      |"
""",
}
NOT_LOGGED_IN = (
    'echo \'lvl=eror msg="failed to auth" err="Usage of ngrok requires a verified account (ERR_NGROK_4018)"\'\n'
)


class Desk:
    """A developer's machine: the programs that are installed, and the tools as processes."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.environ = {"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder), "XDG_STATE_HOME": str(folder)} | environ

    def install(self, name: str, script: str, end: str = "exec sleep 60") -> None:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\necho $$ >{self.folder}/pid\n{script}{end}\n")
        program.chmod(0o755)

    @contextmanager
    def tunnel(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "tools.tunnel", *arguments]
        with (
            (self.folder / "said").open("w") as said,
            subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=said, stderr=said, text=True) as process,  # noqa: S603
        ):
            yield process
            process.terminate()
            process.wait(30)

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run it to its end; return its exit code and what it said."""
        with self.tunnel(*arguments) as process:
            return process.wait(60), self.said

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    @property
    def note(self) -> Path:
        (file,) = (self.folder / "mando").glob("*.json")
        return file

    def is_left(self) -> bool:
        """Whether the tunnel program still runs."""
        with suppress(ProcessLookupError):
            os.kill(int((self.folder / "pid").read_text()), 0)
            return True
        return False


@pytest.fixture
def desk(services: Services, tmp_path: Path) -> Desk:
    environ = {
        "DISCORD_PUBLIC_KEY": services.public_key,
        "DISCORD_APP_ID": services.app_id,
        "DISCORD_BOT_TOKEN": services.discord.api.bot_token,
        "DISCORD_API_URL": services.discord.url,
    }
    desk = Desk(tmp_path, environ)
    desk.install("ngrok", STAND_INS["ngrok"])
    return desk


@pytest.fixture
def before(services: Services, function: Function) -> str:
    """An endpoint that is set, and answers, before a tunnel is opened."""
    services.discord.api.endpoint = function.url
    return function.url


def until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_open(services: Services, before: str | None = None) -> Callable[[], bool]:
    return lambda: services.discord.api.endpoint not in {None, before}


def answers(url: str | None) -> bool:
    with suppress(NoAnswer):
        return bool(ask("GET", str(url)))
    return False


@pytest.mark.parametrize("name", PROGRAMS)
def test_interactions_come_through_the_tunnel(services: Services, desk: Desk, name: str) -> None:
    """While it is open interactions are answered here, pictures as attachments; then all is as before."""
    desk.install(name, STAND_INS[name])
    with desk.tunnel("--guild", "77", "--with", name) as process:
        until(is_open(services))
        sent = services.discord.send(str(services.discord.api.endpoint)).wait()
        assert [command["name"] for command in services.discord.api.commands["77"]] == OURS
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        first, *_ = desk.said.splitlines()

    assert sent.original.image_url.startswith("attachment://")
    assert re.search(
        r"are sent to nobody now\. Until Ctrl-C .* to this machine, and the commands .* in server 77; then", first
    )
    assert services.discord.api.commands == {"77": []}
    assert services.discord.api.endpoint is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_it_in_order(services: Services, desk: Desk, before: str, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a closed terminal set the endpoint back, and leave no process and no note behind."""
    with desk.tunnel() as process:
        until(is_open(services, before))
        tunnel = services.discord.api.endpoint
        for _ in range(3):  # impatience changes nothing
            process.send_signal(number)
        assert process.wait(20) == 0

    assert services.discord.api.endpoint == before
    assert not answers(tunnel)
    assert not desk.is_left()
    assert not list((desk.folder / "mando").iterdir())


@pytest.mark.parametrize(("before_it", "method"), [(1, "POST"), (1 + len(DEFINITIONS), "PATCH")])
def test_interrupted_while_discord_is_slow(
    services: Services, desk: Desk, before: str, before_it: int, method: str
) -> None:
    """A change that is under way at Ctrl-C does not come after the one that sets it back."""
    asked = services.discord.api.exchanges
    desk.install("ngrok", "sleep 0.5\n" + STAND_INS["ngrok"])
    with desk.tunnel("--guild", "77") as process:
        until((desk.folder / "pid").exists)
        services.faults.discord = ["slow 0"] * before_it + ["slow 1.5"]
        until(lambda: asked[-1].method == method and not asked[-1].ended)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    until(lambda: all(each.ended for each in asked))

    assert services.discord.api.endpoint == before
    assert services.discord.api.commands == {"77": []}


def test_address_that_is_not_known_at_once(services: Services, desk: Desk) -> None:
    """A new address that Discord cannot reach yet is tried again."""
    desk.install(
        "ngrok", f"echo $2 >{desk.folder}/port\n" + STAND_INS["ngrok"].replace("url=http://127.0.0.1:$2", "url=$URL")
    )
    tried: list[Request] = []

    def forward(request: Request) -> Response | None:
        tried.append(request)
        url = f"http://127.0.0.1:{(desk.folder / 'port').read_text().strip()}/"
        headers = {name: value for name, value in request.headers.items() if name.startswith(("X-", "Content-Type"))}
        return (
            services.discord.sender.post(url, request.get_data(), headers) if len(tried) > 2 else Response(status=530)
        )

    with serving(forward) as world:
        desk.environ["URL"] = world.url
        with desk.tunnel():
            until(lambda: services.discord.api.endpoint == world.url)
            assert "once more in 2 s" in desk.said


def test_token_stays_in_the_tool(services: Services, desk: Desk) -> None:
    """Neither the function nor the tunnel program has any business with the bot token."""
    with desk.tunnel() as process:
        until(is_open(services))
        environs = {each.parent.name: readable(each) for each in Path("/proc").glob("[0-9]*/environ")}
    started = {number: each for number, each in environs.items() if os.fsencode(desk.folder) in each}
    token = desk.environ["DISCORD_BOT_TOKEN"].encode()

    assert len(started) > 3  # the tool, the function, ngrok, and what holds them
    assert [number for number, each in started.items() if token in each] == [str(process.pid)]


def readable(file: Path) -> bytes:
    with suppress(OSError):
        return file.read_bytes()
    return b""


def test_killed_tunnel_is_remembered(
    services: Services, desk: Desk, before: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """After SIGKILL nothing runs on; the next tool says what was there before, and how to set it back."""
    with desk.tunnel("--guild", "77") as process:
        until(lambda: is_open(services, before)() and services.discord.api.commands.get("77"))
        tunnel = services.discord.api.endpoint
        process.kill()
    until(lambda: not answers(tunnel))
    until(lambda: not desk.is_left())
    assert services.discord.api.endpoint == tunnel
    assert desk.environ["DISCORD_BOT_TOKEN"] not in desk.note.read_text()

    assert register.main([], desk.environ) == 0
    said = capsys.readouterr().err
    assert f"before, they were sent to {before}" in said
    assert "the commands are registered in server 77; before, they were not" in said
    assert "make tunnel ARGS=--restore" in said

    assert desk.run("--restore")[0] == 0
    assert services.discord.api.endpoint == before
    assert services.discord.api.commands["77"] == []
    assert "Nothing was left behind" in desk.run("--restore")[1]


@pytest.mark.parametrize(("answer", "is_set_back"), [("\n", True), ("n\n", False)])
def test_setting_back_is_offered(
    services: Services, desk: Desk, before: str, answer: str, *, is_set_back: bool
) -> None:
    """On a terminal the next tool asks whether to set back what a killed tunnel left; and does it only then."""
    with desk.tunnel() as process:
        until(is_open(services, before))
        process.kill()
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tools.register"]
    with subprocess.Popen(command, cwd=ROOT, env=desk.environ, stdin=theirs, stdout=theirs, stderr=theirs) as register:  # noqa: S603
        os.write(ours, answer.encode())
        assert register.wait(20) == 0

    assert b"Set it back now? [Y/n]" in os.read(ours, 10_000)
    assert (services.discord.api.endpoint == before) is is_set_back


def test_next_tunnel_sets_back_what_a_killed_one_left(services: Services, desk: Desk, before: str) -> None:
    """What was there before the killed tunnel is there after the next one."""
    with desk.tunnel() as process:
        until(is_open(services, before))
        killed = services.discord.api.endpoint
        process.kill()
    with desk.tunnel() as process:
        until(lambda: services.discord.api.endpoint not in {before, killed})
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0

    assert services.discord.api.endpoint == before


def test_what_somebody_changed_since_is_kept(services: Services, desk: Desk, before: str) -> None:
    """An endpoint that was set while the tunnel was open is not undone."""
    with desk.tunnel() as process:
        until(is_open(services, before))
        services.discord.api.endpoint = "https://example.test/newer"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0

    assert services.discord.api.endpoint == "https://example.test/newer"


def test_old_endpoint_that_is_gone(services: Services, desk: Desk) -> None:
    """An old endpoint that answers no more cannot be set again: that is said, and none is set."""
    services.discord.api.endpoint = before = "http://127.0.0.1:9/"
    with desk.tunnel() as process:
        until(is_open(services, before))
        process.send_signal(signal.SIGINT)
        process.wait(20)

    assert services.discord.api.endpoint is None
    assert f"{before}, which was set before, answers no more" in desk.said


def test_command_that_was_there_stays(services: Services, desk: Desk) -> None:
    """A server that had our commands before the tunnel has them afterwards."""
    register.main(["--guild", "77"], desk.environ)
    with desk.tunnel("--guild", "77") as process:
        until(is_open(services))
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0

    assert [command["name"] for command in services.discord.api.commands["77"]] == OURS


def test_discord_that_is_away_at_the_end(services: Services, desk: Desk, before: str) -> None:
    """What cannot be set back is told with the command for later, which then does it."""
    with desk.tunnel() as process:
        until(is_open(services, before))
        services.faults.discord = "503"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 1
    services.faults.clear()

    assert "make tunnel ARGS=--restore" in desk.said
    assert desk.run("--restore")[0] == 0
    assert services.discord.api.endpoint == before


def test_one_tunnel_at_a_time(services: Services, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A second tunnel of the same application would lose what was before the first: it is refused, and no alarm."""
    with desk.tunnel():
        until(is_open(services))
        tunnel = services.discord.api.endpoint
        status, said = desk.run()

        assert (status, services.discord.api.endpoint) == (1, tunnel)
        assert "another tunnel of this application is open" in said
        assert register.main([], desk.environ) == 0
        assert not capsys.readouterr().err


def test_ngrok_without_login_gives_way(services: Services, desk: Desk) -> None:
    """The next program that is there is used when the first gives no address."""
    desk.install("ngrok", NOT_LOGGED_IN, end="exit 1")
    desk.install("cloudflared", STAND_INS["cloudflared"])
    with desk.tunnel():
        until(is_open(services))


def test_program_that_was_chosen_is_not_replaced(desk: Desk) -> None:
    """--with takes that program or none, and repeats what it says."""
    desk.install("ngrok", NOT_LOGGED_IN, end="exit 1")
    desk.install("cloudflared", STAND_INS["cloudflared"])
    status, said = desk.run("--with", "ngrok")

    assert status == 1
    assert "ERR_NGROK_4018" in said


@pytest.mark.parametrize(("arguments", "told"), [([], list(PROGRAMS)), (["--with", "cloudflared"], ["cloudflared"])])
def test_without_a_program_it_says_where_to_get_it(desk: Desk, arguments: list[str], told: list[str]) -> None:
    """No program: it says where they come from, and leaves nothing changed."""
    (desk.folder / "ngrok").unlink()
    status, said = desk.run(*arguments)

    assert status == 1
    assert [name for name in told if f"{name}" not in said] == []
    assert "https://" in said


def test_program_that_ends_is_told(services: Services, desk: Desk, before: str) -> None:
    """A tunnel whose program ends is no tunnel: all is set back, and the program's last words are repeated."""
    desk.install("ngrok", STAND_INS["ngrok"], end="sleep 3; echo session closed")
    status, said = desk.run()

    assert (status, services.discord.api.endpoint) == (1, before)
    assert "ngrok has ended" in said
    assert "session closed" in said


def test_public_key_of_another_application(services: Services, desk: Desk) -> None:
    """A key with which the function would refuse everything is told before anything is changed."""
    desk.environ["DISCORD_PUBLIC_KEY"] = "0f" * 32
    status, said = desk.run()

    assert status == 1
    assert f"which is {services.public_key}" in said


def test_note_that_cannot_be_written(services: Services, desk: Desk) -> None:
    """What could not be set back after a kill is not changed at all."""
    (desk.folder / "mando").write_text("a file where the folder should be")
    status, said = desk.run()

    assert status == 1
    assert "could not be noted" in said
    assert services.discord.api.endpoint is None


def test_missing_settings_are_named(desk: Desk) -> None:
    """Without settings it says which it needs, and starts nothing."""
    desk.environ["DISCORD_APP_ID"] = ""
    status, said = desk.run()

    assert status == 1
    assert "DISCORD_APP_ID" in said
