"""The page's own server: its files, what it shows as JSON, and what its user does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from werkzeug.exceptions import HTTPException, UnsupportedMediaType
from werkzeug.routing import Map, Rule
from werkzeug.utils import send_from_directory

from fakes.discord.payloads import USERS
from fakes.discord.rules import NO_RESPONSE
from fakes.web import HOST, Request, Response, Server, json_response, serving
from playground import channel
from playground.played import DEFINITION
from playground.session import Session, Unknown
from playground.switches import SWITCHES

FILES = Path(__file__).parent / "static"
LONG_POLL = 15.0  # seconds that a question for news may wait
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ROUTES = Map(
    [
        Rule("/", methods=["GET"], endpoint="index"),
        Rule("/static/<name>", methods=["GET"], endpoint="file"),
        Rule("/media/<message>/<version>", methods=["GET"], endpoint="media"),
        Rule("/api/setup", methods=["GET"], endpoint="setup"),
        Rule("/api/news", methods=["GET"], endpoint="news"),
        Rule("/api/wire/<interaction>", methods=["GET"], endpoint="wire"),
        *(Rule(f"/api/{name}", methods=["POST"], endpoint=name) for name in ("use", "press", "switches", "check")),
    ]
).bind(HOST)


class Page:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.rules = session.services.discord.rules
        self.closed = False

    def close(self) -> None:
        """Send everybody home who waits for news."""
        self.closed = True
        self.rules.touch()

    def app(self, request: Request) -> Response:
        try:
            name, values = ROUTES.match(request.path, request.method)
            # Another site's page can send a POST here, but not with this type.
            if request.method == "POST" and not request.is_json:
                raise UnsupportedMediaType
            return cast("Response", getattr(self, f"_{name}")(request, **values))
        except Unknown:
            return json_response(404, {"error": "no such thing"})
        except HTTPException as error:
            return json_response(error.code or 500, {"error": error.name})
        except (KeyError, ValueError, TypeError) as error:
            return json_response(400, {"error": f"{type(error).__name__}: {error}"})

    def _index(self, request: Request) -> Response:
        return self._file(request, "index.html")

    def _file(self, request: Request, name: str) -> Response:
        response = send_from_directory(FILES, name, request.environ, response_class=Response)
        response.headers.update(HEADERS)
        return cast("Response", response)

    def _setup(self, _: Request) -> Response:
        """Tell what does not change: the command as it is registered, the users, the sentences."""
        setup = {
            "definition": DEFINITION,
            "users": list(USERS.values()),
            "locales": sorted({"en-US", *DEFINITION.get("description_localizations", {})}),
            "switches": [asdict(each) for each in SWITCHES],
            "no_response": NO_RESPONSE,
        }
        return json_response(200, setup)

    def _news(self, request: Request) -> Response:
        """Tell what the channel shows, once it differs from what was seen before."""
        seen = int(request.args.get("seen", -1))
        with self.rules.changed:
            self.rules.changed.wait_for(lambda: self.closed or self.rules.changes != seen, LONG_POLL)
            entries = [channel.entry(each) for each in self.session.services.discord.interactions]
            news = {"seen": self.rules.changes, "entries": entries, "now": self.rules.now() * 1000}
        return json_response(200, {**news, "on": sorted(self.session.on)})

    def _wire(self, _: Request, interaction: str) -> Response:
        known = self.rules.interactions.get(interaction)
        if known is None:
            raise Unknown(interaction)
        return json_response(200, channel.wire(self.session.services, self.session.function, known))

    def _media(self, _: Request, message: str, **_version: str) -> Response:
        return self.session.picture(message)

    def _use(self, request: Request) -> Response:
        asked = request.get_json()
        interaction = self.session.use(asked.get("options", {}), **_where(asked))
        return json_response(200, {"id": interaction.id})

    def _press(self, request: Request) -> Response:
        asked = request.get_json()
        interaction = self.session.press(asked["message"], asked["custom_id"], **_where(asked))
        return json_response(200, {"id": interaction.id})

    def _switches(self, request: Request) -> Response:
        self.session.switch(request.get_json()["on"])
        return json_response(200, sorted(self.session.on))

    def _check(self, _: Request) -> Response:
        return json_response(200, self.session.security_check())


def _where(asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("user") not in USERS:
        raise ValueError(f"no such user: {asked.get('user')!r}")
    return {"user": asked["user"], "locale": str(asked.get("locale", "en-US")), "dm": bool(asked.get("dm"))}


@contextmanager
def open_page(session: Session, port: int = 0) -> Iterator[Server]:
    """Serve the page until the block ends; port 0 takes a free one."""
    page = Page(session)
    with serving(page.app, port) as server:
        try:
            yield server
        finally:
            page.close()
