"""A bucket on localhost: what the unmodified google-cloud-storage client and the public ask of Cloud Storage."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import google_crc32c
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from fakes.exchange import Exchange
from fakes.faults import Faults
from fakes.web import HOST, Request, Response, Server, json_response, parts

ROUTES = Map(
    [
        Rule("/upload/storage/v1/b/<bucket>/o", endpoint="upload"),
        Rule("/resumable/upload/storage/v1/b/<bucket>/o", endpoint="upload"),
        Rule("/storage/v1/b/<bucket>", endpoint="metadata"),
        Rule("/storage/v1/b/<bucket>/o", endpoint="listing"),
        Rule("/storage/v1/b/<bucket>/o/<path:name>", endpoint="object"),
        Rule("/download/storage/v1/b/<bucket>/o/<path:name>", endpoint="object"),
        Rule("/<bucket>/<path:name>", endpoint="public"),
    ],
    strict_slashes=False,
    merge_slashes=False,
).bind(HOST)
DEFAULT_TYPE = "application/octet-stream"
DEFAULT_CACHE = "public, max-age=3600"  # what Google sends for a public object that says nothing


class Refusal(Exception):
    """What Google answers instead, with the reason."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def google_error(status: int, message: str = "As ordered.") -> Response:
    return json_response(status, {"error": {"code": status, "message": message, "errors": [{"message": message}]}})


def checksums(content: bytes) -> dict[str, str]:
    md5 = hashlib.md5(content).digest()  # noqa: S324 - Google's own checksum
    crc32c = google_crc32c.value(content).to_bytes(4, "big")
    return {"md5Hash": base64.b64encode(md5).decode(), "crc32c": base64.b64encode(crc32c).decode()}


def _route(request: Request) -> tuple[str, Mapping[str, Any]]:
    """Return what is asked for and the values in its path; "" for what Google does not have."""
    try:
        return ROUTES.match(request.path)
    except HTTPException:
        return "", {}


@dataclass(frozen=True)
class Blob:
    content: bytes
    metadata: dict[str, Any]
    generation: int


@dataclass
class Bucket:
    """One public bucket: anybody may read an object by name, nobody may list."""

    name: str
    faults: Faults
    exchanges: list[Exchange] = field(default_factory=list)
    objects: dict[str, Blob] = field(default_factory=dict)
    changed: Callable[[], object] = lambda: None  # called when an exchange begins and ends

    def __post_init__(self) -> None:
        self.server: Server
        self._lock = threading.Lock()
        self._sessions: dict[str, Request] = {}
        self._generation = int(time.time() * 1_000_000)

    @property
    def url(self) -> str:
        return self.server.url

    def app(self, request: Request) -> Response | None:
        """Answer one HTTP request, faults included, and record it."""
        endpoint, values = _route(request)
        kind = endpoint if endpoint in ("upload", "metadata") else "read"
        fault = self.faults.take(kind, "bucket")
        exchange = Exchange.of(kind, "bucket", request, self.url)
        self.exchanges.append(exchange)
        self.changed()
        self.server.closing.wait(self.faults.bucket_latency)

        def act() -> Response:
            try:
                return self.handle(request, endpoint, **values)
            except Refusal as refusal:
                exchange.refused = f"{refusal.status}: {refusal}"
                return google_error(refusal.status, str(refusal))

        response = fault.play(act, google_error, partial(self.server.wait, request=request))
        exchange.answered(response, fault.told)
        self.changed()
        return response

    def handle(self, request: Request, endpoint: str, bucket: str = "", name: str = "") -> Response:
        if not endpoint:
            raise Refusal(403, "Access denied.")
        self._check_bucket(bucket)
        match endpoint:
            case "upload":
                return self._upload(request)
            case "object":
                return self._object(request, name)
            case "public":
                return self._public(request, name)
        permission = "storage.objects.list" if endpoint == "listing" else "storage.buckets.get"
        raise Refusal(401, f"Anonymous caller does not have {permission} access")

    def _check_bucket(self, name: str) -> None:
        if name != self.name:
            raise Refusal(404, "The specified bucket does not exist.")

    def _upload(self, request: Request) -> Response:
        kind = request.args.get("uploadType")
        if kind == "multipart":
            (_, metadata), (head, content) = parts(request.get_data())
            return self._create(request, metadata, head.partition(":")[2].strip(), content)
        if kind == "resumable" and request.method == "POST":
            return self._open_session(request)
        if kind == "resumable" and request.method == "PUT":
            begun = self._sessions.pop(request.args.get("upload_id", ""), None)
            if begun is None:
                raise Refusal(404, "No such upload: it is over, or has never begun.")
            return self._create(begun, begun.get_data(), begun.headers.get("X-Upload-Content-Type"), request.get_data())
        raise Refusal(400, f"Unknown upload type {kind!r}")

    def _open_session(self, request: Request) -> Response:
        session = secrets.token_urlsafe(24)
        self._sessions[session] = request
        target = request.environ["RAW_URI"]
        join = "&" if "?" in target else "?"
        return Response(headers={"Location": f"{self.url}{target}{join}upload_id={session}"})

    def _create(self, request: Request, metadata: bytes, content_type: str | None, content: bytes) -> Response:
        fields = json.loads(metadata or b"{}")
        name = fields.get("name") or request.args.get("name")
        if not name:
            raise Refusal(400, "Required object name")
        if any(fields.get(kind, value) != value for kind, value in checksums(content).items()):
            raise Refusal(400, "Provided checksum doesn't match the calculated one.")
        with self._lock:
            self._check_generation(name, request.args.get("ifGenerationMatch"))
            self._generation += 1
            fields.setdefault("contentType", content_type or DEFAULT_TYPE)
            self.objects[name] = Blob(content, fields, self._generation)
        return json_response(200, self._resource(name))

    def _check_generation(self, name: str, wanted: str | None) -> None:
        current = self.objects[name].generation if name in self.objects else 0
        if wanted is not None and int(wanted) != current:
            raise Refusal(412, "At least one of the pre-conditions you specified did not hold.")
        if current and wanted is None:
            raise Refusal(403, "The caller may create objects, and does not have storage.objects.delete access.")

    def _object(self, request: Request, name: str) -> Response:
        if request.method == "DELETE":
            self._blob(name)
            del self.objects[name]
            return Response(status=204)
        if request.args.get("alt") == "media":
            return self._public(request, name)
        return json_response(200, self._resource(name))

    def _public(self, request: Request, name: str) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise Refusal(401, "Anonymous caller may only read.")
        blob = self._blob(name)
        headers = {
            "Content-Type": blob.metadata["contentType"],
            "Cache-Control": blob.metadata.get("cacheControl", DEFAULT_CACHE),
            "x-goog-generation": str(blob.generation),
        }
        return Response(blob.content, headers=headers)

    def _blob(self, name: str) -> Blob:
        try:
            return self.objects[name]
        except KeyError:
            raise Refusal(404, f"No such object: {self.name}/{name}") from None

    def _resource(self, name: str) -> dict[str, Any]:
        blob = self._blob(name)
        return {
            "kind": "storage#object",
            "name": name,
            "bucket": self.name,
            "generation": str(blob.generation),
            "metageneration": "1",
            "size": str(len(blob.content)),
            **blob.metadata,
            **checksums(blob.content),
        }
