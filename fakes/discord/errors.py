"""What Discord answers instead, in its own JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from discord_enums import ErrorCode
from fakes.discord.schema import Flaw, as_tree, refused

Note = Callable[[str], object]
"""Called with each thing that Discord does not refuse, and that is not as it should be all the same."""

UNKNOWN = {
    ErrorCode.UNKNOWN_INTERACTION: "Unknown interaction",
    ErrorCode.UNKNOWN_WEBHOOK: "Unknown Webhook",
    ErrorCode.UNKNOWN_MESSAGE: "Unknown Message",
    ErrorCode.UNKNOWN_APPLICATION_COMMAND: "Unknown application command",
}


class Refusal(Exception):
    """What Discord answers instead: {"message", "code", "errors"} with a status."""

    def __init__(self, status: int, code: ErrorCode | int, message: str, flaws: Iterable[Flaw] = ()) -> None:
        self.status, self.flaws = status, list(flaws)
        self.body: dict[str, Any] = {"message": message, "code": code}
        if self.flaws:
            self.body["errors"] = as_tree(self.flaws)
        super().__init__("; ".join([f"{status}/{code} {message}", *map(_sentence, self.flaws)]))


def _sentence(flaw: Flaw) -> str:
    return f"{'.'.join(map(str, flaw.path)) or 'body'}: {flaw.message}"


def unknown(code: ErrorCode) -> Refusal:
    return Refusal(404, code, UNKNOWN[code])


def judge(flaws: Iterable[Flaw], note: Note) -> None:
    """Raise Refusal for what Discord refuses, and note what it only ignores."""
    found = list(flaws)
    if wrong := refused(found):
        raise invalid(wrong)
    for each in found:
        note(_sentence(each))


def unnoted(_: str) -> None:
    """Take a note that nobody wants."""


def invalid(flaws: Iterable[Flaw]) -> Refusal:
    return Refusal(400, ErrorCode.INVALID_FORM_BODY, "Invalid Form Body", flaws)
