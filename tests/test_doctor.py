"""tools.doctor against the function, against what is not quite one, and with the real gcloud against a stand-in."""

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloud as clouds
import pytest
from cloud import BUCKET, PROJECT, Cloud
from function import Function
from google_apis import Google

from command import DEFINITION
from fakes import Services
from fakes.web import Request, Response, json_response, serving
from tools import doctor, register
from tools.checks import bucket
from tools.checks.registration import differences

ROOT = Path(__file__).resolve().parent.parent
MANDO = clouds.function()
UNAUTHORIZED = Response(b"invalid request signature", 401)
Examine = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def environ(services: Services, function: Function, tmp_path: Path) -> dict[str, str]:
    """Everything as it should be: registered, endpoint set."""
    values = services.environ | {"DISCORD_BOT_TOKEN": services.discord.api.bot_token, "XDG_STATE_HOME": str(tmp_path)}
    register.main(["--endpoint", function.url], values)
    return values


@pytest.fixture
def examine(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Run the doctor; return its exit code and lines. There is no gcloud, or it would ask for the real cloud."""
    monkeypatch.setenv("PATH", "/nowhere")

    def run(environ: dict[str, str], *arguments: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = doctor.main(arguments, environ)
        return status, capsys.readouterr().out.splitlines()

    return run


def wrong(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("✗ ")]


def test_healthy_bot(services: Services, function: Function, environ: dict[str, str], examine: Examine) -> None:
    """With all settings, a key to sign with and a picture, all but the cloud can be checked, and is right."""
    services.discord.send(function.url).wait()
    picture = next(iter(services.bucket.objects))
    key = services.discord.sender.key.encode().hex()
    status, lines = examine(environ, function.url, "--private-key", key, "--picture", picture)

    assert status == 0
    assert [line for line in lines if not line.startswith("✓ ")] == [
        "- The function is deployed: needs GOOGLE_CLOUD_PROJECT"
    ]
    assert len(lines) == 22


def test_what_cannot_be_checked_is_said(function: Function, examine: Examine) -> None:
    """Without key, token, gcloud and bucket, it checks what anybody can, says what it left out, and finds no fault."""
    status, lines = examine({"GOOGLE_CLOUD_PROJECT": "some-project"}, function.url)

    assert status == 0
    assert [line for line in lines if line.startswith("- ")] == [
        '- PING: only Discord can sign one: it does when the endpoint is set (make register ARGS="--endpoint URL")',
        "- What Discord knows: needs DISCORD_APP_ID and DISCORD_BOT_TOKEN",
        "- The function is deployed: gcloud is not installed: https://cloud.google.com/sdk/docs/install",
        "- The bucket: needs BUCKET_NAME, or gcloud",
    ]


def test_address_is_found_at_discord(function: Function, environ: dict[str, str], examine: Examine) -> None:
    """Without an argument and without gcloud, the address is the one that Discord sends interactions to."""
    status, lines = examine(environ)

    assert status == 0
    assert lines[0] == f"✓ Its address: {function.url.rstrip('/')} (Discord says)"


def test_no_address_is_told(services: Services, environ: dict[str, str], examine: Examine) -> None:
    """When nobody knows an address, that is the fault."""
    services.discord.api.endpoint = None
    status, lines = examine(environ)

    assert status == 1
    assert wrong(lines) == [
        "✗ Its address: none; neither gcloud nor Discord knows it; cure: give the address, or ./deploy.sh"
    ]


def test_for_machines(environ: dict[str, str], examine: Examine) -> None:
    """--json prints one object: what was found, and whether all of it is right."""
    status, lines = examine(environ | {"DISCORD_PUBLIC_KEY": "00" * 32}, "--json")
    told = json.loads("".join(lines))

    assert (status, told["healthy"]) == (1, False)
    (fault,) = [each for each in told["findings"] if each["right"] is False]
    assert fault["what"] == "The public key is the application's"
    assert fault["cure"] == "set DISCORD_PUBLIC_KEY to it, ./deploy.sh"
    assert {each["cure"] for each in told["findings"] if each["right"]} == {""}


# --- the endpoint


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (Response(b'{"type":1}', 200), "Verify X-Signature-Ed25519"),
        (Response(b"<html>Welcome!", 200, {"Content-Type": "text/html"}), "does this network ask to log in first"),
        (Response(status=400), "Verify X-Signature-Ed25519"),
        (
            Response(status=302, headers={"Location": "https://example.test/there"}),
            "use the address that it leads to, https://ex",
        ),
        (Response(status=403), "nobody may invoke it"),
        (Response(status=404), "nothing has this path"),
        (Response(status=429), "no instance is free"),
        (Response(status=500), "the function crashed"),
        (Response(status=502), "is it running"),
        (Response(status=503), "no instance starts"),
        (Response(status=530), "the tunnel is closed"),
        (None, "is this network in order?"),
    ],
)
def test_each_wrong_answer_has_its_cure(answer: Response | None, cure: str, examine: Examine) -> None:
    """Whatever is not answered 401 is a finding, with the cure for that very answer."""
    with serving(lambda _: answer) as server:
        status, lines = examine({}, server.url)

    assert status == 1
    assert cure in wrong(lines)[0].partition("; cure: ")[2]


def test_what_does_not_come_from_the_function_is_told_once(examine: Examine) -> None:
    """One answer of what stands before the function is enough: the checks that need the function are left out."""
    with serving(lambda _: Response(status=503)) as server:
        _, lines = examine({}, server.url)

    assert len(wrong(lines)) == 1


def test_forgery_that_gets_through(examine: Examine) -> None:
    """An endpoint that stumbles over one forgery alone is found out."""

    def answer(request: Request) -> Response:
        return Response(status=200) if request.headers.get("X-Signature-Ed25519", "").startswith("z") else UNAUTHORIZED

    with serving(answer) as server:
        _, lines = examine({}, server.url)

    assert [line.partition(":")[0] for line in wrong(lines)] == ["✗ Signature is not hex"]


def test_server_that_goes_away_in_the_middle(examine: Examine) -> None:
    """A server that breaks off after a while is a finding, and no traceback."""
    asked: list[Request] = []

    def answer(request: Request) -> Response | None:
        asked.append(request)
        return UNAUTHORIZED if len(asked) < 13 else None

    with serving(answer) as server:
        status, lines = examine({}, server.url)

    assert status == 1
    assert wrong(lines)[0].startswith("✗ Answers come within 3 s: the connection to 127.0.0.1")


def test_late_refusal_is_no_refusal(examine: Examine) -> None:
    """Discord waits for 3 s, and so does the doctor."""
    late = iter([3.1])

    def answer(_: Request) -> Response:
        time.sleep(next(late, 0))
        return UNAUTHORIZED

    with serving(answer) as server:
        status, lines = examine({}, server.url)

    assert status == 1
    assert [line.partition(":")[0] for line in wrong(lines)] == ["✗ No signature", "✗ Answers come within 3 s"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:9/", "nobody listens at 127.0.0.1:9; cure: is the port right"),
        ("https://nowhere.invalid/mando", "nobody knows the name nowhere.invalid; cure: is it spelt right"),
    ],
)
def test_nobody_answers(url: str, told: str, examine: Examine) -> None:
    """An address that nobody answers at is told once, with the cure for the reason."""
    status, lines = examine({}, url)

    assert status == 1
    assert len(wrong(lines)) == 1
    assert told in wrong(lines)[0]


def test_wrong_key_for_the_ping(function: Function, examine: Examine) -> None:
    """A PING that is refused is a finding."""
    _, lines = examine({}, function.url, "--private-key", "11" * 32)

    assert wrong(lines)[0].startswith('✗ PING: 401, not 200 {"type":1},')


@pytest.mark.parametrize(
    "arguments", [["--private-key", "zz"], ["--private-key", "11"], ["ftp://x"], ["x.test"], ["--js"]]
)
def test_wrong_argument_is_refused(arguments: list[str]) -> None:
    """What is no key, or no address, is told before anything is asked."""
    with pytest.raises(SystemExit, match="2"):
        doctor.main(arguments, {})


# --- what Discord knows


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda api: api.commands[None][0]["options"][1].update(max_value=12),
            "differs from this version's in options[1].max_value",
        ),
        (lambda api: api.commands[None].pop(0), "not everywhere"),
    ],
)
def test_registration_that_is_wrong(
    services: Services, environ: dict[str, str], change: Callable[[Any], None], told: str, examine: Examine
) -> None:
    """A command that is not this version's is told, with what differs."""
    change(services.discord.api)

    status, lines = examine(environ)

    assert status == 1
    assert wrong(lines) == [f"✗ /mando is registered: {told}; cure: make register"]


def test_endpoint_that_is_set_elsewhere(
    services: Services, function: Function, environ: dict[str, str], examine: Examine
) -> None:
    """Interactions that go elsewhere are told, with how to have them here."""
    services.discord.api.endpoint = "https://example.test/old"
    _, lines = examine(environ, function.url)

    assert 'https://example.test/old; cure: make register ARGS="--endpoint ' in wrong(lines)[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"DISCORD_BOT_TOKEN": "wrong.token"}, "Discord does not know this token"),
        ({"DISCORD_BOT_TOKEN": "Bot x"}, "DISCORD_BOT_TOKEN must be the token"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9"}, "Discord cannot be reached: nobody listens"),
    ],
)
def test_discord_that_tells_nothing(
    function: Function, environ: dict[str, str], change: dict[str, str], told: str, examine: Examine
) -> None:
    """What keeps Discord from telling is a finding, and the token is not printed."""
    status, lines = examine(environ | change, function.url)

    assert status == 1
    assert told in "".join(lines)
    assert "wrong.token" not in "".join(lines)


def test_login_page_instead_of_discord(function: Function, environ: dict[str, str], examine: Examine) -> None:
    """A network that answers with a page of its own is told as that."""
    with serving(lambda _: Response(b"<html>Welcome!", 200, {"Content-Type": "text/html"})) as hotel:
        _, lines = examine(environ | {"DISCORD_API_URL": hotel.url}, function.url)

    assert "is not Discord (200, text/html): does this network ask to log in first" in wrong(lines)[0]


def test_what_discord_adds_is_no_difference() -> None:
    """Discord's own fields, like the command's id, are not compared."""
    assert list(differences(DEFINITION, DEFINITION | {"id": "1", "nsfw": False})) == []


# --- the bucket


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (json_response(200, {"items": []}), "✗ Nobody can list the pictures: 200"),
        (Response(status=404), "✗ There is a bucket"),
        (Response(status=403), "✗ Anybody can see a picture: 403"),
        (None, "✗ The bucket answers: the connection"),
    ],
)
def test_bucket_that_is_not_right(answer: Response | None, told: str) -> None:
    """A bucket that anybody can list, nobody can read, or that is not there, is a finding."""
    with serving(lambda _: answer) as server:
        lines = [str(finding) for finding in bucket.check("bucket", "a.png", server.url)]

    assert wrong(lines)[0].startswith(told)


# --- the cloud, with the real gcloud


@pytest.fixture
def google(deployed: Cloud, environ: dict[str, str], function: Function) -> Google:
    """A Google to which deploy.sh has deployed this function, and somebody another one of its name."""
    google = deployed.google
    google.functions[MANDO]["url"] = function.url.rstrip("/")
    stranger = MANDO.replace("europe-west1", "asia-east1")
    google.functions[stranger] = {"name": stranger, "environment": "GEN_2"}
    google.buckets[BUCKET]["objects"]["a.png"] = b"\x89PNG"
    environ |= deployed.environ
    environ |= {"GOOGLE_CLOUD_PROJECT": PROJECT, "no_proxy": "127.0.0.1", "STORAGE_EMULATOR_HOST": ""}
    return google


def in_the_cloud(environ: dict[str, str], *arguments: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-m", "tools.doctor", *arguments]
    result = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    assert not result.stderr
    return result.returncode, result.stdout.splitlines()


@pytest.mark.usefixtures("google")
def test_healthy_deployment(environ: dict[str, str]) -> None:
    """With gcloud no argument is needed: it tells the address, the bucket, a picture, and what costs money."""
    status, lines = in_the_cloud(environ)

    assert status == 0, lines
    assert lines[0].endswith("(gcloud says)")
    assert "✓ Anybody can see a picture: 200 image/png, 0 kB" in lines
    assert [line.partition(":")[0] for line in lines if line.startswith("- ")] == ["- PING"]


def test_deployment_that_is_all_wrong(google: Google, environ: dict[str, str]) -> None:
    """A function that crashes shows its log; whatever costs money or is not what would be deployed is a finding."""
    other = MANDO.replace("europe-west1", "us-east1")
    google.functions[other] = google.functions[MANDO] | {"name": other, "state": "FAILED"}
    google.functions[MANDO]["serviceConfig"]["minInstanceCount"] = 2
    google.functions[MANDO]["state"] = "FAILED"
    google.runtimes["python312"] = "DEPRECATED"
    google.budgets.clear()
    google.buckets[BUCKET]["policy"]["bindings"] = [{"role": "roles/storage.objectViewer", "members": ["allUsers"]}]
    google.services[f"{PROJECT}/mando"]["spec"]["template"]["metadata"]["annotations"].clear()
    sources = next(each for name, each in google.buckets.items() if name.startswith("gcf-v2-sources"))
    with zipfile.ZipFile(older := io.BytesIO(), "w") as archive:
        archive.writestr("main.py", b"older")
    sources["objects"]["mando/function-source.zip"] = older.getvalue()
    google.log = [{"textPayload": "SettingsError: BUCKET_NAME"}, {"jsonPayload": {"message": "older"}}]
    with serving(lambda _: Response(status=503)) as server:
        google.functions[MANDO]["url"] = server.url
        status, lines = in_the_cloud(environ | {"MAX_INSTANCES": "9", "REGION": "europe-west1"})

    assert status == 1
    assert lines[2:5] == ["- Its log: the last of it", "    older", "    SettingsError: BUCKET_NAME"]
    assert [line.partition(":")[0][2:] for line in wrong(lines)] == [
        "No signature",
        "Interactions are sent to this address",
        "The function is deployed",
        "There is no second one",
        "MIN_INSTANCES is as it should be",
        "MAX_INSTANCES is as it should be",
        "The CPU after the answer is as BILLING says",
        "The runtime is supported",
        "The deployed code is this code",
        "A budget warns",
        "Nobody can list the pictures",
    ]
    assert f"gcloud functions delete mando --region=us-east1 --project={PROJECT}" in "".join(lines)


@pytest.mark.usefixtures("google")
def test_gcloud_without_login(environ: dict[str, str]) -> None:
    """A gcloud that is not logged in tells nothing, and that is no fault of the bot's."""
    environ["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"] = ""
    status, lines = in_the_cloud(environ | {"BUCKET_NAME": ""})

    assert status == 0, lines
    assert "- The function is deployed: gcloud is not logged in: gcloud auth login" in lines
