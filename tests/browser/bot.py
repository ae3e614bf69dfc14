"""Another's bot: several commands, subcommands, every type of option, and suggestions while one types."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fakes
from discord_enums import InteractionType, OptionType
from fakes.discord.options import unnested
from fakes.function import Function, Program
from fakes.web import Request, Response, json_response, serving
from playground.session import Session

CITIES = ("Assam", "Darjeeling", "Uji")
MANY = 26  # one more than Discord takes
SLOW = 1.0  # seconds


def option(kind: OptionType, name: str, **more: object) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": f"The {name}", **more}


COMMANDS = [
    {
        "name": "greet",
        "description": "Say hello",
        "options": [
            option(OptionType.USER, "who", required=True),
            option(OptionType.CHANNEL, "where"),
            option(OptionType.ROLE, "role"),
            option(OptionType.ATTACHMENT, "card"),
        ],
    },
    {
        "name": "tea",
        "description": "All about tea",
        "name_localizations": {"de": "tée"},
        "options": [
            option(
                OptionType.SUB_COMMAND,
                "find",
                options=[
                    option(OptionType.STRING, "from", autocomplete=True),
                    option(OptionType.INTEGER, "cups", autocomplete=True),
                    option(OptionType.MENTIONABLE, "for"),
                ],
            ),
            option(
                OptionType.SUB_COMMAND_GROUP,
                "leaf",
                options=[
                    option(
                        OptionType.SUB_COMMAND,
                        "buy",
                        options=[
                            option(OptionType.NUMBER, "grams", min_value=0.5, required=True),
                            option(OptionType.STRING, "note"),
                        ],
                    ),
                    option(OptionType.SUB_COMMAND, "count"),
                ],
            ),
        ],
    },
    {"name": "frame", "description": "Frame it", "options": [option(OptionType.ATTACHMENT, "picture", required=True)]},
]


def answer(request: Request) -> Response:
    """Answer a command with a word, and what is typed with what begins with it, or as badly as it asks for."""
    told = request.get_json()
    if told["type"] == InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE:
        return suggest(next(each for each in unnested(told["data"])[1] if each.get("focused")))
    return json_response(200, {"type": 4, "data": {"content": "Done"}})


def suggest(focused: dict[str, Any]) -> Response:
    typed = focused["value"]
    if typed == "broken":
        return Response(status=500)
    if typed == "U":
        time.sleep(SLOW)
    if focused["name"] == "cups":
        return choices({"name": f"{count} cups of tea", "value": count} for count in (2, 4))
    if typed == "many":
        return choices({"name": f"{number}", "value": f"{number}"} for number in range(MANY))
    found = (each for each in CITIES if each.lower().startswith(typed.lower()))
    return choices({"name": each, "value": f"city:{each.lower()}"} for each in found)


def choices(of: Iterator[dict[str, Any]]) -> Response:
    return json_response(200, {"type": 8, "data": {"choices": list(of)}})


@contextmanager
def another() -> Iterator[Session]:
    """Play this bot, as the playground does one that listens already."""
    with fakes.serve() as services, serving(answer) as server:
        services.discord.api.register(COMMANDS)
        function = Function(services.environ, print, Program("", f"{server.url}/"))
        session = Session(services, function)
        session.is_foreign = True
        function.start()
        try:
            yield session
        finally:
            function.stop()
