"""The settings of the tools and of deploy.sh: the environment, else .env, which both read alike."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, strategies
from hypothesis import settings as effort

from tools import settings
from tools.terminal import Trouble

ROOT = Path(__file__).resolve().parent.parent
READ_BY_BASH = """\
eval "$(sed -n '/^from_env_file() {/,/^}/p' "$1")"
abort() { printf '%s\\n' "$*" >&2; exit 1; }
export LC_ALL=C
from_env_file A
"""
PIECES = ["A", "=", "A=", "B=", '"', "'", "#", " ", "\t", "\n", "\r", "\\", "export ", "$(x)", "é", "\ufeff", "\0", "b"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=b", "b"),
        ("  export A = b  ", "b"),
        ("\texport\tA=b", "b"),
        ("exportA=b", ""),
        ('A="b c" # d', "b c"),
        ("A='b # c'", "b # c"),
        ("A=b # c", "b"),
        ("A=b\t# c # d", "b"),
        ("A=b#c", "b#c"),
        ("A=#b", ""),
        ("A=it's", "it's"),
        ('A=b"c"', 'b"c"'),
        ("""A="it's" """, "it's"),
        ("""A='say "b"'""", 'say "b"'),
        (r'A="b\"c"', "b\\"),
        ('A="b\nc"\nB=d', "b\nc"),
        ('B="\nA=c\n"\nA=d', "d"),
        ("B='\nA=c\n'", ""),
        ("A=b\r\n", "b"),
        ("A=b\nA=c", "c"),
        ("A=b\nA=", ""),
        ("A= # b", ""),
        ("# A=b", ""),
        ("A", ""),
        ("AA=b", ""),
        ("1A=b", ""),
        ("A=$(touch pwned)", "$(touch pwned)"),
        ("\ufeffA=b", "b"),
        ("A=é\u00a0", "é\u00a0"),
        ("A=b\u2028A=c", "b\u2028A=c"),
    ],
)
def test_a_line_means_the_same_to_both(tmp_path: Path, text: str, value: str) -> None:
    """A value is read as people write it, by the tools and by deploy.sh."""
    assert settings.parse(text.encode()).get("A", "") == value
    assert in_bash(tmp_path, text.encode()) == value


@effort(max_examples=150)
@given(strategies.lists(strategies.sampled_from(PIECES), max_size=12).map("".join))
@example("A=b\nB='")
def test_whatever_stands_there_means_the_same_to_both(tmp_path: Path, text: str) -> None:
    """No content is read in two ways; a quote that is never closed is an error to both."""
    try:
        value = settings.parse(text.encode()).get("A", "")
    except Trouble as trouble:
        value = str(trouble)

    assert in_bash(tmp_path, text.encode()) == value


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
def test_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """A comment may hold what is no UTF-8, and Windows may have written all of it in UTF-16."""
    content = "# für später\nA=b\n".encode(encoding)

    assert settings.parse(content) == {"A": "b"}
    assert in_bash(tmp_path, content) == "b"


def in_bash(folder: Path, content: bytes) -> str:
    """Return what deploy.sh reads as the value of A, or what it says is wrong."""
    (folder / ".env").write_bytes(content)
    command = ["bash", "-c", READ_BY_BASH, "bash", str(ROOT / "deploy.sh")]
    result = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - our own script
    return result.stderr.decode().removesuffix("\n") or result.stdout.decode(errors="surrogateescape")


def test_environment_wins(tmp_path: Path) -> None:
    """A value of the environment is stronger than .env's, even when it is empty."""
    (tmp_path / ".env").write_text("A=file\nB=file\nC=file\n")

    assert settings.read({"A": "environment", "B": ""}, tmp_path / ".env") == {"A": "environment", "B": "", "C": "file"}


def test_no_file_is_fine(tmp_path: Path) -> None:
    """Without .env there is the environment."""
    assert settings.read({"A": "b"}, tmp_path / ".env") == {"A": "b"}


def test_folder_instead_of_a_file_is_told(tmp_path: Path) -> None:
    """A .env that cannot be read is told, not traced."""
    with pytest.raises(Trouble, match="cannot be read: Is a directory"):
        settings.read({}, tmp_path)


def test_faults_are_named_at_once() -> None:
    """One sentence names all that are missing or malformed, and where each is found; it repeats no value."""
    with pytest.raises(Trouble, match=r"(?s)APP_ID is not set.*developers.*BOT_TOKEN must be.*Reset Token") as trouble:
        settings.require({"DISCORD_BOT_TOKEN": "Bot secret\n"}, "DISCORD_APP_ID", "DISCORD_BOT_TOKEN")

    assert "secret" not in str(trouble.value)
