"""The page's own server: its files, what it shows as JSON, and what its user does."""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, UnsupportedMediaType
from werkzeug.routing import Map, Rule
from werkzeug.utils import send_from_directory

from discord_enums import OptionType
from fakes.discord.autocomplete import NoChoices
from fakes.discord.modal import Value
from fakes.discord.options import kinds
from fakes.discord.payloads import CHANNEL, CHANNEL_NAME, USERS, Where, body_of
from fakes.web import HOST, Request, Response, Server, json_response, serving
from playground import channel
from playground.news import News
from playground.report import WRITERS
from playground.session import DELIVERIES, Session, Unknown
from playground.switches import PLAYED, SWITCHES, TIMED, Numbered

FILES = Path(__file__).parent / "static"
NAMES = ("127.0.0.1", "localhost")  # of this machine: any other may be somebody's who made it point here
LONG_POLL = 15  # seconds that a question for news may wait
ACTIONS = (
    *("use", "autocomplete", "press", "point", "submit", "say", "send", "dismiss"),
    *("switches", "mend", "check", "faults"),
)
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Json = dict[str, Any]  # of a request or an answer
PEOPLE = {each["id"] for each in USERS.values()}
FITS: dict[int, Callable[[Any], bool]] = {  # whether a value is one of an option's type; here are no roles and no files
    OptionType.STRING: lambda value: isinstance(value, str),
    OptionType.INTEGER: lambda value: type(value) is int,
    OptionType.BOOLEAN: lambda value: isinstance(value, bool),
    OptionType.USER: lambda value: isinstance(value, str) and value in PEOPLE,
    OptionType.MENTIONABLE: lambda value: isinstance(value, str) and value in PEOPLE,
    OptionType.CHANNEL: lambda value: value == CHANNEL,
    OptionType.NUMBER: lambda value: type(value) in (int, float) and math.isfinite(value),
}
ROUTES = Map(
    [
        Rule("/", methods=["GET"], endpoint="index"),
        Rule("/static/<name>", methods=["GET"], endpoint="file"),
        Rule("/media/<message>/<version>", methods=["GET"], endpoint="media"),
        Rule("/media/<message>/<version>/<name>", methods=["GET"], endpoint="attachment"),
        Rule("/api/setup", methods=["GET"], endpoint="setup"),
        Rule("/api/news", methods=["GET"], endpoint="news"),
        Rule("/api/report/<name>", methods=["GET"], endpoint="report"),
        Rule("/api/wire/<interaction>", methods=["GET"], endpoint="wire"),
        *(Rule(f"/api/{name}", methods=["POST"], endpoint=name) for name in ACTIONS),
    ]
).bind(HOST)


class Page:
    """Each route has a method, named as it is; what it returns is the answer, or its JSON."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rules = session.rules
        self.news = News()
        self.closed = False

    def close(self) -> None:
        """Send everybody home who waits for news."""
        self.closed = True
        self.rules.touch()

    def app(self, request: Request) -> Response:
        try:
            _check_caller(request)
            name, values = ROUTES.match(request.path, request.method)
            answer_to = getattr(self, f"_{name}")
            answer = answer_to(_asked(request)) if request.method == "POST" else answer_to(request, **values)
            return answer if isinstance(answer, Response) else json_response(200, answer)
        except Unknown as error:
            return json_response(404, {"error": f"there is no {error}"})
        except HTTPException as error:
            return json_response(error.code or 500, {"error": error.description})
        except ValueError as error:
            return json_response(400, {"error": str(error)})

    def _index(self, request: Request) -> Response:
        return self._file(request, "index.html")

    def _file(self, request: Request, name: str) -> Response:
        response = send_from_directory(FILES, name, request.environ, response_class=Response)
        response.headers.update(HEADERS)
        return cast("Response", response)

    def _setup(self, _: Request) -> Json:
        """Tell what does not change: the command as it is registered, the users, the sentences."""
        return {
            "commands": self.rules.registered,
            "bot": self.rules.name,
            "users": list(USERS.values()),
            "channel": {"id": CHANNEL, "name": CHANNEL_NAME},
            "locales": sorted({"en-US", *(locale for each in self.rules.registered for locale in _locales(each))}),
            "switches": [asdict(each) for each in SWITCHES],
            "routes": PLAYED,
            "timed": TIMED,
            "key": self.session.discord.sender.key.encode().hex(),
        }

    def _news(self, request: Request) -> Json:
        """Tell what has changed since the page heard the last, once something has."""
        seen = int(request.args.get("seen", -1))
        with self.rules.changed:
            for _ in range(LONG_POLL):  # each second anew: by then something may wait for too long
                if self.rules.changed.wait_for(lambda: self.closed or self._number() > seen, 1):
                    break
            return {"seen": self.news.number, "news": self.news.since(seen)}

    def _number(self) -> int:
        return self.news.update(self.session.news())

    def _wire(self, _: Request, interaction: str) -> Json:
        known = self.session.interaction(interaction)
        return channel.wire(self.session.services, self.session.function, known)

    def _media(self, request: Request, message: str, **_version: str) -> Response:
        return self.session.picture(message, request.args.get("url", ""))

    def _attachment(self, _: Request, message: str, name: str, **_version: str) -> Response:
        file = self.session.attachment(message, name)
        return Response(file.content, content_type=file.content_type, headers=HEADERS)

    def _use(self, asked: Json) -> Json:
        name, path, definition = self._called(asked)
        return {"id": self.session.use(_options(asked, definition), name, path, **_where(asked)).id}

    def _autocomplete(self, asked: Json) -> Json:
        """Tell what the function suggests for the option in focus, or why Discord would show nothing of it."""
        name, path, definition = self._called(asked)
        options, focused = _draft(asked, definition)
        try:
            return {"choices": self.session.suggest(focused, options, name, path, **_where(asked))}
        except NoChoices as error:
            return {"error": str(error)}

    def _called(self, asked: Json) -> tuple[str, list[str], dict[str, Any]]:
        """Return the name and path of the command or subcommand that is used, and its definition."""
        name = _text({"name": self.session.first["name"], **asked}, "name")
        path = _list({"path": [], **asked}, "path", "names", str)
        try:
            return name, path, self.session.definition(name, path)
        except LookupError as error:
            raise ValueError(f"no such command: {error}") from None

    def _press(self, asked: Json) -> Json:
        values = _texts(asked, "values") if "values" in asked else None
        pressed = self.session.press(_text(asked, "message"), _text(asked, "custom_id"), values, **_where(asked))
        return {"id": pressed.id}

    def _point(self, asked: Json) -> Json:
        """Use a command of the context menu: on a person if one is named, else on a message."""
        name, where = _text(asked, "name"), _where(asked)
        if "person" not in asked:
            return {"id": self.session.point(name, message=_text(asked, "message"), **where).id}
        if (person := _text(asked, "person")) not in USERS:
            raise ValueError(f"no such person: {person!r}")
        return {"id": self.session.point(name, person=person, **where).id}

    def _submit(self, asked: Json) -> Json:
        return {"id": self.session.submit(_text(asked, "id"), _typed(asked)).id}

    def _send(self, asked: Json) -> Json:
        """Send a payload in one of DELIVERIES, or an interaction "again", with its old id and token."""
        if (how := _text(asked, "how")) == "again":
            return {"id": self.session.repeat(_text(asked, "id")).id}
        return {"id": self.session.send(_payload(asked), how).id}

    def _say(self, asked: Json) -> Json:
        where = _where(asked)
        self.session.say(_text(asked, "text"), where["user"], dm=where["dm"])
        return {}

    def _dismiss(self, asked: Json) -> Json:
        self.session.dismiss(_text(asked, "id"))
        return {}

    def _switches(self, asked: Json) -> Json:
        numbered = _list({"numbered": [], **asked}, "numbered", "faults")
        self.session.switch(_list(asked, "on", "switches", str), map(Numbered.read, numbered))
        return {}

    def _faults(self, asked: Json) -> Json:
        """Play every fault, or stop that."""
        (self.session.stop_faults if asked.get("stop") is True else self.session.play_faults)()
        return {}

    def _report(self, _: Request, name: str) -> Response:
        """Give the verdicts as faults.md or faults.xml."""
        write = WRITERS.get(Path(name).suffix)
        if not write:
            raise Unknown(name)
        report = write(self.session.verdicts, self.session.first["name"])
        return Response(report, content_type="text/plain; charset=utf-8", headers=HEADERS)

    def _mend(self, _: Json) -> Json:
        self.session.mend()
        return {}

    def _check(self, _: Json) -> list[Json]:
        return self.session.security_check()


def _check_caller(request: Request) -> None:
    """Raise Forbidden for another's name of this machine, and for what another site's page wants done."""
    if urlsplit(f"//{request.host}").hostname not in NAMES:
        raise Forbidden(f"Only {' and '.join(NAMES)} are answered.")
    if request.method == "POST" and urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        raise Forbidden("Only the playground's own page may do that.")


def _asked(request: Request) -> Json:
    """Return a request's JSON object, or raise what says why it is none."""
    if not request.is_json:
        raise UnsupportedMediaType("Content-Type is application/json.")
    try:
        asked = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise BadRequest("This is no JSON.") from None
    if not isinstance(asked, dict):
        raise BadRequest("This is JSON, but no object.")
    return asked


def _text(asked: Json, name: str) -> str:
    if not isinstance(value := asked.get(name), str):
        raise ValueError(f"{name} is text")  # noqa: TRY004 - the request is wrong, not the program
    value.encode()  # half a surrogate pair is none
    return value


def _list(asked: Json, name: str, of: str, kind: type = object) -> list[Any]:
    values = asked.get(name)
    if not isinstance(values, list) or not all(isinstance(each, kind) for each in values):
        raise ValueError(f"{name} is a list of {of}")
    return values


def _texts(asked: Json, name: str) -> list[str]:
    return [_text({name: each}, name) for each in _list(asked, name, "texts")]


def _object(asked: Json, name: str) -> Json:
    if not isinstance(value := asked.get(name), dict):
        raise ValueError(f"{name} is an object")  # noqa: TRY004 - the request is wrong, not the program
    return value


def _payload(asked: Json) -> Json:
    """Return a payload that can be sent, however odd: its type is a number, and what names others is an object."""
    payload = asked.get("payload")
    if not isinstance(payload, dict) or type(payload.get("type")) is not int:
        raise ValueError("payload is an object with a number as its type")
    for name in ("data", "member", "user", "message"):
        _object({name: {}, **payload}, name)
    if asked["how"] not in DELIVERIES:
        raise ValueError(f"how is one of {', '.join(DELIVERIES)}")
    body_of(payload)
    return payload


def _typed(asked: Json) -> dict[str, Value]:
    """Return what was filled into a modal: text, or a list of texts, by custom_id."""
    values = _object(asked, "typed")
    for name, value in values.items():
        (_texts if isinstance(value, list) else _text)(values, name)
    return values


def _where(asked: Json) -> Where:
    if (user := _text(asked, "user")) not in USERS:
        raise ValueError(f"no such user: {user!r}")
    return {"user": user, "locale": _text({"locale": "en-US", **asked}, "locale"), "dm": asked.get("dm") is True}


def _options(asked: Json, definition: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a command, each of the type that is registered with Discord."""
    options, known = _object({"options": {}, **asked}, "options"), kinds(definition)
    for name, value in options.items():
        fits = FITS.get(known.get(name, 0))
        if not (fits and fits(value)):
            raise ValueError(f"no option of the command: {name!r} with {value!r}")
    _check_sendable(options)
    return options


def _draft(asked: Json, definition: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the options of a command that is being typed, as they are, and which of them suggestions are for."""
    options, focused = _object({"options": {}, **asked}, "options"), _text(asked, "focused")
    suggested = {each["name"] for each in definition.get("options") or [] if each.get("autocomplete")}
    if focused not in suggested or not isinstance(options.get(focused), str):
        raise ValueError(f"no option that is suggested: {focused!r}")
    for name, value in options.items():
        if name not in kinds(definition) or not isinstance(value, str | int | float):
            raise ValueError(f"no option of the command: {name!r} with {value!r}")
    _check_sendable(options)
    return options, focused


def _check_sendable(options: dict[str, Any]) -> None:
    """Raise ValueError for half a surrogate pair, and for a number that JSON does not have."""
    json.dumps(options, ensure_ascii=False, allow_nan=False).encode()


def _locales(definition: dict[str, Any]) -> set[str]:
    """Return the languages in which a command has a name or a description."""
    return {*(definition.get("name_localizations") or {}), *(definition.get("description_localizations") or {})}


@contextmanager
def open_page(session: Session, port: int = 0) -> Iterator[Server]:
    """Serve the page until the block ends; port 0 takes a free one."""
    page = Page(session)
    with serving(page.app, port) as server:
        try:
            yield server
        finally:
            page.close()
