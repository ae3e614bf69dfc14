"""From the callback to the edit: acknowledge, make, publish and edit, on a thread of the interaction's own."""

import math
import threading
import time
from collections import deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import shutdown
from admission import WORK_SECONDS, Admission, OneAtATime, processors
from bucket import Bucket, BucketUnavailable
from discord_api import CALLBACK_SECONDS, Answer, Discord, Unanswerable
from interaction import Interaction
from log_entry import LogEntry
from response import Aside, Deletion, Immediate, Message, Response, Work
from worker_threads import WorkerThreads

ANSWER_SECONDS = 2.3
"""Age of an interaction at which Discord gets its 202, done or not: it waits 3 s."""
WAITED = 1.5
"""Age at which an interaction arrives that others kept outside: Cloud Run lets CONCURRENCY in at a time."""
PACE = 8
"""Arrivals whose moments of creation tell how fast people ask."""
CROWD = 300
"""Interactions outside, by that pace and the age of the newest, that cannot wait until WAITED. Where it takes less than
hundreds in one moment, more people get a picture: at the instances that Cloud Run starts meanwhile."""
HELD = 3
"""Requests that are kept open while others wait outside: the rest let those in whose callback is still to come. As long
as nobody waits all are kept, since open requests are what Cloud Run adds instances for."""
CALM = 0.05
"""Seconds without a new interaction after which work begins: callbacks that share the interpreter with it come later,
and of a thousand at once three of four too late."""
LONGEST_CALM = CALLBACK_SECONDS
"""Seconds after which it begins in any case: by then the callbacks of a crowd are sent, or late."""
REMEMBERED = 1024
"""Interactions by which a second delivery is known."""


class Lane(NamedTuple):
    """Threads that work is made on, and how much of it is taken on."""

    workers: WorkerThreads
    admission: Admission | OneAtATime


class Delivery:
    """Brings responses to Discord, what they show by way of the bucket if there is one; safe with threads."""

    def __init__(self, discord: Discord, bucket: Bucket | None) -> None:
        self.discord, self.bucket = discord, bucket
        # Work is all CPU: more at once would only make each later, and callbacks with them.
        admission = Admission(processors())
        self._work = Lane(WorkerThreads("work", admission.processors), admission)
        self._aside = Lane(WorkerThreads("aside", 1), OneAtATime(admission))
        self._held: deque[Future[None]] = deque()
        self._recent: deque[str] = deque(maxlen=REMEMBERED)
        self._created = deque([-math.inf] * PACE, PACE)  # by the monotonic clock
        self._newest = 0.0  # arrival, by the monotonic clock
        self._lock = threading.Lock()

    def start(self, interaction: Interaction, response: Response, entry: LogEntry) -> None:
        """Begin to deliver, and return when Discord is to have its answer: done, 2.3 s old, or let go for another."""
        shutdown.watch()
        if not self._arrives(interaction):
            return
        http_answer: Future[None] = Future()
        admitted, is_ending = self._admitted(response), shutdown.is_ending()
        first = self._tried(interaction, admitted, entry)
        deliver = partial(self._deliver, interaction, admitted, entry, http_answer, first)
        if is_ending or (first and not first.is_transient):
            deliver()  # nearly always a sentence; and near the end no thread can be started any more
            return
        threading.Thread(target=deliver, name=interaction.id).start()
        with suppress(TimeoutError):
            shutdown.wait_for(http_answer, ANSWER_SECONDS - interaction.age(), last_seconds=0.0)
        self._let_go(http_answer)

    def _tried(self, interaction: Interaction, response: Response, entry: LogEntry) -> Answer | None:
        """Return what came back of a callback that is all there is: a thread for each takes a fifth more CPU."""
        if isinstance(response, Immediate):
            with suppress(Exception), entry.step("defer"):  # a bug is met again, and logged, by the thread
                return self.discord.try_once(interaction, response.callback, ANSWER_SECONDS - interaction.age())
        return None

    def _arrives(self, interaction: Interaction) -> bool:
        """Note an arrival, and tell whether it is this interaction's first; the callback tells of other instances."""
        with self._lock:
            is_first = interaction.token not in self._recent
            self._recent.append(interaction.token)
            self._created.append(interaction.arrived - interaction.age_at_arrival)
            self._newest = interaction.arrived
        return is_first

    def _lane(self, work: Work) -> Lane:
        return self._aside if isinstance(work, Aside) else self._work

    def _admitted(self, response: Response) -> Response:
        """Return the response, or what it says when more is in hand than this instance could finish."""
        if isinstance(response, Deletion | Immediate):
            return response
        lane = self._lane(response)
        if shutdown.is_ending() or not lane.admission.admit():
            return response.busy()
        lane.workers.start()
        if self.bucket:
            self.bucket.start()
        return response

    def _deliver(
        self,
        interaction: Interaction,
        response: Response,
        entry: LogEntry,
        http_answer: Future[None],
        first: Answer | None,
    ) -> None:
        """Acknowledge the interaction and do what that announced: a thread's outermost frame, so nothing escapes it."""
        try:
            with entry.step("defer"):
                self.discord.acknowledge(interaction, response.callback, first)
            entry.add(age_ms=round(1000 * interaction.age()))
            self._hold(interaction, http_answer)
            entry.write(interaction, self._follow_up(interaction, response, entry))
        except Unanswerable as refusal:
            entry.write(interaction, f"given up: {refusal}")
        except Exception:  # noqa: BLE001 - a bug: logged once, with its traceback
            entry.exception()
            entry.write(interaction, "failed")
        finally:
            if not isinstance(response, Deletion | Immediate):
                self._lane(response).admission.release()
            self._let_go(http_answer)

    def _hold(self, interaction: Interaction, http_answer: Future[None]) -> None:
        """Keep one more request open, and let those go that have been open longest if these are too many."""
        with self._lock:
            if not http_answer.done():
                self._held.append(http_answer)
            too_many = len(self._held) - HELD if self._others_wait(interaction) else 0
            oldest = list(self._held)[: max(too_many, 0)]
        for each in oldest:
            self._let_go(each)

    def _others_wait(self, interaction: Interaction) -> bool:
        """Tell whether this one was kept outside for long, or a crowd still is."""
        age = interaction.age_at_arrival
        return age > WAITED or PACE * age > CROWD * (max(self._created) - min(self._created))

    def _let_go(self, http_answer: Future[None]) -> None:
        with self._lock:
            if http_answer in self._held:
                self._held.remove(http_answer)
        with suppress(InvalidStateError):  # it is let go already, or its time is over
            http_answer.set_result(None)

    def _follow_up(self, interaction: Interaction, response: Response, entry: LogEntry) -> str:
        """Do what the callback announced, and return the outcome."""
        match response:
            case Immediate():
                return response.outcome
            case Deletion():
                self.discord.delete(interaction)
                return "deleted"
            case _:
                return self._work_or_apologise(interaction, response, entry)

    def _work_or_apologise(self, interaction: Interaction, work: Work, entry: LogEntry) -> str:
        """Bring what was asked for into its message, and return how; if that cannot be, tell the user so."""
        try:
            message, outcome = self._publish(self._make(work, entry), entry)
            self._edit(interaction, message, entry)
        except Unanswerable:
            raise
        except TimeoutError:
            outcome = "ended before it was made, and said so"
        except Exception:  # noqa: BLE001 - a bug, but the user waits: they get a sentence, the log the traceback
            entry.exception()
            outcome = "failed, and said so"
        else:
            return outcome
        self._edit(interaction, Message(work.failure()), entry)
        return outcome

    def _make(self, work: Work, entry: LogEntry) -> Message:
        """Return what the work makes; raise TimeoutError if this process ends too soon for it."""
        lane, latest = self._lane(work), time.monotonic() + LONGEST_CALM

        def make() -> Message:
            while not shutdown.is_ending() and (rest := min(self._newest + CALM, latest) - time.monotonic()) > 0:
                shutdown.pause(rest)
            start = time.monotonic()
            message = work.make()
            lane.admission.measured(time.monotonic() - start)
            return message

        with entry.step("make"):
            return shutdown.wait_for(lane.workers.submit(make), last_seconds=WORK_SECONDS)

    def _publish(self, message: Message, entry: LogEntry) -> tuple[Message, str]:
        """Return the message with public URLs of what it shows, or without if no bucket takes that; and the outcome."""
        if self.bucket is None:
            return message, "delivered"
        try:
            with entry.step("upload"):
                for file in message.shown():
                    message = message.linked(file, self.bucket.publish(file))
        except BucketUnavailable as error:
            entry.add(bucket=str(error))
            return message, "delivered as an attachment"
        return message, "delivered"

    def _edit(self, interaction: Interaction, message: Message, entry: LogEntry) -> None:
        with entry.step("edit"):
            self.discord.edit(interaction, message)
