"""The function in the cloud, as gcloud's login sees it: what runs there, and what it costs."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import gcloud
from tools.checks.finding import Finding
from tools.gcloud import Unavailable

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = "./deploy.sh"
DEPLOYED = "The function is deployed"
NEEDS_PROJECT = "needs GOOGLE_CLOUD_PROJECT"
THROTTLING = "run.googleapis.com/cpu-throttling"
LOG_LINES = 5
CRASHED = 'resource.type="cloud_run_revision" resource.labels.service_name="{service}" severity>=WARNING'


@dataclass(frozen=True)
class Deployment:
    """A function as `gcloud functions list` has it."""

    project: str
    resource: Mapping[str, Any]

    @property
    def region(self) -> str:
        return str(self.resource["name"]).split("/")[3]

    @property
    def name(self) -> str:
        return str(self.resource["name"]).rpartition("/")[2]

    @property
    def config(self) -> Mapping[str, Any]:
        return dict(self.resource.get("serviceConfig", {}))

    @property
    def environ(self) -> Mapping[str, str]:
        return dict(self.config.get("environmentVariables", {}))

    @property
    def is_ours(self) -> bool:
        """Whether it bears the mark of deploy.sh: a label, or the account that it runs as."""
        account = f"{self.name}-run@{self.project}.iam.gserviceaccount.com"
        return (
            f"mando_{self.name}" in self.resource.get("labels", {}) or self.config.get("serviceAccountEmail") == account
        )

    @property
    def addresses(self) -> list[str]:
        """Where it answers; first, what deploy.sh registers."""
        return [url for url in (self.resource.get("url"), self.config.get("uri")) if url]


def deployments(settings: Mapping[str, str]) -> list[Deployment]:
    """Return every function of these settings, in all regions, the one that deploy.sh would update first.

    Raise Unavailable.
    """
    project, name = settings.get("GOOGLE_CLOUD_PROJECT", ""), settings.get("FUNCTION_NAME") or "mando"
    if not project:
        raise Unavailable(NEEDS_PROJECT)
    found = [Deployment(project, each) for each in gcloud.ask(project, "functions", "list", "--v2") or []]
    ours = [each for each in found if each.name == name and each.is_ours]
    return sorted(ours, key=lambda each: each.region != settings.get("REGION"))


Seen = tuple[bool | None, str, str]
"""Whether it is right, what was seen, the cure."""


def check(function: Deployment, found: Sequence[Deployment], settings: Mapping[str, str]) -> Iterator[Finding]:
    """Look at one of the functions that were found. gcloud is slow: all is asked at once."""
    yield is_active(function)
    yield is_alone([each for each in found if each != function])
    yield from limits(function, settings)
    with ThreadPoolExecutor() as pool:
        yield from pool.map(lambda what: _looked_at(what, function, settings), CHECKS)


def _looked_at(what: str, function: Deployment, settings: Mapping[str, str]) -> Finding:
    try:
        return Finding(what, *CHECKS[what](function, settings))
    except Unavailable as error:
        return Finding(what, None, str(error))
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        return Finding(what, None, f"what gcloud answers is not understood ({error!r})")


def is_active(function: Deployment) -> Finding:
    state = function.resource.get("state")
    return Finding(DEPLOYED, state == "ACTIVE", f"{state} in {function.region}", DEPLOY)


def is_alone(others: Sequence[Deployment]) -> Finding:
    cures = [f"gcloud functions delete {each.name} --region={each.region} --project={each.project}" for each in others]
    return Finding(
        "There is no second one",
        not others,
        f"also in {', '.join(each.region for each in others)}" if others else "this is the only one",
        "; ".join(cures),
    )


def limits(function: Deployment, settings: Mapping[str, str]) -> Iterator[Finding]:
    """Compare what there is at least and at most with what .env says; without a word there, none need wait."""
    for name, field, default in (("MIN_INSTANCES", "minInstanceCount", "0"), ("MAX_INSTANCES", "maxInstanceCount", "")):
        deployed, wanted = str(function.config.get(field, 0)), settings.get(name) or default
        seen = f"{deployed} deployed" + (f", {wanted} in .env" if deployed != wanted and wanted else "")
        yield Finding(f"{name} is as it should be", not wanted or deployed == wanted, seen, DEPLOY)


def cpu(function: Deployment, settings: Mapping[str, str]) -> Seen:
    service = str(function.config.get("service", function.name)).rpartition("/")[2]
    found = gcloud.ask(function.project, "run", "services", "describe", service, f"--region={function.region}")
    throttled = found["spec"]["template"]["metadata"].get("annotations", {}).get(THROTTLING, "true").lower() != "false"
    wanted = (settings.get("BILLING") or "instance") == "request"
    seen = "taken away after each answer" if throttled else "kept, and paid for, until an instance is idle"
    return throttled == wanted, seen, DEPLOY


def runtime(function: Deployment, _: Mapping[str, str]) -> Seen:
    name = function.resource.get("buildConfig", {}).get("runtime")
    runtimes = gcloud.ask(function.project, "functions", "runtimes", "list", f"--region={function.region}")
    stage = next((each.get("stage") for each in runtimes if each["name"] == name), "not offered any more")
    return stage == "GA" if stage else None, f"{name}: {stage or 'no stage is given'}", "a newer version of mando"


def code(function: Deployment, _: Mapping[str, str]) -> Seen:
    source = function.resource["buildConfig"]["source"]["storageSource"]
    uploaded = gcloud.read(
        "storage", "cat", f"gs://{source['bucket']}/{source['object']}", f"--project={function.project}"
    )
    with zipfile.ZipFile(io.BytesIO(uploaded)) as archive:
        there = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    listed = gcloud.read("meta", "list-files-for-upload", str(ROOT)).decode().split("\n")
    here = {name: (ROOT / name).read_bytes() for name in filter(None, listed)}
    changed = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
    seen = f"{len(changed)} files differ: {', '.join(changed[:5])}" if changed else f"the same {len(here)} files"
    return not changed, seen, DEPLOY


def budget(function: Deployment, settings: Mapping[str, str]) -> Seen:
    project, account = function.project, settings.get("BILLING_ACCOUNT", "")
    if not account:
        billing = gcloud.ask(project, "billing", "projects", "describe", project)
        account = billing.get("billingAccountName", "").rpartition("/")[2]
    mine = f'displayName="{function.name} in {project}"'
    budgets = gcloud.ask(project, "billing", "budgets", "list", f"--billing-account={account}", f"--filter={mine}")
    amounts = [str(each.get("amount", {}).get("specifiedAmount", {}).get("units", "?")) for each in budgets or []]
    seen = f"at {amounts[0]} a month" if amounts else "there is none"
    return bool(amounts), seen, "set BILLING_ACCOUNT, ./deploy.sh"


CHECKS: dict[str, Callable[[Deployment, Mapping[str, str]], Seen]] = {
    "The CPU after the answer is as BILLING says": cpu,
    "The runtime is supported": runtime,
    "The deployed code is this code": code,
    "A budget warns": budget,
}


def last_words(function: Deployment) -> Finding:
    """Return the last that it logged of what went wrong."""
    what, log = "Its log", CRASHED.format(service=function.name)
    try:
        entries = gcloud.ask(function.project, "logging", "read", log, f"--limit={LOG_LINES}", "--freshness=1d")
    except Unavailable as error:
        return Finding(what, None, str(error))
    lines = [
        each.get("textPayload") or each.get("jsonPayload", {}).get("message", "") for each in reversed(entries or [])
    ]
    return Finding(what, None, "\n    ".join(["the last of it", *lines]) if lines else "nothing went wrong for a day")


def a_picture(bucket: str) -> str:
    """Return the name of some picture, or "" when gcloud finds none."""
    try:
        name = gcloud.read("storage", "objects", "list", f"gs://{bucket}/*.png", "--limit=1", "--format=value(name)")
    except Unavailable:
        return ""
    return name.decode().strip()
