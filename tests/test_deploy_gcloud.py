"""deploy.sh with the real gcloud against a stand-in for Google's APIs: what it makes, changes, leaves and removes."""

import io
import re
import zipfile

import google_apis
import pytest
from cloud import BUCKET, BUILD, DIGEST, MARK, OWNER, PROJECT, RUN, Cloud, bindings, function, nothing_is_left
from google_apis import Google
from test_imports import needed

# --- what a deployment makes


def assert_deployed(google: Google) -> None:
    """Hold Google's state to what a deployment promises."""
    bucket = google.buckets[BUCKET]
    answer = bucket["answer"]
    assert (answer["location"], answer["labels"]) == ("EUROPE-WEST1", MARK)
    assert answer["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"] is True
    assert int(answer["softDeletePolicy"]["retentionDurationSeconds"]) == 0
    assert bindings(bucket) == {
        ("roles/storage.legacyObjectReader", "allUsers"),
        ("roles/storage.objectCreator", f"serviceAccount:{RUN}"),
    }
    assert google.members(PROJECT) == {OWNER, ("roles/cloudbuild.builds.builder", f"serviceAccount:{BUILD}")}
    assert {email: found["answer"]["description"] for email, found in google.accounts.items()} == {
        RUN: f"mando_mando={PROJECT} gs://{BUCKET}",
        BUILD: f"mando_mando={PROJECT}",
    }

    (budget,) = google.budgets.values()
    assert budget["amount"]["specifiedAmount"]["units"] == "5"
    assert budget["budgetFilter"]["projects"] == [f"projects/{PROJECT}"]
    rules = [(rule["thresholdPercent"], rule.get("spendBasis", "CURRENT_SPEND")) for rule in budget["thresholdRules"]]
    assert rules == [(0.5, "CURRENT_SPEND"), (0.9, "CURRENT_SPEND"), (1.0, "CURRENT_SPEND"), (1.0, "FORECASTED_SPEND")]

    made = google.functions[function()]
    config = made["serviceConfig"]
    assert made["labels"].items() >= MARK.items()
    assert config["environmentVariables"] == {
        "DISCORD_PUBLIC_KEY": "0f" * 32,
        "DISCORD_APP_ID": "123456789012345678",
        "BUCKET_NAME": BUCKET,
        "THREADS": "64",
        "GOOGLE_CLOUD_PROJECT": PROJECT,
    }
    assert (config["availableCpu"], config["availableMemory"], config["timeoutSeconds"]) == ("1", "512Mi", 60)
    assert (config["maxInstanceRequestConcurrency"], config["maxInstanceCount"]) == (8, 3)
    assert config["serviceAccountEmail"] == RUN

    service = google.services[f"{PROJECT}/mando"]
    assert service["spec"]["traffic"] == [{"percent": 100, "latestRevision": True}]
    annotations = service["spec"]["template"]["metadata"]["annotations"]
    assert annotations["run.googleapis.com/cpu-throttling"].lower() == "false"
    assert annotations["run.googleapis.com/startup-cpu-boost"].lower() == "true"
    assert bindings(service) == {("roles/run.invoker", "allUsers")}


def uploaded(google: Google) -> set[str]:
    (source,) = (bucket["objects"] for name, bucket in google.buckets.items() if name.startswith("gcf-v2-sources-"))
    with zipfile.ZipFile(io.BytesIO(source["mando/function-source.zip"])) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_from_nothing_and_back(cloud: Cloud) -> None:
    """Deploy, roll back, deploy again, delete, delete again: each succeeds, and leaves what it promises."""
    google = cloud.google
    google.unknown_for = 1  # each new account is unknown to the first who names it

    assert f"https://europe-west1-{PROJECT}.cloudfunctions.net/mando" in cloud.completes(KEEP_DAYS="30")
    assert_deployed(google)
    assert google.buckets[BUCKET]["answer"]["lifecycle"]["rule"][0]["condition"] == {"age": 30}
    assert uploaded(google) == needed()

    google.buckets[BUCKET]["objects"][f"{DIGEST}.png"] = b""
    google.services[f"{PROJECT}/mando"]["spec"]["traffic"] = [{"percent": 100, "revisionName": "mando-1"}]
    cloud.completes(KEEP_DAYS="")
    assert_deployed(google)
    assert "lifecycle" not in google.buckets[BUCKET]["answer"]
    assert f"{DIGEST}.png" in google.buckets[BUCKET]["objects"]

    for _ in range(2):
        cloud.completes("--delete", "--yes")
        assert nothing_is_left(google)


def test_alerts(deployed: Cloud) -> None:
    """ALERT_EMAIL is told of errors and "busy"; emptied, or with --delete, our alerts go, and those of others stay."""
    for email in ("me@example.test", "you@example.test"):
        deployed.completes(ALERT_EMAIL=email)
        (channel,), (alert,) = deployed.google.channels.values(), deployed.google.alerts.values()
        assert (channel["type"], channel["labels"], channel["userLabels"]) == ("email", {"email_address": email}, MARK)
        assert alert["notificationChannels"] == [channel["name"]]
        assert alert["userLabels"] == MARK
        condition = alert["conditions"][0]["conditionMatchedLog"]["filter"]
        assert 'service_name="mando"' in condition
        assert "(severity>=ERROR OR jsonPayload.outcome:busy)" in condition
    alerted = deployed.google.state()
    other = {"name": f"projects/{PROJECT}/notificationChannels/other", "userLabels": {"mando_other": PROJECT}}
    for removal in ([], ["--delete", "--yes"]):
        deployed.google.restore(alerted)
        deployed.google.channels[other["name"]] = other  # type: ignore[index]
        deployed.completes(*removal)

        assert not deployed.google.alerts
        assert list(deployed.google.channels.values()) == [other]


def test_billing_by_request(deployed: Cloud) -> None:
    """BILLING=request gives the CPU up after the answer; what it is without, every deployment shows."""
    deployed.completes(BILLING="request")
    annotations = deployed.google.services[f"{PROJECT}/mando"]["spec"]["template"]["metadata"]["annotations"]

    assert annotations["run.googleapis.com/cpu-throttling"].lower() == "true"


# --- organisation policies


def test_forbidden_bucket_names_the_way_out(cloud: Cloud) -> None:
    """Where a policy forbids allUsers, a public bucket is refused, and the cure is the setting that needs none."""
    cloud.google.all_users_are_forbidden = True

    assert "PICTURES=attachments" in cloud.is_refused()


def test_attachments_need_no_bucket_and_no_all_users(cloud: Cloud) -> None:
    """PICTURES=attachments deploys under such a policy: no bucket, and no check of who calls instead of allUsers."""
    google = cloud.google
    google.all_users_are_forbidden = True
    for _ in range(2):
        said = cloud.completes(PICTURES="attachments", COMMAND="examples.chart")
        assert f"https://europe-west1-{PROJECT}.cloudfunctions.net/mando" in said

        service = google.services[f"{PROJECT}/mando"]
        variables = google.functions[function()]["serviceConfig"]["environmentVariables"]
        assert service["annotations"]["run.googleapis.com/invoker-iam-disabled"].lower() == "true"
        assert (variables["PICTURES"], variables.get("BUCKET_NAME")) == ("attachments", None)
        assert variables["COMMAND"] == "examples.chart"
        assert BUCKET not in google.buckets
    cloud.completes("--delete", "--yes", PICTURES="attachments")
    assert nothing_is_left(google)


def test_other_failures_of_a_deployment_are_not_taken_for_a_policy(cloud: Cloud) -> None:
    """A build that fails switches nothing off."""
    cloud.google.fail = lambda request: (
        google_apis.invalid("Build failed") if "POST cloudfunctions" in request else None
    )
    said = cloud.is_refused()

    assert "Build failed" in said
    assert not cloud.google.services


# --- crooked paths


@pytest.mark.parametrize(
    ("request_", "refusal", "cure"),
    [
        ("POST cloudresourcemanager/v1/projects$", google_apis.taken("the project"), "another GOOGLE_CLOUD_PROJECT"),
        ("POST storage/storage/v1/b$", google_apis.taken("the name"), "another BUCKET_NAME"),
        (
            "POST storage/storage/v1/b$",
            google_apis.invalid("location constraint is not valid"),
            "functions regions list",
        ),
        ("POST cloudfunctions/v2", google_apis.missing("locations/mars-west1"), "functions regions list"),
    ],
)
def test_refusal_has_a_cure(cloud: Cloud, request_: str, refusal: google_apis.Refusal, cure: str) -> None:
    """A name that is taken, a region that is none: a sentence with its cure."""
    cloud.google.fail = lambda request: refusal if re.match(request_, request) else None

    assert cure in cloud.is_refused()


def test_no_billing_account_is_told(cloud: Cloud) -> None:
    """A project without billing stops where billing is needed first, and BILLING_ACCOUNT is the cure."""
    assert "set BILLING_ACCOUNT" in cloud.is_refused(BILLING_ACCOUNT="")


def test_no_login_is_told(cloud: Cloud) -> None:
    """A gcloud that is not logged in is told how to."""
    environ = {name: value for name, value in cloud.environ.items() if name != "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"}
    said = Cloud(cloud.google, environ).is_refused()

    assert "gcloud auth login" in said.partition("stopped at: Project")[2]
