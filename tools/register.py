"""Tell Discord about /mando, and where its interactions are sent."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence

from command import DEFINITION
from tools import settings
from tools.bot import Bot, invitation
from tools.settings import DISCORD_API_URL, Trouble

DESCRIPTION = """\
Register /mando with Discord, as the application's only command. Safe to repeat: registering again updates it.
Reads DISCORD_APP_ID and DISCORD_BOT_TOKEN from the environment, else from .env."""


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        prog="python -m tools.register", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--guild", metavar="ID", type=snowflake, help="in this server only; seen at once")
    arguments.add_argument("--endpoint", metavar="URL", type=address, help="also send interactions here")
    arguments.add_argument("--delete", action="store_true", help="remove the command instead")
    arguments.add_argument("--dry-run", action="store_true", help="print what would be sent; needs no token")
    return arguments


def snowflake(text: str) -> str:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("digits: right-click the server, Copy Server ID (in Developer Mode)")
    return text


def address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError("an address that begins with https://")
    return text


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    options = parser().parse_args(argv)
    values = settings.read() if environ is None else environ
    try:
        if options.dry_run:
            rehearse(options, values)
        else:
            register(options, values)
    except Trouble as trouble:
        print(f"register: {trouble}", file=sys.stderr)
        return 1
    return 0


def rehearse(options: argparse.Namespace, values: Mapping[str, str]) -> None:
    bot = Bot(values.get("DISCORD_APP_ID") or "DISCORD_APP_ID", "")
    print(f"PUT {bot.commands_path(options.guild)}")
    print(json.dumps([] if options.delete else [DEFINITION], indent=2, ensure_ascii=False))
    if options.endpoint:
        print("PATCH /applications/@me")
        print(json.dumps({"interactions_endpoint_url": options.endpoint}, indent=2))


def register(options: argparse.Namespace, values: Mapping[str, str]) -> None:
    app_id, token = settings.require(values, "DISCORD_APP_ID", "DISCORD_BOT_TOKEN")
    bot = Bot(app_id, token, values.get("DISCORD_API_URL") or DISCORD_API_URL)
    where = f"in server {options.guild}" if options.guild else "everywhere"
    bot.set_commands([] if options.delete else [DEFINITION], options.guild)
    print(f"/{DEFINITION['name']} is {'removed' if options.delete else 'registered'} {where}")
    if options.endpoint:
        bot.set_endpoint(options.endpoint)
        print(f"Interactions are sent to {options.endpoint}, which Discord has just tried")
    if not options.delete:
        print(invitation(app_id))


if __name__ == "__main__":
    sys.exit(main())
