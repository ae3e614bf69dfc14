"""The settings of the tools: .env and the environment."""

from pathlib import Path

import pytest

from tools import settings
from tools.settings import Trouble


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=b", {"A": "b"}),
        ("  export A = b  ", {"A": "b"}),
        ('A="b c" # d', {"A": "b c"}),
        ("A='b # c'", {"A": "b # c"}),
        ("A=b # c", {"A": "b"}),
        ("A=b#c", {"A": "b#c"}),
        ("A=b\r\n", {"A": "b"}),
        ("A=b\nA=c", {"A": "c"}),
        ("A=", {"A": ""}),
        ("A= # b", {"A": ""}),
        ("# A=b", {}),
        ("A", {}),
        ("A=$(touch pwned)", {"A": "$(touch pwned)"}),
    ],
)
def test_lines_are_read_as_deploy_does(text: str, values: dict[str, str]) -> None:
    """A line of .env means to the tools what it means to deploy.sh."""
    assert settings.parse(text) == values


def test_environment_wins(tmp_path: Path) -> None:
    """A value of the environment is stronger than .env's, even when it is empty."""
    (tmp_path / ".env").write_text("A=file\nB=file\nC=file\n")

    assert settings.read({"A": "environment", "B": ""}, tmp_path / ".env") == {"A": "environment", "B": "", "C": "file"}


def test_no_file_is_fine(tmp_path: Path) -> None:
    """Without .env there is the environment."""
    assert settings.read({"A": "b"}, tmp_path / ".env") == {"A": "b"}


def test_missing_settings_are_named_at_once() -> None:
    """One sentence names all that are missing, and where each is found."""
    with pytest.raises(Trouble, match=r"(?s)DISCORD_APP_ID.*developers.*DISCORD_BOT_TOKEN.*Bot, Reset Token"):
        settings.require({"DISCORD_APP_ID": ""}, "DISCORD_APP_ID", "DISCORD_BOT_TOKEN")
