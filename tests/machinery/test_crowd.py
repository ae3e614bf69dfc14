"""More than one instance can do: what is taken on, what is told at once, and the end in the middle of it."""

import os
import signal
import socket
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from function import acknowledged, line_of, running, used

import shutdown
from admission import FEW, FIRST_GUESS, WORK_SECONDS, Admission, OneAtATime, processors
from fakes import Services
from fakes.discord.rules import Interaction
from fakes.function import Function
from worker_threads import WorkerThreads

THREADS = {"THREADS": "64"}  # deploy.sh's
Use = Callable[[], Interaction]
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


# --- admission


def test_bound_follows_the_drawings() -> None:
    """An instance takes on what its processors can draw between SIGTERM and the last edits, at their own pace."""
    quick = Admission(2)
    for _ in range(100):
        quick.measured(0.05)

    assert Admission(2).bound == 2 * int(WORK_SECONDS / FIRST_GUESS)
    assert quick.bound == pytest.approx(2 * WORK_SECONDS / 0.05, abs=4)


def test_slow_machine_still_takes_some() -> None:
    """However slow a drawing seems, as many are taken on as a crowd of a few people needs."""
    slow = Admission(1)
    for _ in range(2):
        slow.measured(1000)

    assert slow.bound == 16


def test_first_drawing_tells_nothing() -> None:
    """What imports its libraries first is no measure of the next."""
    first = Admission(1)
    first.measured(1000)

    assert first.bound == Admission(1).bound


def test_no_more_than_the_bound_is_taken_on() -> None:
    """What is beyond the bound is refused, until something is done."""
    full = Admission(1)
    admitted = [full.admit() for _ in range(full.bound + 1)]
    full.release()

    assert (admitted, full.admit()) == ([True] * full.bound + [False], True)


def test_what_is_long_waits_for_quiet() -> None:
    """One at a time is taken on beside the others, and none while these are more than a few."""
    others = Admission(1)
    aside = OneAtATime(others)
    first, second = aside.admit(), aside.admit()
    aside.release()
    crowd = [others.admit() for _ in range(FEW + 1)]

    assert (first, second, all(crowd), aside.admit()) == (True, False, True, False)
    others.release()
    assert aside.admit()


@pytest.mark.parametrize(("quota", "count"), [("60000 100000", 1), ("100000 100000", 1), ("9900000 100000", None)])
def test_processors_are_those_that_were_given(quota: str, count: int | None, tmp_path: Path) -> None:
    """A cgroup's quota counts, not what the host has; nor does a quota make more of them."""
    cgroup = tmp_path / "cpu.max"
    cgroup.write_text(quota)

    assert processors(cgroup) == (count or processors(tmp_path / "none"))


def test_crowd_beyond_the_bound_is_told_at_once(services: Services) -> None:
    """Edits that hang fill an instance: who comes then reads a private sentence within the 3 s, and is answered 202."""
    with running(services.environ | THREADS) as function:
        services.faults.edit = "slow 2"
        with ThreadPoolExecutor(64) as crowd:
            everybody = list(crowd.map(lambda _: services.discord.send(function.url, used()), range(150)))
        fates = [sent.wait().fate for sent in everybody]
        refused = everybody[fates.index("busy")]
        line = line_of(function, refused)

    assert set(fates) == {"busy", "picture"}
    assert {sent.status for sent in everybody} == {202}
    assert (bool(refused.original.content), refused.original.private) == (True, True)
    assert (line["outcome"], line["severity"]) == ("busy", "WARNING")


# --- the end


@pytest.mark.parametrize(("bucket", "tricklers"), [(None, 0), ("hang", 4)], ids=["well", "hanging and trickled upon"])
def test_crowd_at_an_end(services: Services, bucket: str | None, tricklers: int) -> None:
    """SIGTERM in the middle of a crowd: nobody is left with "thinking", and the process ends by itself, in time."""
    with running(services.environ | THREADS) as function, ExitStack() as stack:
        services.discord.send(function.url, used()).wait()
        services.faults.bucket = bucket
        for _ in range(tricklers):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", function.port)))
            client.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
        everybody = [services.discord.rules.create(used()) for _ in range(60)]
        crowd = stack.enter_context(ThreadPoolExecutor(60))
        sent = [crowd.submit(services.discord.sender.deliver, function.url, each) for each in everybody]
        time.sleep(0.3)
        start = time.monotonic()
        status = function.stop()
        seconds = time.monotonic() - start
        for each in sent:
            each.result()

    assert {each.fate for each in everybody} <= {"picture", "sentence", "busy"}
    assert (status, seconds < shutdown.KILLED_AFTER) == (0, True)


def test_who_waits_at_an_end_is_told(services: Services) -> None:
    """What came while the instance was frozen is heard though SIGTERM came with it, and told that there is no room."""
    with running(services.environ) as function, ThreadPoolExecutor() as others:
        services.faults.edit = ["slow 2"]
        with acknowledged(services, function, used()):
            group = function.group
            os.killpg(group, signal.SIGSTOP)
            waiting = [others.submit(services.discord.send, function.url, used()) for _ in range(4)]
            time.sleep(0.3)
            others.submit(function.stop)
            time.sleep(0.1)
            os.killpg(group, signal.SIGCONT)
            heard = [each.result() for each in waiting]

    assert [each.status for each in heard] == [202] * 4
    assert {each.fate for each in heard} - {"picture"} == {"busy"}


def test_what_is_waited_for_is_waited_for_no_longer_than_said() -> None:
    """Work that does not come in its time is cancelled, so that nobody does it any more."""
    never: Future[None] = Future()

    with pytest.raises(TimeoutError):
        shutdown.wait_for(never, 0.01, last_seconds=1)
    assert never.cancelled()


def test_worker_threads_skip_what_was_cancelled() -> None:
    """Work is done in the order of its coming; an error is the waiter's, and what is cancelled is left."""
    threads, gate = WorkerThreads("test", 1), threading.Event()
    done: list[int] = []
    first, second, third, fourth = (
        threads.submit(work)
        for work in (gate.wait, lambda: done.append(2), lambda: done.append(3), lambda: 1 // (len(done) - 1))
    )
    second.cancel()
    threads.start()
    gate.set()

    with pytest.raises(ZeroDivisionError):
        fourth.result(5)
    assert (first.result(), third.done(), done) == (True, True, [3])


def test_worker_threads_keep_nothing() -> None:
    """What was made is freed once nobody else has it, not when the next is made: a picture is large."""
    threads = WorkerThreads("test", 1)
    threads.start()
    made = weakref.ref(threads.submit(set[int]).result())
    deadline = time.monotonic() + 5
    while made() is not None and time.monotonic() < deadline:
        time.sleep(0.01)

    assert made() is None


# --- clocks and silence


@pytest.mark.parametrize("seconds", [-600, 600])
def test_wrong_clock_refuses_nobody(services: Services, function: Function, seconds: float) -> None:
    """Discord's clock and ours ten minutes apart, a crowd at once: everybody is told in time and gets a picture."""
    services.discord.rules.skip(seconds)
    try:
        with ThreadPoolExecutor(8) as crowd:
            everybody = list(crowd.map(lambda _: services.discord.send(function.url, used()).wait(), range(8)))
    finally:
        services.discord.rules.skip(-seconds)

    assert [(sent.fate, sent.refusals) for sent in everybody] == [("picture", [])] * 8


def test_silent_connections_wait_in_the_kernel(function: Function, use: Use) -> None:
    """Five hundred connections that say nothing hold up nobody: a command is acknowledged within a second meanwhile."""
    use().wait()
    with ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(socket.create_connection(("127.0.0.1", function.port)))
        sent = use().wait()

    assert sent.acknowledged is not None
    assert sent.acknowledged < 1


def test_silence_is_no_traceback(services: Services) -> None:
    """A client that stops in mid-request, or goes away, is routine on the internet: the log does not mention it."""
    halves = (b"", b"X-Signature-Ed25519: 0", b"Content-Length: 9\r\n\r\n{")
    with running(services.environ) as function, ExitStack() as stack:
        services.discord.send(function.url, used()).wait()
        here = ("127.0.0.1", function.port)
        clients = [stack.enter_context(socket.create_connection(here, timeout=10)) for _ in halves]
        for client, half in zip(clients, halves, strict=True):
            client.sendall(HEAD + half)
        for client in clients:
            client.recv(1000)
        socket.create_connection(here).close()

    assert "Traceback" not in "\n".join(function.printed)
