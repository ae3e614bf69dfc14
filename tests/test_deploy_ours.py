"""deploy.sh with the real gcloud: nothing that is not ours is changed or removed, and all that is ours is found."""

import json
from typing import Any

import google_apis
import pytest
from cloud import ACCOUNT, BUCKET, BUILD, DIGEST, MARK, PROJECT, RUN, Cloud, function, nothing_is_left
from google_apis import Google


def there_is_a_project(google: Google) -> None:
    """Have a project in use, with every API enabled."""
    project = google.add_project(PROJECT)
    project["billing"] = f"billingAccounts/{ACCOUNT}"
    apis = (
        "billingbudgets",
        "cloudbilling",
        "iam",
        "storage",
        "cloudfunctions",
        "run",
        "artifactregistry",
        "cloudbuild",
    )
    project["apis"] = {f"{api}.googleapis.com" for api in apis}


def there_is_a_bucket(google: Google, name: str = BUCKET, *objects: str) -> Any:  # noqa: ANN401 - JSON
    google_apis.new_bucket(google, PROJECT, name)
    google.buckets[name]["objects"] = dict.fromkeys(objects, b"")
    return google.buckets[name]


def there_is_an_account(google: Google, email: str) -> None:
    answer = {"name": f"projects/{PROJECT}/serviceAccounts/{email}", "email": email, "displayName": "somebody's"}
    google.accounts[email] = {"answer": answer, "unknown_for": 0, "id": 1}


def test_bucket_of_others_is_left(cloud: Cloud) -> None:
    """A bucket with files in it is neither made public nor deleted, whoever names it, and is named."""
    there_is_a_project(cloud.google)
    diary = there_is_a_bucket(cloud.google, "my-diary", "monday.txt")
    before = cloud.google.state()

    assert "BUCKET_NAME" in cloud.is_refused(BUCKET_NAME="my-diary")
    assert "left alone" in cloud.completes("--delete", "--yes", BUCKET_NAME="my-diary", BILLING_ACCOUNT="")
    assert cloud.google.buckets["my-diary"] == diary == before["buckets"]["my-diary"]


def test_bucket_of_our_default_name_may_be_of_others(cloud: Cloud) -> None:
    """The name alone makes no bucket ours."""
    there_is_a_project(cloud.google)
    there_is_a_bucket(cloud.google, BUCKET, f"{DIGEST}.png")

    assert "BUCKET_NAME" in cloud.is_refused()
    assert f"left alone, for nothing says that it is mando's: gs://{BUCKET}" in cloud.completes("--delete", "--yes")
    assert list(cloud.google.buckets) == [BUCKET]


def test_empty_bucket_becomes_ours(cloud: Cloud) -> None:
    """An empty bucket that is given is used, marked, and removed with the rest."""
    there_is_a_project(cloud.google)
    given = there_is_a_bucket(cloud.google, "given")
    cloud.completes(BUCKET_NAME="given")
    assert given["answer"]["labels"] == MARK

    cloud.completes("--delete", "--yes")
    assert nothing_is_left(cloud.google)


def test_files_of_others_in_our_bucket_are_left(deployed: Cloud) -> None:
    """What is no mandala is named, and left with its bucket; the mandalas go."""
    bucket = deployed.google.buckets[BUCKET]
    bucket["objects"] = dict.fromkeys([f"{DIGEST}.png", "diary.txt", "holidays/0.png"], b"")
    said = deployed.completes("--delete", "--yes")

    assert f"gs://{BUCKET}/diary.txt" in said
    assert set(bucket["objects"]) == {"diary.txt", "holidays/0.png"}
    assert list(deployed.google.buckets) == [BUCKET]


@pytest.mark.parametrize("email", [RUN, BUILD])
def test_account_of_others_is_left(cloud: Cloud, email: str) -> None:
    """An account that happens to have our name is neither used nor deleted, and keeps its roles."""
    there_is_a_project(cloud.google)
    there_is_an_account(cloud.google, email)
    policy = cloud.google.projects[PROJECT]["policy"]
    policy["bindings"].append({"role": "roles/cloudbuild.builds.builder", "members": [f"serviceAccount:{email}"]})

    assert "FUNCTION_NAME" in cloud.is_refused()
    assert email in cloud.completes("--delete", "--yes")
    assert list(cloud.google.accounts) == [email]
    assert ("roles/cloudbuild.builds.builder", f"serviceAccount:{email}") in cloud.google.members(PROJECT)


def test_function_of_others_is_left(cloud: Cloud) -> None:
    """A function that happens to have our name is neither overwritten nor deleted; nor are its images and sources."""
    google = cloud.google
    there_is_a_project(google)
    google.functions[function()] = {"name": function(), "serviceConfig": {"serviceAccountEmail": "other@example.test"}}
    google.repositories[f"projects/{PROJECT}/locations/europe-west1/repositories/gcf-artifacts"] = {}

    assert "FUNCTION_NAME" in cloud.is_refused()
    assert "the function mando in europe-west1" in cloud.completes("--delete", "--yes")
    assert len(google.functions) == len(google.repositories) == 1


def test_what_other_functions_use_is_left(deployed: Cloud) -> None:
    """Images and sources of a region stay while another function is left there, of whichever generation."""
    google = deployed.google
    google.first_generation = [function(name="other")]
    there_is_an_account(google, f"other@{PROJECT}.iam.gserviceaccount.com")
    budget = f"billingAccounts/{ACCOUNT}/budgets/b"
    google.budgets[budget] = {"name": budget, "displayName": "mando in another-project"}

    assert "Kept" in deployed.completes("--delete", "--yes", BILLING_ACCOUNT="")
    assert len(google.repositories) == len(google.accounts) == len(google.budgets) == 1
    assert all(name.startswith("gcf-v2-") for name in google.buckets)


def test_another_function_has_a_bucket_of_its_own(deployed: Cloud) -> None:
    """Two functions of a project share nothing: deleting one leaves the other as it was."""
    before = deployed.google.state()
    deployed.completes(FUNCTION_NAME="draw")
    assert {BUCKET, f"{PROJECT}-draw"} <= set(deployed.google.buckets)

    deployed.completes("--delete", "--yes", FUNCTION_NAME="draw")
    after = deployed.google.state()
    assert [after[kind].keys() for kind in before] == [before[kind].keys() for kind in before]


def test_bucket_of_before_is_removed_with_the_rest(deployed: Cloud) -> None:
    """Another BUCKET_NAME leaves the old bucket, which messages need, and does not lose sight of it."""
    assert f"Older pictures stay in gs://{BUCKET}" in deployed.completes(BUCKET_NAME="another-one")
    assert {BUCKET, "another-one"} <= set(deployed.google.buckets)

    deployed.completes("--delete", "--yes")
    assert nothing_is_left(deployed.google)


# --- regions


def test_move_to_another_region_is_told(deployed: Cloud) -> None:
    """The function of the old region is named with the command that removes it, and the bucket stays where it is."""
    said = deployed.completes(REGION="us-east1")

    assert f"gcloud functions delete mando --gen2 --region=europe-west1 --project={PROJECT}" in said
    assert "It stays where it is: EUROPE-WEST1" in said
    deployed.completes("--delete", "--yes")
    assert nothing_is_left(deployed.google)


# --- what version 1.0.0 made


def there_is_version_1(google: Google, name: str = "mando") -> None:
    """Have what 1.0.0 made beside what there is: no marks, display names, another region, one bucket for all."""
    for part, written in (("run", f"Runs {name}: may add pictures to gs://{BUCKET}"), ("build", f"Builds {name}")):
        email = f"{name}-{part}@{PROJECT}.iam.gserviceaccount.com"
        there_is_an_account(google, email)
        google.accounts[email]["answer"]["displayName"] = written
    made = json.dumps(google.functions.pop(function(), None) or google.functions[function("europe-west6")])
    made = made.replace("europe-west1", "europe-west6").replace("mando-", f"{name}-").replace("/mando", f"/{name}")
    google.functions[function("europe-west6", name)] = json.loads(made) | {"labels": {"deployment-tool": "cli-gcloud"}}
    google.services[f"{PROJECT}/{name}"] = google.services[f"{PROJECT}/mando"]
    there_is_a_bucket(google, BUCKET, f"{DIGEST}.png")


def test_version_1_is_updated_and_marked(deployed: Cloud) -> None:
    """A deployment of version 1.0.0 is known by what it wrote, stays where it is and is marked."""
    google = deployed.google
    there_is_version_1(google, "draw")
    deployed.completes(FUNCTION_NAME="draw")
    made = google.functions[function("europe-west6", "draw")]

    assert len(google.functions) == 1
    assert made["serviceConfig"]["environmentVariables"]["BUCKET_NAME"] == BUCKET
    assert google.buckets[BUCKET]["answer"]["labels"] == {"mando_draw": PROJECT}
    assert made["labels"]["mando_draw"] == PROJECT
    described = {found["answer"]["description"].split()[0] for found in google.accounts.values()}
    assert described == {f"mando_draw={PROJECT}", f"mando_mando={PROJECT}"}


def test_version_1_is_removed(deployed: Cloud) -> None:
    """What version 1.0.0 made is removed, too."""
    there_is_version_1(deployed.google)
    deployed.completes("--delete", "--yes")

    assert not deployed.google.functions
    assert not deployed.google.accounts
    assert BUCKET not in deployed.google.buckets


@pytest.mark.parametrize("updated", [[], ["mando"], ["draw"]])
def test_shared_bucket_of_version_1_is_left_to_the_other(deployed: Cloud, updated: list[str]) -> None:
    """Two functions of version 1.0.0 share a bucket: the first that goes leaves it, the last takes it along."""
    for name in ("mando", "draw"):
        there_is_version_1(deployed.google, name)
    for name in updated:
        deployed.completes(FUNCTION_NAME=name)

    assert "another function uses it" in deployed.completes("--delete", "--yes", FUNCTION_NAME="draw")
    assert list(deployed.google.buckets[BUCKET]["objects"]) == [f"{DIGEST}.png"]
    deployed.completes("--delete", "--yes")
    assert BUCKET not in deployed.google.buckets
