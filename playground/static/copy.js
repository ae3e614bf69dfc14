// An exchange to take along: as a command, as JSON, and as a test.

import { button, h } from "./dom.js";
import { setup } from "./setup.js";

/** Offer to copy an exchange of an interaction; wire() is all that is known of that by then. */
export function copies(row, wire) {
  const signed = row.kind === "interaction";
  return h(
    "div",
    { class: "copies" },
    copy("Copy as curl", () => curl(row)),
    copy("Copy as JSON", () => JSON.stringify(row, null, 2)),
    signed && !wire().pressed && copy("Copy as test", () => ourTest(row, wire().message)),
    signed && copy("Copy as test for any function", () => anyTest(row)),
  );
}

function copy(label, text) {
  const copied = button({
    class: "text-button",
    onclick: () => navigator.clipboard.writeText(text()).then(() => copied.textContent = "Copied"),
  }, label);
  return copied;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A request as it was sent, signature and all, as a command for a terminal. */
function curl({ method, url, request }) {
  const headers = Object.entries(request.headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ["curl -i", `-X ${method}`, quoted(url), ...headers, request.body && `--data-raw ${quoted(request.body)}`]
    .filter(Boolean).join(" \\\n  ");
}

const python = (text) => JSON.stringify(text); // a literal of both languages

/** A test for this project's own folder: the payload is sent with a new id and token. */
function ourTest({ status, request }, message) {
  const { id: _, token: __, application_id: ___, version: ____, ...payload } = JSON.parse(request.body);
  const shown = message?.pictured ? "has_picture" : "content";
  return `"""An interaction as it was sent, and what came of it."""

import json

from function import Function

from fakes import Services

PAYLOAD = json.loads(${python(JSON.stringify(payload))})


def test_interaction(services: Services, function: Function) -> None:
    """It is answered as it was."""
    sent = services.discord.send(function.url, PAYLOAD).wait()

    assert sent.status == ${status}
    assert sent.original.${shown}
`;
}

/** A test for a function in any language that runs with the playground's public key: pytest, requests and PyNaCl. */
function anyTest({ url, status, request, response }) {
  const type = response.body.startsWith("{") && JSON.parse(response.body).type;
  return `"""An interaction as it was sent, signed anew: for a function that listens at URL with the key's public half."""

import time

import requests
from nacl.signing import SigningKey

URL = ${python(url)}
KEY = SigningKey(bytes.fromhex(${python(setup.key)}))
BODY = ${python(request.body)}


def test_interaction() -> None:
    """It is answered as it was."""
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Signature-Ed25519": KEY.sign(f"{timestamp}{BODY}".encode()).signature.hex(),
        "X-Signature-Timestamp": timestamp,
    }
    answer = requests.post(URL, BODY.encode(), headers=headers, timeout=3)

    assert answer.status_code == ${status}
${type ? `    assert answer.json()["type"] == ${type}\n` : ""}`;
}
