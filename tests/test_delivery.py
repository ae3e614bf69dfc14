"""The way of a /mando, from the signed request to the picture in its message, when all is well."""

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from function import Function, line_of, running
from PIL import Image

from fakes import Services, command
from fakes.discord.payloads import ASKER, CHANNEL, GUILD, USERS
from fakes.discord.rules import Interaction

PICTURE = (1024, 1024)


def kinds(sent: Interaction) -> list[str]:
    return [exchange.kind for exchange in sent.exchanges]


Mando = Callable[..., Interaction]


@pytest.fixture
def deliver(mando: Mando) -> Mando:
    """Send a /mando with these options, and return it once its picture is there."""
    return lambda **options: mando(**options).wait()


def test_mandala_is_delivered(services: Services, deliver: Mando) -> None:
    """A signed /mando ends in a picture of 1024 x 1024 that anybody can fetch, and Discord has nothing to object."""
    sent = deliver()

    with Image.open(io.BytesIO(services.picture(sent.original).data)) as picture:
        assert (picture.format, picture.size) == ("PNG", PICTURE)
    assert sent.refusals == []


def test_request_is_answered_with_202(deliver: Mando) -> None:
    """What is dealt with by callback is answered 202 without a body."""
    sent = deliver()

    assert (sent.status, sent.body) == (202, b"")


def test_callback_comes_first(deliver: Mando) -> None:
    """Discord hears "thinking" before anything else is done: a deferred message, without content."""
    sent = deliver()

    assert kinds(sent) == ["interaction", "callback", "edit"]
    assert sent.callbacks == [{"type": 5}]


def test_picture_stays_in_the_bucket(services: Services, deliver: Mando) -> None:
    """The object is a PNG that caches keep for ever, by a name that says nothing of the asker."""
    sent = deliver(seed="Ada Lovelace")
    picture = services.picture(sent.original)

    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sent.original.image_url.startswith(f"{services.bucket.url}/{services.bucket.name}/")


def test_attachments_need_no_bucket(services: Services) -> None:
    """With PICTURES=attachments and no bucket, the picture travels with the message, and that is no fault."""
    environ = {name: value for name, value in services.environ.items() if name != "BUCKET_NAME"}
    uploads = len(services.bucket.exchanges)
    with running({**environ, "PICTURES": "attachments"}) as function:
        sent = services.discord.send(function.url, command()).wait()

        with Image.open(io.BytesIO(services.picture(sent.original).data)) as picture:
            assert (picture.format, picture.size) == ("PNG", PICTURE)
        assert line_of(function, sent)["severity"] == "INFO"
    assert len(services.bucket.exchanges) == uploads


def test_upload_overwrites_nothing(services: Services, deliver: Mando) -> None:
    """Objects are created with if_generation_match=0."""
    deliver()

    uploads = [exchange.url for exchange in services.bucket.exchanges if exchange.kind == "upload"]
    assert "ifGenerationMatch=0" in uploads[-1]


def test_same_words_are_the_same_object(deliver: Mando) -> None:
    """A seed that was drawn before ends at the same URL, though the bucket answers 412."""
    first, second = (deliver(seed="tea at five") for _ in range(2))

    assert first.original.image_url == second.original.image_url


def test_unseeded_mandalas_differ(services: Services, function: Function) -> None:
    """Without a seed, each /mando has a picture of its own."""
    first, second = (services.discord.send(function.url).wait() for _ in range(2))

    assert first.original.image_url != second.original.image_url


def test_private_mandala_is_deferred_privately(deliver: Mando) -> None:
    """`private: true` defers with the flag EPHEMERAL, which decides for the final message."""
    sent = deliver(private=True)

    assert sent.callbacks == [{"type": 5, "data": {"flags": 64}}]
    assert sent.original.private


def test_direct_message_is_answered(services: Services, function: Function) -> None:
    """In a direct message the payload has `user` in place of `member`; the picture comes all the same."""
    sent = services.discord.send(function.url, command(dm=True)).wait()

    assert sent.original.image_url


def test_nobody_is_pinged(deliver: Mando) -> None:
    """Every edit forbids mentions, whatever the seed says."""
    sent = deliver(seed="@everyone <@1300000000000000400>")

    assert json.loads(sent.exchanges[-1].request_body)["allowed_mentions"] == {"parse": []}


def test_another_is_a_new_message(services: Services, function: Function, deliver: Mando) -> None:
    """*Another* draws a new picture into a new message and leaves the old one alone."""
    first = deliver()
    old_url = first.original.image_url
    second = services.discord.press(function.url, first.original, "Another", user="benoit").wait()

    assert second.original is not first.original
    assert second.original.image_url != old_url == first.original.image_url


def test_delete_removes_the_message(services: Services, function: Function, deliver: Mando) -> None:
    """*Delete*, pressed by the asker: deferred update, then DELETE of the original message."""
    first = deliver()
    second = services.discord.press(function.url, first.original, "Delete").wait()

    assert kinds(second) == ["interaction", "callback", "delete"]
    assert second.callbacks == [{"type": 6}]
    assert first.original.deleted


def test_delete_by_another_is_refused_privately(services: Services, function: Function, deliver: Mando) -> None:
    """*Delete*, pressed by somebody else: a sentence for them alone, and the message stays."""
    first = deliver()
    second = services.discord.press(function.url, first.original, "Delete", user="benoit").wait()

    assert second.original.private
    assert second.original.content
    assert not first.original.deleted


def test_impossible_option_is_refused_privately(deliver: Mando) -> None:
    """An option that Discord would never send: one private sentence, 202, and nothing is drawn."""
    sent = deliver(symmetry=2)

    assert (sent.status, kinds(sent)) == (202, ["interaction", "callback"])
    assert sent.original.private
    assert "2" in sent.original.content or "3" in sent.original.content


def test_duplicate_is_drawn_once(services: Services, deliver: Mando) -> None:
    """An interaction that is delivered twice at once is acknowledged, drawn and edited once."""
    services.faults.delivery = ["duplicate"]
    sent = deliver()

    assert sorted(kinds(sent)) == ["callback", "edit", "interaction", "interaction"]


def test_thirty_at_once(services: Services, mando: Mando) -> None:
    """Thirty at once on one instance: each is answered in time and gets a picture of its own."""
    with ThreadPoolExecutor(30) as crowd:
        everybody = list(crowd.map(lambda number: mando(seed=f"one of thirty: {number}"), range(30)))
    pictures = {services.picture(sent.wait().original).data for sent in everybody}

    assert [sent.status for sent in everybody] == [202] * 30
    assert [sent.refusals for sent in everybody] == [[]] * 30
    assert len(pictures) == 30


def test_one_line_tells_it_all(function: Function, deliver: Mando) -> None:
    """An interaction leaves one JSON line: its age at the callback, the milliseconds of each stage, the outcome."""
    sent = deliver()
    line = line_of(function, sent)

    assert (line["severity"], line["outcome"]) == ("INFO", "delivered")
    stages = {"age_ms", "verify_ms", "defer_ms", "make_ms", "upload_ms", "edit_ms", "total_ms"}
    assert all(isinstance(line[stage], int) for stage in stages)
    assert sum(line["interaction"] == sent.id for line in function.lines) == 1


def test_log_tells_nothing_of_people(function: Function, deliver: Mando) -> None:
    """The line says neither who asked, nor where, nor what for: docs/operating.md promises that to users."""
    sent = deliver(seed="Ada Lovelace", palette="ember")
    line = json.dumps(line_of(function, sent))

    personal = map(str, (USERS[ASKER]["id"], USERS[ASKER]["global_name"], GUILD["id"], CHANNEL, "Lovelace", "ember"))
    assert [each for each in personal if each in line] == []


def test_line_belongs_to_its_trace(services: Services, function: Function) -> None:
    """The line carries the trace of X-Cloud-Trace-Context, so that Cloud Logging joins it to the request."""
    trace = "0af7651916cd43dd8448eb211c80319c"
    sent = services.discord.send(function.url, headers={"X-Cloud-Trace-Context": f"{trace}/1;o=1"}).wait()

    assert str(line_of(function, sent)["logging.googleapis.com/trace"]).endswith(trace)
