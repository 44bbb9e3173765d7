"""Suggestions for a word that no document has: the same keys in the other keyboard layout, the name
in the other alphabet, or one typing error away. The archive decides which of them are words."""

import re
from collections.abc import Iterator
from itertools import product

_KEYS = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~",
    "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ",
)
_KEYS_BACK = {cyrillic: latin for latin, cyrillic in _KEYS.items()}
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LETTERS = {"latin": "abcdefghijklmnopqrstuvwxyz", "russian": "абвгдежзийклмнопрстуфхцчшщъыьэюя"}

# Each way to write a sound; the longest beginning is taken. "$" stands for the end of a word.
_TO_RUSSIAN = {
    "shch": "щ", "sch": "щ", "iy$": "ий", "yy$": "ый", "y$": "ий й ы", "i$": "и ий", "yo": "е",
    "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "ye": "е",
    "iu": "ю", "ia": "ия я", "ck": "к", "ph": "ф", "x": "кс", "q": "к", "w": "в", "j": "й дж",
    "y": "й ы", "e": "е э", "h": "х г", "c": "к ц", "a": "а", "b": "б", "d": "д", "f": "ф",
    "g": "г", "i": "и", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "z": "з",
}  # fmt: skip
_TO_LATIN = {
    "ий$": "y iy ii", "ый$": "y", "кс": "x ks", "щ": "shch", "ж": "zh", "х": "kh h", "ц": "ts",
    "ч": "ch", "ш": "sh", "ю": "yu iu", "я": "ya ia", "й": "y i", "ы": "y", "э": "e", "е": "e ye",
    "ъ": "", "ь": "", "а": "a", "б": "b", "в": "v w", "г": "g", "д": "d", "з": "z", "и": "i",
    "к": "k c", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f",
}  # fmt: skip
_MOST_WAYS = 32
_CONSONANT = re.compile("[бвгджзклмнпрстфхцчшщ](?=[бвгджзклмнпрстфхцчшщ]|$)")


def other_layout(text: str) -> str | None:
    """The text typed with the same keys in the other of the English and Russian layouts; None if it
    has letters of both, or of neither."""
    latin, cyrillic = _LATIN.search(text), _CYRILLIC.search(text)
    if (latin is None) == (cyrillic is None):
        return None
    return text.translate(_KEYS if latin is not None else _KEYS_BACK)


def other_alphabet(form: str) -> list[str]:
    """Transliterations of a name between the Latin and the Russian alphabet."""
    if _script(form) == "latin":
        found = _spelled(form, _TO_RUSSIAN)
        soft = (
            f"{one[: match.end()]}ь{one[match.end() :]}"
            for one in found
            for match in _CONSONANT.finditer(one)
        )
        return list(dict.fromkeys((*found, *soft)))
    return _spelled(form, _TO_LATIN) if _script(form) == "russian" else []


def misspelled(form: str) -> Iterator[str]:
    """The words at edit distance one: a letter more, less or other, or two swapped."""
    letters = _LETTERS.get(_script(form), "")
    cuts = [(form[:at], form[at:]) for at in range(len(form) + 1)] if letters else []
    for before, after in cuts:
        if after:
            yield f"{before}{after[1:]}"
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"
        for letter in letters:
            yield f"{before}{letter}{after}"
            if after and after[0] != letter:
                yield f"{before}{letter}{after[1:]}"


def _script(form: str) -> str:
    return next((name for name, letters in _LETTERS.items() if set(form) <= set(letters)), "")


def _spelled(form: str, table: dict[str, str]) -> list[str]:
    ways: list[list[str]] = []
    rest = f"{form}$"
    while rest != "$":
        sound = next(rest[:size] for size in (4, 3, 2, 1) if rest[:size] in table)
        ways.append(table[sound].split() or [""])
        rest = rest[len(sound) - sound.endswith("$") :]
    return _some(ways)


def _some(ways: list[list[str]]) -> list[str]:
    """Some of the spellings, the likeliest first."""
    found = []
    for number, one in enumerate(product(*ways)):
        if number == _MOST_WAYS:
            break
        found.append("".join(one))
    return found
