"""deploy.sh against a gcloud that only writes down what it is asked."""

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import cloud as clouds
import pytest

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "bot-token.not-for.anybody"  # noqa: S105 - nobody's
SETTINGS = {
    "GOOGLE_CLOUD_PROJECT": "some-project",
    "DISCORD_PUBLIC_KEY": "0f" * 32,
    "DISCORD_APP_ID": "123456789012345678",
}
BILLING = {"BILLING_ACCOUNT": "0123AB-4567CD-89EF01"}
RUN = "mando-run@some-project.iam.gserviceaccount.com"
BUILD = "mando-build@some-project.iam.gserviceaccount.com"
BOUND = f"roles/cloudbuild.builds.builder serviceAccount:{BUILD}\nroles/owner user:me@example.test\n"
ANSWER = ("match", "status", "out", "err", "hang", "times")  # of fake_gcloud.sh
THERE = {"match": "describe", "out": "there\n"}


class Deployment:
    """deploy.sh in a folder of its own, with the fake gcloud first in PATH and pauses that take no time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fake = folder / "fake"
        self.fake.mkdir()
        (folder / "bin").mkdir()
        (folder / "bin" / "gcloud").symlink_to(ROOT / "tests" / "fake_gcloud.sh")
        self.write("sleep", ":")
        shutil.copy(ROOT / "deploy.sh", folder)
        for module in ("command", "examples"):
            shutil.copytree(ROOT / module, folder / module)
        self.answers: list[dict[str, Any]] = []

    def write(self, name: str, script: str) -> None:
        path = self.folder / "bin" / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def install(self, python: str) -> None:
        """Have a make that installs a .venv with this python."""
        script = self.folder / "python"
        script.write_text(f"#!/bin/sh\n{python}\n")
        script.chmod(0o755)
        self.write("make", 'echo "make $@" >>made; mkdir -p .venv/bin && cp python .venv/bin/python')

    def environ(self, **settings: str) -> dict[str, str]:
        for old in self.fake.iterdir():
            old.unlink()
        arrays = {key: [shlex.quote(str(each.get(key, ""))) for each in self.answers] for key in ANSWER}
        (self.fake / "answers").write_text("\n".join(f"{key}=({' '.join(values)})" for key, values in arrays.items()))
        path = f"{self.folder}/bin:/usr/bin:/bin"
        return {"PATH": path, "FAKE_GCLOUD": str(self.fake), "HOME": str(self.folder)} | settings

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own script
            [self.folder / "deploy.sh", *arguments],
            env=self.environ(**settings),
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    @property
    def calls(self) -> list[list[str]]:
        path = self.fake / "calls"
        return [call.split("\x1f")[:-1] for call in path.read_text().split("\x1e")[:-1]] if path.exists() else []

    @property
    def commands(self) -> list[str]:
        return [" ".join(call) for call in self.calls]

    @property
    def seen(self) -> str:
        """Return all that gcloud has seen: the calls and the environment of each."""
        return "".join((self.fake / name).read_text() for name in ("calls", "environs"))

    def command(self, start: str) -> str:
        """Return the one command that starts like this."""
        (found,) = [command for command in self.commands if command.startswith(start)]
        return found


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path)


def words(commands: list[str]) -> list[str]:
    """Shorten commands to what they do: the words before the first name or flag."""
    return [re.match(r"[a-z -]*[a-z]+(?= )", command.split("--")[0] + " ")[0] for command in commands]  # type: ignore[index]


# --- settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOOGLE_CLOUD_PROJECT", ""),
        ("GOOGLE_CLOUD_PROJECT", "Upper-Case"),
        ("GOOGLE_CLOUD_PROJECT", "short"),
        ("GOOGLE_CLOUD_PROJECT", "ends-with-"),
        ("DISCORD_PUBLIC_KEY", ""),
        ("DISCORD_PUBLIC_KEY", "0f" * 31),
        ("DISCORD_PUBLIC_KEY", "0g" * 32),
        ("DISCORD_APP_ID", "12x"),
        ("REGION", "europe"),
        ("FUNCTION_NAME", "Mando"),
        ("FUNCTION_NAME", "a" * 25),
        ("BUCKET_NAME", "ab"),
        ("BUCKET_NAME", "Upper"),
        ("BUCKET_NAME", "my-google-bucket"),
        ("BUCKET_NAME", "goog-bucket"),
        ("BUCKET_NAME", "192.168.5.4"),
        ("BUCKET_NAME", "a..b"),
        ("KEEP_DAYS", "0"),
        ("KEEP_DAYS", "a week"),
        ("MIN_INSTANCES", "-1"),
        ("MAX_INSTANCES", "0"),
        ("CONCURRENCY", "1001"),
        ("CONCURRENCY", "65"),
        ("THREADS", "0"),
        ("PICTURES", "none"),
        ("COMMAND", "examples.none"),
        ("COMMAND", "examples/chart.py"),
        ("BILLING", "yearly"),
        ("ALERT_EMAIL", "me"),
        ("ALERT_EMAIL", "a@b,c=d@e"),
        ("BILLING_ACCOUNT", "0123AB"),
        ("BUDGET_AMOUNT", "5.50"),
        ("BUDGET_AMOUNT", "five"),
        ("DISCORD_BOT_TOKEN", "Bot abc"),
    ],
)
def test_wrong_setting_is_named_before_anything_is_done(deployment: Deployment, name: str, value: str) -> None:
    """A setting that is wrong stops the script, which names it, before gcloud is called at all."""
    result = deployment.run(**SETTINGS | {name: value})

    assert result.returncode == 1
    assert name in result.stderr
    assert not deployment.calls


def test_all_wrong_settings_are_named_at_once(deployment: Deployment) -> None:
    """One run names every wrong setting, and where the right value is found."""
    result = deployment.run(DISCORD_APP_ID="x", KEEP_DAYS="y")

    for name in ("GOOGLE_CLOUD_PROJECT", "DISCORD_PUBLIC_KEY", "DISCORD_APP_ID", "KEEP_DAYS"):
        assert f"  - {name} is " in result.stderr
    assert "https://discord.com/developers/applications" in result.stderr
    assert "BUCKET_NAME" not in result.stderr


def test_wrong_token_is_not_printed(deployment: Deployment) -> None:
    """A token that is wrong is a token all the same."""
    result = deployment.run(**SETTINGS, DISCORD_BOT_TOKEN=f"Bot {TOKEN}")

    assert "DISCORD_BOT_TOKEN" in result.stderr
    assert TOKEN not in result.stdout + result.stderr


def test_more_instances_at_least_than_at_most(deployment: Deployment) -> None:
    """MIN_INSTANCES may not be more than MAX_INSTANCES."""
    result = deployment.run(**SETTINGS, MIN_INSTANCES="11")

    assert "MIN_INSTANCES" in result.stderr
    assert not deployment.calls


@pytest.mark.parametrize(("line", "region"), [("REGION=us-east1", "us-east1"), ("REGION=", "europe-west1")])
def test_env_file_is_read(deployment: Deployment, line: str, region: str) -> None:
    """A setting stands in .env, read as test_tool_settings says; left empty, it has its default."""
    (deployment.folder / ".env").write_text(line)
    deployment.run(**SETTINGS)

    assert f"--region={region} " in deployment.command("functions deploy")


def test_env_file_is_not_executed(deployment: Deployment) -> None:
    """What stands in .env is text, whatever it looks like."""
    (deployment.folder / ".env").write_text("REGION=$(touch pwned)\ntouch pwned\n")
    result = deployment.run(**SETTINGS)

    assert "REGION is '$(touch pwned)'" in result.stderr
    assert not (deployment.folder / "pwned").exists()


def test_environment_wins_over_env_file(deployment: Deployment) -> None:
    """A setting of the environment is stronger than .env's, even when it is empty."""
    (deployment.folder / ".env").write_text("REGION=us-east1\nKEEP_DAYS=9\n")
    deployment.run(**SETTINGS, REGION="us-west1", KEEP_DAYS="")

    assert "--region=us-west1 " in deployment.command("functions deploy")
    assert "--clear-lifecycle" in deployment.command("storage buckets update")


def test_too_much_at_once_is_warned_of(deployment: Deployment) -> None:
    """Above 16, an instance accepts more than it can draw."""
    assert "CONCURRENCY is 17" in deployment.run("--dry-run", **SETTINGS, CONCURRENCY="17").stderr
    assert "CONCURRENCY" not in deployment.run("--dry-run", **SETTINGS, CONCURRENCY="16").stderr


@pytest.mark.parametrize("start", [["bash"], []])
def test_windows_line_ends_are_told(deployment: Deployment, start: list[str]) -> None:
    """A script whose lines end as on Windows says so, in a sentence."""
    script = deployment.folder / "deploy.sh"
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    result = subprocess.run([*start, script], env=deployment.environ(), text=True, capture_output=True, check=False)  # noqa: S603

    assert result.returncode == 1
    assert result.stderr.strip().startswith("deploy: deploy.sh has Windows line ends: ")
    assert len(result.stderr.splitlines()) == 1


def test_unknown_argument_is_refused(deployment: Deployment) -> None:
    """A misspelt argument does nothing, least of all deploy."""
    result = deployment.run("--dryrun", **SETTINGS)

    assert result.returncode == 1
    assert not deployment.calls


def test_help_names_every_setting(deployment: Deployment) -> None:
    """--help is the head of the script, and names every setting that the script reads."""
    read = set(re.findall(r"\(setting ([A-Z_]+)", (ROOT / "deploy.sh").read_text()))
    result = deployment.run("--help")

    assert result.returncode == 0
    assert result.stdout.startswith("Usage: ./deploy.sh")
    assert len(read) == 18
    assert set(re.findall(r"^  ([A-Z_]+)  ", result.stdout, re.MULTILINE)) == read


def test_env_example_names_every_setting() -> None:
    """.env.example holds the settings of the script, each with the script's default."""
    read = dict(re.findall(r"\(setting ([A-Z_]+) ?([\w-]*)\)", (ROOT / "deploy.sh").read_text()))
    example = dict(re.findall(r"^#? ?([A-Z_]+)=(\S*)", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert {name: example.get(name) for name in read} == read


def test_without_gcloud_it_says_where_to_get_it(deployment: Deployment) -> None:
    """A machine without gcloud is told where it comes from."""
    (deployment.folder / "bin" / "gcloud").unlink()
    environ = deployment.environ(**SETTINGS)
    tools = deployment.folder / "tools"
    tools.mkdir()
    for name in ("bash", "sed", "tail", "tr", "dirname", "env"):
        (tools / name).symlink_to(shutil.which(name) or "")
    result = subprocess.run(  # noqa: S603 - our own script
        [deployment.folder / "deploy.sh"],
        env=environ | {"PATH": str(tools)},
        text=True,
        capture_output=True,
        check=False,
    )

    assert result.returncode == 1
    assert "https://cloud.google.com/sdk/docs/install" in result.stderr


# --- deploying


def test_order_of_a_first_deployment(deployment: Deployment) -> None:
    """Billing comes before the APIs that need it, the accounts before what names them, the CPU after the function."""
    result = deployment.run(**SETTINGS, **BILLING)

    assert result.returncode == 0, result.stderr
    assert [re.sub(r" (gs:|some-|mando|--|[a-z]+\.googleapis).*", "", command) for command in deployment.commands] == [
        "projects describe",
        "projects create",
        "services enable",
        "billing projects describe",
        "billing projects link",
        "services enable",
        "billing budgets list",
        "billing budgets create",
        "iam service-accounts list",
        "functions list",
        "storage buckets describe",
        "storage buckets create",
        "storage buckets update",
        "storage buckets add-iam-policy-binding",
        "iam service-accounts create",
        "iam service-accounts create",
        "storage buckets add-iam-policy-binding",
        "projects add-iam-policy-binding",
        "functions deploy",
        "run services update",
    ]


def test_somebody_else_may_be_faster(deployment: Deployment) -> None:
    """What appears between the look and the creation is used like what was there before."""
    deployment.answers = [{"match": "(projects|buckets) create", "status": 1, "err": "ERROR: already exists"}]
    for noun in ("^projects", "buckets"):
        deployment.answers.append({"match": f"{noun} describe", "status": 1, "err": "NOT_FOUND", "times": 1})
    deployment.answers += [THERE]

    assert deployment.run(**SETTINGS).returncode == 0


def test_flags_of_the_function(deployment: Deployment) -> None:
    """The function gets a whole vCPU with its memory, more threads than requests, its own accounts and its mark."""
    settings = {
        "CONCURRENCY": "16",
        "THREADS": "48",
        "MIN_INSTANCES": "1",
        "MAX_INSTANCES": "20",
        "FUNCTION_NAME": "draw",
        "COMMAND": "examples.chart",
    }
    deployment.run(**SETTINGS, **settings)
    flags = deployment.command("functions deploy draw ").split()

    assert set(flags) >= {
        "--gen2",
        "--region=europe-west1",
        "--runtime=python312",
        "--entry-point=handle_request",
        "--trigger-http",
        "--allow-unauthenticated",
        "--cpu=1",
        "--memory=512Mi",
        "--concurrency=16",
        "--min-instances=1",
        "--max-instances=20",
        "--timeout=60s",
        "--update-labels=mando_draw=some-project",
        "--service-account=draw-run@some-project.iam.gserviceaccount.com",
        "--build-service-account=projects/some-project/serviceAccounts/draw-build@some-project.iam.gserviceaccount.com",
    }
    assert (
        f"--set-env-vars=DISCORD_PUBLIC_KEY={'0f' * 32},DISCORD_APP_ID=123456789012345678"
        ",THREADS=48,GOOGLE_CLOUD_PROJECT=some-project,COMMAND=examples.chart,BUCKET_NAME=some-project-draw"
    ) in flags


def test_pictures_can_be_kept_for_some_days_only(deployment: Deployment) -> None:
    """KEEP_DAYS becomes a lifecycle rule of the bucket, in a file that does not stay behind."""
    deployment.write(
        "gcloud", "case $* in *lifecycle-file=*) cat $(echo \"$*\" | sed 's/.*lifecycle-file=//; s/ .*//') >rule;; esac"
    )
    deployment.run(**SETTINGS, KEEP_DAYS="30")

    assert json.loads((deployment.folder / "rule").read_text()) == {
        "rule": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]
    }


def test_no_billing_account_no_budget_is_said_aloud(deployment: Deployment) -> None:
    """Without a billing account there is no budget, and the user is told."""
    result = deployment.run(**SETTINGS)

    assert "NO BUDGET" in result.stderr
    assert not [command for command in deployment.commands if "budget" in command and "services" not in command]


@pytest.mark.parametrize("call", ["billing projects describe", "budgets list", "accounts create mando-run"])
def test_new_api_is_waited_for(deployment: Deployment, call: str) -> None:
    """An API that was enabled a moment ago is tried again until it is there."""
    disabled = "ERROR: the API has not been used in project 1 before or it is disabled. SERVICE_DISABLED"
    deployment.answers = [{"match": call, "status": 1, "err": disabled, "times": 2}]
    result = deployment.run(**SETTINGS, **BILLING)

    assert result.returncode == 0, result.stderr
    assert len([command for command in deployment.commands if re.search(call, command)]) == 3


@pytest.mark.parametrize("call", ["buckets add-iam-policy-binding.*mando-run", "projects add-iam", "functions deploy"])
def test_new_account_is_waited_for(deployment: Deployment, call: str) -> None:
    """What names an account that Google does not know everywhere yet is tried again."""
    deployment.answers = [
        {"match": call, "status": 1, "err": f"ERROR: Service account {RUN} does not exist.", "times": 3}
    ]
    result = deployment.run(**SETTINGS)

    assert result.returncode == 0, result.stderr
    assert len([command for command in deployment.commands if re.search(call, command)]) == 4


def test_waiting_for_an_account_ends(deployment: Deployment) -> None:
    """An account that stays unknown is given up after some eight tries."""
    deployment.answers = [{"match": "functions deploy", "status": 1, "err": "ERROR: service account does not exist"}]

    assert deployment.run(**SETTINGS).returncode == 1
    assert len([command for command in deployment.commands if "functions deploy" in command]) == 8


def test_other_failures_are_not_repeated(deployment: Deployment) -> None:
    """A build that fails for a reason of its own is told at once."""
    deployment.answers = [
        {"match": "functions deploy", "status": 1, "err": "ERROR: Build failed: no module named numpi"}
    ]
    result = deployment.run(**SETTINGS)

    assert "no module named numpi" in result.stderr
    assert len([command for command in deployment.commands if "functions deploy" in command]) == 1


CHANGES = [
    "^projects create",
    "services enable cloudres",
    "billing projects describe",
    "billing projects link",
    "services enable iam",
    "budgets list",
    "budgets create",
    "buckets create",
    "buckets update",
    "add-iam-policy-binding.*allUsers",
    "service-accounts create mando-run",
    "service-accounts create mando-build",
    "buckets add-iam-policy-binding.*mando-run",
    "^projects add-iam-policy-binding",
    "functions deploy",
    "run services update",
]


@pytest.mark.parametrize("call", CHANGES)
def test_failure_is_told(deployment: Deployment, call: str) -> None:
    """Whichever call fails: nothing more is done, the message names the step and a cure."""
    deployment.answers = [{"match": call, "status": 1, "err": "ERROR: (gcloud) the reason"}]
    result = deployment.run(**SETTINGS, **BILLING)

    assert result.returncode == 1
    assert "the reason" in result.stderr
    assert re.search(r"deploy: stopped at: \w.*\ndeploy: \w.*\ndeploy: What is done stays done", result.stderr)
    assert re.search(call, deployment.commands[-1]) or "describe" in deployment.commands[-1]


def test_failing_describe_is_not_fatal(deployment: Deployment) -> None:
    """A look that fails for any reason is taken for absence: the creation will tell what is wrong."""
    deployment.answers = [{"match": " describe ", "status": 1, "err": "ERROR: 503"}]

    assert deployment.run(**SETTINGS).returncode == 0


@pytest.mark.parametrize("call", ["buckets create", "functions deploy"])
def test_interrupted_run_can_be_completed(deployment: Deployment, call: str) -> None:
    """Ctrl-C says where it struck, and the next run completes."""
    deployment.answers = [{"match": call, "hang": 30}]
    process = subprocess.Popen(  # noqa: S603 - our own script
        [deployment.folder / "deploy.sh"],
        env=deployment.environ(**SETTINGS),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    )
    while not any(call in command for command in deployment.commands):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=10)

    assert process.returncode == 130
    assert "stopped at: " in errors
    deployment.answers = []
    assert deployment.run(**SETTINGS).returncode == 0


def test_report_without_token(deployment: Deployment) -> None:
    """The end is the address, the invitation and what is left to do."""
    deployment.answers = [
        {"match": "functions deploy", "out": "https://europe-west1-some-project.cloudfunctions.net/mando\n"}
    ]
    result = deployment.run(**SETTINGS)

    assert "answers at https://europe-west1-some-project.cloudfunctions.net/mando" in result.stdout
    assert "https://discord.com/oauth2/authorize?client_id=123456789012345678" in result.stdout
    assert 'make register ARGS="--endpoint https://europe-west1-some-project.cloudfunctions.net/mando"' in result.stdout


def test_token_registers_and_stays_secret(deployment: Deployment) -> None:
    """The bot token reaches tools.register in its environment: no command line, no output, no gcloud sees it."""
    deployment.install('echo "$@" >>registered; [ "$DISCORD_BOT_TOKEN" = ' + TOKEN + " ]")
    deployment.answers = [{"match": "functions deploy", "out": "https://example.test/mando\n"}]
    result = deployment.run(**SETTINGS, DISCORD_BOT_TOKEN=TOKEN)

    assert result.returncode == 0, result.stderr
    assert (deployment.folder / "registered").read_text() == "-m tools.register --endpoint https://example.test/mando\n"
    assert TOKEN not in result.stdout + result.stderr
    assert TOKEN not in deployment.seen


def test_tools_are_installed_first(deployment: Deployment) -> None:
    """With a token and a fresh clone, packages come before anything else: if they cannot, nothing is done."""
    deployment.write("make", "echo no Python 3.12 >&2; exit 2")
    result = deployment.run(**SETTINGS, DISCORD_BOT_TOKEN=TOKEN)

    assert result.returncode == 2
    assert "no Python 3.12" in result.stderr
    assert "Without DISCORD_BOT_TOKEN" in result.stderr
    assert not deployment.calls


@pytest.mark.parametrize("settings", [{"DISCORD_BOT_TOKEN": TOKEN}, {}])
def test_removal_at_discord(deployment: Deployment, settings: dict[str, str]) -> None:
    """--delete takes the commands and the endpoint away when the token is there; else it says that they are left."""
    deployment.install('echo "$@" >>registered')
    result = removal(deployment, "--yes", **settings)

    assert result.returncode == 0, result.stderr
    if settings:
        assert (deployment.folder / "registered").read_text() == "-m tools.register --remove\n"
    else:
        assert "Discord still has the commands" in result.stderr
        assert not (deployment.folder / "registered").exists()


def test_failed_registration_is_told(deployment: Deployment) -> None:
    """The function is deployed all the same; the message says how to register it."""
    deployment.install("exit 1")
    result = deployment.run(**SETTINGS, DISCORD_BOT_TOKEN=TOKEN)

    assert result.returncode == 1
    assert "The function is deployed" in result.stderr


def test_only_what_the_function_needs_reaches_it(deployment: Deployment) -> None:
    """No other setting of .env is given to the function, or to gcloud."""
    (deployment.folder / ".env").write_text(f"DISCORD_BOT_TOKEN={TOKEN}\nMY_SECRET=hunter2\n")
    deployment.install(":")
    deployment.run(**SETTINGS)

    assert "hunter2" not in deployment.seen
    assert TOKEN not in deployment.seen


def test_every_call_names_the_project_and_does_not_prompt(deployment: Deployment) -> None:
    """Whatever project gcloud is set to, these calls are about ours, and wait for nobody."""
    deployment.run(**SETTINGS, **BILLING)
    deployment.run("--delete", "--yes", **SETTINGS)

    assert deployment.commands
    assert all(command.endswith(" --project=some-project --quiet") for command in deployment.commands)


# --- dry run


@pytest.mark.parametrize("arguments", [["--dry-run"], ["--dry-run", "--delete"]])
def test_dry_run_calls_nobody(deployment: Deployment, arguments: list[str]) -> None:
    """A dry run needs no login and changes nothing."""
    result = deployment.run(*arguments, **SETTINGS, **BILLING, DISCORD_BOT_TOKEN=TOKEN)

    assert result.returncode == 0, result.stderr
    assert not deployment.calls
    assert TOKEN not in result.stdout + result.stderr


@pytest.mark.parametrize("extra", [{}, BILLING])
def test_dry_run_prints_what_a_run_does(deployment: Deployment, extra: dict[str, str]) -> None:
    """The printed commands, read by a shell, are those of a first deployment."""
    printed = deployment.run("--dry-run", **SETTINGS, **extra).stdout
    script = "\n".join(line for line in printed.splitlines() if line.startswith("gcloud "))
    subprocess.run(["/bin/sh", "-c", script], env=deployment.environ(), check=False)  # noqa: S603 - what was printed
    pasted = deployment.calls
    deployment.run(**SETTINGS, **extra)

    assert pasted == deployment.calls


# --- removing


def removal(deployment: Deployment, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    labels = "mando_mando=some-project"
    deployment.answers += [
        {"match": "get-iam-policy", "out": BOUND},
        {"match": "service-accounts list", "out": f"{RUN}||{labels} gs://some-project-mando|\n{BUILD}||{labels}|\n"},
        {"match": "billing projects describe", "out": "0123AB-4567CD-89EF01\n"},
        {"match": "budgets list", "out": "billingAccounts/0123AB-4567CD-89EF01/budgets/b1\n"},
        {"match": "functions list", "out": f"europe-west1/functions/mando|{RUN}|{labels}\n"},
        {"match": "buckets list.*gcf", "out": "gcf-v2-sources-1-europe-west1\n"},
        {"match": "buckets list", "out": f"some-project-mando|{labels}\n"},
        THERE,
    ]
    return deployment.run("--delete", *arguments, **SETTINGS | settings)


def test_nothing_left_is_fine(deployment: Deployment) -> None:
    """What is not there any more need not be removed."""
    deployment.answers = [{"match": " (delete|rm) ", "status": 1, "err": "ERROR: NOT_FOUND: was not found"}, THERE]

    assert deployment.run("--delete", "--yes", **SETTINGS).returncode == 0


@pytest.mark.parametrize(
    "call",
    [
        "projects describe",
        "functions delete",
        "storage rm gs://some",
        "storage ls gs://some",
        "buckets delete gs://some",
        "get-iam-policy",
        "remove-iam",
        "accounts list",
        "accounts delete",
        "billing projects",
        "budgets list",
        "budgets delete",
        "functions list",
        "repositories delete",
        "buckets list",
        "buckets delete gs://gcf",
    ],
)
def test_failed_removal_is_told(deployment: Deployment, call: str) -> None:
    """A removal that fails is not taken for one that was not needed."""
    denied = {"match": call, "status": 1, "err": "PERMISSION_DENIED: denied on resource (or it may not exist)."}
    deployment.answers = [denied]
    result = removal(deployment, "--yes")

    assert result.returncode == 1
    assert "denied on resource" in result.stderr
    assert "deploy: stopped at: " in result.stderr


def test_delete_needs_a_yes(deployment: Deployment) -> None:
    """Without a terminal to ask on, and without --yes, nothing is removed."""
    result = removal(deployment)

    assert result.returncode == 1
    assert "--yes" in result.stderr
    assert not deployment.calls


def asked(deployment: Deployment, answers: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run a deletion on a terminal where these answers are typed."""
    ours, theirs = pty.openpty()
    os.write(ours, answers)
    result = subprocess.run(  # noqa: S603 - our own script
        [deployment.folder / "deploy.sh", "--delete"],
        env=deployment.environ(**SETTINGS),
        stdin=theirs,
        capture_output=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    return result


@pytest.mark.parametrize(("answer", "status"), [(b"n\n", 1), (b"\n", 1), (b"\x04", 1), (b"y\n", 0)])
def test_delete_asks(deployment: Deployment, answer: bytes, status: int) -> None:
    """On a terminal it asks, and takes nothing but yes for a yes."""
    deployment.answers = [THERE]

    assert asked(deployment, answer).returncode == status
    assert bool(deployment.calls) == (status == 0)


@pytest.mark.parametrize(("answers", "gone"), [(b"y\nn\n", False), (b"y\n\x04", False), (b"y\ny\n", True)])
def test_delete_asks_once_more_for_what_is_no_mandala(deployment: Deployment, answers: bytes, gone: bool) -> None:  # noqa: FBT001
    """Files that are not mando's are named, and removed with their bucket only after a yes of their own."""
    labels = "mando_mando=some-project"
    deployment.answers = [
        {"match": "storage ls", "out": "gs://some-project-mando/diary.txt\n"},
        {"match": "buckets list", "out": f"some-project-mando|{labels}\n"},
        THERE,
    ]
    result = asked(deployment, answers)

    assert result.returncode == 0
    assert b"gs://some-project-mando/diary.txt" in result.stderr
    assert ("storage rm gs://some-project-mando/** --project=some-project --quiet" in deployment.commands) == gone
    assert any("buckets delete" in command for command in deployment.commands) == gone


def test_delete_needs_nothing_of_discord(deployment: Deployment) -> None:
    """Public key and application id are not asked for to remove things."""
    deployment.answers = [THERE]

    assert deployment.run("--delete", "--yes", GOOGLE_CLOUD_PROJECT="some-project").returncode == 0


def test_yes_alone_is_refused(deployment: Deployment) -> None:
    """--yes without --delete is a slip."""
    assert deployment.run("--yes", **SETTINGS).returncode == 1


# --- with the real gcloud's own rules


@pytest.mark.skipif(not clouds.GCLOUD, reason="GCLOUD IS NOT INSTALLED: its own rules are not checked")
def test_gcloud_parses_what_is_told(deployment: Deployment) -> None:
    """What a reader is told to call is understood by the installed gcloud."""
    pages = (ROOT / "README.md").read_text() + (ROOT / "docs" / "operating.md").read_text()
    told = [shlex.split("".join(found)) for found in re.findall(r"(?m)^gcloud (.+)$|`gcloud ([^`]+)`", pages)]
    python, environ = clouds.gcloud_python()
    result = subprocess.run(  # noqa: S603 - gcloud's own Python
        [python, ROOT / "tests" / "parse_gcloud.py"],
        input=json.dumps(told),
        env=environ | {"CLOUDSDK_CONFIG": str(deployment.folder), "HOME": "/"},
        text=True,
        capture_output=True,
        check=False,
    )

    assert len(told) > 10
    assert result.returncode == 0, result.stderr
