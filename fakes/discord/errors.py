"""What Discord answers instead, in its own JSON."""

from collections.abc import Iterable
from typing import Any

from discord_enums import ErrorCode
from fakes.discord.schema import Flaw, as_tree


class Refusal(Exception):
    """What Discord answers instead: {"message", "code", "errors"} with a status."""

    def __init__(self, status: int, code: ErrorCode | int, message: str, flaws: Iterable[Flaw] = ()) -> None:
        self.status, self.flaws = status, list(flaws)
        self.body: dict[str, Any] = {"message": message, "code": code}
        if self.flaws:
            self.body["errors"] = as_tree(self.flaws)
        super().__init__(f"{status}/{code} {message}" + "".join(map(_sentence, self.flaws)))


def _sentence(flaw: Flaw) -> str:
    return f"; {'.'.join(map(str, flaw.path)) or 'body'}: {flaw.message}"


def unknown_interaction() -> Refusal:
    return Refusal(404, ErrorCode.UNKNOWN_INTERACTION, "Unknown interaction")


def unknown_webhook() -> Refusal:
    return Refusal(404, ErrorCode.UNKNOWN_WEBHOOK, "Unknown Webhook")


def unknown_message() -> Refusal:
    return Refusal(404, ErrorCode.UNKNOWN_MESSAGE, "Unknown Message")


def unknown_command() -> Refusal:
    return Refusal(404, ErrorCode.UNKNOWN_APPLICATION_COMMAND, "Unknown application command")


def invalid(flaws: Iterable[Flaw]) -> Refusal:
    return Refusal(400, ErrorCode.INVALID_FORM_BODY, "Invalid Form Body", flaws)
