"""deploy.sh with the real gcloud, unmodified, against a stand-in for Google's APIs: slow, so few."""

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import google_apis
import pytest
from google_apis import Google
from test_imports import needed

ROOT = Path(__file__).resolve().parent.parent
PROJECT, ACCOUNT = "some-project", "0123AB-4567CD-89EF01"
RUN = f"mando-run@{PROJECT}.iam.gserviceaccount.com"
BUILD = f"mando-build@{PROJECT}.iam.gserviceaccount.com"
FUNCTION = f"projects/{PROJECT}/locations/europe-west6/functions/mando"
SETTINGS = {
    "GOOGLE_CLOUD_PROJECT": PROJECT,
    "DISCORD_PUBLIC_KEY": "0f" * 32,
    "DISCORD_APP_ID": "123456789012345678",
    "BILLING_ACCOUNT": ACCOUNT,
    "KEEP_DAYS": "30",
}

pytestmark = pytest.mark.skipif(
    not shutil.which("gcloud") or not shutil.which("openssl"),
    reason="GCLOUD OR OPENSSL IS NOT INSTALLED: nothing was deployed to the stand-in",
)


@dataclass
class Cloud:
    google: Google
    environ: dict[str, str]

    def deploy(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own script
            [ROOT / "deploy.sh", *arguments],
            env=self.environ | SETTINGS | {"DISCORD_BOT_TOKEN": ""} | settings,
            text=True,
            capture_output=True,
            check=False,
        )


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    google = Google()
    with google_apis.serve(google, tmp_path) as environ:
        (tmp_path / "sleep").symlink_to("/bin/true")  # no pauses between tries
        yield Cloud(google, {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)} | environ)
    assert not google.unknown, "the stand-in must learn these"


def assert_deployed(google: Google) -> None:
    """Hold Google's state to what a deployment promises."""
    bucket = google.buckets[f"{PROJECT}-mando"]
    answer = bucket["answer"]
    assert answer["location"] == "EUROPE-WEST6"
    assert answer["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"] is True
    assert int(answer["softDeletePolicy"]["retentionDurationSeconds"]) == 0
    assert bindings(bucket) == {
        ("roles/storage.legacyObjectReader", "allUsers"),
        ("roles/storage.objectCreator", f"serviceAccount:{RUN}"),
    }
    assert google.members(PROJECT) == {
        ("roles/owner", "user:me@example.test"),
        ("roles/cloudbuild.builds.builder", f"serviceAccount:{BUILD}"),
    }
    assert set(google.accounts) == {RUN, BUILD}

    (budget,) = google.budgets.values()
    assert budget["amount"]["specifiedAmount"]["units"] == "5"
    assert budget["budgetFilter"]["projects"] == [f"projects/{PROJECT}"]
    rules = [(rule["thresholdPercent"], rule.get("spendBasis", "CURRENT_SPEND")) for rule in budget["thresholdRules"]]
    assert rules == [(0.5, "CURRENT_SPEND"), (0.9, "CURRENT_SPEND"), (1.0, "CURRENT_SPEND"), (1.0, "FORECASTED_SPEND")]

    config = google.functions[FUNCTION]["serviceConfig"]
    assert config["environmentVariables"] == {
        "DISCORD_PUBLIC_KEY": "0f" * 32,
        "DISCORD_APP_ID": "123456789012345678",
        "BUCKET_NAME": f"{PROJECT}-mando",
        "THREADS": "8",
        "GOOGLE_CLOUD_PROJECT": PROJECT,
    }
    assert (config["availableCpu"], config["availableMemory"], config["timeoutSeconds"]) == ("1", "512Mi", 60)
    assert (config["maxInstanceRequestConcurrency"], config["maxInstanceCount"]) == (8, 10)
    assert config["serviceAccountEmail"] == RUN

    service = google.services[f"{PROJECT}/mando"]
    annotations = service["spec"]["template"]["metadata"]["annotations"]
    assert annotations["run.googleapis.com/cpu-throttling"].lower() == "false"
    assert annotations["run.googleapis.com/startup-cpu-boost"].lower() == "true"
    assert bindings(service) == {("roles/run.invoker", "allUsers")}


def bindings(holder: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["role"], member) for each in holder["policy"]["bindings"] for member in each["members"]}


def uploaded(google: Google) -> set[str]:
    (source,) = (bucket["objects"] for name, bucket in google.buckets.items() if name.startswith("gcf-v2-sources-"))
    with zipfile.ZipFile(io.BytesIO(source["mando/function-source.zip"])) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_from_nothing_and_back(cloud: Cloud) -> None:
    """Deploy, deploy again, delete, delete again: each succeeds, and leaves what it promises."""
    google = cloud.google
    google.unknown_for = 1  # each new account is unknown to the first who names it

    first = cloud.deploy()
    assert first.returncode == 0, first.stderr
    assert_deployed(google)
    assert google.buckets[f"{PROJECT}-mando"]["answer"]["lifecycle"]["rule"][0]["condition"] == {"age": 30}
    assert f"https://europe-west6-{PROJECT}.cloudfunctions.net/mando" in first.stdout
    assert uploaded(google) == needed()

    google.buckets[f"{PROJECT}-mando"]["objects"]["a.png"] = b""
    second = cloud.deploy(KEEP_DAYS="")
    assert second.returncode == 0, second.stderr
    assert_deployed(google)
    assert "lifecycle" not in google.buckets[f"{PROJECT}-mando"]["answer"]
    assert "a.png" in google.buckets[f"{PROJECT}-mando"]["objects"]

    for _ in range(2):
        removal = cloud.deploy("--delete", "--yes")
        assert removal.returncode == 0, removal.stderr
        left = google.functions, google.services, google.buckets, google.accounts, google.budgets, google.repositories
        assert not any(left), left
        assert google.members(PROJECT) == {("roles/owner", "user:me@example.test")}


def test_what_is_not_ours_is_left(cloud: Cloud) -> None:
    """Another function of the region keeps its images and sources; another budget and another account stay."""
    google = cloud.google
    project = google.add_project(PROJECT)
    apis = ("iam", "storage", "cloudfunctions", "run", "artifactregistry", "cloudbilling", "billingbudgets")
    project["apis"] = {f"{api}.googleapis.com" for api in (*apis, "cloudresourcemanager", "serviceusage")}
    project["billing"] = f"billingAccounts/{ACCOUNT}"
    google.functions[FUNCTION.replace("mando", "other")] = {"name": FUNCTION.replace("mando", "other")}
    google.accounts[f"other@{PROJECT}.iam.gserviceaccount.com"] = {"answer": {"email": f"other@{PROJECT}"}}
    budget = f"billingAccounts/{ACCOUNT}/budgets/b"
    google.budgets[budget] = {"name": budget, "displayName": "mando in another-project"}
    google_apis.new_bucket(google, PROJECT, f"gcf-v2-sources-{project['number']}-europe-west6")

    result = cloud.deploy("--delete", "--yes", BILLING_ACCOUNT="")

    assert result.returncode == 0, result.stderr
    assert len(google.functions) == len(google.accounts) == len(google.budgets) == len(google.buckets) == 1
