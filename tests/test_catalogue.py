"""The catalogue: complete, without a word too many, and within Discord's limits."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from command.definition import DEFINITION
from command.translations import CATALOGUE, DEFAULT, FALLBACKS, join_list, translate
from picture.colours import NAMED
from picture.recipe import PALETTES, SEED_STYLES, STYLES

Catalogue = dict[str, dict[str, str]]
Uses = dict[str, set[str]]

# https://discord.com/developers/docs/reference#locales
DISCORDS = {
    *(
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en-GB",
        "en-US",
        "es-419",
        "es-ES",
        "fi",
        "fr",
        "hi",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
    ),
    *("ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW"),
}
LABEL, ALT_TEXT, CONTENT = 80, 1024, 2000
SOURCES = [*Path(__file__).parents[1].glob("command/*.py")]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def calls_of_translate() -> Iterator[tuple[str, set[str]]]:
    """Yield the key and the placeholders of every text that the code names in full."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "translate":
                key = node.args[1]
                if isinstance(key, ast.Constant):
                    yield str(key.value), {str(keyword.arg) for keyword in node.keywords}


def uses() -> Uses:
    """Return every key that the code uses, with the placeholders that it fills."""
    used: Uses = {f"command.{name}": set() for name in ("description", "draw_this", "their_mandala")}
    for option in DEFINITION["options"]:
        used[option["name"]] = set()
        used[f"{option['name']}.description"] = {"low", "high"} if "min_value" in option else set()
    for style in STYLES:
        used[f"style.{style}"] = set()
        used[f"alt.{style}"] = {"symmetry", "rings"} | ({"colours"} if style in SEED_STYLES else set())
    used |= {f"palette.{palette}": set() for palette in PALETTES}
    used |= {f"colour.{name}": set() for name in NAMED}
    for key, filled in calls_of_translate():
        assert used.setdefault(key, filled) == filled, f"{key} is filled in two ways"
    return used


def faults(catalogue: Catalogue) -> Iterator[str]:
    used = uses()
    locales = {locale for texts in catalogue.values() for locale in texts}
    yield from (f"missing key: {key}" for key in used.keys() - catalogue.keys())
    yield from (f"unused key: {key}" for key in catalogue.keys() - used.keys())
    for key in used.keys() & catalogue.keys():
        texts = catalogue[key]
        yield from (f"missing translation: {key} {locale}" for locale in locales - texts.keys())
        yield from (f"empty: {key} {locale}" for locale, text in texts.items() if not text.strip())
        yield from (f"placeholders: {key} {loc}" for loc, text in texts.items() if placeholders(text) != used[key])


def test_catalogue_is_complete() -> None:
    """Every text that the code uses is there in every language, with the code's placeholders, and no other is."""
    assert list(faults(CATALOGUE)) == []


@pytest.mark.parametrize(
    ("key", "texts", "fault"),
    [
        ("failure", None, "missing key: failure"),
        ("farewell", {DEFAULT: "Goodbye."}, "unused key: farewell"),
        ("failure", {**CATALOGUE["failure"], "ja": " "}, "empty: failure ja"),
        ("failure", {"de": "Ach."}, "missing translation: failure fr"),
        ("alt.fill", {**CATALOGUE["alt.fill"], "de": "{ringe}"}, "placeholders: alt.fill de"),
        ("failure", {**CATALOGUE["failure"], "fr": "Hélas, {name}."}, "placeholders: failure fr"),
    ],
)
def test_fault_is_found(key: str, texts: dict[str, str] | None, fault: str) -> None:
    """What would break the catalogue is seen by the test above."""
    broken = {**CATALOGUE, key: texts} if texts else {each: CATALOGUE[each] for each in CATALOGUE if each != key}

    assert fault in faults(broken)


def test_locales_are_discords() -> None:
    """The catalogue speaks English and at least five more of Discord's languages, and falls back to one it has."""
    locales = CATALOGUE["failure"].keys()

    assert DEFAULT in locales
    assert len(locales) > 5
    assert locales <= DISCORDS
    assert FALLBACKS.keys() <= DISCORDS - locales
    assert set(FALLBACKS.values()) <= locales


@pytest.mark.parametrize("locale", CATALOGUE["failure"])
def test_texts_are_within_discords_limits(locale: str) -> None:
    """Labels fit on buttons, alt texts and sentences into a message, with a margin for what fills them."""
    for key, texts in CATALOGUE.items():
        limit = {"button": LABEL, "alt": ALT_TEXT // 2}.get(key.split(".")[0], CONTENT // 2)
        assert len(texts[locale]) <= limit, key


@pytest.mark.parametrize("key", [key for key in CATALOGUE if key.startswith(("failure", "busy", "refused.", "print."))])
def test_what_is_said_is_a_sentence(key: str) -> None:
    """What the bot says of itself ends with a full stop, in every language."""
    assert all(text.endswith((".", "。")) for text in CATALOGUE[key].values())


def test_names_are_distinct_in_every_language() -> None:
    """No two palettes, and no two colours, share a name."""
    for family in ("palette.", "colour."):
        keys = [key for key in CATALOGUE if key.startswith(family)]
        for locale in CATALOGUE["failure"]:
            names = [CATALOGUE[key][locale] for key in keys]
            assert len(set(names)) == len(names), (family, locale)


def test_spanish_and_stays_as_it_is() -> None:
    """No Spanish colour begins with the sound that would turn "y" into "e"."""
    colours = [texts["es-ES"] for key, texts in CATALOGUE.items() if key.startswith("colour.")]

    assert not any(colour.startswith(("i", "í", "hi")) for colour in colours)


@pytest.mark.parametrize(
    ("locale", "label"),
    [
        ("de", "Bearbeiten"),
        ("es-ES", "Editar"),
        ("es-419", "Editar"),
        ("en-GB", "Edit"),
        ("en-US", "Edit"),
        ("de-AT", "Edit"),
        ("tlh", "Edit"),
        ("", "Edit"),
    ],
)
def test_language_is_the_askers_or_english(locale: str, label: str) -> None:
    """A text is in the asker's language, in its next of kin where Discord has one, or else in English."""
    assert translate(locale, "button.edit") == label


@pytest.mark.parametrize(
    ("locale", "words", "enumeration"),
    [
        ("en-GB", ["teal"], "teal"),
        ("en-GB", ["teal", "gold"], "teal and gold"),
        ("en-GB", ["teal", "gold", "plum"], "teal, gold and plum"),
        ("de", ["Petrol", "Gold", "Pflaume"], "Petrol, Gold und Pflaume"),
        ("ja", ["青", "赤", "白"], "青、赤、白"),
    ],
)
def test_words_are_enumerated(locale: str, words: list[str], enumeration: str) -> None:
    """Words are joined as the language joins them."""
    assert join_list(locale, words) == enumeration
