"""Others' bots: the settings that they read, and how they are started and make their commands known."""

import argparse
import hashlib
import json
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from nacl.signing import SigningKey

from fakes.discord.payloads import GUILD
from fakes.function import Function, Program
from fakes.services import Services
from fakes.web import HOST

KEY = SigningKey(hashlib.sha256(b"the key of every playground").digest())  # secret from nobody: it is for this machine
TOKEN = "MTMwMDAwMDAwMDAwMDAwMDAwMQ.dummy.any-token-is-accepted-here"  # noqa: S105 - a dummy
DISCORD_PORT = 8401
NAMES = {
    "public_key": ("PUBLIC_KEY", "DISCORD_PUBLIC_KEY", "CLIENT_PUBLIC_KEY"),
    "application_id": ("APP_ID", "DISCORD_APP_ID", "DISCORD_APPLICATION_ID", "DISCORD_CLIENT_ID"),
    "token": ("DISCORD_TOKEN", "DISCORD_BOT_TOKEN", "DISCORD_CLIENT_SECRET"),
    "guild": ("TESTING_GUILD", "DISCORD_GUILD_ID"),
    "port": ("PORT",),
}
"""The usual names. Tokens are always set: a bot's own .env fills in what is not, and that would be a real one."""
WAYS = ("run", "source", "url")
UNKNOWN_COMMANDS = (
    "no command is known: the bot registered none here. Give --definition FILE (Discord's JSON),"
    ' or --register "COMMAND" if it can call the API at {api}.'
)


class Trouble(Exception):
    """It cannot be played; the message says what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "any other bot", "COMMAND and URL may have {port} {public_key} {application_id} {token} {guild} {api} in them."
    )
    group.add_argument("--run", metavar="COMMAND", help="start this bot instead")
    group.add_argument("--source", type=Path, metavar="DIR", help="start a function of this folder instead")
    group.add_argument("--target", metavar="NAME", help="of --source: the function's name")
    group.add_argument("--url", help="where it answers (default /); without --run, it listens there already")
    group.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="one more setting of the bot's")
    group.add_argument("--definition", type=Path, metavar="FILE", help="its commands, as Discord's JSON")
    group.add_argument("--register", metavar="COMMAND", help="how it registers its commands")


def is_meant(arguments: argparse.Namespace) -> bool:
    return any(getattr(arguments, way) for way in WAYS)


def flaw(arguments: argparse.Namespace) -> str:
    """Return what is wrong with the arguments; "" for nothing."""
    if bool(arguments.source) != bool(arguments.target):
        return "--source and --target go together"
    if arguments.source and arguments.run:
        return "--run and --source are two ways of one thing: give one"
    if bad := [each for each in arguments.env if "=" not in each]:
        return f"--env is NAME=VALUE, not {bad[0]!r}"
    if not is_meant(arguments) and (arguments.env or arguments.definition or arguments.register):
        return "--env, --definition and --register are of --run, --source or --url: add one"
    return ""


def values(services: Services) -> dict[str, str]:
    """Return what can be filled in; {port} is filled in last, by what starts the bot."""
    return {
        "public_key": services.public_key,
        "application_id": services.app_id,
        "token": TOKEN,
        "guild": str(GUILD["id"]),
        "api": f"{services.discord.api.server.url}/api",
        "port": "{port}",
    }


def filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def environ(arguments: argparse.Namespace, services: Services) -> dict[str, str]:
    """Return the settings of a bot: the usual names, ours, and those that were asked for."""
    known = values(services)
    usual = {name: known[what] for what, names in NAMES.items() for name in names}
    asked = dict(each.split("=", 1) for each in arguments.env)
    return services.environ | usual | {name: filled(value, known) for name, value in asked.items()}


def program(arguments: argparse.Namespace, services: Services) -> Program:
    known = values(services)
    url = urljoin(f"http://{HOST}:{{port}}/", filled(arguments.url or "", known))
    if arguments.source:
        return Program.of(arguments.target, arguments.source, url=url)
    return Program(filled(arguments.run or "", known), url, Path.cwd())


def name(function: Function) -> str:
    """Return what a bot is called: as its folder is, if it is started here."""
    return function.program.folder.resolve().name if function.is_ours else "bot"


def exports(settings: Mapping[str, str], function: Function) -> Iterator[str]:
    """Yield the lines that make a shell's bot meet these stand-ins."""
    for name in settings:
        yield f"export {name}={shlex.quote(function.environ[name])}"


def register(arguments: argparse.Namespace, services: Services, function: Function) -> None:
    """Make the bot's commands known, or raise Trouble."""
    if arguments.definition:
        services.discord.api.register(_definitions(arguments.definition))
    if arguments.register:
        text = filled(arguments.register, values(services) | {"port": str(function.port)})
        try:
            ended = subprocess.run(  # noqa: S603 - what the user asked for
                shlex.split(text), env=function.environ, capture_output=True, text=True, check=False
            )
        except (OSError, ValueError) as error:
            raise Trouble(f"--register {text}: {error}") from None
        if ended.returncode:
            raise Trouble(f"--register ended with {ended.returncode}: {(ended.stderr or ended.stdout).strip()}")


def _definitions(path: Path) -> list[Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"--definition {path}: {error}") from None
    return read if isinstance(read, list) else [read]
