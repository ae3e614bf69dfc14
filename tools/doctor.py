"""Examine a bot that is deployed, or runs on this machine, as Discord and the public see it."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import requests
from nacl.signing import SigningKey

from command import DEFINITION
from tools import settings
from tools.bot import Bot
from tools.register import address
from tools.settings import DISCORD_API_URL, Trouble

DESCRIPTION = """\
Play Discord's own probe against an endpoint, and look at what else a bot needs: one line a check,
with a cure for what is wrong. Settings come from the environment, else from .env; what cannot be
checked without one of them is said."""
PATIENCE = 3.0
"""Seconds that Discord waits for the first answer."""
WARM_TRIES = 5
BODY = json.dumps({"type": 1, "id": "1", "application_id": "1", "token": "probe"}).encode()
STORAGE = "https://storage.googleapis.com"
VERIFY = "verify the signature first, and answer 401 to whatever is wrong: is the newest code deployed?"
PUBLIC = "./deploy.sh sets the bucket's access right"
MARKS = {True: "✓", False: "✗", None: "-"}


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is right (None: could not be checked), what was seen, the cure."""

    what: str
    right: bool | None
    seen: str
    cure: str = ""

    def __str__(self) -> str:
        cure = f"; cure: {self.cure}" if self.right is False and self.cure else ""
        return f"{MARKS[self.right]} {self.what}: {self.seen}{cure}"


# --- the endpoint


def signed(key: SigningKey, body: bytes = BODY) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "X-Signature-Ed25519": key.sign(timestamp.encode() + body).signature.hex(),
        "X-Signature-Timestamp": timestamp,
    }


def forgeries() -> dict[str, dict[str, str]]:
    """Return headers that nobody may be let in with."""
    headers = signed(SigningKey.generate())
    signature, timestamp = headers["X-Signature-Ed25519"], headers["X-Signature-Timestamp"]
    return {
        "no signature": {},
        "a stranger's signature": headers,
        "a signature without a timestamp": {"X-Signature-Ed25519": signature},
        "a timestamp without a signature": {"X-Signature-Timestamp": timestamp},
        "a signature that is no hex": headers | {"X-Signature-Ed25519": "z" * 128},
        "a signature cut short": headers | {"X-Signature-Ed25519": signature[:64]},
        "an empty signature": headers | {"X-Signature-Ed25519": ""},
    }


def post(url: str, headers: Mapping[str, str]) -> tuple[requests.Response, float]:
    """Post a PING; return the answer and the seconds it took, or raise requests.RequestException."""
    started = time.monotonic()
    answer = requests.post(
        url, BODY, headers={"Content-Type": "application/json", **headers}, timeout=10, allow_redirects=False
    )
    return answer, time.monotonic() - started


def refuses(url: str, what: str, headers: Mapping[str, str]) -> Finding:
    """Look whether a forgery is answered 401 in time."""
    name = f"refuses {what}"
    try:
        answer, seconds = post(url, headers)
    except requests.RequestException as error:
        return Finding(
            name, right=False, seen=type(error).__name__, cure="is the address right, and the function running?"
        )
    right = answer.status_code == requests.codes.unauthorized and seconds < PATIENCE
    return Finding(name, right, f"{answer.status_code} in {seconds * 1000:.0f} ms", VERIFY)


def answers_ping(url: str, private_key: str) -> Finding:
    """Look whether a PING is answered. Only who has the private key can sign one: for a live bot, Discord."""
    name = "answers a PING"
    if not private_key:
        return Finding(
            name, None, "only Discord can sign one: it does when the endpoint is set (tools.register --endpoint)"
        )
    try:
        answer, seconds = post(url, signed(SigningKey(bytes.fromhex(private_key))))
    except requests.RequestException as error:
        return Finding(name, right=False, seen=type(error).__name__, cure="is the function running?")
    right = answer.status_code == requests.codes.ok and answer.text.replace(" ", "").strip() == '{"type":1}'
    return Finding(
        name,
        right and seconds < PATIENCE,
        f"{answer.status_code} {answer.text[:40].strip()} in {seconds * 1000:.0f} ms",
        "is DISCORD_PUBLIC_KEY the one that belongs to the private key?",
    )


def endpoint(url: str, private_key: str = "") -> Iterator[Finding]:
    started = time.monotonic()
    for what, headers in forgeries().items():
        finding = refuses(url, what, headers)
        yield finding
        if finding.right is False and not finding.seen[0].isdigit():
            return  # it does not answer at all: saying so once is enough
        if not headers:
            first = time.monotonic() - started
    yield answers_ping(url, private_key)
    warm = statistics.median(post(url, {})[1] for _ in range(WARM_TRIES))
    yield Finding(
        "answers in time",
        max(first, warm) < PATIENCE,
        f"first {first * 1000:.0f} ms (cold, if nobody called before), then {warm * 1000:.0f} ms, of {PATIENCE:.0f} s",
        "MIN_INSTANCES=1 ./deploy.sh keeps one instance warm, and costs money",
    )


# --- what Discord knows


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


def application(bot: Bot, url: str, public_key: str) -> Iterator[Finding]:
    """Compare what is registered with what this code and these settings say."""
    told = bot.application()
    yield Finding(
        "the public key is the application's",
        public_key.lower() == told.get("verify_key") if public_key else None,
        f"Discord says {told.get('verify_key')}" if public_key else "DISCORD_PUBLIC_KEY is not set",
        "set DISCORD_PUBLIC_KEY to it and deploy",
    )
    set_to = told.get("interactions_endpoint_url")
    yield Finding(
        "interactions are sent to this address",
        set_to == url,
        f"Discord sends them to {set_to or 'nobody'}",
        f"python -m tools.register --endpoint {url}",
    )
    commands = {command["name"]: command for command in bot.commands()}
    changed = list(differences(DEFINITION, commands.get(DEFINITION["name"])))
    seen = "as this code defines it" if not changed else f"differs in {', '.join(changed[:5]) or 'everything'}"
    if DEFINITION["name"] not in commands:
        seen = "not registered everywhere"
    yield Finding(f"/{DEFINITION['name']} is registered", not changed, seen, "python -m tools.register")


# --- the bucket


def listed_picture(bucket: str) -> str:
    """Return the name of some picture as gcloud's login lists them, or "" when there is no telling."""
    gcloud = shutil.which("gcloud")
    if not gcloud:
        return ""
    listing = [gcloud, "storage", "ls", f"gs://{bucket}/*.png", "--quiet"]
    answer = subprocess.run(listing, capture_output=True, text=True, check=False)  # noqa: S603 - its name is checked by Google
    return answer.stdout.partition("\n")[0].rpartition("/")[2].strip()


def public_bucket(bucket: str, picture: str, storage: str = STORAGE) -> Iterator[Finding]:
    """Look at the bucket as anybody can: one picture by its name, and not which there are."""
    try:
        listing = requests.get(f"{storage}/storage/v1/b/{bucket}/o", timeout=10)
    except requests.RequestException as error:
        yield Finding("the bucket answers", right=False, seen=type(error).__name__, cure=f"is {storage} reachable?")
        return
    if listing.status_code == requests.codes.not_found:
        yield Finding(
            "there is a bucket", right=False, seen=f"{bucket} is not there", cure="BUCKET_NAME, or ./deploy.sh"
        )
        return
    hidden = listing.status_code in {requests.codes.unauthorized, requests.codes.forbidden}
    yield Finding("nobody can list the pictures", hidden, f"{listing.status_code} to anybody who asks", PUBLIC)
    if not picture:
        yield Finding(
            "anybody can see a picture", None, "no picture is known: --picture, or draw one and log in to gcloud"
        )
        return
    answer = requests.get(f"{storage}/{bucket}/{picture}", timeout=10)
    kind = answer.headers.get("Content-Type", "")
    yield Finding(
        "anybody can see a picture",
        answer.status_code == requests.codes.ok and kind == "image/png",
        f"{answer.status_code} {kind}, {len(answer.content) / 1000:.0f} kB",
        PUBLIC,
    )


# --- all of it


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        prog="python -m tools.doctor", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("url", type=address, help="the endpoint, live or on this machine")
    arguments.add_argument("--picture", metavar="NAME", default="", help="a picture of the bucket, by its name")
    arguments.add_argument("--private-key", metavar="HEX", default="", help="of a key made for tests: also sign a PING")
    return arguments


def examine(options: argparse.Namespace, values: Mapping[str, str]) -> Iterator[Finding]:
    yield from endpoint(options.url, options.private_key)
    app_id, token = values.get("DISCORD_APP_ID"), values.get("DISCORD_BOT_TOKEN")
    if app_id and token:
        bot = Bot(app_id, token, values.get("DISCORD_API_URL") or DISCORD_API_URL)
        yield from told(application(bot, options.url, values.get("DISCORD_PUBLIC_KEY", "")))
    else:
        yield Finding("what Discord knows", None, "needs DISCORD_APP_ID and DISCORD_BOT_TOKEN")
    project = values.get("GOOGLE_CLOUD_PROJECT")
    bucket = values.get("BUCKET_NAME") or (f"{project}-mando" if project else "")
    if bucket:
        storage = values.get("STORAGE_EMULATOR_HOST") or STORAGE
        yield from public_bucket(bucket, options.picture or listed_picture(bucket), storage)
    else:
        yield Finding("the bucket", None, "needs BUCKET_NAME or GOOGLE_CLOUD_PROJECT")


def told(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Make a finding of what Discord refuses to tell."""
    try:
        yield from findings
    except Trouble as trouble:
        yield Finding("what Discord knows", right=False, seen=str(trouble))


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    say: Callable[[str], object] = print,
) -> int:
    options = parser().parse_args(argv)
    wrong = 0
    for finding in examine(options, settings.read() if environ is None else environ):
        say(str(finding))
        wrong += finding.right is False
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
