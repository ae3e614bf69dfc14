"""A modal: what Discord accepts in one, and what its client sends of it.

https://docs.discord.com/developers/components/reference#label and what can stand in one: a text input, a string select.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from discord_enums import ComponentType
from fakes.discord.components import Component, duplicates, every, misfit, select, walk
from fakes.discord.schema import IGNORED, Flaw, check, flaw, refused, under

COMPONENTS = 5

Value = str | list[str]


class Unsendable(ValueError):
    """Discord's client does not send this modal: the message says what it asks the user to mend."""


def flaws(body: Any) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the callback that opens a modal."""
    found = check("ModalInteractionCallbackRequest", body)
    return found if refused(found) else [*found, *_rules(body["data"]["components"])]


def _rules(components: list[Component]) -> Iterator[Flaw]:
    if len(components) > COMPONENTS:
        yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {COMPONENTS} in length.", "data", "components")
    for path, each in walk(components):
        yield from under(_component(each, inside=path[-1] == "component"), "data", *path)
    yield from under(duplicates(components), "data")


def _component(component: Component, *, inside: bool) -> Iterator[Flaw]:
    match component["type"]:
        case ComponentType.TEXT_INPUT:
            yield from _label(component, inside=inside)
            yield from _text_input(component)
        case ComponentType.STRING_SELECT:
            yield from _select(component)


def _label(component: Component, *, inside: bool) -> Iterator[Flaw]:
    """Check the label of a text input: one inside a Label has that one's, one in an action row its own."""
    if inside and component.get("label"):
        yield flaw(IGNORED, "The label of a text input is its Label's.", "label")
    if not inside and not component.get("label"):
        yield flaw("BASE_TYPE_REQUIRED", "This field is required", "label")


def _text_input(component: Component) -> Iterator[Flaw]:
    if component.get("value") and _length_is_wrong(component, component["value"]):
        yield flaw("BASE_TYPE_BAD_LENGTH", "Not between min_length and max_length.", "value")


def _select(component: Component) -> Iterator[Flaw]:
    if component.get("disabled"):
        yield flaw("COMPONENT_INVALID", "Nothing in a modal can be disabled.", "disabled")
    if component.get("required") is not False and component.get("min_values") == 0:
        yield flaw("NUMBER_TYPE_MIN", "Must be 1 or more where something is required.", "min_values")
    yield from select(component)


def inputs(modal: Mapping[str, Any]) -> dict[str, Component]:
    """Return what can be filled in, by custom_id."""
    return {each["custom_id"]: each for each in every(modal["components"]) if "custom_id" in each}


def filled(modal: Mapping[str, Any]) -> dict[str, Value]:
    """Return what stands in the inputs when the modal opens, by custom_id."""
    return {name: _default(component) for name, component in inputs(modal).items()}


def submitted(modal: Mapping[str, Any], typed: Mapping[str, Value] | None = None) -> dict[str, Any]:
    """Return the data of a modal's submission, what is not typed as it was; raise Unsendable."""
    values = filled(modal) | dict(typed or {})
    if unknown := values.keys() - inputs(modal).keys():
        raise Unsendable(f"the modal has no {', '.join(sorted(unknown))}")
    numbers = count(1)
    components = [_answer(each, numbers, values) for each in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": components}


def _answer(component: Component, numbers: Iterator[int], values: Mapping[str, Value]) -> Component:
    """Return what is sent of a component, laid out as the modal is, numbered as Discord numbers it."""
    number = next(numbers)
    sent = {"type": component["type"], "id": component.get("id") or number}
    if "components" in component:
        sent["components"] = [_answer(each, numbers, values) for each in component["components"]]
    if "component" in component:
        sent["component"] = _answer(component["component"], numbers, values)
    if name := component.get("custom_id"):
        _check(component, values[name])
        field = "value" if component["type"] == ComponentType.TEXT_INPUT else "values"
        sent |= {"custom_id": name, field: values[name]}
    return sent


def _check(component: Component, value: Value) -> None:
    """Raise Unsendable for what the client does not let its user do."""
    name, required = component["custom_id"], component.get("required") is not False
    if not value:
        if required:
            raise Unsendable(f"{name} is required")
    elif isinstance(value, str):
        if _length_is_wrong(component, value):
            raise Unsendable(f"{name} is too short or too long")
    elif wrong := misfit(component, value):
        raise Unsendable(f"{name} {wrong}")


def _default(component: Component) -> Value:
    if component["type"] == ComponentType.TEXT_INPUT:
        return component.get("value") or ""
    return [each["value"] for each in component.get("options") or () if each.get("default")]


def _length_is_wrong(component: Component, text: str) -> bool:
    """Tell by the count of JavaScript, which is the client's: an emoji has two."""
    length = len(text.encode("utf-16-le")) // 2
    return not (component.get("min_length") or 0) <= length <= (component.get("max_length") or 4000)
