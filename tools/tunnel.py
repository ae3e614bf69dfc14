"""A real Discord application against the function on this machine, through ngrok."""

import argparse
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress

import requests

from command import DEFINITION
from fakes.bucket import google_error
from fakes.function import DoesNotStart, running
from fakes.web import HOST, serving
from tools import settings
from tools.bot import Bot, invitation
from tools.settings import DISCORD_API_URL, Trouble

DESCRIPTION = """\
Run the function here, and have Discord send it the interactions of a real application, through ngrok
(https://ngrok.com/download). The endpoint that was set before is set again at the end (Ctrl-C).
Reads DISCORD_PUBLIC_KEY, DISCORD_APP_ID and DISCORD_BOT_TOKEN from the environment, else from .env."""
NGROK_API = "http://127.0.0.1:4040"
"""Where ngrok tells about itself: https://ngrok.com/docs/agent/api"""
SCHEME = "https://"
"""What Discord takes for an endpoint."""
FOREVER = threading.Event()
PATIENCE = 15.0
"""Seconds until ngrok must have an address."""


def public_address(tunnels: Mapping[str, list[dict[str, object]]], port: int) -> str:
    """Return the https address of the tunnel to this port, as ngrok lists its tunnels; "" when there is none."""
    for tunnel in tunnels.get("tunnels", []):
        config, address = tunnel.get("config"), str(tunnel.get("public_url"))
        target = str(config.get("addr")) if isinstance(config, dict) else ""
        if target.rstrip("/").endswith(f":{port}") and address.startswith(SCHEME):
            return address
    return ""


def wait_for_address(api: str, port: int, patience: float = PATIENCE) -> str:
    """Ask ngrok until it has an address for this port, or raise Trouble."""
    deadline = time.monotonic() + patience
    seen = "it does not answer"
    while time.monotonic() < deadline:
        try:
            if address := public_address(requests.get(f"{api}/api/tunnels", timeout=2).json(), port):
                return address
            seen = "it has no https tunnel to this port"
        except (requests.RequestException, ValueError):
            pass
        time.sleep(0.1)
    raise Trouble(f"ngrok gives no address for port {port} ({seen}): does `ngrok http {port}` work by itself?")


@contextmanager
def ngrok(port: int) -> Iterator[None]:
    """Run ngrok for this port, unless somebody else does who is not on this PATH."""
    program = shutil.which("ngrok")
    if not program:
        raise Trouble(
            "ngrok is not installed: https://ngrok.com/download; or run your own tunnel and give --ngrok ADDRESS"
        )
    process = subprocess.Popen([program, "http", str(port), "--log=stderr", "--log-level=error"])  # noqa: S603 - a number
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def no_bucket() -> Iterator[dict[str, str]]:
    """Serve a bucket that takes nothing, so that pictures travel as attachments; give the settings for it."""
    with serving(lambda _: google_error(403, "there is no bucket")) as server:
        yield {"BUCKET_NAME": "no-bucket", "STORAGE_EMULATOR_HOST": server.url}


@contextmanager
def endpoint(bot: Bot, url: str) -> Iterator[None]:
    """Have interactions sent here; afterwards, where they were sent before."""
    before = bot.application().get("interactions_endpoint_url")
    try:
        bot.set_endpoint(url)
        yield
    finally:
        try:
            bot.set_endpoint(before)
        except Trouble as trouble:  # what was there before may be gone: then nowhere is better than a dead tunnel
            bot.set_endpoint(None)
            print(f"tunnel: the endpoint was {before}, and is none now: {trouble}", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        prog="python -m tools.tunnel", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument(
        "--guild", metavar="ID", help="also register /mando in this server, where it is seen at once"
    )
    arguments.add_argument(
        "--bucket", metavar="NAME", help="upload pictures there with gcloud's login; else they travel as attachments"
    )
    arguments.add_argument(
        "--ngrok", metavar="ADDRESS", help=f"use the ngrok that runs already and tells about itself here ({NGROK_API})"
    )
    return arguments


def open_tunnel(options: argparse.Namespace, values: Mapping[str, str], stay: Callable[[], object]) -> None:
    """Hold the tunnel open for as long as stay() takes."""
    names = ("DISCORD_PUBLIC_KEY", "DISCORD_APP_ID", "DISCORD_BOT_TOKEN")
    public_key, app_id, token = settings.require(values, *names)
    bot = Bot(app_id, token, values.get("DISCORD_API_URL") or DISCORD_API_URL)
    # An empty token, or the function would inherit this process's.
    environ = {"DISCORD_PUBLIC_KEY": public_key, "DISCORD_APP_ID": app_id, "DISCORD_BOT_TOKEN": ""}
    environ["DISCORD_API_URL"] = bot.url
    with ExitStack() as stack:
        bucket = {"BUCKET_NAME": options.bucket} if options.bucket else stack.enter_context(no_bucket())
        function = stack.enter_context(running(environ | bucket))
        if not options.ngrok:
            stack.enter_context(ngrok(function.port))
        url = wait_for_address(options.ngrok or NGROK_API, function.port)
        if options.guild:
            bot.set_commands([DEFINITION], options.guild)
        stack.enter_context(endpoint(bot, url))
        print(f"Discord sends the interactions to {url}, and that is http://{HOST}:{function.port}. Ctrl-C ends it.")
        print(invitation(app_id))
        stay()


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    stay: Callable[[], object] = FOREVER.wait,
) -> int:
    options = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):  # that is how it ends
            open_tunnel(options, settings.read() if environ is None else environ, stay)
    except Trouble as trouble:
        print(f"tunnel: {trouble}", file=sys.stderr)
        return 1
    except DoesNotStart as error:
        print(f"tunnel: the function does not start:\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
