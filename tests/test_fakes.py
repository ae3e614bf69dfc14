"""The stand-ins refuse what Discord and Cloud Storage refuse; the function's own tests rest on that."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import google.auth.credentials
import pytest
import requests
from google.api_core.exceptions import PreconditionFailed
from google.cloud import storage
from nacl.signing import VerifyKey

import fakes
from fakes.discord.rules import Interaction
from fakes.web import Request, Response, serving

AGENT = {"User-Agent": "DiscordBot (https://example.org/mando, 1.0)"}
DEFER = {"type": 5}
PICTURE = {"embeds": [{"image": {"url": "https://example.org/a.png", "description": "A mandala"}}]}
PNG = b"\x89PNG\r\n\x1a\n\r\n--not a boundary\r\n\x00\xff"


Send = Callable[..., Interaction]


@dataclass
class Client:
    """A bot that says exactly what a test tells it to."""

    services: fakes.Services

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        how.setdefault("headers", AGENT)
        return requests.request(method, self.services.discord.url + path, timeout=5, **how)

    def create(self, payload: dict[str, Any] | None = None, age: float = 0) -> Interaction:
        return self.services.discord.rules.create(payload or fakes.command(), age=age)

    def callback(self, to: Interaction, body: object = DEFER, query: str = "", **how: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        return self.ask("POST", f"/interactions/{to.id}/{to.token}/callback{query}", json=body, **how)

    def original(self, method: str, of: Interaction, **how: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        return self.ask(method, f"/webhooks/{self.services.app_id}/{of.token}/messages/@original", **how)

    def deferred(self, payload: dict[str, Any] | None = None) -> Interaction:
        interaction = self.create(payload)
        assert self.callback(interaction).status_code == 204
        return interaction

    def shown(self, body: dict[str, Any]) -> Interaction:
        interaction = self.deferred()
        assert self.original("PATCH", interaction, json=body).status_code == 200
        return interaction


@pytest.fixture
def client(services: fakes.Services) -> Client:
    return Client(services)


def refusal(response: requests.Response) -> tuple[int, int]:
    return response.status_code, response.json()["code"]


def paths(response: requests.Response) -> list[str]:
    """Return the dotted path of each fault that a 50035 names."""

    def walk(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
        for name, inner in node.items():
            yield from [".".join(path)] if name == "_errors" else walk(inner, (*path, name))

    assert refusal(response) == (400, 50035)
    return list(walk(response.json()["errors"], ()))


# The first response


def test_callback_is_taken(client: Client) -> None:
    """A deferred callback is answered 204, and the channel shows "thinking…"."""
    interaction = client.deferred()

    assert interaction.message
    assert interaction.message.thinking


def test_with_response(client: Client) -> None:
    """With ?with_response=true the callback is answered 200 and told about."""
    interaction = client.create()

    response = client.callback(interaction, query="?with_response=true")

    assert response.status_code == 200
    assert response.json()["interaction"]["id"] == interaction.id


def test_late_callback_is_refused(client: Client) -> None:
    """After 3 s from the id's time the interaction is unknown: 10062."""
    assert refusal(client.callback(client.create(age=3.01))) == (404, 10062)


def test_second_callback_is_refused(client: Client) -> None:
    """A second callback is told that the first was taken: 40060."""
    assert refusal(client.callback(client.deferred())) == (400, 40060)


@pytest.mark.parametrize("path", ["/interactions/1/abc/callback", "/interactions/{0.id}/abc/callback"])
def test_callback_to_unknown_interaction_is_refused(client: Client, path: str) -> None:
    """An id that was never sent, or the token of another, is unknown: 10062."""
    assert refusal(client.ask("POST", path.format(client.create()), json=DEFER)) == (404, 10062)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "type"),
        ({"type": True}, "type"),
        ({"type": 6}, "type"),
        ({"type": 7, "data": {"content": "a button's alone"}}, "type"),
        ({"type": 5, "data": {"flags": 4}}, "data.flags"),
        ({"type": 5, "data": {"flags": 64 | 4}}, "data.flags"),
        ({"type": 4, "data": {"content": "x" * 2001}}, "data.content"),
        ({"type": 4, "data": {"content": "x", "flags": 128}}, "data.flags"),
    ],
)
def test_malformed_callback_is_refused(client: Client, body: dict[str, Any], path: str) -> None:
    """A field that is missing or out of its limits is named by 50035."""
    assert paths(client.callback(client.create(), body)) == [path]


def test_empty_message_is_refused(client: Client) -> None:
    """A message with neither text nor picture nor button is refused: 50006."""
    assert refusal(client.callback(client.create(), {"type": 4, "data": {"content": ""}})) == (400, 50006)


def test_private_sentence_is_marked(client: Client) -> None:
    """A callback with EPHEMERAL shows at once, to the asker alone."""
    interaction = client.create()

    client.callback(interaction, {"type": 4, "data": {"content": "Not yours.", "flags": 64}})

    assert interaction.done
    assert interaction.message
    assert interaction.message.private
    assert interaction.message.content == "Not yours."


# Edits


def test_edit_ends_thinking(client: Client) -> None:
    """An edit puts the picture into the message."""
    interaction = client.shown(PICTURE)

    assert interaction.message
    assert not interaction.message.thinking
    assert interaction.message.image_url == "https://example.org/a.png"


def test_get_returns_the_message(client: Client) -> None:
    """GET of @original returns what the channel shows."""
    assert client.original("GET", client.shown(PICTURE)).json()["embeds"] == PICTURE["embeds"]


def test_edit_before_callback_is_refused(client: Client) -> None:
    """Before the callback there is no webhook: 10015."""
    assert refusal(client.original("PATCH", client.create(), json=PICTURE)) == (404, 10015)


@pytest.mark.parametrize(
    "path", ["/webhooks/1/{}/messages/@original", "/webhooks/1300000000000000001/a{}/messages/@original"]
)
def test_edit_of_unknown_webhook_is_refused(client: Client, path: str) -> None:
    """Another application's id or an unknown token is no webhook: 10015."""
    assert refusal(client.ask("PATCH", path.format(client.deferred().token), json=PICTURE)) == (404, 10015)


def test_edit_after_fifteen_minutes_is_refused() -> None:
    """After 15 minutes the token is invalid: 401/50027."""
    with fakes.serve() as services:
        client = Client(services)
        interaction = client.deferred()
        services.discord.rules.skip(15 * 60)

        assert refusal(client.original("PATCH", interaction, json=PICTURE)) == (401, 50027)


@pytest.mark.parametrize("method", ["PATCH", "GET", "DELETE"])
def test_deleted_message_is_unknown(client: Client, method: str) -> None:
    """Whatever is asked of a deleted message: 10008."""
    interaction = client.shown(PICTURE)
    assert client.original("DELETE", interaction).status_code == 204

    body = {"json": PICTURE} if method == "PATCH" else {}

    assert refusal(client.original(method, interaction, **body)) == (404, 10008)


def button(**changes: object) -> dict[str, object]:
    return {"type": 2, "style": 2, "label": "Another", "custom_id": "a", **changes}


def row(*buttons: dict[str, object]) -> dict[str, object]:
    return {"type": 1, "components": list(buttons)}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"content": "x", "flags": 64}, "flags"),
        ({"content": "x" * 2001}, "content"),
        ({"content": 5}, "content"),
        ({"embeds": {"title": "x"}}, "embeds"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"title": "x"}, {"description": "x" * 4097}]}, "embeds.1.description"),
        ({"embeds": [{"title": "x", "color": 0x1000000}]}, "embeds.0.color"),
        ({"embeds": [{"image": {"description": "no url"}}]}, "embeds.0.image.url"),
        ({"embeds": [{"image": {"url": "gs://bucket/a.png"}}]}, "embeds.0.image.url"),
        ({"embeds": [{"image": {"url": "https://x.org", "description": "x" * 4097}}]}, "embeds.0.image.description"),
        ({"embeds": [{"image": {"url": "attachment://none.png"}}]}, "embeds.0.image.url"),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
        ({"components": [button()]}, "components.0.components"),
        ({"components": [row()]}, "components.0.components"),
        ({"components": [row(*(button(custom_id=str(i)) for i in range(6)))]}, "components.0.components"),
        ({"components": [row(button(custom_id=str(i))) for i in range(6)]}, "components"),
        ({"components": [row(button(custom_id=""))]}, "components.0.components.0.custom_id"),
        ({"components": [row(button(custom_id="x" * 101))]}, "components.0.components.0.custom_id"),
        ({"components": [row(button(), button())]}, "components.0.components.1.custom_id"),
        ({"components": [row(button()), row(button())]}, "components.1.components.0.custom_id"),
        ({"components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
        ({"components": [row(button(label=""))]}, "components.0.components.0.label"),
        ({"components": [row(button(style=7))]}, "components.0.components.0.style"),
        ({"components": [row(button(style=5))]}, "components.0.components.0.url"),
        ({"components": [row(button(style=5, url=f"https://x.org/{'x' * 500}"))]}, "components.0.components.0.url"),
        ({"content": "x", "attachments": [{"id": "0", "filename": "a.png"}]}, "attachments.0.id"),
        ({"content": "x", "attachments": [{"id": 0, "filename": "a.png"}]}, "attachments.0.id"),
        ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
    ],
)
def test_edit_beyond_a_limit_is_refused(client: Client, body: dict[str, Any], path: str) -> None:
    """A field that is out of its limits is named by 50035, and the message stays as it was."""
    interaction = client.deferred()

    assert path in paths(client.original("PATCH", interaction, json=body))
    assert interaction.message
    assert interaction.message.thinking


def multipart(payload: object, **files: bytes) -> dict[str, Any]:
    parts = {
        f"files[{index}]": (name.replace("_", "."), content) for index, (name, content) in enumerate(files.items())
    }
    return {"files": {"payload_json": (None, json.dumps(payload), "application/json"), **parts}}


def test_attachment_arrives_whole(client: Client) -> None:
    """A picture sent as files[0] is the message's, byte for byte."""
    interaction = client.deferred()
    body = {"embeds": [{"image": {"url": "attachment://a.png"}}], "attachments": [{"id": "0", "filename": "a.png"}]}

    response = client.original("PATCH", interaction, **multipart(body, a_png=PNG))

    assert response.status_code == 200
    assert interaction.message
    assert client.services.picture(interaction.message).data == PNG


@pytest.mark.parametrize("number", ["0", 0])
def test_new_file_takes_the_place_of_another(client: Client, number: object) -> None:
    """What "attachments" lists by a number, or its digits, is the request's file: one that was there before goes."""
    interaction = client.deferred()
    for name in ("a_png", "b_png"):
        body = {"content": name, "attachments": [{"id": number}]}
        assert client.original("PATCH", interaction, **multipart(body, **{name: PNG})).status_code == 200

    assert list(interaction.original.files) == ["b.png"]
    assert bool(interaction.notes) == (number == 0)  # which Discord takes, and its document does not have


def test_file_stays_by_its_own_id(client: Client) -> None:
    """What "attachments" lists by the id that the message gives it stays beside a new one."""
    interaction = client.deferred()
    first = client.original("PATCH", interaction, **multipart({"content": "x"}, a_png=PNG)).json()
    both = {"attachments": [{"id": first["attachments"][0]["id"]}, {"id": "0"}]}

    client.original("PATCH", interaction, **multipart(both, b_png=PNG))

    assert list(interaction.original.files) == ["a.png", "b.png"]


def test_components_stay_alone(client: Client) -> None:
    """A message of components alone (IS_COMPONENTS_V2) is one for ever, whatever other flags an edit brings."""
    interaction, text = client.create(), {"components": [{"type": 10, "content": "x"}]}
    client.callback(interaction, {"type": 4, "data": {**text, "flags": 1 << 15}})

    assert client.original("PATCH", interaction, json={**text, "flags": 4}).status_code == 200


def test_file_under_another_name_is_refused(client: Client) -> None:
    """An embed whose attachment:// names no file of the request is refused."""
    body = {"embeds": [{"image": {"url": "attachment://a.png"}}]}

    response = client.original("PATCH", client.deferred(), **multipart(body, b_png=PNG))

    assert paths(response) == ["embeds.0.image.url"]


# What is not as it should be, and goes through all the same


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"content": "x", "tts": False}, "tts"),
        ({"content": "x", "embed": {}}, "embed"),
        ({"embeds": [{"title": "x", "colour": 1}]}, "embeds.0.colour"),
    ],
)
def test_unknown_field_is_noted(client: Client, body: dict[str, Any], path: str) -> None:
    """Discord goes on without a field that it does not know; that it was there is noted."""
    interaction = client.shown(body)

    (note,) = interaction.notes
    assert note.startswith(f"{path}: ")
    assert not interaction.refusals


def test_content_of_a_defer_is_noted(client: Client) -> None:
    """A deferred message shows nothing yet."""
    interaction = client.create()

    assert client.callback(interaction, {"type": 5, "data": {"content": "thinking"}}).status_code == 204
    assert interaction.notes == ["data.content: A deferred message has no content yet."]


@pytest.mark.parametrize("agent", ["", "python-requests/2.32", "DiscordBot", "DiscordBot (mando, 1)", "Mozilla/5.0"])
def test_odd_user_agent_is_noted(client: Client, agent: str) -> None:
    """Without "DiscordBot (url, version)" Cloudflare may block it."""
    interaction = client.create()

    assert client.callback(interaction, headers={"User-Agent": agent}).status_code == 204
    assert "Cloudflare" in interaction.notes[0]


@pytest.mark.parametrize(("version", "status", "noted"), [("v5", 400, 0), ("v8", 204, 1), ("v9", 204, 0)])
def test_old_versions(client: Client, version: str, status: int, noted: int) -> None:
    """v6 to v8 are taken and noted; what is older is no version any more."""
    interaction = client.create()
    url = client.services.discord.url.replace("v10", version)

    response = requests.post(
        f"{url}/interactions/{interaction.id}/{interaction.token}/callback", json=DEFER, headers=AGENT, timeout=5
    )

    assert (response.status_code, len(interaction.notes)) == (status, noted)


# The client


def test_other_content_type_is_refused(client: Client) -> None:
    """JSON that does not say so is refused."""
    interaction = client.create()

    response = client.ask("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", data='{"type": 5}')

    assert paths(response) == [""]


def test_broken_json_is_refused(client: Client) -> None:
    """What says it is JSON and is not: 50109."""
    interaction = client.create()
    headers = AGENT | {"Content-Type": "application/json"}

    response = client.ask(
        "POST", f"/interactions/{interaction.id}/{interaction.token}/callback", data="{", headers=headers
    )

    assert refusal(response) == (400, 50109)


def test_unknown_route_and_method(client: Client) -> None:
    """What is not played here is 501 with its name, what Discord does not do there 405."""
    unknown = client.ask("GET", "/nothing")

    assert (unknown.status_code, unknown.json()["message"].endswith("GET /api/v10/nothing")) == (501, True)
    assert client.ask("PUT", "/applications/@me").status_code == 405


def test_refusals_are_recorded(client: Client) -> None:
    """Each exchange is recorded with what was refused and why, in order."""
    interaction = client.shown(PICTURE)
    client.original("PATCH", interaction, json={"content": 5})

    kinds = [(each.kind, each.status) for each in interaction.exchanges]

    assert kinds == [("callback", 204), ("edit", 200), ("edit", 400)]
    assert interaction.refusals[0].startswith("400/50035 Invalid Form Body; content:")


# What is sent


App = Callable[[Request], Response | None]


@pytest.fixture
def listen(services: fakes.Services) -> Send:
    """Return a function that sends a /mando to an app of the test's own."""

    def send(app: App, payload: dict[str, Any] | None = None) -> Interaction:
        with serving(app) as server:
            return services.discord.send(server.url, payload)

    return send


def test_signature_is_discords(services: fakes.Services, listen: Send) -> None:
    """The request is signed over its timestamp and its raw body."""
    seen: list[Request] = []

    def keep(request: Request) -> Response:
        seen.append(request)
        return Response(status=400)

    listen(keep)

    (request,) = seen
    signature = bytes.fromhex(request.headers["X-Signature-Ed25519"])
    message = request.headers["X-Signature-Timestamp"].encode() + request.get_data()
    assert VerifyKey(bytes.fromhex(services.public_key)).verify(message, signature) == message


def test_no_answer_is_told_after_three_seconds(listen: Send) -> None:
    """A function that says nothing in 3 s did not respond, and Discord has hung up by then."""

    def too_late(_: Request) -> Response:
        time.sleep(3.2)
        return Response(status=202)

    interaction = listen(too_late)

    assert interaction.failed
    assert interaction.status is None
    assert interaction.elapsed
    assert 2.9 < interaction.elapsed < 3.1


def test_refusal_is_told_at_once(listen: Send) -> None:
    """A function that answers 500 did not respond, and nobody waits for 3 s."""
    interaction = listen(lambda _: Response(status=500))

    assert interaction.failed
    assert interaction.elapsed
    assert interaction.elapsed < 1


def test_callback_may_follow_the_answer(services: fakes.Services, listen: Send) -> None:
    """A function that accepts at once, and calls back within the 3 s, has responded."""

    def accept(request: Request) -> Response:
        told = request.get_json()
        later = services.discord.rules.callback
        threading.Timer(0.2, later, (told["id"], told["token"], DEFER)).start()
        return Response(status=202)

    interaction = listen(accept)

    assert (interaction.failed, interaction.refusals, len(interaction.callbacks)) == (False, [], 1)


@pytest.mark.parametrize(("where", "asked"), [("/api?code=1", "/api?code=1"), ("?code=1", "/?code=1")])
def test_endpoint_keeps_its_query(services: fakes.Services, where: str, asked: str) -> None:
    """What stands behind the ? of an endpoint is sent with it, also of one without a path."""
    seen: list[str] = []

    def keep(request: Request) -> Response:
        seen.append(request.full_path)
        return Response(status=401)

    with serving(keep) as server:
        services.discord.send(f"{server.url}{where}")

    assert seen == [asked]


def test_odd_message_of_a_payload_is_sent(listen: Send) -> None:
    """A payload whose message has no id that could be one is delivered like any other."""
    assert listen(lambda _: Response(status=400), {"type": 3, "message": {"id": []}}).status == 400


@pytest.mark.parametrize(
    ("answer", "where"),
    [(Response(status=204), "notes"), (Response(b"ok", 202), "notes"), (Response(status=500), "refusals")],
)
def test_answer_after_callback_is_judged(services: fakes.Services, listen: Send, answer: Response, where: str) -> None:
    """After a callback a success other than 202 without a body is noted, a failure objected to; the message stands."""

    def act(request: Request) -> Response:
        told = request.get_json()
        services.discord.rules.callback(told["id"], told["token"], DEFER)
        return answer

    interaction = listen(act)

    assert not interaction.failed
    assert "202 without a body" in getattr(interaction, where)[0]


def test_inline_response_is_taken(listen: Send) -> None:
    """A callback may stand in the answer itself."""
    body = json.dumps({"type": 4, "data": {"content": "hello"}}).encode()

    interaction = listen(lambda _: Response(body, 200, {"Content-Type": "application/json"}))

    assert interaction.message
    assert interaction.message.content == "hello"


def test_direct_message_has_user_and_guild_has_member() -> None:
    """In a DM the payload has user, in a server member."""
    assert "member" not in fakes.command(dm=True)
    assert fakes.command(dm=True, user="benoit")["user"]["username"] == "benoit"
    assert "user" not in fakes.command()
    assert fakes.command(user="benoit")["member"]["user"]["username"] == "benoit"


def test_option_types_are_discords() -> None:
    """Options travel with Discord's types: 3 text, 4 integer, 5 boolean."""
    options = fakes.command({"seed": "tea", "rings": 7, "private": True})["data"]["options"]

    assert [(each["name"], each["type"]) for each in options] == [("seed", 3), ("rings", 4), ("private", 5)]


# The tools' routes


def bot(services: fakes.Services) -> dict[str, str]:
    return AGENT | {"Authorization": f"Bot {services.discord.api.bot_token}"}


OPTION = {"type": 3, "name": "seed", "description": "Words"}
SUBCOMMAND = {"type": 1, "name": "sub", "description": "x"}
COMMAND = {"name": "mando", "description": "Draw", "options": [OPTION]}


def add(client: Client, command: dict[str, Any], where: str = "") -> requests.Response:
    path = f"/applications/{client.services.app_id}{where}/commands"
    return client.ask("POST", path, json=command, headers=bot(client.services))


def test_commands_are_added_listed_and_deleted(client: Client) -> None:
    """One of each name and type, in its own scope alone: the same again keeps its id, and is gone once deleted."""
    path, headers = f"/applications/{client.services.app_id}/commands", bot(client.services)
    first, again = add(client, COMMAND), add(client, COMMAND | {"description": "Draw one"})
    other, elsewhere = add(client, {"type": 3, "name": "mando"}), add(client, COMMAND, "/guilds/5")

    assert [each.status_code for each in (first, again, other, elsewhere)] == [201, 200, 201, 201]
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]
    assert client.ask("GET", path, headers=headers).json() == [again.json(), other.json()]
    deletion = f"{path}/{other.json()['id']}"
    assert [client.ask("DELETE", deletion, headers=headers).status_code for _ in range(2)] == [204, 404]
    assert client.ask("GET", path, headers=headers).json() == [again.json()]


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
def test_commands_are_limited(client: Client, kind: int, most: int) -> None:
    """An application has so many commands of each type, and no more."""
    description = {"description": "Draw"} if kind == 1 else {}
    made = [add(client, {"type": kind, "name": f"c{number}", **description}) for number in range(most + 1)]

    assert [each.status_code for each in made] == [201] * most + [400]
    assert made[-1].json()["code"] == 30032


@pytest.mark.parametrize("token", [{}, {"Authorization": "Bot wrong"}])
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", "/1")])
def test_wrong_bot_token_is_refused(client: Client, method: str, path: str, token: dict[str, str]) -> None:
    """Without the bot's token: 401."""
    path = f"/applications/{client.services.app_id}/commands{path}"

    assert client.ask(method, path, json=COMMAND, headers=AGENT | token).status_code == 401


def test_another_application_is_refused(client: Client) -> None:
    """A bot's token is good for its own application alone."""
    response = client.ask("POST", "/applications/1/commands", json=COMMAND, headers=bot(client.services))

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": "man do"}, "name"),
        ({"name": "Mando"}, "name"),
        ({"description": ""}, "description"),
        ({"description": "x" * 101}, "description"),
        ({"description_localizations": {"xx-yy": "x"}}, "description_localizations.xx-yy"),
        ({"contexts": [3]}, "contexts.0"),
        ({"options": [OPTION, OPTION]}, "options"),
        ({"options": [OPTION, OPTION | {"name": "needed", "required": True}]}, "options"),
        ({"options": [{"type": 3, "name": "a"}]}, "options.0.description"),
        ({"options": [{**SUBCOMMAND, "options": [OPTION | {"name": "No"}]}]}, "options.0.options.0.name"),
        ({"options": [{**SUBCOMMAND, "options": [OPTION, OPTION]}]}, "options.0.options"),
        (
            {"options": [{"type": 3, "name": "a", "description": "x", "choices": [{"name": "x", "value": "x"}] * 26}]},
            "options.0.choices",
        ),
        ({"type": 2}, "description"),
        ({"type": 3}, "options"),
        ({"type": 4}, "type"),
    ],
)
def test_malformed_command_is_refused(client: Client, changes: dict[str, Any], path: str) -> None:
    """A definition out of Discord's limits is named by 50035."""
    assert path in paths(add(client, COMMAND | changes))


def set_endpoint(client: Client, app: App) -> requests.Response:
    with serving(app) as server:
        body = {"interactions_endpoint_url": server.url}
        return client.ask("PATCH", "/applications/@me", json=body, headers=bot(client.services))


def test_endpoint_that_lets_anything_through_is_refused(client: Client) -> None:
    """An endpoint that answers PONG to a wrong signature is not taken."""
    pong = Response(b'{"type": 1}', 200, {"Content-Type": "application/json"})

    assert paths(set_endpoint(client, lambda _: pong)) == ["interactions_endpoint_url"]


def test_endpoint_that_verifies_is_set(client: Client) -> None:
    """An endpoint that answers PONG, and 401 to a wrong signature, is taken."""
    key = VerifyKey(bytes.fromhex(client.services.public_key))

    def verify(request: Request) -> Response:
        try:
            signature = bytes.fromhex(request.headers["X-Signature-Ed25519"])
            key.verify(request.headers["X-Signature-Timestamp"].encode() + request.get_data(), signature)
        except ValueError:
            return Response(status=401)
        except Exception:  # noqa: BLE001 - nacl's BadSignatureError
            return Response(status=401)
        return Response(b'{"type": 1}', 200, {"Content-Type": "application/json"})

    response = set_endpoint(client, verify)

    assert response.status_code == 200
    assert response.json()["interactions_endpoint_url"] == client.services.discord.api.endpoint


# The bucket


@pytest.fixture
def bucket(services: fakes.Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[storage.Bucket]:
    """The bucket through the unmodified client."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", services.bucket.url)
    credentials = google.auth.credentials.AnonymousCredentials()  # type: ignore[no-untyped-call]  # Google's
    with storage.Client("local", credentials) as client:
        yield client.bucket(services.bucket.name)


def test_upload_is_public(bucket: storage.Bucket) -> None:
    """An object is served to anybody at its public URL, with its own headers."""
    blob = bucket.blob("public.png")
    blob.cache_control = "public, immutable"
    blob.upload_from_string(PNG, content_type="image/png", if_generation_match=0)

    response = requests.get(blob.public_url, timeout=5)

    assert response.content == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, immutable"


def test_second_creation_fails_the_precondition(bucket: storage.Bucket) -> None:
    """if_generation_match=0 creates once, and is refused with 412 after that."""
    bucket.blob("once").upload_from_string(b"first", if_generation_match=0)

    with pytest.raises(PreconditionFailed):
        bucket.blob("once").upload_from_string(b"second", if_generation_match=0)

    assert bucket.blob("once").download_as_bytes() == b"first"


def test_resumable_upload(bucket: storage.Bucket) -> None:
    """A stream, which the client uploads in resumable fashion, arrives too."""
    with bucket.blob("stream").open("wb", ignore_flush=True) as stream:
        stream.write(PNG)

    assert bucket.blob("stream").download_as_bytes() == PNG


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/storage/v1/b/{bucket}/o", 401),
        ("/storage/v1/b/other/o", 404),
        ("/{bucket}/none.png", 404),
        ("/other/none.png", 404),
        ("/", 403),
    ],
)
def test_public_may_read_but_not_list(services: fakes.Services, path: str, status: int) -> None:
    """Listing needs a permission that the public has not, and what is not there is not found."""
    url = services.bucket.url + path.format(bucket=services.bucket.name)

    assert requests.get(url, timeout=5).status_code == status


def test_resumable_upload_is_over_once(services: fakes.Services) -> None:
    """A second PUT to it, and one to an upload that nobody began, is told that there is none."""
    url = f"{services.bucket.url}/resumable/upload/storage/v1/b/{services.bucket.name}/o?uploadType=resumable"
    session = requests.post(f"{url}&name=once.png", timeout=5).headers["Location"]

    answers = [requests.put(each, PNG, timeout=5).status_code for each in (session, session, url)]

    assert answers == [200, 404, 404]


def test_public_may_not_write(services: fakes.Services) -> None:
    """A PUT to the public URL is refused."""
    assert requests.put(f"{services.bucket.url}/{services.bucket.name}/a", b"x", timeout=5).status_code == 401


# Faults


def edit(client: Client, interaction: Interaction, seconds: float = 5) -> requests.Response:
    return requests.patch(
        f"{client.services.discord.url}/webhooks/{client.services.app_id}/{interaction.token}/messages/@original",
        json=PICTURE,
        headers=AGENT,
        timeout=seconds,
    )


def test_faults_in_a_list_are_counted(client: Client) -> None:
    """A list of faults is played once, in its order; the list itself stays as it is, for the next who plays it."""
    interaction = client.deferred()
    client.services.faults.edit = order = ["500", "404", "429 1.5", "429-bare"]

    answers = [edit(client, interaction) for _ in range(5)]

    assert (client.services.faults.edit, len(order)) == ([], 4)
    assert [each.status_code for each in answers] == [500, 404, 429, 429, 200]
    assert answers[1].json()["code"] == 10015
    assert (answers[2].headers["Retry-After"], answers[2].json()["retry_after"]) == ("1.5", 1.5)
    assert "Retry-After" not in answers[3].headers
    assert answers[3].headers["Content-Type"] == "text/html"


def test_single_fault_stands(client: Client) -> None:
    """A fault by itself stands until it is taken away."""
    interaction = client.deferred()
    client.services.faults.discord = "503"

    assert [edit(client, interaction).status_code for _ in range(3)] == [503] * 3

    client.services.faults.discord = None
    assert edit(client, interaction).status_code == 200


def test_connection_breaks_before(client: Client) -> None:
    """The fault "break" leaves nothing done."""
    interaction = client.create()
    client.services.faults.callback = ["break"]

    with pytest.raises(requests.ConnectionError):
        client.callback(interaction)

    assert not interaction.callbacks


def test_connection_breaks_after(client: Client) -> None:
    """The fault "lose" does it and loses the answer: the retry is told 40060."""
    interaction = client.create()
    client.services.faults.callback = ["lose"]

    with pytest.raises(requests.ConnectionError):
        client.callback(interaction)

    assert refusal(client.callback(interaction)) == (400, 40060)


@pytest.mark.parametrize("fault", ["hang", "slow 1"])
def test_answer_takes_longer_than_anybody_waits(client: Client, fault: str) -> None:
    """The faults "hang" and "slow" outlast a client's timeout."""
    client.services.faults.edit = [fault]

    with pytest.raises(requests.Timeout):
        edit(client, client.deferred(), seconds=0.2)


def test_drip_defeats_a_timeout_between_bytes(services: fakes.Services) -> None:
    """The fault "drip" keeps the bytes coming, so that a read timeout does not end it."""
    services.faults.bucket = ["drip 1"]
    started = time.monotonic()

    requests.get(f"{services.bucket.url}/none/none", timeout=0.5)

    assert time.monotonic() - started > 0.7


def test_latency(client: Client) -> None:
    """Every answer of Discord's takes the latency that is set."""
    client.services.faults.discord_latency = 0.15
    started = time.monotonic()

    client.callback(client.create())

    assert time.monotonic() - started > 0.15


def test_duplicate_delivery(services: fakes.Services, listen: Send) -> None:
    """The fault "duplicate" delivers the same bytes twice."""
    bodies: list[bytes] = []
    services.faults.delivery = ["duplicate"]

    def keep(request: Request) -> Response:
        bodies.append(request.get_data())
        return Response(status=400)

    listen(keep)

    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_late_delivery(services: fakes.Services, listen: Send) -> None:
    """The fault "late" delivers an interaction that is already that old."""
    services.faults.delivery = ["late 3.5"]

    interaction = listen(lambda _: Response(status=202))

    assert interaction.failed
    assert services.discord.rules.now() - interaction.created > 3.5


def test_unknown_fault_is_refused(services: fakes.Services) -> None:
    """A fault that nobody plays is an error, not silence."""
    services.faults.edit = ["explode"]

    with pytest.raises(ValueError, match="explode"):
        services.faults.take("edit")


def test_thirty_at_once(client: Client) -> None:
    """Thirty clients are served at once, not one after the other."""
    interactions = [client.create() for _ in range(30)]
    client.services.faults.discord_latency = 0.3
    threads = [threading.Thread(target=client.callback, args=(each,)) for each in interactions]
    started = time.monotonic()

    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert time.monotonic() - started < 2
    assert all(each.callbacks for each in interactions)
