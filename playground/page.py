"""The page's own server: its files, what it shows as JSON, and what its user does."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import command
from fakes.discord.payloads import USERS
from fakes.discord.rules import NO_RESPONSE
from fakes.web import Request, Response, Server, json_response, serving
from playground import channel
from playground.session import Session, Unknown
from playground.switches import SWITCHES

FILES = Path(__file__).parent / "static"
LONG_POLL = 15.0  # seconds that a question for news may wait
JSON = "application/json"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Page:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.rules = session.services.discord.rules
        self.closed = False
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Response]]] = [
            ("GET", re.compile(r"/"), lambda _: _file("index.html")),
            ("GET", re.compile(r"/static/(?P<name>[\w.-]+)"), lambda _, name: _file(name)),
            ("GET", re.compile(r"/media/(?P<message>\d+)/\d+"), self._media),
            ("GET", re.compile(r"/api/setup"), self._setup),
            ("GET", re.compile(r"/api/news"), self._news),
            ("GET", re.compile(r"/api/wire/(?P<interaction>\d+)"), self._wire),
            ("POST", re.compile(r"/api/use"), self._use),
            ("POST", re.compile(r"/api/press"), self._press),
            ("POST", re.compile(r"/api/switches"), self._switches),
            ("POST", re.compile(r"/api/check"), self._check),
        ]

    def close(self) -> None:
        """Send everybody home who waits for news."""
        self.closed = True
        self.rules.touch()

    def app(self, request: Request) -> Response:
        for method, pattern, act in self._routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return self._act(request, act, match.groupdict())
        return Response(404, b"nothing here")

    def _act(self, request: Request, act: Callable[..., Response], values: dict[str, str]) -> Response:
        # Another site's page can send a POST here, but not with this type.
        if request.method == "POST" and request.headers.get_content_type() != JSON:
            return Response(415, b"JSON, please")
        try:
            return act(request, **values)
        except Unknown:
            return json_response(404, {"error": "no such thing"})
        except (KeyError, ValueError, TypeError) as error:
            return json_response(400, {"error": f"{type(error).__name__}: {error}"})

    def _setup(self, _: Request) -> Response:
        """Tell what does not change: the command as it is registered, the users, the sentences."""
        told = {
            "definition": command.DEFINITION,
            "users": list(USERS.values()),
            "locales": sorted({"en-US", *command.DEFINITION.get("description_localizations", {})}),
            "switches": [asdict(each) for each in SWITCHES],
            "no_response": NO_RESPONSE,
        }
        return json_response(200, told)

    def _news(self, request: Request) -> Response:
        """Tell what the channel shows, once it differs from what was seen before."""
        seen = int(request.query.get("seen", -1))
        with self.rules.changed:
            self.rules.changed.wait_for(lambda: self.closed or self.rules.changes != seen, LONG_POLL)
            entries = [channel.entry(each) for each in self.session.services.discord.interactions]
            told = {"seen": self.rules.changes, "entries": entries, "now": self.rules.now() * 1000}
        return json_response(200, {**told, "on": sorted(self.session.on)})

    def _wire(self, _: Request, interaction: str) -> Response:
        known = self.rules.interactions.get(interaction)
        if known is None:
            raise Unknown(interaction)
        return json_response(200, channel.wire(self.session.services, self.session.function, known))

    def _media(self, _: Request, message: str) -> Response:
        picture = self.session.picture(message)
        return Response(picture.status, picture.body, {"Content-Type": _header(picture, "Content-Type")})

    def _use(self, request: Request) -> Response:
        asked = request.json()
        interaction = self.session.use(asked.get("options", {}), **_where(asked))
        return json_response(200, {"id": interaction.id})

    def _press(self, request: Request) -> Response:
        asked = request.json()
        interaction = self.session.press(asked["message"], asked["custom_id"], **_where(asked))
        return json_response(200, {"id": interaction.id})

    def _switches(self, request: Request) -> Response:
        self.session.switch(request.json()["on"])
        return json_response(200, sorted(self.session.on))

    def _check(self, _: Request) -> Response:
        return json_response(200, self.session.security_check())


def _where(asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("user") not in USERS:
        raise ValueError(f"no such user: {asked.get('user')!r}")
    return {"user": asked["user"], "locale": str(asked.get("locale", "en-US")), "dm": bool(asked.get("dm"))}


def _header(response: Response, name: str) -> str:
    return next((value for key, value in response.headers.items() if key.lower() == name.lower()), "text/plain")


def _file(name: str) -> Response:
    path = FILES / name
    if not path.is_file():
        raise Unknown(name)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Response(
        200, path.read_bytes(), {**HEADERS, "Content-Type": f"{kind}; charset=utf-8", "Cache-Control": "no-cache"}
    )


@contextmanager
def open_page(session: Session, port: int = 0) -> Iterator[Server]:
    """Serve the page until the block ends; port 0 takes a free one."""
    page = Page(session)
    with serving(page.app, port) as server:
        try:
            yield server
        finally:
            page.close()
