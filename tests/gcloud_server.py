"""The installed gcloud, imported once and forked for each call: its own commands without its second of start.

For gcloud's Python, with gcloud's libraries in PYTHONPATH: `gcloud_server.py SOCKET` serves gcloud_client.py, for ever.
"""

import importlib
import json
import os
import socket
import sys
from contextlib import suppress
from typing import Any


def serve(path: str) -> None:
    gcloud = importlib.import_module("googlecloudsdk.gcloud_main")
    commands = gcloud.CreateCLI([])
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            client, _ = listener.accept()
            with client:
                learn(answer(client, commands))


def answer(client: socket.socket, commands: Any) -> list[str]:  # noqa: ANN401 - gcloud's
    """Run a call in a process of its own, which is killed with the client's group; return what it had imported."""
    message, streams, _, _ = socket.recv_fds(client, 1 << 20, 3)
    wanted = json.loads(message)
    command = commands.top_element
    for word in wanted["arguments"]:
        command = command and command.LoadSubElement(word)  # for this call, and for the next ones
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(run(wanted, commands, streams, writing))
    for each in (*streams, writing):
        os.close(each)
    with os.fdopen(reading) as modules:
        imported = modules.read().split()
    _, status = os.waitpid(child, 0)
    with suppress(OSError):  # nobody waits any more
        client.sendall(b"%d" % os.waitstatus_to_exitcode(status))
    return imported


def run(wanted: dict[str, Any], commands: Any, streams: list[int], modules: int) -> int:  # noqa: ANN401 - gcloud's
    os.setpgid(0, wanted["group"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(wanted["environ"])
    os.chdir(wanted["folder"])
    sys.argv = ["gcloud", *wanted["arguments"]]
    status: object = 0
    try:
        sys.modules["googlecloudsdk.gcloud_main"].main(commands)
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


serve(sys.argv[1])
