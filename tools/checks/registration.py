"""What Discord knows of the application, against this code and these settings."""

from collections.abc import Iterator, Mapping, Sequence

from tools.application import Application
from tools.checks.finding import Finding
from tools.commands import title
from tools.left_behind import mention
from tools.terminal import Trouble

WHAT = "What Discord knows"
NEEDS = "needs DISCORD_APP_ID and DISCORD_BOT_TOKEN"
REGISTER = "make register"


def check(values: Mapping[str, str], addresses: Sequence[str]) -> Iterator[Finding]:
    """Hold it against what interactions may be sent to: one address, or several of the same function."""
    if not (values.get("DISCORD_APP_ID") and values.get("DISCORD_BOT_TOKEN")):
        yield Finding(WHAT, None, NEEDS)
        return
    try:
        application = Application(values)
        mention(application, values)
        yield from registration(application, values.get("DISCORD_PUBLIC_KEY", ""), addresses)
    except Trouble as trouble:
        yield Finding(WHAT, right=False, seen=str(trouble))


def registration(application: Application, public_key: str, addresses: Sequence[str]) -> Iterator[Finding]:
    details = application.details()
    key, endpoint = details.get("verify_key"), details.get("interactions_endpoint_url")
    yield Finding(
        "The public key is the application's",
        public_key.lower() == key if public_key else None,
        f"Discord says {key}" if public_key else "DISCORD_PUBLIC_KEY is not set",
        "set DISCORD_PUBLIC_KEY to it, ./deploy.sh",
    )
    if addresses:
        seen = f"Discord sends them to {endpoint or 'nobody'}"
        cure = f'{REGISTER} ARGS="--endpoint {addresses[0]}"'
        is_ours = (endpoint or "").rstrip("/") in {each.rstrip("/") for each in addresses}
        yield Finding("Interactions are sent to this address", is_ours, seen, cure)
    registered = {(each["name"], each["type"]): each for each in application.ours()}
    for command in application.definitions:
        what, found = f"{title(command)} is registered", registered.get((command["name"], command["type"]))
        if not found:
            yield Finding(what, right=False, seen="not everywhere", cure=REGISTER)
            continue
        changed = list(differences(command, found))
        seen = f"differs from this version's in {', '.join(changed[:5])}" if changed else "as this version defines it"
        yield Finding(what, not changed, seen, REGISTER)


def differences(wanted: object, found: object, path: str = "") -> Iterator[str]:
    """Name what differs; what Discord adds of its own is no difference."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            yield from differences(value, found.get(key), f"{path}.{key}" if path else key)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, value in enumerate(wanted):
            yield from differences(value, found[index], f"{path}[{index}]")
    elif wanted != found:
        yield path
