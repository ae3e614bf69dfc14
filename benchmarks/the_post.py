"""The blog post's function, re-created from its description to be measured against: never deployed.

Everything is imported first; the request is open until all is done; nothing has a timeout, and nothing is tried again.
"""

# ruff: noqa: S113 - no timeouts, as described

import os
import sys
from pathlib import Path

import functions_framework
import requests
from flask import Request
from flask.typing import ResponseReturnValue
from google.cloud import storage
from nacl.signing import VerifyKey

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.pyplot_way import draw
from picture.recipe import Recipe


@functions_framework.http
def handle_request(request: Request) -> ResponseReturnValue:
    key = VerifyKey(bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"]))
    signature = bytes.fromhex(request.headers["X-Signature-Ed25519"])
    key.verify(request.headers["X-Signature-Timestamp"].encode() + request.data, signature)
    interaction = request.get_json()
    if interaction["type"] == 1:
        return {"type": 1}
    api, application, token = os.environ["DISCORD_API_URL"], os.environ["DISCORD_APP_ID"], interaction["token"]
    headers = {"User-Agent": "DiscordBot (https://example.org, 1)"}
    requests.post(f"{api}/interactions/{interaction['id']}/{token}/callback", json={"type": 5}, headers=headers)
    blob = storage.Client().bucket(os.environ["BUCKET_NAME"]).blob(f"{interaction['id']}.png")
    blob.upload_from_string(draw(Recipe.random()), content_type="image/png")
    message = {"embeds": [{"image": {"url": blob.public_url}}]}
    requests.patch(f"{api}/webhooks/{application}/{token}/messages/@original", json=message, headers=headers)
    return "", 202
