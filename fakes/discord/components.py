"""Components of messages and modals: where they are, what Discord refuses of them, and what can be pressed or chosen.

https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discord_enums import ButtonStyle, ComponentType
from fakes.discord.schema import Flaw, flaw, under

ROWS = 5  # as long as a message is not of components alone
ALONE = 40  # components of a message that has nothing else, nested ones included
TEXT = 4000  # characters of all its texts
SELECTED = 1  # options, when a select does not say how many
SELECTS = {
    ComponentType.STRING_SELECT,
    ComponentType.USER_SELECT,
    ComponentType.ROLE_SELECT,
    ComponentType.MENTIONABLE_SELECT,
    ComponentType.CHANNEL_SELECT,
}

Component = dict[str, Any]
Path = tuple[str | int, ...]


def walk(components: Sequence[Component] | None, path: Path = ("components",)) -> Iterator[tuple[Path, Component]]:
    """Yield every component with its path, each before those inside of it."""
    for index, each in enumerate(components or ()):
        yield from _within(each, (*path, index))


def _within(component: Component, path: Path) -> Iterator[tuple[Path, Component]]:
    yield path, component
    yield from walk(component.get("components"), (*path, "components"))
    for name in ("accessory", "component"):
        if component.get(name):
            yield from _within(component[name], (*path, name))


def every(components: Sequence[Component] | None) -> list[Component]:
    return [component for _, component in walk(components)]


def named(components: Sequence[Component] | None, custom_id: str) -> Component | None:
    """Return what can be pressed or chosen by that name."""
    return next((each for each in every(components) if each.get("custom_id") == custom_id), None)


def texts(components: Sequence[Component] | None) -> list[str]:
    return [each["content"] for each in every(components) if each["type"] == ComponentType.TEXT_DISPLAY]


def media(components: Sequence[Component] | None) -> Iterator[tuple[Path, str]]:
    """Yield the URL of each picture and file, with its path."""
    for path, each in walk(components):
        yield from _media(each, path)
        for index, item in enumerate(each.get("items") or ()):
            yield from _media(item, (*path, "items", index))


def _media(holder: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for name in ("media", "file"):
        if holder.get(name):
            yield (*path, name, "url"), holder[name]["url"]


def flaws(components: Sequence[Component], *, alone: bool) -> Iterator[Flaw]:
    """Check a message's components; alone it has nothing else (IS_COMPONENTS_V2)."""
    yield from _alone(components) if alone else _rows(components)
    rules = {ComponentType.BUTTON: _button, ComponentType.ACTION_ROW: _row, ComponentType.STRING_SELECT: select}
    for path, each in walk(components):
        if check := rules.get(each["type"]):
            yield from under(check(each), *path)
    yield from duplicates(components)


def _alone(components: Sequence[Component]) -> Iterator[Flaw]:
    if len(every(components)) > ALONE:
        yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be {ALONE} or fewer in all.", "components")
    if sum(map(len, texts(components))) > TEXT:
        yield flaw("BASE_TYPE_MAX_LENGTH", f"All texts must be {TEXT} or fewer in length.", "components")


def _rows(components: Sequence[Component]) -> Iterator[Flaw]:
    if len(components) > ROWS:
        yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be {ROWS} or fewer in length.", "components")
    for index, each in enumerate(components):
        if each["type"] != ComponentType.ACTION_ROW:
            message = "Only action rows, unless the message has the flag IS_COMPONENTS_V2."
            yield flaw("BASE_TYPE_CHOICES", message, "components", index, "type")


def _row(row: Component) -> Iterator[Flaw]:
    if len(row["components"]) > 1 and any(each["type"] in SELECTS for each in row["components"]):
        yield flaw("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select takes a row of its own.", "components")


def duplicates(components: Sequence[Component]) -> Iterator[Flaw]:
    """Check that custom_ids differ throughout a message or a modal."""
    seen: set[str] = set()
    for path, each in walk(components):
        custom_id = each.get("custom_id")
        if custom_id in seen:
            yield flaw("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated", *path, "custom_id")
        elif custom_id:
            seen.add(custom_id)


def _button(button: Component) -> Iterator[Flaw]:
    wanted, refused = ("url", "custom_id") if button["style"] == ButtonStyle.LINK else ("custom_id", "url")
    if button.get(wanted) is None:
        yield flaw("BASE_TYPE_REQUIRED", "This field is required", wanted)
    if button.get(refused) is not None:
        message = "A url and custom id cannot both be specified"
        yield flaw("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    if not button.get("label") and not button.get("emoji"):
        yield flaw("BUTTON_COMPONENT_LABEL_EMOJI_REQUIRED", "Either a label or an emoji is required", "label")


def select(component: Component) -> Iterator[Flaw]:
    """Check a string select for what its schema, which bounds its options, does not say."""
    options = component["options"]
    least, most = how_many(component)
    if not least <= most <= len(options):
        yield flaw("BASE_TYPE_BAD_LENGTH", "Not between min_values and the number of options.", "max_values")
    if len({each["value"] for each in options}) < len(options):
        yield flaw("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used", "options")
    if sum(bool(each.get("default")) for each in options) > most:
        yield flaw("SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"Must be {most} or fewer by default.", "options")


def how_many(select: Component) -> tuple[int, int]:
    """Return how many options can be chosen, from and to."""
    low, high = select.get("min_values"), select.get("max_values")
    return SELECTED if low is None else low, SELECTED if high is None else high


def misfit(select: Component, values: Sequence[str]) -> str:
    """Return what keeps the client from sending these values of a select; "" for nothing."""
    offered = {each["value"] for each in select.get("options") or ()}
    if offered and not set(values) <= offered:
        return "has no such option"
    least, most = how_many(select)
    return "" if least <= len(values) <= most else "has too few or too many options"
