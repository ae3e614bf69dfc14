"""The words that a mandala is drawn from: how they are compared, shortened and made up."""

import hashlib
import re
import secrets
import unicodedata
from base64 import urlsafe_b64encode
from functools import lru_cache
from itertools import pairwise

SEED_LENGTH = 100
CACHED = 64
"""Seeds whose forms are known still: what is done with an interaction asks for them half a dozen times."""

FINGERPRINT = re.compile(r"~[A-Za-z0-9_-]{22}")
FINGERPRINT_BYTES = 16  # 22 characters of base64url, without the padding

# Nine of 50 syllables are 50.8 bits. Consonants that readily make rude words are left out.
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeiou"]
WORDS, WORD_SYLLABLES = 3, 3

JOINER = "\u200d"  # makes one emoji of several
EMOJI_LOOK = "\ufe0f"  # asks for the colourful look of a symbol
KEYCAPS = set("0123456789#*")
BLANKS = set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")  # letters that show nothing
VARIANTS = {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
UNSEEN = BLANKS | VARIANTS
UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs"}


def _is_symbol(character: str) -> bool:
    return character > "\x7f" and character not in BLANKS and unicodedata.category(character)[0] == "S"


def _shows(before: str, character: str, after: str) -> bool:
    """Tell whether a character is seen, or makes an emoji of its neighbours."""
    if character == JOINER:
        return (before == EMOJI_LOOK or _is_symbol(before)) and _is_symbol(after)
    if character == EMOJI_LOOK:
        return _is_symbol(before) or before in KEYCAPS
    return unicodedata.category(character) not in UNSEEN_CATEGORIES and character not in UNSEEN


@lru_cache(CACHED)
def normalise(seed: str) -> str:
    """Return the seed as it is shown and compared: one line of what can be seen, perhaps empty."""
    short = seed[: 10 * SEED_LENGTH]  # a hundred thousand accents on one letter would take minutes
    text = " ".join(unicodedata.normalize("NFC", short).split()).replace("`", "'")  # "`" would end Discord's code span
    seen = [" "]
    for character, after in pairwise(text + " "):
        if _shows(seen[-1], character, after):
            seen.append(character)
    text = unicodedata.normalize("NFC", " ".join("".join(seen).split()))
    return text[:SEED_LENGTH].rstrip(" " + JOINER)


@lru_cache(CACHED)
def fingerprint(seed: str) -> str:
    """Return a name of 23 characters for a seed of any length; both draw the same picture.

    Capitals make no difference, since a telephone's keyboard puts one at the front of whatever is typed.
    """
    text = normalise(seed)
    if FINGERPRINT.fullmatch(text):
        return text
    words = unicodedata.normalize("NFC", text.casefold())
    digest = hashlib.sha256(words.encode()).digest()[:FINGERPRINT_BYTES]
    return "~" + urlsafe_b64encode(digest).decode().rstrip("=")


def fresh_seed(entropy: str | None = None) -> str:
    """Return three words that can be said aloud: always the same ones for an entropy, else nobody's yet."""
    entropy = secrets.token_hex() if entropy is None else entropy
    number = int.from_bytes(hashlib.sha256(entropy.encode()).digest())
    syllables = []
    for _ in range(WORDS * WORD_SYLLABLES):
        number, index = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[index])
    words = ("".join(syllables[start::WORDS]) for start in range(WORDS))
    return " ".join(words)
