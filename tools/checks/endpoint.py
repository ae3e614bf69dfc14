"""The endpoint, as Discord and as anybody meets it."""

import statistics
from collections.abc import Iterator
from http import HTTPStatus

from nacl.signing import SigningKey

from fakes.discord.probes import FORGERIES, PING, Probe
from fakes.discord.rules import FIRST_RESPONSE, Discord
from fakes.discord.sender import Sender
from fakes.faults import Faults
from fakes.web import Response
from tools.checks.finding import Finding
from tools.http import Answer, NoAnswer, ask

WARM_TRIES = 5
KEEP_WARM = "MIN_INSTANCES=1 ./deploy.sh keeps one instance warm, and costs money"
ONLY_DISCORD = 'only Discord can sign one: it does when the endpoint is set (make register ARGS="--endpoint URL")'
LOOK_INTO_THE_LOG = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
REDIRECTED = "Discord follows no redirect: use the address that it leads to, {location}"
PAGE = "what answers is a page, not the function: does this network ask to log in first, or is it another's address?"
CURES = {
    HTTPStatus.FORBIDDEN: "nobody may invoke it: ./deploy.sh allows it, or says what an organisation's policy needs",
    HTTPStatus.NOT_FOUND: "nothing has this path: is it the address that ./deploy.sh, or the tunnel, printed last?",
    HTTPStatus.METHOD_NOT_ALLOWED: "what is there takes no POST: is it the function's address?",
    HTTPStatus.TOO_MANY_REQUESTS: "no instance is free: do they crash (its log), or is MAX_INSTANCES too low?",
    HTTPStatus.INTERNAL_SERVER_ERROR: "the function crashed, and its log tells where: is the newest code deployed?",
    HTTPStatus.BAD_GATEWAY: "what stands before the function does not reach it: is it running, on the tunnel's port?",
    HTTPStatus.SERVICE_UNAVAILABLE: "no instance starts, and its log tells why: a setting that is wrong stops it first",
    HTTPStatus.GATEWAY_TIMEOUT: "the function did not answer what stands before it: its log tells what it does",
    530: "the tunnel is closed: open it again, which gives another address",  # Cloudflare's own status
}
"""For what does not come from the function's own judgement."""


def check(url: str, private_key: SigningKey | None) -> Iterator[Finding]:
    """Play Discord's security check, and more of its kind; stop where nothing more can be learnt."""
    stranger = Sender(Discord(), Faults(), SigningKey.generate())
    first = None
    for probe in FORGERIES:
        finding, seconds = played(probe, stranger, url)
        first = first or seconds
        yield finding
        if finding.right is False and finding.cure != probe.cure:
            return
    if private_key:
        yield played(PING, Sender(Discord(), Faults(), private_key), url)[0]
    else:
        yield Finding(PING.name, None, ONLY_DISCORD)
    yield answers_in_time(url, first or 0.0)


def played(probe: Probe, sender: Sender, url: str) -> tuple[Finding, float]:
    """Send a probe; return what was found, and the seconds that it took."""
    body, headers = probe.request(sender)
    try:
        answer = ask("POST", url, body, headers)
    except NoAnswer as error:
        return Finding(probe.name, right=False, seen=str(error), cure=error.cure), 0.0
    judged = probe.accepts(Response(answer.body, answer.status, answer.headers))
    seen = f"{answer.status}{'' if judged else f', not {probe.right},'} in {answer.seconds * 1000:.0f} ms"
    right = judged and answer.seconds < FIRST_RESPONSE
    return Finding(probe.name, right, seen, cure_of(answer) or probe.cure, answer.status), answer.seconds


def cure_of(answer: Answer) -> str:
    """Return the cure for what the function did not say itself, else ""."""
    if location := answer.headers.get("Location"):
        return REDIRECTED.format(location=location)
    is_page = answer.status == HTTPStatus.OK and "html" in answer.headers.get("Content-Type", "")
    return PAGE if is_page else CURES.get(answer.status, "")


def answers_in_time(url: str, first: float) -> Finding:
    what = f"Answers come within {FIRST_RESPONSE:.0f} s"
    try:
        warm = statistics.median(ask("POST", url).seconds for _ in range(WARM_TRIES))
    except NoAnswer as error:
        return Finding(what, right=False, seen=str(error), cure=error.cure)
    seen = f"first {first * 1000:.0f} ms (cold, if nobody called before), then {warm * 1000:.0f} ms"
    return Finding(what, max(first, warm) < FIRST_RESPONSE, seen, KEEP_WARM)
