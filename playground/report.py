"""Verdicts as they come on a terminal, and as a report in Markdown or JUnit XML."""

import html
import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from fakes.discord.probes import NEVER_SENT
from playground.played import DEFINITION
from playground.session import Session
from playground.terminal import GREEN, RED, Terminal
from playground.verdicts import CASES, NEVER, Cases, Verdict

TITLE = "/{} under every fault"
SIGNS = {True: "✓", False: "✗", None: "-"}
STYLES = {True: GREEN, False: RED, None: ""}
FIRST_NEVER_SENT = f"{NEVER}: {NEVER_SENT[0].name}"
MARKED_UP = re.compile(r"[\\`*_\[\]|~]")


def tell(terminal: Terminal, session: Session, cases: Cases, options: dict[str, Any]) -> list[Verdict]:
    """Play the cases one after the other, say each verdict as it comes, and return all."""
    terminal.say(f"\n  {len(cases)} to play, one after the other. A bucket that fails may be waited for 15 s.\n")
    verdicts, said = [], list[str]()
    session.function.say = said.append  # told only of what went wrong
    terminal.now(f"  … {cases[0].name}")
    for number, verdict in enumerate(session.play(cases, options), 1):
        if verdict.name == FIRST_NEVER_SENT:
            terminal.say("\n  What Discord never sends:")
        terminal.say(
            f"  {terminal.paint(SIGNS[verdict.right], STYLES[verdict.right])} {verdict.name:<44}{verdict.told}"
        )
        for line in "\n".join(said).splitlines()[-1:] if verdict.right is False else ():
            terminal.say(f"      {line}")
        verdicts.append(verdict)
        said.clear()
        terminal.now(f"  … {cases[number].name}" if number < len(cases) else "")
    terminal.say(f"\n  {_summary(verdicts)}\n")
    return verdicts


def _summary(verdicts: Sequence[Verdict]) -> str:
    right, wrong, never = (sum(each.right is sign for each in verdicts) for sign in SIGNS)
    return f"{right} as they should be, {wrong} not" + (f", {never} that this function never meets" if never else "")


def markdown(verdicts: Sequence[Verdict], name: str = DEFINITION["name"]) -> bytes:
    rows = [("", "fault", "what came of it"), ("---",) * 3]
    rows += [(SIGNS[each.right], _escaped(each.name), _escaped(each.told)) for each in verdicts]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"# {TITLE.format(name)}\n\n{_summary(verdicts)}.\n\n{table}".encode()


def _escaped(text: str) -> str:
    return MARKED_UP.sub(r"\\\g<0>", html.escape(text, quote=False))


def junit(verdicts: Sequence[Verdict], name: str = DEFINITION["name"]) -> bytes:
    """Return them as JUnit XML: https://github.com/testmoapp/junitxml."""
    title = TITLE.format(name)
    of = {"failures": False, "skipped": None}
    counts = {name: str(sum(each.right is sign for each in verdicts)) for name, sign in of.items()}
    suite = ET.Element("testsuite", {"name": title, "tests": str(len(verdicts)), "errors": "0", **counts})
    for each in verdicts:
        case = ET.SubElement(suite, "testcase", classname=title, name=each.name, time=f"{each.seconds:.3f}")
        if each.right:
            ET.SubElement(case, "system-out").text = each.told
        else:
            ET.SubElement(case, "skipped" if each.right is None else "failure", message=each.told)
    ET.indent(suite)
    return bytes(ET.tostring(suite, "utf-8", xml_declaration=True))


WRITERS: dict[str, Callable[[Sequence[Verdict], str], bytes]] = {".md": markdown, ".xml": junit}


def report_file(text: str) -> Path:
    """Return where a report is to be written, or raise ArgumentTypeError with the cure."""
    path = Path(text)
    if path.suffix not in WRITERS:
        raise ArgumentTypeError(f"give a file that ends in .md (Markdown) or .xml (JUnit), not {text!r}")
    try:
        path.open("ab").close()
    except OSError as error:
        raise ArgumentTypeError(f"{text!r} cannot be written: {error.strerror}") from None
    return path


def cases_with(word: str) -> Cases:
    """Return the cases that have the word in their name, or raise ArgumentTypeError."""
    found = tuple(each for each in CASES if word.lower() in each.name.lower())
    if not found:
        raise ArgumentTypeError(f"no fault has {word!r} in its name: {', '.join(each.name for each in CASES)}")
    return found
