"""Another's bot: it answers inline, as most do, and knows nothing of this project but what it reads from its settings.

It registers its commands when it starts. What each of them does stands in ANSWERS.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from urllib3 import encode_multipart_formdata

KEY = VerifyKey(bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"]))
API = sys.argv[1]
APPLICATION = os.environ["APP_ID"]
AUTHORIZED = {"Authorization": f"Bot {os.environ['DISCORD_TOKEN']}"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360a8fb0f0002fd01b22c5c2f6d0000000049454e44ae426082"
)
ALONE = 1 << 15  # IS_COMPONENTS_V2

TEAS = [{"label": "Green tea", "value": "green", "description": "from Uji"}, {"label": "Mint", "value": "mint"}]
MENU = [
    {
        "type": 17,
        "accent_color": 0x23A55A,
        "components": [
            {
                "type": 9,
                "components": [{"type": 10, "content": "# Tea\nWhat will you have?"}],
                "accessory": {"type": 11, "media": {"url": "attachment://dot.png"}, "description": "A dot"},
            },
            {"type": 14},
            {
                "type": 1,
                "components": [{"type": 3, "custom_id": "tea", "options": TEAS, "placeholder": "Choose a tea"}],
            },
            {"type": 1, "components": [{"type": 5, "custom_id": "for", "max_values": 2, "placeholder": "For whom"}]},
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 1, "label": "Order", "custom_id": "order"},
                    {"type": 2, "style": 2, "label": "No tea", "custom_id": "none"},
                    {"type": 2, "style": 5, "label": "About tea", "url": "https://example.org/tea"},
                ],
            },
        ],
    }
]
FORM = {
    "custom_id": "order form",
    "title": "Order",
    "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "name", "label": "Your name", "style": 1}]},
    ],
}


def webhook(method: str, told: dict[str, Any], path: str, body: dict[str, Any]) -> requests.Response:
    return requests.request(method, f"{API}/v10/webhooks/{APPLICATION}/{told['token']}{path}", json=body, timeout=5)


def later(told: dict[str, Any]) -> dict[str, Any]:
    """Answer "thinking", then with two messages, the second of which is edited."""

    def follow() -> None:
        time.sleep(0.3)
        webhook("POST", told, "", {"content": "Here you are."})
        second = webhook("POST", told, "", {"content": "And", "flags": 64}).json()
        webhook("PATCH", told, f"/messages/{second['id']}", {"content": "And a biscuit."})

    threading.Thread(target=follow).start()
    return {"type": 5}


def hasty(told: dict[str, Any]) -> dict[str, Any]:
    """Edit the answer before it is there, and ask for what nobody offers here."""
    webhook("PATCH", told, "/messages/@original", {"content": "too early"})
    requests.get(f"{API}/v10/channels/{told['channel_id']}/messages", headers=AUTHORIZED, timeout=5)
    return {"type": 4, "data": {"content": "In time.", "colour": "green"}}


def chosen(told: dict[str, Any]) -> dict[str, Any]:
    data = told["data"]
    if data["custom_id"] == "order":
        return {"type": 9, "data": FORM}
    if data["custom_id"] == "none":
        return {"type": 6}
    names = [told["data"].get("resolved", {}).get("users", {}).get(v, {}).get("username", v) for v in data["values"]]
    return {"type": 4, "data": {"content": f"{data['custom_id']}: {', '.join(names)}"}}


def ordered(told: dict[str, Any]) -> dict[str, Any]:
    (field,) = told["data"]["components"][0]["components"]
    return {"type": 4, "data": {"content": f"For {field['value']}"}}


ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "hello": lambda _: {"type": 4, "data": {"content": "Hello!"}},
    "menu": lambda _: {"type": 4, "data": {"flags": ALONE, "components": MENU}},
    "later": later,
    "hasty": hasty,
    "order": lambda _: {"type": 9, "data": FORM},
}


def answer(told: dict[str, Any]) -> dict[str, Any]:
    match told["type"]:
        case 1:
            return {"type": 1}
        case 2:
            return ANSWERS[told["data"]["name"]](told)
        case 3:
            return chosen(told)
    return ordered(told)


class Bot(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            signature = bytes.fromhex(self.headers.get("X-Signature-Ed25519", ""))
            KEY.verify(self.headers.get("X-Signature-Timestamp", "").encode() + body, signature)
        except (BadSignatureError, ValueError):
            self.send_error(401)
            return
        self.reply(answer(json.loads(body)))

    def reply(self, told: dict[str, Any]) -> None:
        kind, body = "application/json", json.dumps(told).encode()
        if "attachment://" in body.decode():
            files: dict[str, Any] = {"payload_json": body.decode(), "files[0]": ("dot.png", PNG, "image/png")}
            body, kind = encode_multipart_formdata(files)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Bot)
    commands = [{"name": name, "description": f"Try {name}"} for name in ANSWERS]
    requests.put(f"{API}/v10/applications/{APPLICATION}/commands", json=commands, headers=AUTHORIZED, timeout=5)
    server.serve_forever()
