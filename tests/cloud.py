"""deploy.sh with the real gcloud against a stand-in for Google's APIs."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import google_apis
from google_apis import Google

ROOT = Path(__file__).resolve().parent.parent
SERVER, CLIENT = (Path(__file__).with_name(f"gcloud_{side}.py") for side in ("server", "client"))
GCLOUD = shutil.which("gcloud")
PROJECT, ACCOUNT = "some-project", "0123AB-4567CD-89EF01"
RUN = f"mando-run@{PROJECT}.iam.gserviceaccount.com"
BUILD = f"mando-build@{PROJECT}.iam.gserviceaccount.com"
BUCKET = f"{PROJECT}-mando"
MARK = {"mando_mando": PROJECT}
DIGEST = "0123456789abcdef" * 2
OWNER = ("roles/owner", "user:me@example.test")
SETTINGS = {
    "GOOGLE_CLOUD_PROJECT": PROJECT,
    "DISCORD_PUBLIC_KEY": "0f" * 32,
    "DISCORD_APP_ID": "123456789012345678",
    "DISCORD_BOT_TOKEN": "",
    "BILLING_ACCOUNT": ACCOUNT,
}


@dataclass
class Cloud:
    google: Google
    environ: dict[str, str]

    def deploy(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own script
            [ROOT / "deploy.sh", *arguments],
            env=self.environ | SETTINGS | settings,
            stdin=subprocess.DEVNULL,
            text=True,
            capture_output=True,
            check=False,
            process_group=0,
        )

    def completes(self, *arguments: str, **settings: str) -> str:
        """Run it to its good end; return all that it says."""
        result = self.deploy(*arguments, **settings)
        assert result.returncode == 0, result.stderr
        return result.stdout + result.stderr

    def is_refused(self, *arguments: str, **settings: str) -> str:
        """Run it, and see it refuse; return what it says."""
        result = self.deploy(*arguments, **settings)
        assert result.returncode == 1, result.stdout
        return result.stderr


@cache
def gcloud_python() -> tuple[str, dict[str, str]]:
    """Return the Python of the installed gcloud, and the environment in which it finds gcloud's libraries."""
    assert GCLOUD
    info = subprocess.run(  # noqa: S603 - gcloud
        [GCLOUD, "info", "--format=value(installation.sdk_root,basic.python_location)"],
        capture_output=True,
        text=True,
        check=True,
    )
    root, python = info.stdout.split()
    return python, {"PYTHONPATH": f"{root}/lib:{root}/lib/third_party", "PATH": os.environ["PATH"]}


@contextmanager
def gcloud_server(folder: Path) -> Iterator[Path]:
    """Serve the installed gcloud until the end of the block; give a folder for PATH where gcloud is its client."""
    python, environ = gcloud_python()
    address = folder / "socket"
    server = subprocess.Popen([python, "-S", SERVER, address], env=environ | {"HOME": str(folder)})  # noqa: S603 - our own server
    while not address.exists():
        assert server.poll() is None
        time.sleep(0.05)
    binaries = folder / "bin"
    binaries.mkdir()
    (binaries / "gcloud").write_text(f'#!/bin/sh\nexec {sys.executable} -IS {CLIENT} {address} "$@"\n')
    (binaries / "gcloud").chmod(0o755)
    (binaries / "sleep").symlink_to("/bin/true")  # no pauses between tries
    try:
        yield binaries
    finally:
        server.kill()
        server.wait()


@contextmanager
def cloud(binaries: Path, folder: Path) -> Iterator[Cloud]:
    """Give a Google where nothing is yet, and the way there."""
    google = Google()
    with google_apis.serve(google, folder) as environ:
        yield Cloud(google, {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(folder)} | environ)
    assert not google.unknown, "the stand-in must learn these"


def bindings(holder: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["role"], member) for each in holder["policy"]["bindings"] for member in each["members"]}


def function(region: str = "europe-west1", name: str = "mando") -> str:
    return f"projects/{PROJECT}/locations/{region}/functions/{name}"


def nothing_is_left(google: Google) -> bool:
    left = (google.functions, google.services, google.buckets, google.accounts, google.budgets, google.repositories)
    return not any((*left, google.alerts, google.channels)) and google.members(PROJECT) == {OWNER}
