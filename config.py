"""The settings, read once from the environment: nothing else in the function looks at it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from os import environ as process_environ
from urllib.parse import urlsplit

DISCORD_API_URL = "https://discord.com/api/v10"
PORTAL = "https://discord.com/developers/applications, your application"
GENERAL = f"{PORTAL}, General Information"
ATTACHMENTS = "attachments"
BUCKET_RULES = "https://cloud.google.com/storage/docs/buckets#naming"

PUBLIC_KEY = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
APP_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
LABEL_LENGTH = range(3, 64)
LABELS_LENGTH = range(3, 223)
BUCKET_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", re.ASCII)
IP_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}", re.ASCII)


class SettingsError(Exception):
    """Settings are missing or malformed; the message names every one, with where to find the right value."""


@dataclass(frozen=True)
class Settings:
    """What the function must know of its surroundings. None of it is a secret."""

    public_key: bytes
    """Discord's Ed25519 key for this application, 32 bytes."""
    app_id: str
    bucket_name: str
    """Empty where pictures travel as attachments."""
    discord_api_url: str
    """Without a slash at the end."""
    command: str
    """The module that answers, as response.py says."""
    project: str
    """The Google Cloud project that owns the traces, or "" where nobody asks."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = process_environ) -> "Settings":
        """Read every setting, or raise SettingsError naming all that are missing or malformed."""
        values = {name: environ.get(name, default).strip() for name, (default, _, _) in RULES.items()}
        needless = {"BUCKET_NAME"} if values["PICTURES"] == ATTACHMENTS else set()
        faults = [
            f"{name} {cure}" if values[name] else f"{name} is not set: it {cure}"
            for name, (_, is_valid, cure) in RULES.items()
            if name not in needless and not is_valid(values[name])
        ]
        if faults:
            raise SettingsError("\n".join(["these settings are missing or malformed:", *faults]))
        return cls(
            public_key=bytes.fromhex(values["DISCORD_PUBLIC_KEY"]),
            app_id=values["DISCORD_APP_ID"],
            bucket_name="" if needless else values["BUCKET_NAME"],
            discord_api_url=values["DISCORD_API_URL"].rstrip("/"),
            command=values["COMMAND"],
            project=values["GOOGLE_CLOUD_PROJECT"],
        )


def is_module(name: str) -> bool:
    """Whether Python would find this module."""
    try:
        return bool(find_spec(name))
    except (ImportError, ValueError):  # no such package, or no name
        return False


def is_bucket_name(name: str) -> bool:
    """Whether Google would take this name for a bucket (BUCKET_RULES)."""
    labels = name.split(".")
    return (
        len(name) in (LABELS_LENGTH if len(labels) > 1 else LABEL_LENGTH)
        and all(len(label) < LABEL_LENGTH.stop and BUCKET_LABEL.fullmatch(label) for label in labels)
        and not name.startswith("goog")
        and not re.search(r"g[o0]{2}gle", name)
        and not IP_ADDRESS.fullmatch(name)
    )


def is_api_url(url: str) -> bool:
    """Whether paths can be appended to this address."""
    try:
        parts = urlsplit(url)
        has_host = not (parts.hostname or ".").startswith((".", "*")) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
    return parts.scheme in {"http", "https"} and has_host and not re.search(r"[\s?#@]", url)


Rule = tuple[str, Callable[[str], object], str]
"""A setting's default, its check, and what to say when that fails."""

RULES: dict[str, Rule] = {
    "DISCORD_PUBLIC_KEY": ("", PUBLIC_KEY.fullmatch, f"must be the 64 hex digits of the Public Key ({GENERAL})"),
    "DISCORD_APP_ID": ("", APP_ID.fullmatch, f"must be the digits of the Application ID ({GENERAL})"),
    "BUCKET_NAME": ("", is_bucket_name, f"must be the name of the public bucket (`gcloud storage ls`; {BUCKET_RULES})"),
    "PICTURES": ("bucket", {"bucket", ATTACHMENTS}.__contains__, f"must be bucket, or {ATTACHMENTS} that need none"),
    "DISCORD_API_URL": (
        DISCORD_API_URL,
        is_api_url,
        f"must be an http(s) address without query or credentials (leave it out for {DISCORD_API_URL})",
    ),
    "COMMAND": ("command", is_module, "must be the name of a module that answers, as `command` does"),
    "GOOGLE_CLOUD_PROJECT": ("", lambda _: True, ""),
}
