"""The settings of a developer's tools: the environment's, else those of .env, as deploy.sh reads it."""

import re
from collections.abc import Callable, Mapping
from os import environ as process_environ
from pathlib import Path

from config import PORTAL, RULES
from tools.terminal import Trouble

ENV_FILE = Path(__file__).resolve().parents[1] / ".env"
ENTRY = re.compile(
    r"^[^!-~\n]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*"
    r"""(?:"([^"]*)"|'([^']*)'|(["'])|([^\n]*))[^\n]*""",
    re.MULTILINE,
)
"""NAME=value. Quoted, a value may go over lines. Not printable ASCII before it (a byte order mark) is blank."""
COMMENT = re.compile(r"(?:^|[ \t])#.*")
TOKEN = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
WHERE: dict[str, tuple[Callable[[str], object], str]] = {
    **{name: RULES[name][1:] for name in ("DISCORD_APP_ID", "DISCORD_PUBLIC_KEY")},
    "DISCORD_BOT_TOKEN": (TOKEN.fullmatch, f"must be the token, without the word Bot ({PORTAL}, Bot, Reset Token)"),
}
"""Of each setting that a tool may need: its check, and what to say when that fails."""


def parse(content: bytes) -> dict[str, str]:
    """Read a .env file, whatever its encoding; nothing in it is executed or expanded."""
    text = content.translate(None, b"\0\r").decode(errors="surrogateescape")
    values = {}
    for name, double, single, unclosed, bare in ENTRY.findall(text):
        if unclosed:
            raise Trouble(f".env: the quote that {name} begins with is never closed")
        values[name] = (double or single).rstrip("\n") or COMMENT.sub("", bare).strip(" \t")
    return values


def read(environ: Mapping[str, str] = process_environ, file: Path = ENV_FILE) -> dict[str, str]:
    """Return all settings; a value of the environment wins, even an empty one."""
    try:
        return {**(parse(file.read_bytes()) if file.exists() else {}), **environ}
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}") from None


def require(settings: Mapping[str, str], *names: str) -> list[str]:
    """Return these settings, or raise Trouble naming all that are missing or malformed, and where to find them."""
    values = [settings.get(name, "").strip() for name in names]
    faults = [
        f"  {name} {cure}" if value else f"  {name} is not set: it {cure}"
        for name, value in zip(names, values, strict=True)
        for is_valid, cure in [WHERE[name]]
        if not is_valid(value)
    ]
    if faults:
        raise Trouble("\n".join(["these settings, of the environment or .env, must be put right first:", *faults]))
    return values
