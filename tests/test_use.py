"""/mando over HTTP: what its options and its buttons do."""

import io
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from function import Function, running
from PIL import Image

from command.message import BIN
from command.translations import translate
from fakes import Services, command
from fakes.discord.rules import Interaction

PICTURE = (1024, 1024)


def kinds(sent: Interaction) -> list[str]:
    return [exchange.kind for exchange in sent.exchanges]


Mando = Callable[..., Interaction]


@pytest.fixture
def deliver(mando: Mando) -> Mando:
    """Send a /mando with these options, and return it once its picture is there."""
    return lambda **options: mando(**options).wait()


def test_picture_has_its_size(services: Services, deliver: Mando) -> None:
    """A mandala is 1024 x 1024."""
    with Image.open(io.BytesIO(services.picture(deliver().original).data)) as picture:
        assert picture.size == PICTURE


@pytest.mark.parametrize("before", [0, 1], ids=["from the first", "from now on"])
def test_sentence_is_not_waited_for(services: Services, before: int) -> None:
    """While Discord hangs, a sentence's request is answered by 2.3 s of age, too: at once nearly if it comes late."""
    with running(services.environ) as function:
        for _ in range(before):
            services.discord.send(function.url, command({"symmetry": 99}))
        services.faults.delivery, services.faults.callback = ["late 1.7"], ["hang", "hang", "hang"]
        sent = services.discord.send(function.url, command({"symmetry": 99}))

    assert sent.status == 202
    assert sent.elapsed is not None
    assert sent.elapsed < 1


def test_sentences_are_not_waited_for_at_an_end(services: Services) -> None:
    """SIGTERM while Discord hangs: the requests of sentences are answered at once, and exit is clean."""
    with running({**services.environ, "THREADS": "8"}) as function, ThreadPoolExecutor(8) as users:
        services.discord.send(function.url, command({"symmetry": 99}))
        services.faults.callback = "hang"
        sent = [users.submit(services.discord.send, function.url, command({"symmetry": 99})) for _ in range(8)]
        time.sleep(0.2)
        status = function.stop()
        everybody = [each.result() for each in sent]

    assert ([each.status for each in everybody], status) == ([202] * 8, 0)
    assert max(each.elapsed or math.inf for each in everybody) < 1.1


def test_unseeded_mandalas_differ(services: Services, function: Function) -> None:
    """Without a seed, each /mando has a picture of its own."""
    first, second = (services.discord.send(function.url).wait() for _ in range(2))

    assert first.original.image_url != second.original.image_url


def test_private_mandala_is_deferred_privately(deliver: Mando) -> None:
    """`private: true` defers with the flag EPHEMERAL, which decides for the final message."""
    sent = deliver(private=True)

    assert sent.callbacks == [{"type": 5, "data": {"flags": 64}}]
    assert sent.original.private


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
    second = services.discord.press(function.url, first.original, BIN).wait()

    assert kinds(second) == ["interaction", "callback", "delete"]
    assert second.callbacks == [{"type": 6}]
    assert first.original.deleted


def test_delete_by_another_is_refused_privately(services: Services, function: Function, deliver: Mando) -> None:
    """*Delete*, pressed by somebody else: a sentence for them alone, and the message stays."""
    first = deliver()
    second = services.discord.press(function.url, first.original, BIN, user="benoit").wait()

    assert second.original.private
    assert second.original.content
    assert not first.original.deleted


def test_impossible_option_is_refused_privately(deliver: Mando) -> None:
    """An option that Discord would never send: one private sentence, 202, and nothing is drawn."""
    sent = deliver(symmetry=2)

    assert (sent.status, kinds(sent)) == (202, ["interaction", "callback"])
    assert sent.original.private
    assert "2" in sent.original.content or "3" in sent.original.content


def test_failed_drawing_is_tried_again(services: Services, function: Function, broken: Function) -> None:
    """*Try again* under a drawing that failed draws the same recipe into that message."""
    failed = services.discord.send(broken.url, command({"seed": "Ada"})).wait()
    again = services.discord.press(function.url, failed.original, "Try again").wait()
    drawn = services.discord.send(function.url, command({"seed": "Ada"})).wait()

    assert again.original is failed.original
    assert (again.original.content, again.original.image_url) == ("", drawn.original.image_url)


def test_asker_reads_their_language(services: Services, function: Function, deliver: Mando) -> None:
    """What is said is said in the language of whoever pressed, not of whoever asked first."""
    refused = services.discord.press(function.url, deliver().original, BIN, user="benoit", locale="de")

    assert refused.wait().original.content == translate("de", "refused.not_yours")
