"""The installed gcloud, imported once and forked for each call: its own commands without its second of start.

For gcloud's Python, with gcloud's libraries in PYTHONPATH: `gcloud_server.py SOCKET` serves, for ever. For any Python,
with the socket in $GCLOUD_SERVER: `gcloud_server.py ARGUMENT...` is gcloud itself, with these arguments, this
environment, folder and streams.
"""

import importlib
import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def call(path: str) -> int:
    """Have the server run this process's command; return its exit status."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        wanted = {"argv": sys.argv, "environ": dict(os.environ), "folder": str(Path.cwd()), "group": os.getpgid(0)}
        socket.send_fds(server, [json.dumps(wanted).encode()], [0, 1, 2])
        return int(server.recv(16))


def serve(path: str) -> None:
    importlib.import_module("googlecloudsdk.gcloud_main")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            client, _ = listener.accept()
            with client:
                learn(answer(client))


def answer(client: socket.socket) -> list[str]:
    """Run a call in a process of its own, which is killed with the client's group; return what it had imported."""
    message, streams, _, _ = socket.recv_fds(client, 1 << 20, 3)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(run(json.loads(message), streams, writing))
    for each in (*streams, writing):
        os.close(each)
    with os.fdopen(reading) as modules:
        imported = modules.read().split()
    _, status = os.waitpid(child, 0)
    with suppress(OSError):  # nobody waits any more
        client.sendall(b"%d" % os.waitstatus_to_exitcode(status))
    return imported


def run(wanted: dict[str, Any], streams: list[int], modules: int) -> int:
    os.setpgid(0, wanted["group"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(wanted["environ"])
    os.chdir(wanted["folder"])
    sys.argv = ["gcloud", *wanted["argv"][1:]]
    status: object = 0
    try:
        sys.modules["googlecloudsdk.gcloud_main"].main()
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(modules, "\n".join(sys.modules).encode())
    return status if isinstance(status, int) else int(bool(status))


def learn(modules: list[str]) -> None:
    """Import what a command needed, for the next ones."""
    for module in modules:
        if module not in sys.modules:
            with suppress(Exception):  # a lazy module may not be importable by its name
                importlib.import_module(module)


if "GCLOUD_SERVER" in os.environ:
    sys.exit(call(os.environ["GCLOUD_SERVER"]))
serve(sys.argv[1])
