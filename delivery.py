"""From the callback to the edit: acknowledge, draw, publish and edit, on a thread of the interaction's own."""

import os
import threading
from collections import deque

from bucket import Bucket, BucketUnavailable
from command import Deletion, Drawing, Response, Sentence
from discord_api import ATTACHMENT, Discord, Unanswerable
from interaction import Interaction
from log_entry import LogEntry

ANSWER_SECONDS = 2.3
"""Age of an interaction at which Discord gets its 202, done or not: it waits 3 s."""
REMEMBERED = 1024
"""Interactions by which a second delivery is known."""


class Delivery:
    """Brings responses to Discord; safe with threads."""

    def __init__(self, discord: Discord, bucket: Bucket) -> None:
        self.discord, self.bucket = discord, bucket
        # Drawing is all CPU: more at once would only make each later, and callbacks with them.
        self._drawing_slots = threading.Semaphore(os.cpu_count() or 1)
        self._recent: deque[str] = deque(maxlen=REMEMBERED)
        self._recent_lock = threading.Lock()

    def start(self, interaction: Interaction, response: Response, entry: LogEntry) -> None:
        """Begin to deliver, and return when it is done or Discord must have its answer, whichever is first."""
        if self._is_first(interaction):
            work = threading.Thread(target=self._deliver, args=(interaction, response, entry))
            work.start()
            work.join(timeout=ANSWER_SECONDS - interaction.age())

    def _is_first(self, interaction: Interaction) -> bool:
        """Tell whether this instance sees the interaction for the first time; the callback tells of other instances."""
        with self._recent_lock:
            is_first = interaction.token not in self._recent
            self._recent.append(interaction.token)
        return is_first

    def _deliver(self, interaction: Interaction, response: Response, entry: LogEntry) -> None:
        """Acknowledge the interaction and do what that announced: a thread's outermost frame, so nothing escapes it."""
        try:
            with entry.step("defer"):
                self.discord.acknowledge(interaction, response.callback)
            entry.add(age_ms=round(1000 * interaction.age()))
            entry.write(interaction, self._follow_up(interaction, response, entry))
        except Unanswerable as refusal:
            entry.write(interaction, f"given up: {refusal}")
        except Exception:  # noqa: BLE001 - a bug: logged once, with its traceback
            entry.exception()
            entry.write(interaction, "failed")

    def _follow_up(self, interaction: Interaction, response: Response, entry: LogEntry) -> str:
        """Do what the callback announced, and return the outcome."""
        match response:
            case Drawing():
                return self._draw_or_apologise(interaction, response, entry)
            case Deletion():
                self.discord.delete(interaction)
                return "deleted"
            case Sentence():
                return "refused privately"

    def _draw_or_apologise(self, interaction: Interaction, drawing: Drawing, entry: LogEntry) -> str:
        """Bring the mandala into its message, and return how; if that cannot be, tell the user so."""
        try:
            png = self._draw(drawing, entry)
            return self._publish(interaction, drawing, png, entry)
        except Unanswerable:
            raise
        except Exception:  # noqa: BLE001 - a bug, but the user waits: they get a sentence, the log the traceback
            entry.exception()
            with entry.step("edit"):
                self.discord.edit(interaction, drawing.failure())
            return "failed, and said so"

    def _draw(self, drawing: Drawing, entry: LogEntry) -> bytes:
        """Return the drawing as a PNG, one at a time on each processor."""
        with entry.step("draw"), self._drawing_slots:
            import mando  # noqa: PLC0415 - matplotlib and numpy: after the callback

            return mando.draw(drawing.recipe)

    def _publish(self, interaction: Interaction, drawing: Drawing, png: bytes, entry: LogEntry) -> str:
        """Edit the message: the picture by its public URL, or as an attachment when the bucket does not take it."""
        try:
            with entry.step("upload"):
                url = self.bucket.publish(f"{drawing.recipe.digest}.png", png)
        except BucketUnavailable as error:
            entry.add(bucket=str(error))
            with entry.step("edit"):
                self.discord.edit(interaction, drawing.message(f"attachment://{ATTACHMENT}"), png)
            return "delivered as an attachment"
        with entry.step("edit"):
            self.discord.edit(interaction, drawing.message(url))
        return "delivered"
