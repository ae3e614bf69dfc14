"""Examine a bot that is deployed, or runs on this machine: the endpoint, Discord, the cloud, the bucket."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence

from nacl.signing import SigningKey

from tools import settings
from tools.application import Application
from tools.arguments import address, command_line
from tools.checks import bucket, cloud, endpoint, registration
from tools.checks.cloud import Deployment
from tools.checks.finding import Finding
from tools.gcloud import Unavailable
from tools.terminal import Trouble, run

DESCRIPTION = """\
Play Discord's own check against the endpoint, and look at what else a bot needs: one line a check, with a
cure for what is wrong. Nothing is changed. Settings come from the environment, else from .env; what cannot
be checked without one of them, or without gcloud, is said and is no fault. The exit code is 1 if something
is wrong."""
NO_ADDRESS = "none; neither gcloud nor Discord knows it"
NOT_DEPLOYED = "there is none"
ANOTHER = "not examined, for it is another one: {url}"


def parser() -> argparse.ArgumentParser:
    arguments = command_line("doctor", DESCRIPTION)
    arguments.add_argument(
        "url", nargs="?", type=address, help="the endpoint (default: what gcloud, else what Discord says)"
    )
    arguments.add_argument("--picture", metavar="NAME", default="", help="a picture of the bucket, by its name")
    arguments.add_argument("--private-key", metavar="HEX", type=key, help="of a key made for tests: also sign a PING")
    arguments.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    return arguments


def key(text: str) -> SigningKey:
    try:
        return SigningKey(bytes.fromhex(text))
    except ValueError:
        raise argparse.ArgumentTypeError("64 hex digits") from None


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    options = parser().parse_args(argv)
    return run("doctor", lambda: report(options, settings.read() if environ is None else environ))


def report(options: argparse.Namespace, values: Mapping[str, str]) -> int:
    findings = []
    for finding in examine(options, values):
        findings.append(finding)
        if not options.json:
            print(finding, flush=True)
    healthy = all(finding.right is not False for finding in findings)
    if options.json:
        print(json.dumps({"healthy": healthy, "findings": [each.as_json() for each in findings]}, indent=2))
    return 0 if healthy else 1


def examine(options: argparse.Namespace, values: Mapping[str, str]) -> Iterator[Finding]:
    try:
        found, why_not = cloud.deployments(values), NOT_DEPLOYED
    except Unavailable as error:
        found, why_not = [], str(error)
    url, source = find_address(options.url, found, values)
    yield Finding("Its address", bool(url), f"{url} ({source})" if url else source, "give the address, or ./deploy.sh")
    deployment = next((each for each in found if not options.url or url in each.addresses), None)
    if url:
        yield from examine_endpoint(url, options.private_key, deployment)
    addresses = deployment.addresses if deployment else [url] if url else []
    command = {"COMMAND": deployment.environ.get("COMMAND", "")} if deployment else {}
    yield from registration.check({**values, **command}, addresses)
    if deployment:
        yield from cloud.check(deployment, found, values)
    else:
        yield Finding(cloud.DEPLOYED, None, ANOTHER.format(url=found[0].addresses) if found else why_not)
    yield from examine_bucket(options.picture, deployment, values)


def find_address(given: str, found: Sequence[Deployment], values: Mapping[str, str]) -> tuple[str, str]:
    """Return the endpoint's address without a slash at the end, and who says so."""
    if given:
        return given.rstrip("/"), "as given"
    if found and found[0].addresses:
        return found[0].addresses[0], "gcloud says"
    try:
        url = Application(values).endpoint() or ""
    except Trouble:
        url = ""
    return (url.rstrip("/"), "Discord says") if url else ("", NO_ADDRESS)


def examine_endpoint(url: str, private_key: SigningKey | None, deployment: Deployment | None) -> Iterator[Finding]:
    crashed = False
    for finding in endpoint.check(url, private_key):
        yield finding
        crashed |= finding.status in endpoint.LOOK_INTO_THE_LOG
    if crashed and deployment:
        yield cloud.last_words(deployment)


def examine_bucket(picture: str, deployment: Deployment | None, values: Mapping[str, str]) -> Iterator[Finding]:
    runs_with = deployment.environ if deployment else values
    name = runs_with.get("BUCKET_NAME", "")
    if runs_with.get("PICTURES") == "attachments":
        yield Finding("The bucket", None, "none is needed: pictures travel as attachments")
    elif name:
        picture = picture or cloud.a_picture(name)
        yield from bucket.check(name, picture, values.get("STORAGE_EMULATOR_HOST") or bucket.STORAGE)
    else:
        yield Finding("The bucket", None, "needs BUCKET_NAME, or gcloud")


if __name__ == "__main__":
    sys.exit(main())
