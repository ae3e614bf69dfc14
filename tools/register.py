"""Tell Discord about the commands, and where interactions are sent; or take both away."""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence

from tools import settings
from tools.application import Application, commands_path, invitation
from tools.arguments import address, command_line, server
from tools.commands import definitions, title
from tools.left_behind import mention
from tools.terminal import run

DESCRIPTION = """\
Register the commands of COMMAND, /mando by default, with Discord. Safe to repeat: registering again updates them. The
application's other commands stay.
Reads DISCORD_APP_ID and DISCORD_BOT_TOKEN from the environment, else from .env."""
CLOUD = "https://[a-z0-9-]+-{project}\\.cloudfunctions\\.net/{name}/?"
"""Where a deployed function answers, in any region."""


def parser() -> argparse.ArgumentParser:
    arguments = command_line("register", DESCRIPTION)
    arguments.add_argument("--guild", metavar="ID", type=server, help="in this server only; seen at once")
    arguments.add_argument("--endpoint", metavar="URL", type=address, help="also send interactions here")
    arguments.add_argument(
        "--remove",
        action="store_true",
        help="remove our commands instead, and the endpoint if it is URL or the deployed function",
    )
    arguments.add_argument("--dry-run", action="store_true", help="print what would be sent; needs no token")
    return arguments


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    options = parser().parse_args(argv)
    return run("register", lambda: work(options, settings.read() if environ is None else environ))


def work(options: argparse.Namespace, values: Mapping[str, str]) -> int:
    if options.dry_run:
        rehearse(options, values)
        return 0
    application = Application(values)
    mention(application, values)
    if options.remove:
        remove(application, options.guild)
        if options.endpoint or not options.guild:
            remove_endpoint(application, options.endpoint, values)
    else:
        register(application, options.guild, options.endpoint)
    return 0


def rehearse(options: argparse.Namespace, values: Mapping[str, str]) -> None:
    path = commands_path(values.get("DISCORD_APP_ID") or "DISCORD_APP_ID", options.guild)
    for command in definitions(values):
        if options.remove:
            print(f"DELETE {path}/ID  # of {title(command)}, and of no other command")
        else:
            print(f"POST {path}\n{json.dumps(command, indent=2, ensure_ascii=False)}")
    if options.endpoint:
        endpoint = None if options.remove else options.endpoint
        print(f"PATCH /applications/@me\n{json.dumps({'interactions_endpoint_url': endpoint}, indent=2)}")


def register(application: Application, guild: str | None, endpoint: str | None) -> None:
    for command in application.definitions:
        application.register(command, guild)
        print(f"{title(command)} is registered {where(guild)}")
    if endpoint:
        application.set_endpoint(endpoint)
        print(f"Interactions are sent to {endpoint}, which Discord has just tried")
    print(invitation(application.id))


def remove(application: Application, guild: str | None) -> None:
    for command in application.ours(guild):
        application.unregister(command["id"], guild)
        print(f"{title(command)} is removed {where(guild)}")


def remove_endpoint(application: Application, endpoint: str | None, values: Mapping[str, str]) -> None:
    """Send interactions nowhere, if they are sent to this address or to a function of these settings."""
    current = application.endpoint()
    if not current:
        print("Interactions are sent nowhere")
    elif current.rstrip("/") == (endpoint or "").rstrip("/") or is_deployed(current, values):
        application.set_endpoint(None)
        print(f"Interactions are sent nowhere; it was {current}")
    else:
        print(f"Interactions are still sent to {current}, which is not ours to remove (--endpoint {current} does)")


def is_deployed(url: str, values: Mapping[str, str]) -> bool:
    project, name = values.get("GOOGLE_CLOUD_PROJECT", ""), values.get("FUNCTION_NAME") or "mando"
    pattern = CLOUD.format(project=re.escape(project), name=re.escape(name))
    return bool(project and re.fullmatch(pattern, url))


def where(guild: str | None) -> str:
    return f"in server {guild}" if guild else "everywhere"


if __name__ == "__main__":
    sys.exit(main())
