"""A stand-in for the Google APIs that deploy.sh reaches through gcloud: it keeps their state, and refuses as they do.

Served as an HTTPS proxy on 127.0.0.1 with a certificate of its own for *.googleapis.com, since gcloud has no setting
that moves every one of these APIs elsewhere.
"""

import copy
import itertools
import json
import re
import socket
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import trustme

from fakes.web import Request, Response, json_response, serving

Json = Any  # as json.loads gives it

# What works in a project before anything is enabled in it.
ALWAYS_ON = {"cloudresourcemanager", "serviceusage", "upload"}
NEEDS_BILLING = {"artifactregistry", "cloudbuild", "cloudfunctions", "run"}


CHANGING = ("projects", "budgets", "channels", "alerts", "accounts", "buckets", "functions", "services", "repositories")


class Refusal(Exception):
    """What an API answers instead of doing it."""

    def __init__(self, status: int, code: str, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
        self.body = {"error": {"code": status, "status": code, "message": message, "details": details}}


class UnknownRequest(Exception):
    """A request that this stand-in was not taught."""


def missing(what: str) -> Refusal:
    return Refusal(404, "NOT_FOUND", f"Resource '{what}' was not found")


def taken(what: str) -> Refusal:
    return Refusal(409, "ALREADY_EXISTS", f"Requested entity {what} already exists")


def invalid(message: str) -> Refusal:
    return Refusal(400, "INVALID_ARGUMENT", message)


class Google:
    """The state behind the APIs. Every method is a request of one of them: it takes the body, returns the answer."""

    def __init__(self) -> None:
        self.projects: dict[str, Json] = {}
        self.foreign_projects: set[str] = set()
        self.billing_accounts = {"0123AB-4567CD-89EF01"}
        self.budgets: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.alerts: dict[str, Json] = {}
        self.all_users_are_forbidden = False  # by a policy of the organisation
        self.accounts: dict[str, Json] = {}
        self.unknown_for = 0  # requests for which a new account is unknown everywhere but in IAM itself
        self.buckets: dict[str, Json] = {}
        self.functions: dict[str, Json] = {}
        self.first_generation: list[str] = []  # functions of which nothing but the name is known here
        self.services: dict[str, Json] = {}
        self.repositories: dict[str, Json] = {}
        self.uploads: dict[str, bytes] = {}
        self.runtimes = {"python312": "GA", "python313": "GA"}
        self.log: list[Json] = []
        self.operations: dict[str, Json] = {}
        self.requests: list[str] = []
        self.unknown: list[str] = []
        self.fail: Callable[[str], Refusal | None] = lambda _request: None
        self.answered: Callable[[], None] = lambda: None  # called after each request
        self.counter = itertools.count(1)
        self.lock = threading.RLock()

    # --- what the tests set up and ask

    def add_project(self, project: str) -> Json:
        number = str(100000000000 + next(self.counter))
        self.projects[project] = {
            "number": number,
            "state": "ACTIVE",
            "apis": set(),
            "billing": "",
            "policy": {
                "version": 1,
                "etag": "AAAA",
                "bindings": [{"role": "roles/owner", "members": ["user:me@example.test"]}],
            },
        }
        return self.projects[project]

    def members(self, project: str) -> set[tuple[str, str]]:
        return {(b["role"], m) for b in self.projects[project]["policy"]["bindings"] for m in b["members"]}

    # --- shared rules

    def project(self, project: str) -> Json:
        if project not in self.projects:
            raise Refusal(
                403, "PERMISSION_DENIED", f"The caller does not have permission on {project} (or it may not exist)"
            )
        return self.projects[project]

    def enabled(self, api: str, project: str) -> Json:
        found = self.project(project)
        if api not in ALWAYS_ON and f"{api}.googleapis.com" not in found["apis"]:
            raise Refusal(
                403,
                "PERMISSION_DENIED",
                f"{api} API has not been used in project {project} before or it is disabled. Enable it by visiting ...",
                "SERVICE_DISABLED",
            )
        return found

    def done(self, response: Json | None = None) -> Json:
        """Answer what takes a while with its end: gcloud waits for 5 s before it asks how an operation goes on."""
        return {"name": "operations/noop.DONE_OPERATION", "done": True, "response": response or {}}

    def operation(
        self, prefix: str, response: Json | None = None, metadata: Json | None = None, polls: int = 1
    ) -> Json:
        """Start what takes a while: done at the second time of asking, or at once."""
        name = f"{prefix}operation-{next(self.counter)}"
        running = {"name": name, "metadata": metadata or {}}
        done = running | {"done": True, "response": response or {}}
        self.operations[name] = {"polls": polls, "running": running, "done": done}
        return running

    def poll(self, name: str) -> Json:
        if name == "operations/noop.DONE_OPERATION":
            return self.done()
        try:
            operation = self.operations[name]
        except KeyError:
            raise missing(name) from None
        if operation["polls"] > 0:
            operation["polls"] -= 1
            return operation["running"]
        return operation["done"]

    def known_member(self, member: str) -> None:
        kind, _, email = member.partition(":")
        if kind == "serviceAccount":
            self.known_account(email)

    def known_account(self, email: str) -> None:
        account = self.accounts.get(email)
        if account is None or account["unknown_for"] > 0:
            if account:
                account["unknown_for"] -= 1
            raise invalid(f"Service account {email} does not exist.")

    def state(self) -> dict[str, Json]:
        """Copy all that a request can change."""
        return copy.deepcopy({name: getattr(self, name) for name in CHANGING})

    def restore(self, state: dict[str, Json]) -> None:
        vars(self).update(copy.deepcopy(state))

    def set_policy(self, holder: Json, policy: Json) -> Json:
        if self.all_users_are_forbidden and any("allUsers" in each["members"] for each in policy["bindings"]):
            raise Refusal(
                400,
                "FAILED_PRECONDITION",
                "One or more users named in the policy do not belong to a permitted customer, perhaps due to an"
                " organization policy.",
            )
        if policy.get("etag") not in (None, holder["policy"]["etag"]):
            raise Refusal(
                409, "ABORTED", "There were concurrent policy changes. Please retry the whole read-modify-write."
            )
        old = {m for b in holder["policy"].get("bindings", []) for m in b["members"]}
        for binding in policy.get("bindings", []):
            for member in binding["members"]:
                if member not in old:
                    self.known_member(member)
        bindings = [b for b in policy.get("bindings", []) if b["members"]]
        holder["policy"] = {"version": 1, "bindings": bindings, "etag": f"{next(self.counter):04}"}
        return holder["policy"]


class Route:
    def __init__(self) -> None:
        self.routes: list[tuple[str, str, re.Pattern[str], Callable[..., Any]]] = []

    def __call__(self, method: str, api: str, pattern: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        compiled = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/:]+)", pattern) + "$")

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.routes.append((method, api, compiled, handler))
            return handler

        return register

    def find(self, method: str, api: str, path: str) -> tuple[Callable[..., Any], dict[str, str]]:
        for wanted_method, wanted_api, pattern, handler in self.routes:
            match = pattern.match(path)
            if match and (wanted_method, wanted_api) == (method, api):
                return handler, match.groupdict()
        raise UnknownRequest(f"the stand-in has no {method} {api} {path}")


route = Route()


# --- projects and their APIs


def project_answer(google: Google, project: str) -> Json:
    found = google.project(project)
    return {"projectId": project, "projectNumber": found["number"], "lifecycleState": found["state"], "name": project}


@route("GET", "cloudresourcemanager", "/v1/projects/{project}")
def get_project(google: Google, project: str, **_: object) -> Json:
    return project_answer(google, project)


@route("POST", "cloudresourcemanager", "/v1/projects")
def create_project(google: Google, body: Json, **_: object) -> Json:
    project = body["projectId"]
    if project in google.projects or project in google.foreign_projects:
        raise taken(project)
    google.add_project(project)
    return google.done(project_answer(google, project))


@route("GET", "cloudresourcemanager", "/v1/operations/{name}")
def get_project_operation(google: Google, name: str, **_: object) -> Json:
    return google.poll(f"operations/{name}")


@route("POST", "cloudresourcemanager", "/v1/projects/{project}:getIamPolicy")
def get_project_policy(google: Google, project: str, **_: object) -> Json:
    return google.enabled("cloudresourcemanager", project)["policy"]


@route("POST", "cloudresourcemanager", "/v1/projects/{project}:setIamPolicy")
def set_project_policy(google: Google, project: str, body: Json, **_: object) -> Json:
    return google.set_policy(google.enabled("cloudresourcemanager", project), body["policy"])


def enable(google: Google, project: str, apis: list[str]) -> Json:
    found = google.project(project)
    unpaid = [api for api in apis if api.removesuffix(".googleapis.com") in NEEDS_BILLING and not found["billing"]]
    if unpaid:
        raise Refusal(
            400,
            "FAILED_PRECONDITION",
            f"Billing account for project '{found['number']}' is not found. Billing must be enabled for activation of"
            f" service(s) '{','.join(unpaid)}' to proceed.",
            "UREQ_PROJECT_BILLING_NOT_FOUND",
        )
    found["apis"].update(apis)
    return google.done()


@route("POST", "serviceusage", "/v1/projects/{project}/services/{api}:enable")
def enable_one(google: Google, project: str, api: str, **_: object) -> Json:
    return enable(google, project, [api])


@route("POST", "serviceusage", "/v1/projects/{project}/services:batchEnable")
def enable_many(google: Google, project: str, body: Json, **_: object) -> Json:
    return enable(google, project, body["serviceIds"])


@route("GET", "serviceusage", "/v1/projects/{project}/services/{api}")
def get_api(google: Google, project: str, api: str, **_: object) -> Json:
    return {"name": api, "state": "ENABLED" if api in google.project(project)["apis"] else "DISABLED"}


# --- billing


@route("GET", "cloudbilling", "/v1/projects/{project}/billingInfo")
def get_billing(google: Google, project: str, **_: object) -> Json:
    billing = google.enabled("cloudbilling", project)["billing"]
    return {"projectId": project, "billingAccountName": billing, "billingEnabled": bool(billing)}


@route("PUT", "cloudbilling", "/v1/projects/{project}/billingInfo")
def link_billing(google: Google, project: str, body: Json, **_: object) -> Json:
    if body["billingAccountName"].removeprefix("billingAccounts/") not in google.billing_accounts:
        raise Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")
    google.enabled("cloudbilling", project)["billing"] = body["billingAccountName"]
    return get_billing(google, project)


def billing_account(google: Google, account: str) -> None:
    if account not in google.billing_accounts:
        raise Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")


@route("GET", "billingbudgets", "/v1/billingAccounts/{account}/budgets")
def list_budgets(google: Google, account: str, **_: object) -> Json:
    billing_account(google, account)
    return {"budgets": [b for n, b in google.budgets.items() if n.startswith(f"billingAccounts/{account}/")]}


@route("POST", "billingbudgets", "/v1/billingAccounts/{account}/budgets")
def create_budget(google: Google, account: str, body: Json, **_: object) -> Json:
    billing_account(google, account)
    name = f"billingAccounts/{account}/budgets/b-{next(google.counter)}"
    google.budgets[name] = body | {"name": name, "etag": "e"}
    return google.budgets[name]


def budget(google: Google, account: str, budget: str) -> Json:
    billing_account(google, account)
    name = f"billingAccounts/{account}/budgets/{budget}"
    if name not in google.budgets:
        raise missing(name)
    return google.budgets[name]


@route("GET", "billingbudgets", "/v1/billingAccounts/{account}/budgets/{name}")
def get_budget(google: Google, account: str, name: str, **_: object) -> Json:
    return budget(google, account, name)


@route("PATCH", "billingbudgets", "/v1/billingAccounts/{account}/budgets/{name}")
def update_budget(google: Google, account: str, name: str, body: Json, query: dict[str, str], **_: object) -> Json:
    found = budget(google, account, name)
    for field in query["updateMask"].split(","):
        key = field.partition(".")[0]
        found[key] = body.get(key)
    return found


@route("DELETE", "billingbudgets", "/v1/billingAccounts/{account}/budgets/{name}")
def delete_budget(google: Google, account: str, name: str, **_: object) -> Json:
    del google.budgets[budget(google, account, name)["name"]]
    return {}


# --- service accounts


def account(google: Google, project: str, email: str) -> Json:
    google.enabled("iam", email.partition("@")[2].partition(".")[0] if project == "-" else project)
    if email in google.accounts:
        return google.accounts[email]["answer"]
    if project == "-":  # as gcloud asks; the answer is misleading, but so is the real one
        raise Refusal(403, "PERMISSION_DENIED", "Permission denied on resource (or it may not exist).")
    raise Refusal(404, "NOT_FOUND", f"Unknown service account: {email}")


@route("GET", "iam", "/v1/projects/{project}/serviceAccounts")
def list_accounts(google: Google, project: str, **_: object) -> Json:
    google.enabled("iam", project)
    return {"accounts": [found["answer"] for found in google.accounts.values()]}


@route("POST", "iam", "/v1/projects/{project}/serviceAccounts")
def create_account(google: Google, project: str, body: Json, **_: object) -> Json:
    google.enabled("iam", project)
    if not re.fullmatch("[a-z][a-z0-9-]{4,28}[a-z0-9]", body["accountId"]):
        raise invalid("accountId is wrong")
    if len(body["serviceAccount"].get("displayName", "")) > 100:
        raise invalid("displayName is too long")
    email = f"{body['accountId']}@{project}.iam.gserviceaccount.com"
    if email in google.accounts:
        raise taken(email)
    answer = {"name": f"projects/{project}/serviceAccounts/{email}", "email": email, **body["serviceAccount"]}
    google.accounts[email] = {"answer": answer, "unknown_for": google.unknown_for, "id": next(google.counter)}
    return answer


@route("PATCH", "iam", "/v1/projects/{project}/serviceAccounts/{email}")
def update_account(google: Google, project: str, email: str, body: Json, **_: object) -> Json:
    found = account(google, project, email)
    for field in body["updateMask"].split(","):
        found[field] = body["serviceAccount"].get(field, "")
    return found


@route("DELETE", "iam", "/v1/projects/{project}/serviceAccounts/{email}")
def delete_account(google: Google, project: str, email: str, **_: object) -> Json:
    account(google, project, email)
    identity = google.accounts.pop(email)["id"]
    for holder in [*google.projects.values(), *google.buckets.values()]:
        for binding in holder["policy"]["bindings"]:
            binding["members"] = [
                f"deleted:{m}?uid={identity}" if m == f"serviceAccount:{email}" else m for m in binding["members"]
            ]
    return {}


# --- buckets


def bucket(google: Google, name: str) -> Json:
    if name not in google.buckets:
        raise Refusal(404, "NOT_FOUND", "The specified bucket does not exist.")
    found = google.buckets[name]
    if found["project"] not in google.projects:
        raise Refusal(
            403, "PERMISSION_DENIED", "me@example.test does not have storage.buckets.get access (or it may not exist)."
        )
    return found


def new_bucket(google: Google, project: str, name: str, answer: Json | None = None) -> Json:
    google.buckets[name] = {
        "project": project,
        "policy": {"version": 1, "etag": "AAAA", "bindings": []},
        "objects": {},
        "answer": {
            "kind": "storage#bucket",
            "name": name,
            "metageneration": "1",
            "softDeletePolicy": {"retentionDurationSeconds": "604800"},
            "iamConfiguration": {"publicAccessPrevention": "inherited"},
            **(answer or {}),
        },
    }
    return google.buckets[name]["answer"]


@route("GET", "storage", "/storage/v1/b/{name}")
def get_bucket(google: Google, name: str, **_: object) -> Json:
    return bucket(google, name)["answer"]


@route("POST", "storage", "/storage/v1/b")
def create_bucket(google: Google, body: Json, query: dict[str, str], **_: object) -> Json:
    google.enabled("storage", query["project"])
    if body["name"] in google.buckets:
        raise Refusal(409, "ALREADY_EXISTS", "The requested bucket name is not available.")
    body["location"] = body.get("location", "US").upper()
    return new_bucket(google, query["project"], body["name"], body)


@route("PATCH", "storage", "/storage/v1/b/{name}")
def update_bucket(google: Google, name: str, body: Json, **_: object) -> Json:
    answer = bucket(google, name)["answer"]
    for key, value in body.items():
        if value is None:
            answer.pop(key, None)
        elif key == "labels":
            merged = answer.get(key, {}) | value
            answer[key] = {label: text for label, text in merged.items() if text is not None}
        elif key == "iamConfiguration":
            answer[key] = answer[key] | value
        else:
            answer[key] = value
    return answer


@route("GET", "storage", "/storage/v1/b")
def list_buckets(google: Google, query: dict[str, str], **_: object) -> Json:
    google.enabled("storage", query["project"])
    return {"items": [b["answer"] for b in google.buckets.values() if b["project"] == query["project"]]}


@route("DELETE", "storage", "/storage/v1/b/{name}")
def delete_bucket(google: Google, name: str, **_: object) -> None:
    if bucket(google, name)["objects"]:
        raise Refusal(409, "CONFLICT", "The bucket you tried to delete is not empty.")
    del google.buckets[name]


@route("GET", "storage", "/storage/v1/b/{name}/iam")
def get_bucket_policy(google: Google, name: str, **_: object) -> Json:
    return bucket(google, name)["policy"]


@route("PUT", "storage", "/storage/v1/b/{name}/iam")
def set_bucket_policy(google: Google, name: str, body: Json, **_: object) -> Json:
    found = bucket(google, name)
    public = any("allUsers" in binding["members"] for binding in body["bindings"])
    if public and found["answer"]["iamConfiguration"]["publicAccessPrevention"] == "enforced":
        raise Refusal(
            412,
            "CONDITION_NOT_MET",
            "The member bindings allUsers are not allowed since public access prevention is enforced.",
        )
    return google.set_policy(found, body)


def allowed_to_all(found: Json, *roles: str) -> bool:
    return any(each["role"] in roles and "allUsers" in each["members"] for each in found["policy"]["bindings"])


@route("GET", "storage", "/storage/v1/b/{name}/o")
def list_objects(google: Google, name: str, *, anonymous: bool, **_: object) -> Json:
    found = bucket(google, name)
    if anonymous and not allowed_to_all(found, "roles/storage.objectViewer"):
        raise Refusal(401, "UNAUTHENTICATED", "Anonymous caller does not have storage.objects.list access.")
    objects = found["objects"]
    return {
        "kind": "storage#objects",
        "items": [{"name": o, "bucket": name, "generation": "1", "size": "1"} for o in objects],
    }


@route("GET", "storage", "(?:/download)?/storage/v1/b/{name}/o/(?P<blob>.+)")
def get_object(google: Google, name: str, blob: str, query: dict[str, str], **_: object) -> Json:
    objects = bucket(google, name)["objects"]
    if blob not in objects:
        raise Refusal(404, "NOT_FOUND", f"No such object: {name}/{blob}")
    if query.get("alt") == "media":
        return objects[blob]
    link = (
        f"https://storage.googleapis.com/download/storage/v1/b/{name}/o/{urllib.parse.quote(blob, safe='')}?alt=media"
    )
    size = str(len(objects[blob]))
    return {"name": blob, "bucket": name, "generation": "1", "size": size, "mediaLink": link}


@route("GET", "storage", "/{name}/{blob}")
def get_as_anybody(google: Google, name: str, blob: str, **_: object) -> Json:
    found = bucket(google, name)
    if not allowed_to_all(found, "roles/storage.objectViewer", "roles/storage.legacyObjectReader"):
        raise Refusal(403, "PERMISSION_DENIED", "Anonymous caller does not have storage.objects.get access.")
    return found["objects"][blob]


@route("DELETE", "storage", "/storage/v1/b/{name}/o/(?P<blob>.+)")
def delete_object(google: Google, name: str, blob: str, **_: object) -> None:
    if bucket(google, name)["objects"].pop(blob, None) is None:
        raise Refusal(404, "NOT_FOUND", f"No such object: {name}/{blob}")


# --- functions and what they run on


@route("GET", "cloudfunctions", "/v2/projects/{project}/locations/{region}/functions/{name}")
def get_function(google: Google, project: str, region: str, name: str, **_: object) -> Json:
    google.enabled("cloudfunctions", project)
    path = f"projects/{project}/locations/{region}/functions/{name}"
    if path not in google.functions:
        raise missing(path)
    return google.functions[path]


@route("GET", "cloudfunctions", "/v2/projects/{project}/locations/{region}/functions")
def list_functions(google: Google, project: str, region: str, **_: object) -> Json:
    google.enabled("cloudfunctions", project)
    here = f"projects/{project}/locations/" + ("" if region == "-" else f"{region}/")
    return {"functions": [f for path, f in google.functions.items() if path.startswith(here)]}


@route("GET", "cloudfunctions", "/v1/projects/{project}/locations")
@route("GET", "cloudfunctions", "/v1/projects/{project}/locations/{region}/functions")
def list_first_generation(google: Google, project: str, **_: object) -> Json:
    google.enabled("cloudfunctions", project)
    return {"functions": [{"name": name, "status": "ACTIVE"} for name in google.first_generation]}


@route("GET", "cloudfunctions", "/v2/projects/{project}/locations/{region}/runtimes")
def list_runtimes(google: Google, project: str, **_: object) -> Json:
    google.enabled("cloudfunctions", project)
    return {
        "runtimes": [{"name": name, "environment": "GEN_2", "stage": stage} for name, stage in google.runtimes.items()]
    }


@route("POST", "cloudfunctions", "/v2/projects/{project}/locations/{region}/functions:generateUploadUrl")
def upload_url(google: Google, project: str, region: str, **_: object) -> Json:
    number = google.enabled("cloudfunctions", project)["number"]
    name, blob = f"gcf-v2-uploads-{number}-{region}", f"{next(google.counter)}.zip"
    if name not in google.buckets:
        new_bucket(google, project, name)
    source = {"bucket": name, "object": blob}
    return {"uploadUrl": f"https://storage.googleapis.com/{name}/{blob}?signed=yes", "storageSource": source}


@route("PUT", "storage", "/{name}/{blob}")
def upload(google: Google, name: str, blob: str, body: bytes, **_: object) -> Json:
    bucket(google, name)["objects"][blob] = body
    return {}


def build(google: Google, project: str, region: str, name: str, function: Json) -> Json:
    """Check what the real build and the real Cloud Run check, then make what they make."""
    found = google.enabled("cloudfunctions", project)
    config, build_config = function["serviceConfig"], function["buildConfig"]
    builder = build_config["serviceAccount"].rpartition("/")[2]
    google.known_account(builder)
    google.known_account(config["serviceAccountEmail"])
    if ("roles/cloudbuild.builds.builder", f"serviceAccount:{builder}") not in google.members(project):
        raise invalid(f"Build failed: {builder} does not have storage.objects.get access to the object.")
    if config.get("maxInstanceRequestConcurrency", 1) > 1 and float(config.get("availableCpu", "0.333")) < 1:
        raise invalid("Invalid value specified for cpu. Total cpu < 1 is not supported with concurrency > 1.")
    source = build_config["source"]["storageSource"]
    if source["object"] not in bucket(google, source["bucket"])["objects"]:
        raise missing(source["object"])
    sources = f"gcf-v2-sources-{found['number']}-{region}"
    if sources not in google.buckets:
        new_bucket(google, project, sources)
    google.buckets[sources]["objects"][f"{name}/function-source.zip"] = bucket(google, source["bucket"])["objects"][
        source["object"]
    ]
    google.repositories[f"projects/{project}/locations/{region}/repositories/gcf-artifacts"] = {}
    path = f"projects/{project}/locations/{region}/functions/{name}"
    config["service"] = f"projects/{project}/locations/{region}/services/{name}"
    config["uri"] = f"https://{name}-abc-oa.a.run.app"
    build_config["source"] = {"storageSource": {"bucket": sources, "object": f"{name}/function-source.zip"}}
    google.functions[path] = function | {
        "name": path,
        "environment": "GEN_2",
        "state": "ACTIVE",
        "url": f"https://{region}-{project}.cloudfunctions.net/{name}",
    }
    google.functions[path]["busy"] = True
    service = google.services.setdefault(
        f"{project}/{name}", {"policy": {"etag": "AAAA", "bindings": []}, "generation": 0, "annotations": {}}
    )
    service["generation"] += 1
    # A deployment writes the revision anew: what was set on the service alone is gone, but the traffic stays.
    latest = [{"percent": 100, "latestRevision": True}]
    traffic = latest if config.get("allTrafficOnLatestRevision") else service.get("spec", {}).get("traffic", latest)
    service["spec"] = {
        "template": {
            "metadata": {"annotations": {"autoscaling.knative.dev/maxScale": str(config.get("maxInstanceCount", 100))}},
            "spec": {
                "containerConcurrency": config.get("maxInstanceRequestConcurrency", 1),
                "timeoutSeconds": config.get("timeoutSeconds", 60),
                "serviceAccountName": config["serviceAccountEmail"],
                "containers": [
                    {
                        "image": f"{region}-docker.pkg.dev/{project}/gcf-artifacts/{name}",
                        "env": [{"name": k, "value": v} for k, v in config.get("environmentVariables", {}).items()],
                        "resources": {"limits": {"cpu": config["availableCpu"], "memory": config["availableMemory"]}},
                    }
                ],
            },
        },
        "traffic": traffic,
    }
    return function_operation(google, project, region, google.functions[path])


def function_operation(google: Google, project: str, region: str, response: Json) -> Json:
    stages = [{"name": name, "state": "COMPLETE"} for name in ("BUILD", "SERVICE")]
    return google.operation(f"projects/{project}/locations/{region}/operations/", response, {"stages": stages})


def wait_in_line(function: Json) -> None:
    """Refuse, once, while nobody has seen the end of what was done to the function before."""
    if function.pop("busy", False):
        raise Refusal(409, "ABORTED", f"Could not update {function['name']}: unable to queue the operation")


@route("POST", "cloudfunctions", "/v2/projects/{project}/locations/{region}/functions")
def create_function(google: Google, project: str, region: str, body: Json, query: dict[str, str], **_: object) -> Json:
    name = query["functionId"]
    if f"projects/{project}/locations/{region}/functions/{name}" in google.functions:
        raise taken(name)
    return build(google, project, region, name, body)


@route("PATCH", "cloudfunctions", "/v2/projects/{project}/locations/{region}/functions/{name}")
def update_function(  # noqa: PLR0913, PLR0917 - what the path, the query and the body hold
    google: Google, project: str, region: str, name: str, body: Json, query: dict[str, str], **_: object
) -> Json:
    wait_in_line(get_function(google, project, region, name))
    function = json.loads(json.dumps(get_function(google, project, region, name)))
    for path in query["updateMask"].split(","):
        keys = [re.sub(r"_(\w)", lambda match: match[1].upper(), key) for key in path.split(".")]
        old, new = function, body
        for key in keys[:-1]:
            old, new = old.setdefault(key, {}), new.get(key, {})
        if keys[-1] in new:
            old[keys[-1]] = new[keys[-1]]
        else:
            old.pop(keys[-1], None)
    return build(google, project, region, name, function)


@route("DELETE", "cloudfunctions", "/v2/projects/{project}/locations/{region}/functions/{name}")
def delete_function(google: Google, project: str, region: str, name: str, **_: object) -> Json:
    wait_in_line(get_function(google, project, region, name))
    del google.functions[get_function(google, project, region, name)["name"]]
    google.services.pop(f"{project}/{name}", None)
    return function_operation(google, project, region, {})


@route("GET", "cloudfunctions", "/v2/projects/{project}/locations/{region}/operations/{name}")
def get_function_operation(google: Google, project: str, region: str, name: str, **_: object) -> Json:
    answer = google.poll(f"projects/{project}/locations/{region}/operations/{name}")
    if answer.get("done"):
        google.functions.get(answer["response"].get("name"), {}).pop("busy", None)
    return answer


def service(google: Google, project: str, name: str) -> Json:
    google.enabled("run", project)
    if f"{project}/{name}" not in google.services:
        raise missing(name)
    return google.services[f"{project}/{name}"]


def service_answer(google: Google, project: str, name: str) -> Json:
    found = service(google, project, name)
    conditions = [{"type": kind, "status": "True"} for kind in ("Ready", "ConfigurationsReady", "RoutesReady")]
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": name,
            "namespace": google.projects[project]["number"],
            "generation": found["generation"],
            "resourceVersion": str(found["generation"]),
            "labels": {"goog-managed-by": "cloudfunctions", "cloud.googleapis.com/location": "europe-west6"},
            "annotations": found["annotations"],
        },
        "spec": found["spec"],
        "status": {
            "observedGeneration": found["generation"],
            "conditions": conditions,
            "latestReadyRevisionName": f"{name}-{found['generation']}",
            "latestCreatedRevisionName": f"{name}-{found['generation']}",
            "url": f"https://{name}-abc-oa.a.run.app",
            "traffic": [{"percent": 100, "latestRevision": True, "revisionName": f"{name}-{found['generation']}"}],
        },
    }


@route("GET", "run", "/apis/serving.knative.dev/v1/namespaces/{project}/services/{name}")
def get_service(google: Google, project: str, name: str, **_: object) -> Json:
    return service_answer(google, project, name)


@route("GET", "run", "/apis/serving.knative.dev/v1/namespaces/{number}/revisions/{name}")
def get_revision(google: Google, number: str, name: str, **_: object) -> Json:
    project = next(project for project, found in google.projects.items() if number in (project, found["number"]))
    template = service(google, project, name.rpartition("-")[0])["spec"]["template"]
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Revision",
        "metadata": {**template["metadata"], "name": name, "namespace": number},
        "spec": template["spec"],
        "status": {"conditions": [{"type": "Ready", "status": "True"}], "imageDigest": "example.test/image@sha256:0"},
    }


@route("PUT", "run", "/apis/serving.knative.dev/v1/namespaces/{project}/services/{name}")
def replace_service(google: Google, project: str, name: str, body: Json, **_: object) -> Json:
    found = service(google, project, name)
    template = body["spec"]["template"]
    throttled = template["metadata"]["annotations"].get("run.googleapis.com/cpu-throttling", "").lower() != "false"
    if not throttled and float(template["spec"]["containers"][0]["resources"]["limits"]["cpu"]) < 1:
        raise invalid("Invalid value specified for cpu. Total cpu < 1 is not supported with cpu always allocated.")
    found["spec"], found["annotations"] = body["spec"], body["metadata"].get("annotations", {})
    found["generation"] += 1
    return service_answer(google, project, name)


@route("GET", "run", "/v1/projects/{project}/locations/{region}/services/{name}:getIamPolicy")
def get_service_policy(google: Google, project: str, name: str, **_: object) -> Json:
    return service(google, project, name)["policy"]


@route("POST", "run", "/v1/projects/{project}/locations/{region}/services/{name}:setIamPolicy")
def set_service_policy(google: Google, project: str, name: str, body: Json, **_: object) -> Json:
    return google.set_policy(service(google, project, name), body["policy"])


@route("DELETE", "artifactregistry", "/v1/projects/{project}/locations/{region}/repositories/{name}")
def delete_repository(google: Google, project: str, region: str, name: str, **_: object) -> Json:
    google.enabled("artifactregistry", project)
    path = f"projects/{project}/locations/{region}/repositories/{name}"
    if google.repositories.pop(path, None) is None:
        raise missing(path)
    return google.operation(f"projects/{project}/locations/{region}/operations/", polls=0)  # gcloud would wait for 5 s


@route("GET", "artifactregistry", "/v1/projects/{project}/locations/{region}/operations/{name}")
def get_repository_operation(google: Google, project: str, region: str, name: str, **_: object) -> Json:
    return google.poll(f"projects/{project}/locations/{region}/operations/{name}")


# --- the log


@route("POST", "logging", "/v2/entries:list")
def list_entries(google: Google, **_: object) -> Json:
    return {"entries": google.log}


# --- monitoring


def monitored(google: Google, kind: str) -> dict[str, Json]:
    return google.channels if kind == "notificationChannels" else google.alerts


@route("GET", "monitoring", "/v3/projects/{project}/(?P<kind>notificationChannels|alertPolicies)")
def list_monitored(google: Google, project: str, kind: str, **_: object) -> Json:
    google.enabled("monitoring", project)
    return {kind: list(monitored(google, kind).values())}


@route("POST", "monitoring", "/v3/projects/{project}/(?P<kind>notificationChannels|alertPolicies)")
def create_monitored(google: Google, project: str, kind: str, body: Json, **_: object) -> Json:
    google.enabled("monitoring", project)
    name = f"projects/{project}/{kind}/{next(google.counter)}"
    check_alert(google, body)
    monitored(google, kind)[name] = body | {"name": name}
    return monitored(google, kind)[name]


def check_alert(google: Google, body: Json) -> None:
    if not set(body.get("notificationChannels", [])) <= set(google.channels):
        raise invalid("a notification channel of the policy is not there")
    if "conditions" in body and "notificationRateLimit" not in body.get("alertStrategy", {}):
        raise invalid("alertStrategy.notificationRateLimit must be set for an alert on log entries")


@route("GET", "monitoring", "/v3/(?P<name>projects/[^/]+/notificationChannels/[^/]+)")
def get_channel(google: Google, name: str, **_: object) -> Json:
    if name not in google.channels:
        raise missing(name)
    return google.channels[name]


@route("PATCH", "monitoring", "/v3/(?P<name>projects/[^/]+/(?P<kind>notificationChannels|alertPolicies)/[^/]+)")
def update_monitored(google: Google, name: str, kind: str, body: Json, **_: object) -> Json:
    check_alert(google, body)
    if name not in monitored(google, kind):
        raise missing(name)
    monitored(google, kind)[name].update(body)
    return monitored(google, kind)[name]


@route("DELETE", "monitoring", "/v3/(?P<name>projects/[^/]+/(?P<kind>notificationChannels|alertPolicies)/[^/]+)")
def delete_monitored(google: Google, name: str, kind: str, **_: object) -> Json:
    if any(name in each.get("notificationChannels", []) for each in google.alerts.values()):
        raise Refusal(400, "FAILED_PRECONDITION", "the channel is in use by an alert policy")
    if monitored(google, kind).pop(name, None) is None:
        raise missing(name)
    return {}


def answer(google: Google, request: Request) -> Response:
    """Answer a request to whichever host of googleapis.com."""
    api = request.host.partition(".")[0].rpartition("-")[2]  # europe-west6-run
    raw = request.get_data()
    with google.lock:
        google.requests.append(f"{request.method} {api}{request.path}")
        try:
            if refusal := google.fail(google.requests[-1]):
                raise refusal
            handler, parameters = route.find(request.method, api, request.path)
            body = json.loads(raw) if raw[:1] in (b"{", b"[") else raw
            anonymous = "Authorization" not in request.headers
            result = handler(google, body=body, query=request.args.to_dict(), anonymous=anonymous, **parameters)
        except Refusal as error:
            return json_response(error.status, error.body)
        except UnknownRequest as error:
            google.unknown.append(f"{request.method} {request.url} {raw[:500]!r}")
            return json_response(400, {"error": {"code": 400, "message": str(error)}})
        finally:
            google.answered()
    if isinstance(result, bytes):
        return Response(result, content_type="image/png" if result.startswith(b"\x89PNG") else "application/zip")
    return Response(status=204) if result is None else json_response(200, result)


class ProxyContext(ssl.SSLContext):
    """Takes whoever asks a proxy for the way to a host for one that has arrived there."""

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **how: Any) -> ssl.SSLSocket:  # noqa: ANN401 - ssl's
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            if not (more := sock.recv(4096)):
                raise ConnectionAbortedError
            asked += more
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        return super().wrap_socket(sock, *arguments, **how)


@cache
def certified() -> tuple[ssl.SSLContext, bytes]:
    """Return the context of a server that is every host of googleapis.com, and who says so."""
    authority, context = trustme.CA(), ProxyContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("*.googleapis.com").configure_cert(context)
    return context, authority.cert_pem.bytes()


@contextmanager
def serve(google: Google, directory: Path) -> Iterator[dict[str, str]]:
    """Serve until the end of the block; give the environment with which gcloud comes here instead of to Google."""
    context, authority = certified()
    authorities, token = directory / "authority.pem", directory / "token"
    authorities.write_bytes(authority)
    token.write_text("ya29.nobody")
    with serving(partial(answer, google), tls=lambda: context) as server:
        yield {
            "https_proxy": f"http://127.0.0.1:{server.server_port}",
            "CLOUDSDK_CONFIG": str(directory / "gcloud"),
            "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": str(authorities),
            "REQUESTS_CA_BUNDLE": str(authorities),
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
            "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": str(token),
        }
