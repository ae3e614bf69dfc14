"""A real Discord application against the function on this machine, through ngrok or cloudflared."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from config import ATTACHMENTS
from fakes.function import ROOT, DoesNotStart, Function
from fakes.watching import watching
from fakes.web import HOST
from tools import settings
from tools.application import Application, Unverified, invitation
from tools.arguments import command_line, server
from tools.commands import module
from tools.left_behind import RESTORE, Changes, Note
from tools.terminal import Trouble, run
from tools.tunnel_program import PROGRAMS, Tunnel, installed, opened

DESCRIPTION = """\
Run the function here, and have Discord send it the interactions of a real application, through a tunnel.
The first line says what is changed at Discord; all of it is set back at the end (Ctrl-C).
Reads DISCORD_PUBLIC_KEY, DISCORD_APP_ID and DISCORD_BOT_TOKEN from the environment, else from .env."""
PLAN = """\
Of the application {name} ({app_id}), interactions are sent to {before} now. Until Ctrl-C they are sent to this \
machine{also}; then all is set back."""
OPEN = "Discord sends the interactions to {url}, and that is {here}. Ctrl-C ends it and sets all back."
OTHER_KEY = "DISCORD_PUBLIC_KEY is not that of application {app_id}, which is {key}"
NOT_SET_BACK = """\
{trouble}
What was changed at Discord is not set back. When it can be: {restore}
If it never can be, remove the note of it: {file}"""

TOKEN = "DISCORD_BOT_TOKEN"  # noqa: S105 - its name
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PAUSES = (2, 4, 8, 16, None)
"""Seconds between tries of a new address: it takes a moment until it is known everywhere."""
LOOK = 0.2
"""Seconds between two looks at whether function and tunnel are still there."""
LEASH = 'while read -r group; do held=$group; done; kill -s TERM -- "-$held"'
"""Standard input ends when its other end is gone, and that is with us."""


def parser() -> argparse.ArgumentParser:
    arguments = command_line("tunnel", DESCRIPTION)
    arguments.add_argument(
        "--guild",
        metavar="ID",
        type=server,
        help="also register the commands in this server, where they are seen at once",
    )
    arguments.add_argument(
        "--bucket", metavar="NAME", help="upload pictures there with gcloud's login; else they travel as attachments"
    )
    arguments.add_argument(
        "--with", dest="program", choices=PROGRAMS, help="the tunnel program (default: the first that works)"
    )
    arguments.add_argument("--restore", action="store_true", help="only set back what a killed tunnel left behind")
    return arguments


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    options = parser().parse_args(argv)
    return run("tunnel", lambda: work(options, settings.read() if environ is None else environ))


def work(options: argparse.Namespace, values: Mapping[str, str]) -> int:
    """Hold a tunnel open until a signal ends it."""
    if not options.restore:
        settings.require(values, "DISCORD_PUBLIC_KEY", "DISCORD_APP_ID", TOKEN)
    application = Application(values)
    note = Note(application, values)
    with note.held():
        if changes := note.read():
            set_back(changes, application, note)
        elif options.restore:
            print("Nothing was left behind")
        if not options.restore:
            with ended_by_a_signal():
                hold_open(options, values, application, note)
    return 0


def hold_open(options: argparse.Namespace, values: Mapping[str, str], application: Application, note: Note) -> None:
    (public_key,) = settings.require(values, "DISCORD_PUBLIC_KEY")
    before = announce(application, public_key, options.guild)
    os.environ.pop(TOKEN, None)  # what is started from here on has no business with it
    environ = {
        "COMMAND": module(values),
        "DISCORD_PUBLIC_KEY": public_key,
        "DISCORD_APP_ID": application.id,
        "DISCORD_API_URL": application.url,
    }
    bucket = {"PICTURES": "bucket", "BUCKET_NAME": options.bucket} if options.bucket else {"PICTURES": ATTACHMENTS}
    with (
        function_here(environ | bucket) as (function, renew),
        opened([options.program] if options.program else installed(), function.port) as tunnel,
        leashed(tunnel.process.pid),
        changed(application, Changes(tunnel.url, before, new_to(options.guild, application)), note),
    ):
        for command in application.definitions if options.guild else ():
            application.register(command, options.guild)
        send_here(application, tunnel.url)
        print(OPEN.format(url=tunnel.url, here=f"http://{HOST}:{function.port}"))
        print(invitation(application.id), flush=True)
        stay(function, tunnel, renew)


def announce(application: Application, public_key: str, guild: str | None) -> str | None:
    """Say what will be changed, and return where interactions are sent until then."""
    details = application.details()
    before: str | None = details.get("interactions_endpoint_url")
    if details["verify_key"] != public_key.lower():
        raise Trouble(OTHER_KEY.format(app_id=application.id, key=details["verify_key"]))
    also = f", and the commands are registered in server {guild}" if guild else ""
    print(PLAN.format(name=details["name"], app_id=application.id, before=before or "nobody", also=also), flush=True)
    return before


def new_to(guild: str | None, application: Application) -> str | None:
    """Return the server if it has no command of ours."""
    return guild if guild and not application.ours(guild) else None


@contextmanager
def ended_by_a_signal() -> Iterator[None]:
    """End the block at the first signal, wherever it is; those after it cannot disturb the end."""

    def end(*_: object) -> None:
        for each in ENDINGS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup: a closed terminal is no reason to end
    before = {each: signal.signal(each, end) for each in ENDINGS if not (ignored and each is signal.SIGHUP)}
    try:
        yield
    except KeyboardInterrupt:
        print("tunnel: ended", flush=True)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def function_here(environ: Mapping[str, str]) -> Iterator[tuple[Function, Callable[[], bool]]]:
    """Run the function; give what starts it from its changed files, too, and returns whether it runs."""
    function = Function(environ, print)
    function.start()
    try:
        with leashed(function.group) as hold:
            function.wait()

            def renew() -> bool:
                print("A file has changed: the function starts anew", flush=True)
                function.stop()
                function.start()
                hold(function.group)
                with suppress(DoesNotStart):  # it has printed why
                    function.wait()
                    return True
                print("It does not start; it is tried again at the next change", flush=True)
                return False

            yield function, renew
    except DoesNotStart as error:
        raise Trouble(f"the function does not start:\n{error}") from error
    finally:
        function.stop()


@contextmanager
def leashed(group: int) -> Iterator[Callable[[int], object]]:
    """End a process group when we are gone, even if we are killed; give what holds another in its place."""
    command = ["/bin/sh", "-c", LEASH]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True) as holder:  # noqa: S603 - fixed words

        def hold(group: int) -> None:
            assert holder.stdin  # noqa: S101 - it is a pipe
            print(group, file=holder.stdin, flush=True)

        try:
            hold(group)
            yield hold
        finally:
            holder.kill()


@contextmanager
def changed(application: Application, changes: Changes, note: Note) -> Iterator[None]:
    """Keep a note of these changes while they are made and stand, and set them back in the end."""
    note.write(changes)
    try:
        yield
    finally:
        set_back(changes, application, note)


def set_back(changes: Changes, application: Application, note: Note) -> None:
    try:
        changes.set_back(application)
    except Trouble as trouble:
        raise Trouble(NOT_SET_BACK.format(trouble=trouble, restore=RESTORE, file=note.file)) from None
    note.write(None)


def send_here(application: Application, url: str) -> None:
    for pause in PAUSES:
        try:
            return application.set_endpoint(url)
        except Unverified:
            if pause is None:
                raise
            print(f"Discord does not reach {url} yet; once more in {pause} s", flush=True)
            time.sleep(pause)
    return None


def stay(function: Function, tunnel: Tunnel, renew: Callable[[], bool]) -> None:
    """Start the function anew whenever a file has changed, until function or tunnel ends: that is Trouble."""
    saved, runs = threading.Event(), True
    with watching(ROOT, saved.set):
        while tunnel.process.poll() is None:
            if saved.wait(LOOK):
                saved.clear()
                runs = renew()
            if runs and not function.is_running:
                raise Trouble("the function has ended")
    raise tunnel.trouble("has ended")


if __name__ == "__main__":
    sys.exit(main())
