"""A modal: what Discord accepts in one, and what its client sends of it.

https://docs.discord.com/developers/components/reference#label and what can stand in one: a text input, a string select.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from discord_enums import ComponentType
from fakes.discord.schema import Flaw, check, flaw

COMPONENTS = 5
SELECTED = 1  # options, when a select does not say how many

Component = dict[str, Any]
Value = str | list[str]


class Unsendable(ValueError):
    """Discord's client does not send this modal: the message says what it asks the user to mend."""


def flaws(body: Any) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the callback that opens a modal."""
    return check("ModalInteractionCallbackRequest", body) or list(_rules(body["data"]["components"]))


def _rules(components: list[Component]) -> Iterator[Flaw]:
    if len(components) > COMPONENTS:
        yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {COMPONENTS} in length.", "data", "components")
    seen: set[str] = set()
    for index, each in enumerate(components):
        if each["type"] == ComponentType.LABEL:
            path, component = ("data", "components", index, "component"), each["component"]
            if component["custom_id"] in seen:
                message = "Component custom id cannot be duplicated"
                yield flaw("COMPONENT_CUSTOM_ID_DUPLICATED", message, *path, "custom_id")
            seen.add(component["custom_id"])
            rules = {ComponentType.TEXT_INPUT: _text_input, ComponentType.STRING_SELECT: _select}
            for found in rules.get(component["type"], lambda _: ())(component):
                yield found._replace(path=(*path, *found.path))


def _text_input(component: Component) -> Iterator[Flaw]:
    if component.get("label"):
        yield flaw("UNKNOWN_FIELD", "The label of a text input is its Label's.", "label")
    if component.get("value") and _length_is_wrong(component, component["value"]):
        yield flaw("BASE_TYPE_BAD_LENGTH", "Not between min_length and max_length.", "value")


def _select(component: Component) -> Iterator[Flaw]:
    options = component["options"]
    least, most = _how_many(component)
    if component.get("disabled"):
        yield flaw("COMPONENT_INVALID", "Nothing in a modal can be disabled.", "disabled")
    if component.get("required") is not False and component.get("min_values") == 0:
        yield flaw("NUMBER_TYPE_MIN", "Must be 1 or more where something is required.", "min_values")
    if not least <= most <= len(options):
        yield flaw("BASE_TYPE_BAD_LENGTH", "Not between min_values and the number of options.", "max_values")
    if len({each["value"] for each in options}) < len(options):
        yield flaw("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used", "options")
    if sum(bool(each.get("default")) for each in options) > most:
        yield flaw("SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"Must be {most} or fewer by default.", "options")


def inputs(modal: Mapping[str, Any]) -> dict[str, Component]:
    """Return what can be filled in, by custom_id."""
    labels = [each["component"] for each in modal["components"] if each["type"] == ComponentType.LABEL]
    return {each["custom_id"]: each for each in labels}


def filled(modal: Mapping[str, Any]) -> dict[str, Value]:
    """Return what stands in the inputs when the modal opens, by custom_id."""
    return {name: _default(component) for name, component in inputs(modal).items()}


def submitted(modal: Mapping[str, Any], typed: Mapping[str, Value] | None = None) -> dict[str, Any]:
    """Return the data of a modal's submission, what is not typed as it was; raise Unsendable."""
    values = filled(modal) | dict(typed or {})
    if unknown := values.keys() - inputs(modal).keys():
        raise Unsendable(f"the modal has no {', '.join(sorted(unknown))}")
    return {"custom_id": modal["custom_id"], "components": list(_components(modal, values))}


def _components(modal: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[Component]:
    """Yield the components that are sent, numbered as Discord numbers them."""
    number = 0
    for each in modal["components"]:
        number += 1
        sent = {"type": each["type"], "id": each.get("id") or number}
        if each["type"] == ComponentType.LABEL:
            number += 1
            sent["component"] = _answer(each["component"], each["component"].get("id") or number, values)
        yield sent


def _answer(component: Component, number: int, values: Mapping[str, Value]) -> Component:
    name, kind = component["custom_id"], component["type"]
    _check(component, values[name])
    field = "value" if kind == ComponentType.TEXT_INPUT else "values"
    return {"type": kind, "id": number, "custom_id": name, field: values[name]}


def _check(component: Component, value: Value) -> None:
    """Raise Unsendable for what the client does not let its user do."""
    name, required = component["custom_id"], component.get("required") is not False
    if not value:
        if required:
            raise Unsendable(f"{name} is required")
    elif isinstance(value, str):
        if _length_is_wrong(component, value):
            raise Unsendable(f"{name} is too short or too long")
    elif not set(value) <= {each["value"] for each in component["options"]}:
        raise Unsendable(f"{name} has no such option")
    elif not _how_many(component)[0] <= len(value) <= _how_many(component)[1]:
        raise Unsendable(f"{name} has too few or too many options")


def _default(component: Component) -> Value:
    if component["type"] == ComponentType.TEXT_INPUT:
        return component.get("value") or ""
    return [each["value"] for each in component["options"] if each.get("default")]


def _how_many(select: Component) -> tuple[int, int]:
    """Return how many options can be chosen, from and to."""
    low, high = select.get("min_values"), select.get("max_values")
    return SELECTED if low is None else low, SELECTED if high is None else high


def _length_is_wrong(component: Component, text: str) -> bool:
    """Tell by the count of JavaScript, which is the client's: an emoji has two."""
    length = len(text.encode("utf-16-le")) // 2
    return not (component.get("min_length") or 0) <= length <= (component.get("max_length") or 4000)
