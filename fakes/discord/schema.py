"""Checks of JSON, built from one another: each yields the flaws it finds, as Discord names them.

Discord quietly drops a field it does not know; here it is a flaw, so that a misspelt one is noticed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

LONGEST_URL = 2048


class Flaw(NamedTuple):
    path: tuple[str | int, ...]
    code: str
    message: str


Check = Callable[[object], Iterator[Flaw]]


def as_tree(flaws: Iterable[Flaw]) -> dict[str, Any]:
    """Return flaws as the "errors" of Discord's JSON: nested by path."""
    tree: dict[str, Any] = {}
    for each in flaws:
        node = tree
        for step in each.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": each.code, "message": each.message})
    return tree


def flaw(code: str, message: str, *path: str | int) -> Flaw:
    return Flaw(path, code, message)


def under(step: str | int, flaws: Iterable[Flaw]) -> Iterator[Flaw]:
    for each in flaws:
        yield each._replace(path=(step, *each.path))


def both(shape: Check, rule: Callable[[Any], Iterator[Flaw]]) -> Check:
    """Return a check of the shape and then, when it is right, of a rule that relies on it."""

    def check(value: object) -> Iterator[Flaw]:
        flaws = list(shape(value))
        yield from flaws or rule(value)

    return check


def text(most: int, least: int = 0) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if not isinstance(value, str):
            yield flaw("STRING_TYPE_CONVERT", "Could not interpret as string.")
        elif least and not least <= len(value) <= most:
            yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            yield flaw("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def number(least: float, most: float) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield flaw("NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif not least <= value <= most:
            yield flaw("NUMBER_TYPE_MAX", f"Value should be between {least} and {most}.")

    return check


def anything(_: object) -> Iterator[Flaw]:
    yield from ()


def boolean(value: object) -> Iterator[Flaw]:
    if not isinstance(value, bool):
        yield flaw("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def one_of(*values: object) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if isinstance(value, bool) or value not in values:
            yield flaw("BASE_TYPE_CHOICES", f"Value must be one of {values}.")

    return check


def flags(*allowed: int) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if not isinstance(value, int) or value & ~sum(allowed):
            yield flaw("BITFIELD_TYPE_INVALID", f"Flags {value} are not valid here, only {allowed}.")

    return check


def any_of(pattern: re.Pattern[str], message: str) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield flaw("STRING_TYPE_REGEX", message)

    return check


def url(*schemes: str) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        yield from text(LONGEST_URL, 1)(value)
        if isinstance(value, str) and not (urlsplit(value).scheme in schemes and urlsplit(value).netloc):
            yield flaw("URL_TYPE_INVALID_URL", f"Not a well formed URL: one of {schemes}.")

    return check


def many(each: Check, most: int, least: int = 0) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if not isinstance(value, list):
            yield flaw("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not least <= len(value) <= most:
            yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for index, item in enumerate(value):
            yield from under(index, each(item))

    return check


def record(known: Mapping[str, Check], required: tuple[str, ...] = (), nullable: tuple[str, ...] = ()) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if not isinstance(value, dict):
            yield flaw("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        for name in required:
            if value.get(name) is None:
                yield flaw("BASE_TYPE_REQUIRED", "This field is required", name)
        for name, item in value.items():
            if name not in known:
                yield flaw("UNKNOWN_FIELD", "Discord knows no such field here and would ignore it.", name)
            elif item is not None or name not in nullable:
                yield from under(name, known[name](item))

    return check


def table(keys: Check, values: Check) -> Check:
    def check(value: object) -> Iterator[Flaw]:
        if not isinstance(value, dict):
            yield flaw("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for key, item in value.items():
            yield from under(key, [*keys(key), *values(item)])

    return check
