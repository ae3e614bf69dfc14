"""The stand-ins for Discord and for the bucket, together, served on this machine."""

import ssl
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

from nacl.signing import SigningKey

from fakes.bucket import Bucket
from fakes.certificates import Authority
from fakes.discord.api import Api
from fakes.discord.message import ATTACHED, Message
from fakes.discord.modal import Value
from fakes.discord.payloads import Where, context_command, press, submission
from fakes.discord.rules import Discord, Interaction
from fakes.discord.sender import Sender
from fakes.faults import Faults
from fakes.web import Response, Tls, serving

BUCKET_NAME = "mandalas"


@dataclass(frozen=True)
class LocalDiscord:
    """Discord as a test or a page uses it; rules is what it knows, api what it answers."""

    url: str
    rules: Discord
    api: Api
    sender: Sender

    @property
    def interactions(self) -> list[Interaction]:
        return list(self.rules.interactions.values())

    @property
    def messages(self) -> list[Message]:
        """Return what the channel shows, oldest first."""
        return [each for each in self.rules.messages.values() if not each.deleted]

    def send(self, endpoint: str, payload: dict[str, Any] | None = None, **how: Any) -> Interaction:  # noqa: ANN401 - Sender.send's
        """Send an interaction (default: /mando) and return it once the function has answered the request."""
        return self.sender.send(endpoint, payload, **how)

    def press(self, endpoint: str, message: Message, label: str, **where: Unpack[Where]) -> Interaction:
        """Press the button with this label (or emoji), and return the interaction like send()."""
        return self.sender.send(endpoint, press(message, message.buttons[label], **where))

    def submit(self, endpoint: str, opened: Interaction, typed: Mapping[str, Value] | None = None) -> Interaction:
        """Send the modal that an interaction has opened, and return the interaction like send().

        What is typed is text, or a list of options' values, by custom_id; all else stays as it was filled in.
        """
        return self.sender.send(endpoint, submission(opened, typed))

    def use(self, endpoint: str, name: str, on: Message | dict[str, Any], **where: Unpack[Where]) -> Interaction:
        """Use a command of the context menu on a message or a user of USERS, and return the interaction like send()."""
        return self.sender.send(endpoint, context_command(name, on, **where))


@dataclass(frozen=True)
class Services:
    discord: LocalDiscord
    bucket: Bucket
    faults: Faults
    ca_file: Path | None = None  # of the authority that signed their certificates, over HTTPS

    @property
    def public_key(self) -> str:
        return self.discord.sender.public_key

    @property
    def app_id(self) -> str:
        return self.discord.rules.application_id

    @property
    def environ(self) -> dict[str, str]:
        """Return the settings with which the function meets these stand-ins."""
        trusted = {"SSL_CERT_FILE": str(self.ca_file), "REQUESTS_CA_BUNDLE": str(self.ca_file)} if self.ca_file else {}
        return {
            **trusted,
            "DISCORD_PUBLIC_KEY": self.public_key,
            "DISCORD_APP_ID": self.app_id,
            "DISCORD_API_URL": self.discord.url,
            "BUCKET_NAME": self.bucket.name,
            "STORAGE_EMULATOR_HOST": self.bucket.url,
        }

    def picture(self, message: Message, url: str = "") -> Response:
        """Fetch a picture of a message (default: the first) as anybody's browser would."""
        url = url or message.image_url
        if url.startswith(ATTACHED):
            file = message.files[url.removeprefix(ATTACHED)]
            return Response(file.content, content_type=file.content_type)
        trust = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None
        with urllib.request.urlopen(url, timeout=10, context=trust) as answer:  # noqa: S310 - on this machine
            return Response(answer.read(), answer.status, answer.headers.items())


@contextmanager
def serve(
    bucket_name: str = BUCKET_NAME, discord_port: int = 0, *, tls: bool = False, key: SigningKey | None = None
) -> Iterator[Services]:
    """Serve Discord and the bucket until the block ends, over HTTPS if tls; port 0 takes a free one.

    key is the application's; without, it has one that nobody has had before.
    """
    faults, rules = Faults(), Discord()
    sender = Sender(rules, faults, key)
    bucket = Bucket(bucket_name, faults, changed=rules.touch)
    api = Api(rules, faults, sender)
    with closing(Authority()) if tls else nullcontext() as authority:

        def certificate(of: str) -> Tls | None:
            return (lambda: authority.context(faults.take(f"{of}_certificate").kind)) if authority else None

        with (
            serving(api.app, discord_port, certificate("discord")) as discord_server,
            serving(bucket.app, tls=certificate("bucket")) as bucket_server,
        ):
            api.server, bucket.server = discord_server, bucket_server
            local = LocalDiscord(api.url, rules, api, sender)
            yield Services(local, bucket, faults, authority.file if authority else None)
