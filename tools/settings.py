"""The settings of a developer's tools: the environment's, else those of .env, by the rules of deploy.sh."""

import re
from collections.abc import Mapping
from os import environ as process_environ
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parents[1] / ".env"
LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
QUOTED = re.compile(r"""(["'])(.*?)\1.*""")
COMMENT = re.compile(r"(?:^|\s)#.*")
DISCORD_API_URL = "https://discord.com/api/v10"
PORTAL = "https://discord.com/developers/applications"
WHERE = {
    "DISCORD_APP_ID": f"the Application ID: {PORTAL}, your application, General Information",
    "DISCORD_BOT_TOKEN": f"the token: {PORTAL}, your application, Bot, Reset Token",
    "DISCORD_PUBLIC_KEY": f"the Public Key: {PORTAL}, your application, General Information",
}


class Trouble(Exception):
    """What went wrong, with its cure: a sentence for the person at the terminal."""


def parse(text: str) -> dict[str, str]:
    """Read the lines of a .env file; nothing in it is executed or expanded."""
    matches = filter(None, map(LINE.fullmatch, text.splitlines()))
    return {match[1]: _value(match[2]) for match in matches}


def _value(text: str) -> str:
    quoted = QUOTED.fullmatch(text)
    return quoted[2] if quoted else COMMENT.sub("", text).strip()


def read(environ: Mapping[str, str] = process_environ, file: Path = ENV_FILE) -> dict[str, str]:
    """Return all settings; a value of the environment wins, even an empty one."""
    return {**(parse(file.read_text()) if file.exists() else {}), **environ}


def require(settings: Mapping[str, str], *names: str) -> list[str]:
    """Return these settings, or raise Trouble naming all that are missing and where to find them."""
    missing = [f"  {name}: {WHERE[name]}" for name in names if not settings.get(name)]
    if missing:
        raise Trouble("\n".join(["missing, in the environment or .env:", *missing]))
    return [settings[name] for name in names]
