"""An instance's birth and death: cold starts, bad settings, SIGTERM in mid-work, tokens in no log."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from function import HEAVY, DoesNotStart, Function, acknowledged, imported_for, line_of, printed, running, used

from fakes import Services
from fakes.discord.rules import Interaction
from fakes.function import ROOT


def send_at_once(services: Services, function: Function, count: int) -> list[Interaction]:
    with ThreadPoolExecutor(count) as crowd:
        return list(crowd.map(lambda number: services.discord.send(function.url, used(f"red {number}")), range(count)))


def test_nothing_heavy_is_imported_before_the_callback(services: Services) -> None:
    """A fresh process whose callback is refused, so that it stops there, has imported nothing that draws or uploads."""
    late = services.discord.rules.create(used(), age=4)
    imported = imported_for(services, late)

    assert [(exchange.kind, exchange.status) for exchange in late.exchanges] == [("callback", 404)]
    assert HEAVY.isdisjoint(imported)


SMALL = """
import ctypes, os, main, numpy, threading

numpy.ones((500, 500)) @ numpy.ones((500, 500))
print("threads", len(os.listdir("/proc/self/task")), flush=True)
ready = threading.Barrier(9)
for _ in range(8):
    threading.Thread(target=lambda: (bytearray(1000), ready.wait())).start()
ready.wait()
C = ctypes.CDLL(None)
C.malloc_info(0, ctypes.c_void_p.in_dll(C, "stdout"))
C.fflush(None)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="LINUX ONLY: an instance's memory is not checked")
def test_threads_are_cheap(services: Services) -> None:
    """An instance stays small: numpy has no threads of its own for matrices like ours, and all threads share a heap."""
    environ = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    small = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SMALL],
        env={**environ, **services.environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert (small.stdout.splitlines()[0], small.stdout.count("<heap ")) == ("threads 1", 1)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="LINUX ONLY: an instance's threads are not counted")
def test_threads_are_not_started_again(function: Function, use: Callable[[], Interaction]) -> None:
    """Threads that outlast a request are started once: ten more need hardly any."""

    def threads() -> int:
        return sum(len([*Path(f"/proc/{each}/task").iterdir()]) for each in function.process_ids())

    use().wait()
    before = threads()
    for _ in range(10):
        line_of(function, use())

    assert threads() < before + 5


def test_first_of_an_instance_is_delivered(services: Services) -> None:
    """The first command of a cold instance is answered within 3 s and delivered."""
    with running(services.environ) as cold:
        sent = services.discord.send(cold.url, used()).wait()

    assert (sent.status, sent.refusals) == (202, [])


def test_crowd_at_a_cold_start(services: Services) -> None:
    """Sixteen at once as the first requests of an instance: all are answered within 3 s and delivered."""
    with running(services.environ) as cold:
        everybody = send_at_once(services, cold, 16)
        for sent in everybody:
            sent.wait()

    assert [(sent.status, sent.refusals) for sent in everybody] == [(202, [])] * 16


def test_bad_settings_stop_the_start(services: Services) -> None:
    """Without its settings the function does not start; one message names all of them, and there is no traceback."""
    bad = {**services.environ, "DISCORD_PUBLIC_KEY": "beef", "BUCKET_NAME": ""}

    with pytest.raises(DoesNotStart) as refused, running(bad):
        pass

    assert {"DISCORD_PUBLIC_KEY", "BUCKET_NAME"} <= set(str(refused.value).split())
    assert "Traceback" not in str(refused.value)


SLOW = {
    "in the drawing": ("discord_latency", 0.0),
    "in the upload": ("upload", ["slow 3"]),
    "in the edit": ("edit", ["slow 3"]),
    "with edits that fail": ("edit", ["503", "503", "503"]),
    "with a bucket that hangs": ("bucket", "hang"),
}


@pytest.mark.parametrize(("fault", "order"), SLOW.values(), ids=SLOW)
def test_sigterm_lets_deliveries_finish(services: Services, fault: str, order: object) -> None:
    """After SIGTERM, what was acknowledged is delivered, and the process ends within Cloud Run's 10 s."""
    with running(services.environ) as function:
        setattr(services.faults, fault, order)
        with acknowledged(services, function, *(used(f"red {number}") for number in range(3))) as everybody:
            stopped = time.monotonic()
            function.stop()
            seconds = time.monotonic() - stopped

    assert [bool(sent.message and sent.message.image_url) for sent in everybody] == [True] * 3
    assert seconds < 10


def test_sigterm_gives_a_hanging_bucket_up(services: Services) -> None:
    """An upload that hangs has two seconds from SIGTERM, not all that are left, and the rest is for the edits."""
    with running(services.environ) as function:
        services.discord.send(function.url, used()).wait()
        services.faults.bucket = "hang"
        with acknowledged(services, function, used()) as [sent]:
            stopped = time.monotonic()
            function.stop()
            seconds = time.monotonic() - stopped

    assert sent.message is not None
    assert sent.message.image_url
    assert seconds < 6  # all that are left are seven and a half


def test_sigterm_gives_endless_work_up(services: Services, tmp_path: Path) -> None:
    """What is not made six seconds after SIGTERM is told so, which is no bug; and the process ends in time."""
    (tmp_path / "matplotlib.py").write_text("import time\n\ntime.sleep(60)\n")
    with (
        running({**services.environ, "PYTHONPATH": str(tmp_path)}) as function,
        acknowledged(services, function, used()) as [sent],
    ):
        stopped = time.monotonic()
        function.stop()
        seconds = time.monotonic() - stopped
    line = line_of(function, sent)

    assert 5 < seconds < 8
    assert sent.fate == "sentence"
    assert (line["severity"], line["outcome"]) == ("WARNING", "ended before it was made, and said so")


def test_sigterm_ends_pauses(services: Services) -> None:
    """A delivery that was told to wait longer than the instance lives tries once more at the end."""
    with running(services.environ) as function:
        services.faults.edit = ["429 20"]
        sent = services.discord.send(function.url, used())
        function.stop()

    assert sent.fate == "picture"


def test_sigterm_gives_hopeless_deliveries_up(services: Services) -> None:
    """Edits that fail for ever, now tried every 0.25 s, do not keep a process alive beyond Cloud Run's 10 s."""
    with running(services.environ) as function:
        services.faults.edit = "503"
        sent = services.discord.send(function.url, used())
        before, stopped = len(sent.exchanges), time.monotonic()
        function.stop()

    assert time.monotonic() - stopped < 10
    assert 20 < len(sent.exchanges) - before < 40
    assert line_of(function, sent)["severity"] == "WARNING"


def test_no_token_reaches_a_log(services: Services) -> None:
    """Whichever of these goes wrong, no interaction's token stands in what the function prints."""
    orders = [
        ("callback", ["lose"]),
        ("callback", ["break", "503"]),
        ("edit", ["429-bare", "break", "500"]),
        ("edit", ["400"]),
        ("edit", ["404"] * 5),
        ("upload", ["403"]),
        ("delivery", ["duplicate"]),
        ("delivery", ["late 4"]),
    ]
    with running(services.environ) as function:
        for fault, order in orders:
            setattr(services.faults, fault, order)
            sent = services.discord.send(function.url, used())
            line_of(function, sent)
            services.faults.clear()

            assert sent.token not in printed(function), (fault, order)
