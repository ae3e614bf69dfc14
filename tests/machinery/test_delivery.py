"""The way of a command, from the signed request to the picture in its message, when all is well."""

import io
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from function import Function, line_of, running, used
from PIL import Image

from admission import Admission, processors
from delivery import Delivery
from discord_api import Discord
from discord_enums import CallbackType
from fakes import Services
from fakes.discord.payloads import ASKER, CHANNEL, GUILD, USERS, body_of
from fakes.discord.rules import Interaction
from interaction import Interaction as Parsed
from interaction import parse
from log_entry import LogEntry
from response import Body, Immediate, Message


def kinds(sent: Interaction) -> list[str]:
    return [exchange.kind for exchange in sent.exchanges]


Use = Callable[[], Interaction]


@pytest.fixture
def delivered(use: Use) -> Interaction:
    """A use of the command, whose picture is there."""
    return use().wait()


def test_picture_is_delivered(services: Services, delivered: Interaction) -> None:
    """A signed command ends in a picture that anybody can fetch, and Discord has nothing to object."""
    with Image.open(io.BytesIO(services.picture(delivered.original).data)) as picture:
        assert picture.format == "PNG"
    assert delivered.refusals == []


def test_bucket_is_asked_for_nothing_else(services: Services, delivered: Interaction) -> None:
    """An upload is one request: Google's client does nothing beside it."""
    uploads = [each.method for each in services.bucket.exchanges if each.started >= delivered.created]

    assert uploads == ["POST"]


def test_request_is_answered_with_202(delivered: Interaction) -> None:
    """What is dealt with by callback is answered 202 without a body."""
    assert (delivered.status, delivered.body) == (202, b"")


def test_callback_comes_first(delivered: Interaction) -> None:
    """Discord hears "thinking" before anything else is done: a deferred message, without content."""
    assert kinds(delivered) == ["interaction", "callback", "edit"]
    assert delivered.callbacks == [{"type": 5}]


def test_picture_stays_in_the_bucket(services: Services, delivered: Interaction) -> None:
    """The object is a PNG that caches keep for ever, and the message links to it."""
    picture = services.picture(delivered.original)

    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert delivered.original.image_url.startswith(f"{services.bucket.url}/{services.bucket.name}/")


def test_attachments_need_no_bucket(services: Services) -> None:
    """With PICTURES=attachments and no bucket, the picture travels with the message, and that is no fault."""
    environ = {name: value for name, value in services.environ.items() if name != "BUCKET_NAME"}
    uploads = len(services.bucket.exchanges)
    with running({**environ, "PICTURES": "attachments"}) as function:
        sent = services.discord.send(function.url, used()).wait()

        with Image.open(io.BytesIO(services.picture(sent.original).data)) as picture:
            assert picture.format == "PNG"
        assert line_of(function, sent)["severity"] == "INFO"
    assert len(services.bucket.exchanges) == uploads


@pytest.mark.usefixtures("delivered")
def test_upload_overwrites_nothing(services: Services) -> None:
    """Objects are created with if_generation_match=0."""
    uploads = [exchange.url for exchange in services.bucket.exchanges if exchange.kind == "upload"]
    assert "ifGenerationMatch=0" in uploads[-1]


def test_same_words_are_the_same_object(use: Use) -> None:
    """What was drawn before ends at the same URL, though the bucket answers 412."""
    first, second = (use().wait() for _ in range(2))

    assert first.original.image_url == second.original.image_url


def test_direct_message_is_answered(services: Services, function: Function) -> None:
    """In a direct message the payload has `user` in place of `member`; the picture comes all the same."""
    sent = services.discord.send(function.url, used(dm=True)).wait()

    assert sent.original.image_url


def test_nobody_is_pinged(delivered: Interaction) -> None:
    """Every edit forbids mentions."""
    assert json.loads(delivered.exchanges[-1].request_body)["allowed_mentions"] == {"parse": []}


def test_duplicate_is_drawn_once(services: Services, use: Use) -> None:
    """An interaction that is delivered twice at once is acknowledged, drawn and edited once."""
    services.faults.delivery = ["duplicate"]
    sent = use().wait()

    assert sorted(kinds(sent)) == ["callback", "edit", "interaction", "interaction"]


def test_thirty_at_once(services: Services, function: Function) -> None:
    """Thirty at once on one instance: each is answered in time and gets a picture of its own."""
    with ThreadPoolExecutor(30) as crowd:
        everybody = list(
            crowd.map(lambda number: services.discord.send(function.url, used(f"thirty {number}")), range(30))
        )
    pictures = {services.picture(sent.wait().original).data for sent in everybody}

    assert [sent.status for sent in everybody] == [202] * 30
    assert [sent.refusals for sent in everybody] == [[]] * 30
    assert len(pictures) == 30


def test_one_line_tells_it_all(function: Function, delivered: Interaction) -> None:
    """An interaction leaves one JSON line: its age at the callback, the milliseconds of each stage, the outcome."""
    line = line_of(function, delivered)

    assert (line["severity"], line["outcome"]) == ("INFO", "delivered")
    stages = {"age_ms", "verify_ms", "defer_ms", "make_ms", "upload_ms", "edit_ms", "total_ms"}
    assert all(isinstance(line[stage], int) for stage in stages)
    assert sum(line["interaction"] == delivered.id for line in function.lines) == 1


def test_log_tells_nothing_of_people(function: Function, delivered: Interaction, words: str) -> None:
    """The line says neither who asked, nor where, nor what for: docs/operating.md promises that to users."""
    line = json.dumps(line_of(function, delivered))

    personal = map(
        str, (USERS[ASKER]["id"], USERS[ASKER]["global_name"], GUILD["id"], CHANNEL, words, *words.split(", "))
    )
    assert [each for each in personal if each in line] == []


def test_line_belongs_to_its_trace(services: Services, function: Function) -> None:
    """The line carries the trace of X-Cloud-Trace-Context, so that Cloud Logging joins it to the request."""
    trace = "0af7651916cd43dd8448eb211c80319c"
    sent = services.discord.send(function.url, used(), headers={"X-Cloud-Trace-Context": f"{trace}/1;o=1"}).wait()

    assert str(line_of(function, sent)["logging.googleapis.com/trace"]).endswith(trace)


class Words:
    """Work that is done once the gate is open, and says when it was begun."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.begun, self.gate = 0.0, gate

    @property
    def callback(self) -> Body:
        return {"type": CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE}

    def make(self) -> Message:
        self.begun = time.monotonic()
        if self.gate:
            self.gate.wait()
        return Message({"content": "Done."})

    def failure(self) -> Body:
        return {"content": "Failed."}

    def busy(self) -> Immediate:
        return Immediate({"type": CallbackType.CHANNEL_MESSAGE_WITH_SOURCE, "data": {"content": "Busy."}})


def read(services: Services, arrived: float, age_at_arrival: float) -> tuple[Interaction, Parsed]:
    """Return what Discord has sent, and how the function reads it if it arrives then, and so old."""
    sent = services.discord.rules.create(used())
    return sent, replace(parse(body_of(sent.payload)), arrived=arrived, age_at_arrival=age_at_arrival)


@pytest.fixture
def delivery(services: Services) -> Delivery:
    return Delivery(Discord(services.environ["DISCORD_API_URL"], services.app_id), None)


@pytest.mark.parametrize(("arrives_in", "least"), [(-1.0, 0.0), (0.0, 0.05), (60.0, 3.0)])
def test_work_lets_the_callbacks_of_a_crowd_pass(
    services: Services, delivery: Delivery, arrives_in: float, least: float
) -> None:
    """Work does not begin while others arrive, since it would make their callbacks late; but it does not wait long."""
    work, start = Words(), time.monotonic()
    sent, interaction = read(services, start + arrives_in, max(arrives_in, 0.0))
    delivery.start(interaction, work, LogEntry())
    while sent.original.content != "Done.":
        time.sleep(0.01)

    assert least <= work.begun - start < least + 0.9


def let_go(delivery: Delivery, everybody: list[tuple[Interaction, Parsed]]) -> int:
    """Return how many of their requests are answered while the work of all is still being made."""
    gate = threading.Event()
    with ThreadPoolExecutor(len(everybody)) as requests:
        open_ones = [requests.submit(delivery.start, parsed, Words(gate), LogEntry()) for _, parsed in everybody]
        time.sleep(0.4)
        answered = sum(each.done() for each in open_ones)
        gate.set()
    for sent, _ in everybody:
        sent.wait()
    return answered


@pytest.mark.parametrize(("count", "age_at_arrival", "answered"), [(5, 0.5, 0), (5, 1.6, 2), (9, 0.5, 6)])
def test_requests_are_let_go_while_others_wait(
    services: Services, delivery: Delivery, count: int, age_at_arrival: float, answered: int
) -> None:
    """All are kept open; once those arrive that have waited outside, or belong to a crowd, only the last three are."""
    now = time.monotonic()

    assert let_go(delivery, [read(services, now, age_at_arrival) for _ in range(count)]) == answered


@pytest.mark.parametrize(("pace", "answered"), [(500, 0), (1000, 6)])
def test_hundreds_outside_are_a_crowd(services: Services, delivery: Delivery, pace: int, answered: int) -> None:
    """How many wait outside follows from the pace a second, and the half a second that the newest has waited."""
    now = time.monotonic()

    assert let_go(delivery, [read(services, now + number / pace, 0.5) for number in range(9)]) == answered


def test_sentence_takes_no_thread(services: Services, delivery: Delivery) -> None:
    """While Discord answers soon, a callback that is all there is to it is sent by the request's own thread."""
    sentence = Words().busy()
    (_, first), (sent, second) = (read(services, time.monotonic(), 0.0) for _ in range(2))
    delivery.discord.acknowledge(first, sentence.callback)
    began: list[str] = []
    threading.setprofile(lambda *_: began.append(threading.current_thread().name))
    delivery.start(second, sentence, LogEntry())
    threading.setprofile(None)

    assert second.id not in began
    assert sent.original.content == "Busy."


def test_bug_in_a_sentence_is_logged(
    services: Services, delivery: Delivery, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Discord cannot be sent ends in one line with its traceback, also when the request's own thread meets it."""
    (_, first), (_, second) = (read(services, time.monotonic(), 0.0) for _ in range(2))
    delivery.discord.acknowledge(first, Words().busy().callback)
    delivery.start(second, Immediate({"type": CallbackType.CHANNEL_MESSAGE_WITH_SOURCE, "data": object()}), LogEntry())
    line = json.loads(capsys.readouterr().out)

    assert (line["interaction"], line["outcome"], "TypeError" in line["message"]) == (second.id, "failed", True)


def test_quick_work_makes_room(services: Services, delivery: Delivery) -> None:
    """An instance whose work has been quick takes on more at once than one that knows nothing yet."""

    def start(work: Words) -> Interaction:
        sent, interaction = read(services, time.monotonic() - 1, 1.3)
        delivery.start(interaction, work, LogEntry())
        return sent

    gate = threading.Event()
    for _ in range(30):
        start(Words()).wait()
    everybody = [start(Words(gate)) for _ in range(Admission(processors()).bound + 1)]
    gate.set()

    assert {sent.wait().original.content for sent in everybody} == {"Done."}
