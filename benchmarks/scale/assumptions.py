"""What the simulation takes for granted: each number with its source, or swept where no source was found.

Cloud Run: https://cloud.google.com/run/docs/about-instance-autoscaling, read in November 2026 unless said otherwise.
"""

from dataclasses import dataclass

# --- Cloud Run ----------------------------------------------------------------------------------------------------

TARGET = 0.6
"""Of the CPU, and of the concurrency, that the autoscaler aims at."""
WINDOW_SECONDS = 60.0
"""Over which both are averaged."""
EVALUATION_SECONDS = 5.0
"""Between two looks of the autoscaler; the page said so until 2024, and now says "periodically"."""
PENDING_SECONDS, PENDING_STARTS = 10.0, 3.5
"""A request waits for an instance so long, or so many starts, whichever is longer; then it is answered 429."""
IDLE_SECONDS = 15 * 60.0
"""Until an instance without requests is ended: the page says "up to", and what is paid for is no less."""
END_SECONDS = 10.0
"""From SIGTERM to SIGKILL: https://cloud.google.com/run/docs/container-contract#instance-shutdown."""
MEMORY_GIB = 0.5
"""deploy.sh's, and its price in dollars: https://cloud.google.com/run/pricing."""

# --- Cloud Storage, Discord ---------------------------------------------------------------------------------------

WRITES, DOUBLING_SECONDS = 1000.0, 20 * 60.0
"""A second, of a bucket at first; and until it bears twice as many: https://cloud.google.com/storage/docs/request-rate."""
FIRST_RESPONSE = 3.0
"""Seconds: https://discord.com/developers/docs/interactions/receiving-and-responding."""
UPLOAD_SECONDS = 15.0
"""For one picture, all tries: bucket.py's; then it is attached to the message."""
DELIVERED_SOON = 10.0
"""Seconds after which we count a picture as late: nobody's rule but ours."""

# --- a CPU and an interpreter -------------------------------------------------------------------------------------

PERIOD = 0.1
"""Seconds in which a quota is spent and granted anew: Linux's default, cpu.cfs_period_us."""
SWITCH_SECONDS = 0.005
"""A thread computes so long before another gets the interpreter: sys.getswitchinterval()."""
TURNS = 5
"""Times that a callback needs the interpreter anew: accepted, read, verified, handed to its thread, sent."""


@dataclass(frozen=True)
class Measured:
    """What the real function costs, in seconds of this machine's CPU: see calibrate.py."""

    callback: float
    """From the request to the callback and its answer."""
    delivery: float
    """Upload and edit."""
    first: float
    """More for the first drawing of an instance: imports."""
    drawings: tuple[float, ...]
    """Of as many recipes."""
    second_cpu: float = 0.0
    """What a second CPU adds, as a share: one interpreter draws mostly on one at a time."""

    @property
    def mandala(self) -> float:
        return self.callback + self.delivery + sum(self.drawings) / len(self.drawings)


@dataclass(frozen=True)
class Settings:
    """One service in one world; what replace() changes is what a sweep varies."""

    measured: Measured

    # what deploy.sh sets
    min_instances: int = 0
    max_instances: int = 40
    concurrency: int = 8
    cpu: int = 1
    slots: int = 1
    """Drawings at once: as many as CPUs."""

    # what the function does
    hold: float = 2.3
    """Age at which a request is answered 202, delivered or not."""
    held: int = 3
    """Requests that are kept open at a time while others wait outside; then the oldest are answered."""
    waited: float = 1.5
    """Age at which an interaction that arrives has waited outside."""
    pace: int = 8
    crowd: int = 300
    """Interactions outside, by the pace of so many and the age of the newest, that are let in sooner than that."""
    calm: float = 0.05
    longest_calm: float = 3.0
    """Seconds without an arrival that a drawing waits for, and how long at most."""
    admission: bool = True
    first_drawing: float = 0.2
    """Seconds that an instance supposes of a drawing before it has measured some."""
    learning: float = 0.1
    """Weight of the newest drawing in its measure."""
    to_draw: float = 6.0
    """Seconds of END_SECONDS in which an ending instance still draws: the rest is for uploads and edits."""

    # what no source says: swept
    start: float = 2.0
    """Seconds until a new instance answers: measured, 1.5 to 2 for Python with one CPU (https://knmts.com/350)."""
    starts_a_second: float = 100.0
    """Instances that Cloud Run can start: "it scales really fast" (github.com/ahmetb/cloud-run-faq, issue 143)."""
    speed: float = 0.6
    """Of a vCPU, which is a hyperthread, against the CPU that was measured."""
    quota: float = 1.0
    """Share of its CPU that an instance gets in each tenth of a second."""
    discord: float = 0.1
    """Seconds until Discord has taken what it is sent."""
    bucket: float = 0.15
    front: float = 0.02
    """From Discord to the instance."""
