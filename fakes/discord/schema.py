"""Values held against the extract of Discord's own OpenAPI document: what is wrong, as Discord names it.

Discord quietly drops a field it does not know; here that is a flaw of its own code, so that a misspelt one is noticed.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

SCHEMAS = json.loads((Path(__file__).parent / "openapi.json").read_text())["schemas"]
LINKS = ("https", "http", "attachment", "discord")
CODES = {  # of the flaws that are common; whatever else is wrong is one of the choices that there are not
    "maxLength": ("BASE_TYPE_MAX_LENGTH", "Must be {} or fewer in length."),
    "minLength": ("BASE_TYPE_BAD_LENGTH", "Must be {} or more in length."),
    "maxItems": ("BASE_TYPE_BAD_LENGTH", "Must be {} or fewer in length."),
    "minItems": ("BASE_TYPE_BAD_LENGTH", "Must be {} or more in length."),
    "maximum": ("NUMBER_TYPE_MAX", "Must be {} or less."),
    "minimum": ("NUMBER_TYPE_MIN", "Must be {} or more."),
    "format": ("BASE_TYPE_FORMAT", "Not a well formed {}."),
    "type": ("BASE_TYPE_CONVERT", "Must be of type {}."),
}
IGNORED = "UNKNOWN_FIELD"  # no refusal: Discord goes on without the field
_formats = FormatChecker(())


class Flaw(NamedTuple):
    path: tuple[str | int, ...]
    code: str
    message: str


def flaw(code: str, message: str, *path: str | int) -> Flaw:
    return Flaw(path, code, message)


def under(flaws: Iterable[Flaw], *path: str | int) -> Iterator[Flaw]:
    """Yield the flaws of a part as those of the whole, in which it stands at this path."""
    for each in flaws:
        yield each._replace(path=(*path, *each.path))


def refused(flaws: Iterable[Flaw]) -> list[Flaw]:
    """Return those that Discord refuses; what it ignores is none."""
    return [each for each in flaws if each.code != IGNORED]


def as_tree(flaws: Iterable[Flaw]) -> dict[str, Any]:
    """Return flaws as the "errors" of Discord's JSON: nested by path."""
    tree: dict[str, Any] = {}
    for each in flaws:
        node = tree
        for step in each.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": each.code, "message": each.message})
    return tree


def check(name: str, value: object) -> list[Flaw]:
    """Return what is wrong with a value by the document's schema of that name."""
    errors = _validator(name).iter_errors(value)
    return list(dict.fromkeys(each for error in errors for each in _flaws(error)))


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_resolved(SCHEMAS[name]), format_checker=_formats)


def _resolved(node: Any) -> Any:  # noqa: ANN401 - any piece of a schema
    """Return a schema with its references replaced by what they refer to, its choices plain and its objects closed."""
    if isinstance(node, list):
        return [_resolved(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _resolved(SCHEMAS[node["$ref"].rpartition("/")[2]])
    if node.get("format") == "snowflake":
        return {**node, "type": ["string", "integer"]}  # as Discord's own examples send those of new files
    if choices := node.get("enum") or [each["const"] for each in node.get("oneOf", []) if "const" in each]:
        return {"enum": choices, "type": node["type"]}
    closed = {"additionalProperties": False} if isinstance(node.get("properties"), dict) else {}
    # One that fits is enough: to see whether a second does takes as long again.
    return closed | {name.replace("oneOf", "anyOf"): _resolved(each) for name, each in node.items()}


def _flaws(error: ValidationError) -> Iterator[Flaw]:
    path = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    found: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "anyOf" if error.context:
            for each in _branch(error.context):
                yield from _flaws(each)
        case "required":
            for name in set(wanted) - set(found):
                yield flaw("BASE_TYPE_REQUIRED", "This field is required", *path, name)
        case "additionalProperties":
            for name in set(found) - set(schema["properties"]):
                yield flaw(IGNORED, "Discord knows no such field here and would ignore it.", *path, name)
        case kind:
            code, message = CODES.get(str(kind), ("BASE_TYPE_CHOICES", "Must be one of {}."))
            yield flaw(code, message.format(wanted), *path)


def _branch(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """Return the errors of the alternative that was meant: the last of the value's own type, else the first."""
    branches: dict[object, list[ValidationError]] = {}
    for each in errors:
        branches.setdefault(each.schema_path[0], []).append(each)
    meant = [each for each in branches.values() if not any(_is_of_another_type(error) for error in each)]
    return meant[-1] if meant else next(iter(branches.values()))


def _is_of_another_type(error: ValidationError) -> bool:
    return list(error.path) == ["type"] or (error.validator == "type" and not error.path)


@_formats.checks("uri")
def _is_link(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme in LINKS and urlsplit(value).netloc)
