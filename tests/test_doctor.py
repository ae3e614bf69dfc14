"""tools.doctor against the function, and against what is not quite one."""

import time
from collections.abc import Callable

import pytest
from function import Function

from command import DEFINITION
from fakes import Services
from fakes.web import Request, Response, json_response, serving
from tools import doctor, register

UNAUTHORIZED = Response(b"invalid request signature", 401)


@pytest.fixture
def environ(services: Services, function: Function, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Everything as it should be: registered, endpoint set, a picture in the bucket."""
    monkeypatch.setenv("PATH", "/nowhere")  # no gcloud: it would ask for the real bucket
    token = services.discord.api.bot_token
    values = services.environ | {"DISCORD_BOT_TOKEN": token}
    register.main(["--endpoint", function.url], values)
    return values


def examine(arguments: list[str], environ: dict[str, str]) -> tuple[int, list[str]]:
    lines: list[str] = []
    return doctor.main(arguments, environ, lines.append), lines


def test_healthy_bot(services: Services, function: Function, environ: dict[str, str]) -> None:
    """With all settings, a key to sign with and a picture, everything can be checked and is right."""
    services.discord.send(function.url).wait()
    picture = next(iter(services.bucket.objects))
    key = services.discord.sender.key.encode().hex()
    status, lines = examine([function.url, "--private-key", key, "--picture", picture], environ)

    assert status == 0
    assert len(lines) == 14
    assert all(line.startswith("✓ ") for line in lines), lines


def test_what_cannot_be_checked_is_said(function: Function) -> None:
    """Without key, token and bucket, it checks what anybody can, and says what it left out."""
    status, lines = examine([function.url], {})

    assert status == 0
    assert [line.split(":")[0] for line in lines if line.startswith("- ")] == [
        "- answers a PING",
        "- what Discord knows",
        "- the bucket",
    ]


def test_latency_is_told_cold_and_warm(function: Function) -> None:
    """The first answer and the later ones are told in milliseconds."""
    _, lines = examine([function.url], {})

    (line,) = [line for line in lines if "answers in time" in line]
    assert "first " in line
    assert " ms, of 3 s" in line


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (lambda _: Response(b'{"type":1}', 200), "refuses a stranger's signature"),
        (lambda _: Response(status=500), "refuses no signature"),
        (lambda _: Response(status=302, headers={"Location": "https://example.test"}), "refuses no signature"),
        (
            lambda request: (
                Response(status=500) if "z" in request.headers.get("X-Signature-Ed25519", "") else UNAUTHORIZED
            ),
            "no hex",
        ),
    ],
)
def test_endpoint_that_lets_anybody_in(answer: Callable[[Request], Response], wrong: str) -> None:
    """Whatever is not answered 401 is a finding, with its cure."""
    with serving(answer) as server:
        status, lines = examine([server.url], {})

    assert status == 1
    assert [line for line in lines if line.startswith("✗ ") and wrong in line and "; cure: " in line]


def test_late_refusal_is_no_refusal() -> None:
    """Discord waits for 3 s, and so does the doctor."""

    def late(_: Request) -> Response:
        time.sleep(0.02)
        return UNAUTHORIZED

    with pytest.MonkeyPatch.context() as patch, serving(late) as server:
        patch.setattr(doctor, "PATIENCE", 0.01)
        status, lines = examine([server.url], {})

    assert status == 1
    assert all("401 in " in line for line in lines if line.startswith("✗ refuses"))


def test_nobody_listens() -> None:
    """An address where nobody listens is told once."""
    status, lines = examine(["http://127.0.0.1:9/"], {})

    assert status == 1
    assert len([line for line in lines if line.startswith("✗ ")]) == 1


def test_wrong_key_for_the_ping(function: Function) -> None:
    """A PING that is refused is a finding."""
    status, lines = examine([function.url, "--private-key", "11" * 32], {})

    assert status == 1
    assert any(line.startswith("✗ answers a PING: 401") for line in lines)


def test_command_that_differs_is_named(services: Services, function: Function, environ: dict[str, str]) -> None:
    """A registered command that is older than the code is told, with what differs."""
    services.discord.api.commands[None][0]["options"][1]["max_value"] = 12
    status, lines = examine([function.url], environ)

    assert status == 1
    assert "✗ /mando is registered: differs in options[1].max_value; cure: python -m tools.register" in lines


def test_command_that_is_not_registered(services: Services, function: Function, environ: dict[str, str]) -> None:
    """No command is told as such."""
    services.discord.api.commands[None] = []
    _, lines = examine([function.url], environ)

    assert "✗ /mando is registered: not registered everywhere; cure: python -m tools.register" in lines


def test_endpoint_that_is_set_elsewhere(services: Services, function: Function, environ: dict[str, str]) -> None:
    """Interactions that go elsewhere are told, with how to have them here."""
    services.discord.api.endpoint = "https://example.test/old"
    _, lines = examine([function.url], environ)

    assert any("https://example.test/old; cure: python -m tools.register --endpoint" in line for line in lines)


def test_public_key_of_another(function: Function, environ: dict[str, str]) -> None:
    """A public key that is not the application's is told."""
    status, lines = examine([function.url], environ | {"DISCORD_PUBLIC_KEY": "00" * 32})

    assert status == 1
    assert any(line.startswith("✗ the public key is the application's") for line in lines)


def test_wrong_token(function: Function, environ: dict[str, str]) -> None:
    """A token that Discord does not know is a finding, and is not printed."""
    status, lines = examine([function.url], environ | {"DISCORD_BOT_TOKEN": "wrong.token"})

    assert status == 1
    assert any(line.startswith("✗ what Discord knows") for line in lines)
    assert "wrong.token" not in "".join(lines)


@pytest.mark.parametrize(
    ("listing", "wrong"),
    [
        (json_response(200, {"items": []}), "✗ nobody can list the pictures"),
        (Response(status=404), "✗ there is a bucket"),
    ],
)
def test_bucket_that_is_not_right(listing: Response, wrong: str) -> None:
    """A bucket that anybody can list, or that is not there, is a finding."""
    with serving(lambda _: listing) as server:
        lines = [str(finding) for finding in doctor.public_bucket("bucket", "", server.url)]

    assert lines[0].startswith(wrong)


def test_picture_that_nobody_sees() -> None:
    """A picture that cannot be fetched anonymously is a finding."""
    with serving(lambda _: Response(status=403)) as server:
        lines = [str(finding) for finding in doctor.public_bucket("bucket", "a.png", server.url)]

    assert lines[1].startswith("✗ anybody can see a picture: 403")


def test_what_discord_adds_is_no_difference() -> None:
    """Discord's own fields, like the command's id, are not compared."""
    assert list(doctor.differences(DEFINITION, DEFINITION | {"id": "1", "nsfw": False})) == []
