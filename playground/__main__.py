"""Open a Discord on localhost, with the function behind it: python -m playground --help."""

import argparse
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import Any, NoReturn

from discord_enums import OptionType
from fakes.discord.errors import Refusal
from fakes.function import ROOT, DoesNotStart, is_free
from fakes.watching import watching
from playground import foreign
from playground.page import open_page
from playground.played import DEFINITION
from playground.report import WRITERS, cases_with, report_file, tell
from playground.session import UNTYPED, Session, open_foreign, open_session
from playground.terminal import Terminal, save
from playground.verdicts import CASES

PORT = 8400
PORTS = {"type": OptionType.INTEGER, "min_value": 0, "max_value": 65535}
LONGEST = 6000  # characters of an option, for Discord
GREATEST = 2**53  # of numbers
NUMBERS: dict[int, tuple[Callable[[str], float], str]] = {
    OptionType.INTEGER: (int, "a whole number"),
    OptionType.NUMBER: (float, "a number"),
}
OUT = ROOT / "out"
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
NAME = DEFINITION["name"]
OPTIONS: list[dict[str, Any]] = DEFINITION["options"]


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def value_of(option: dict[str, Any], text: str) -> object:
    """Return an option's value as Discord would send it, or raise ArgumentTypeError with the cure."""
    if values := _choices(option):
        if text.lower() not in values:
            raise argparse.ArgumentTypeError(f"choose one of {', '.join(_named(option))}; not {text!r}")
        return values[text.lower()]
    if option["type"] in NUMBERS:
        return _number(option, text)
    least, most = option.get("min_length", 0), option.get("max_length", LONGEST)
    if not least <= len(text) <= most:
        raise argparse.ArgumentTypeError(f"give {least} to {most} characters; these are {len(text)}")
    return text


def _number(option: dict[str, Any], text: str) -> float:
    read, kind = NUMBERS[option["type"]]
    low, high = option.get("min_value", -GREATEST), option.get("max_value", GREATEST)
    with suppress(ValueError):
        if low <= (number := read(text)) <= high:
            return number
    raise argparse.ArgumentTypeError(f"give {kind} from {low} to {high}, not {text!r}")


def _choices(option: dict[str, Any]) -> Mapping[str, object]:
    """Return what may be typed for an option that offers a choice, and the value of each."""
    if option["type"] == OptionType.BOOLEAN:
        return dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    offered = option.get("choices", [])
    return {str(text).lower(): each["value"] for each in offered for text in (each["value"], each["name"])}


def _named(option: dict[str, Any]) -> list[str]:
    if option["type"] == OptionType.BOOLEAN:
        return ["yes", "no"]
    return [str(each["name"]) for each in option.get("choices", [])]


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, dict[str, object]]:
    """Return the arguments, and the options of the command that they ask for; end with status 2 on a bad one."""
    parser = argparse.ArgumentParser(
        prog="python -m playground",
        usage="%(prog)s [option …]",
        description=f"A Discord on localhost: try /{NAME} in the browser, with no account, tunnel or cloud.",
        epilog=f"With any option of /{NAME}, that /{NAME} is sent at once, and its picture saved to out/.",
    )
    parser.add_argument(
        "--port", type=partial(_number, PORTS), default=PORT, help=f"of the page (default {PORT}; 0 takes a free one)"
    )
    parser.add_argument(
        "--once", action="store_true", help=f"send one /{NAME}, save its picture and end: 0 if it arrived"
    )
    parser.add_argument(
        "--faults",
        nargs="?",
        const=CASES,
        default=(),
        type=cases_with,
        metavar="WORD",
        help=f"send one /{NAME} under each fault, or under those with WORD in their name, and end: 0 if all is right",
    )
    parser.add_argument(
        "--report", type=report_file, metavar="FILE", help="of --faults: as Markdown (.md) or JUnit (.xml)"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in the browser")
    for option in OPTIONS:
        values = _named(option)
        text = option["description"] + (f" ({', '.join(values)})" if values else "")
        name, kind = option["name"], partial(value_of, option)
        parser.add_argument(f"--{name}", type=kind, help=text.replace("%", "%%"), metavar=name.upper())
    foreign.add_arguments(parser)
    arguments = parser.parse_args(argv)
    if wrong := foreign.flaw(arguments):
        parser.error(wrong)
    if arguments.report and not arguments.faults:
        parser.error("--report is of --faults: add that")
    given = {option["name"]: getattr(arguments, option["name"]) for option in OPTIONS}
    options = {name: value for name, value in given.items() if value is not None}
    missing = [f"--{each['name']}" for each in OPTIONS if each.get("required") and each["name"] not in options]
    if missing and (arguments.once or options) and not (arguments.faults or foreign.is_meant(arguments)):
        parser.error(f"/{NAME} needs {', '.join(missing)}")
    return arguments, options


@contextmanager
def until_stopped() -> Iterator[None]:
    """Turn the first SIGINT or SIGTERM into Stopped, and ignore those that follow while everything is being stopped."""

    def stop(*_: object) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    with suppress(Stopped):
        yield


def send(terminal: Terminal, session: Session, options: dict[str, Any]) -> bool:
    """Send a use of the command, print its exchange, save the files; return whether the result is shown."""
    interaction = session.use(options)
    shown = terminal.follow(session, interaction)
    if shown:
        saved = "".join(
            f"; saved to {terminal.paint(os.path.relpath(path), '1')}" for path in save(session, interaction, OUT)
        )
        terminal.say(f"\n  Shown after {round((interaction.shown or 0) * 1000)} ms{saved}\n")
    return shown


def try_faults(terminal: Terminal, session: Session, arguments: argparse.Namespace, options: dict[str, Any]) -> bool:
    """Play the faults, report them, and return whether all is as it should be."""
    verdicts = tell(terminal, session, arguments.faults, options)
    if arguments.report:
        arguments.report.write_bytes(WRITERS[arguments.report.suffix](verdicts, session.first["name"]))
    return all(each.right is not False for each in verdicts)


def stay(terminal: Terminal, session: Session, port: int, *, browser: bool) -> None:
    """Serve the page until somebody ends it, and start the function anew when a file has changed."""

    def renew() -> None:
        terminal.say("A file has changed: the function starts anew.")
        session.renew()

    watched = watching(session.function.program.folder, renew) if session.function.is_ours else nullcontext()
    with open_page(session, port) as server, watched:
        terminal.say(f"Discord on localhost: {terminal.paint(server.url, '1')}  (Ctrl-C ends it)")
        if browser and sys.stdout.isatty() and _has_display():
            webbrowser.open(server.url)
        threading.Event().wait()


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main(argv: Sequence[str] | None = None) -> int:
    arguments, options = parse(sys.argv[1:] if argv is None else argv)
    terminal = Terminal()
    stays = not (arguments.once or arguments.faults)
    status = 0 if stays else 1
    if stays and not is_free(arguments.port):
        terminal.say(f"Port {arguments.port} is taken; using another.")
        arguments.port = 0
    if foreign.is_meant(arguments):
        opened = open_foreign(arguments, terminal.say)
    else:
        opened = open_session(terminal.say, patient=stays)
    try:
        with until_stopped(), opened as session:
            if not (stays or session.slash):
                sys.exit(f"playground: {UNTYPED}")
            if arguments.faults:
                status = 0 if try_faults(terminal, session, arguments, options) else 1
            elif arguments.once or options:
                shown = send(terminal, session, options)
                status = 1 if arguments.once and not shown else 0
            if stays:
                stay(terminal, session, arguments.port, browser=not arguments.no_browser)
    except DoesNotStart:  # it has said why
        sys.exit("The function does not start.")
    except (foreign.Trouble, Refusal) as trouble:  # Discord would not take these commands
        sys.exit(f"playground: {trouble}")
    return status


if __name__ == "__main__":
    sys.exit(main())
