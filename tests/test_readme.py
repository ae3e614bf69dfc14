"""The README tells the truth: what it names exists, and nothing that a reader needs is left out."""

import re
from pathlib import Path
from typing import Any

import pytest

from command.definition import DEFINITION
from config import RULES

ROOT = Path(__file__).parents[1]
LINK = r"\[([^\]]*)\]\((?!https?:)([^)#]+)[^)]*\)"
README = (ROOT / "README.md").read_text()
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = "".join(page.read_text() for page in DOCS)
LINKS = [(name, page.parent / path) for page in DOCS for name, path in re.findall(LINK, page.read_text())]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(" ".join(re.findall(r"^([a-z ]+):", MAKEFILE, re.MULTILINE)).split())


def rows(title: str) -> dict[str, str]:
    """Return the rows of a section's table by the name that stands in their first cell."""
    section = README.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([A-Za-z_]+)` \|(.*)\|$", section, re.MULTILINE))


def test_every_option_is_told() -> None:
    """The table of options is that of the definition."""
    assert list(rows("In Discord")) == [option["name"] for option in DEFINITION["options"]]


@pytest.mark.parametrize("option", DEFINITION["options"], ids=lambda option: option["name"])
def test_limits_are_told(option: dict[str, Any]) -> None:
    """Each limit and each choice of an option stands in its row, as Discord shows it."""
    limits = [str(option[limit]) for limit in ("min_value", "max_value", "max_length") if limit in option]
    choices = [choice["name"] for choice in option.get("choices", [])]

    assert [each for each in limits + choices if each not in rows("In Discord")[option["name"]]] == []


def test_every_setting_is_told() -> None:
    """The table of settings is that of config.py."""
    assert list(rows("Settings")) == list(RULES)


def test_every_setting_of_deploy_is_told() -> None:
    """What deploy.sh reads stands in the README and in `.env.example`."""
    settings = set(re.findall(r"\$\(setting ([A-Z_]+)", (ROOT / "deploy.sh").read_text()))
    example = (ROOT / ".env.example").read_text()

    assert [name for name in settings if f"`{name}`" not in README or f"{name}=" not in example] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)", PAGES))))
def test_every_make_target_exists(target: str) -> None:
    """What the README tells to make can be made."""
    assert target in TARGETS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([a-z_/]+\.(?:py|sh|json)|[a-z]+/)`", PAGES))))
def test_every_path_exists(path: str) -> None:
    """The files that the README names are there."""
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("name", "path"), LINKS, ids=lambda part: getattr(part, "name", part))
def test_every_link_leads_somewhere(name: str, path: Path) -> None:
    """Links and pictures within the project are there; one that is named `as code` is defined in that very file."""
    assert path.exists()
    names = name.strip("`").split(".") if name.startswith("`") else []
    defined = r"^ *((def|class) {0}\b|{0}( = |\(\)))"
    assert [each for each in names if not re.search(defined.format(each), path.read_text(), re.MULTILINE)] == []


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([a-z_.]+)", PAGES))))
def test_every_module_can_be_run(module: str) -> None:
    """What the README runs with `python -m` can be run."""
    path = ROOT / module.replace(".", "/")

    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_every_option_of_deploy_is_told() -> None:
    """The options of deploy.sh are those in its own help."""
    told = set(re.findall(r"deploy\.sh (--[a-z-]+)", PAGES))
    known = set(re.findall(r"--[a-z-]+", (ROOT / "deploy.sh").read_text().partition("set -euo")[0]))

    assert told
    assert told <= known
