"""What Discord is told to show."""

import re
from collections import Counter
from typing import Any

import pytest

from command.definition import DEFINITION
from command.message import failure, picture, private
from command.options import Options
from command.translations import CATALOGUE
from command.work import Drawing
from fakes.discord import limits
from picture.colours import dominant, nearest
from picture.composition import compose
from picture.palettes import Colour
from picture.recipe import PALETTES, STYLES, Recipe

URL = "https://storage.googleapis.com/mandalas/1.png"
ADA = Recipe("Ada Lovelace", symmetry=12, rings=9, style="fill", palette="jewel")
WISH = Options("1300000000000000400")
LOCALES = [*CATALOGUE["failure"]]
SEEDS = CATALOGUE["seed"]
MEAN_SEEDS = [
    "`rm -rf`",
    "@everyone",
    "<@!1>",
    "<@&1>",
    "**bold**",
    "a\\",
    "||x||",
    "a\nb",
    "https://x.org",
    "漢" * 100,
    "🎲" * 100,
]


def embed(body: dict[str, Any]) -> dict[str, Any]:
    (only,) = body["embeds"]
    assert isinstance(only, dict)
    return only


def show(recipe: Recipe, locale: str = "en-GB") -> dict[str, Any]:
    return picture(recipe, WISH, locale, URL)


def typed_again(body: dict[str, Any], locale: str) -> Recipe:
    """Return the recipe of a /mando with everything that a message names, as Discord offers it in this language."""
    named = re.fullmatch(r"`([^`]+)` · (.+)", embed(body)["footer"]["text"])
    assert named
    given = dict([(SEEDS[locale], named[1]), *(entry.partition(" ")[::2] for entry in named[2].split(" · "))])
    options: dict[str, Any] = {}
    for option in DEFINITION["options"][:-1]:
        text = given.pop(option["name_localizations"][locale])
        choices = {choice["name_localizations"][locale]: choice["value"] for choice in option.get("choices", [])}
        options[option["name"]] = int(text) if "min_value" in option else choices.get(text, text)
    assert not given
    return Recipe.of(**options)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("seed", ["Ada Lovelace", "a:b · c", *MEAN_SEEDS])
def test_message_can_be_typed_again(locale: str, seed: str) -> None:
    """Seed, symmetry, rings, style and palette stand in the message as /mando offers them, and draw the same again."""
    recipe = Recipe.of(seed)

    assert typed_again(show(recipe, locale), locale) == recipe


@pytest.mark.parametrize("seed", MEAN_SEEDS)
def test_seed_is_plain_text_below_the_picture(seed: str) -> None:
    """A seed stands in the footer, under the picture, where nothing is a mention, markdown or a link."""
    body = show(Recipe.of(seed))

    assert embed(body).keys() == {"color", "image", "footer"}
    assert body["content"] is None
    assert "\n" not in embed(body)["footer"]["text"]


@pytest.mark.parametrize(("seed", "shown"), [("<@1300000000000000401>", True), ("<@!1>", False), ("@everyone", False)])
def test_person_is_shown_by_name(seed: str, shown: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A seed that is a mention of one user is shown as one, in an embed, which notifies nobody."""
    assert (embed(show(Recipe.of(seed))).get("description") == seed) is shown


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("palette", PALETTES)
def test_discord_accepts_the_message(locale: str, style: str, palette: str) -> None:
    """Both messages have only what an edit may have, within its limits."""
    recipe = Recipe.of("漢" * 100, style=style, palette=palette)

    assert list(limits.edit(show(recipe, locale))) == []
    assert list(limits.edit(picture(recipe, WISH, locale, "attachment://mandala.png"))) == []
    assert list(limits.edit(failure(recipe, WISH, locale))) == []


def test_sentence_is_for_the_asker_alone() -> None:
    """A sentence is a callback of type 4, EPHEMERAL, that mentions nobody."""
    assert private("No.") == {
        "type": 4,
        "data": {"content": "No.", "flags": 64, "allowed_mentions": {"parse": []}},
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_nobody_is_mentioned(locale: str) -> None:
    """Whatever the seed says, nobody gets a notification."""
    recipe = Recipe.of("@everyone")

    for body in (show(recipe, locale), failure(recipe, WISH, locale), private("@everyone")["data"]):
        assert body["allowed_mentions"] == {"parse": []}


def test_image_is_shown_by_its_url() -> None:
    """The embed shows the public picture."""
    assert embed(show(ADA))["image"]["url"] == URL


def test_alt_text_describes_the_picture() -> None:
    """Symmetry, rings, shape and the colours that cover most are told in words."""
    first, second, third = dominant(ADA)

    assert embed(show(ADA))["image"]["description"] == (
        f"Mandala with 12-fold symmetry: 9 rings of sharp petals in {first}, {second} and {third}"
    )


@pytest.mark.parametrize(
    ("locale", "style", "start"),
    [
        ("en-GB", "bezier_fill", "Mandala with 12-fold symmetry: 9 rings of round petals in "),
        ("de", "fill", "Mandala mit 12-zähliger Symmetrie: 9 Ringe aus spitzen Blütenblättern in "),
        ("es-419", "bezier_fill", "Mandala con simetría de orden 12: 9 anillos de pétalos redondeados en "),
        ("it", "fill", "Mandala con simmetria di ordine 12: 9 anelli di petali appuntiti in "),
    ],
)
def test_alt_text_is_in_the_askers_language(locale: str, style: str, start: str) -> None:
    """Whoever listens understands it."""
    recipe = Recipe("Ada Lovelace", symmetry=12, rings=9, style=style, palette="jewel")

    assert embed(show(recipe, locale))["image"]["description"].startswith(start)


def test_embed_wears_the_pictures_colour() -> None:
    """The embed's edge has the colour that covers most of the picture."""
    red, green, blue = dominant(ADA)[next(iter(dominant(ADA)))]

    assert embed(show(ADA))["color"].to_bytes(3) == bytes([red, green, blue])
    assert (red, green, blue) in [ring.colour for ring in compose(ADA)]


def test_a_colouring_page_has_no_colours() -> None:
    """Its message names no palette, whichever was chosen, and the embed's edge is as white as the page."""
    page = embed(show(Recipe("Ada Lovelace", symmetry=12, rings=9, style="lines", palette="jewel")))

    assert page["footer"]["text"] == "`Ada Lovelace` · symmetry 12 · rings 9 · style Lines"
    assert page["color"] == 0xFFFFFF


@pytest.mark.parametrize("locale", LOCALES)
def test_message_has_four_buttons_in_a_row(locale: str) -> None:
    """One word, which fits beside three pictures on a telephone; what deletes is red."""
    (row,) = show(ADA, locale)["components"]
    first, *others = row["components"]

    assert len(first["label"]) < 10
    assert [each["emoji"]["name"] for each in row["components"]] == ["🎲", "✏️", "🖨️", "🗑️"]
    assert [each["style"] for each in row["components"]] == [2, 2, 2, 4]
    assert not any("label" in each for each in others)


def test_failure_is_a_sentence_and_a_button() -> None:
    """The user is told, and can try again; nothing internal is shown."""
    body = Drawing(ADA, {"type": 5}, WISH, "en-GB", "ada.png").failure()
    (row,) = body["components"]

    assert body["content"] == "Sorry, this mandala could not be drawn. Please try again."
    assert body["embeds"] == []
    assert [button["label"] for button in row["components"]] == ["Try again"]


def test_picture_leaves_nothing_of_a_failure() -> None:
    """An edit replaces only what it names, so both messages name the same things."""
    assert show(ADA)["content"] is None
    assert show(ADA).keys() == failure(ADA, WISH, "en-GB").keys()


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((0, 0, 0), "black"),
        ((255, 255, 255), "white"),
        ((128, 128, 128), "grey"),
        ((255, 0, 0), "red"),
        ((0, 128, 0), "green"),
        ((0, 0, 255), "blue"),
        ((255, 255, 0), "yellow"),
        ((255, 165, 0), "orange"),
        ((128, 0, 128), "plum"),
        ((0, 128, 128), "teal"),
        ((255, 0, 255), "magenta"),
        ((165, 42, 42), "rust"),
        ((255, 192, 203), "pink"),
        ((0, 0, 128), "navy"),
        ((64, 224, 208), "turquoise"),
        ((0, 255, 255), "turquoise"),
        ((0, 100, 0), "green"),
        ((128, 128, 0), "olive"),
    ],
)
def test_colour_has_the_name_that_people_give_it(colour: Colour, name: str) -> None:
    """The name is the nearest to the eye; the cases are CSS's colours of the same or a related name."""
    assert nearest(colour) == name


def test_dominant_colours_cover_most() -> None:
    """Rings of one name count together, each with what is seen of it."""
    recipe = Recipe("Emmy Noether", symmetry=12, rings=19, style="fill", palette="jewel")
    areas: Counter[str] = Counter()
    for ring in compose(recipe):
        areas[nearest(ring.colour)] += ring.area

    assert [*dominant(recipe)] == [name for name, _ in areas.most_common(3)]
    assert [*dominant(recipe)] != [
        name for name, _ in Counter(nearest(ring.colour) for ring in compose(recipe)).most_common(3)
    ]
