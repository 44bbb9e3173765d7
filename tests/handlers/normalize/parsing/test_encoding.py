"""Which encoding bytes are in; what is no text is refused."""

import pytest

from handlers.normalize.parsing import encoding
from storage.errors import InputError

RUSSIAN = "Паром снова ходит. Билеты на причале, у дежурного.\n" * 3
ENGLISH = "The ferry is back. Tickets at the pier, from the duty officer.\n" * 3


@pytest.mark.parametrize("text", [RUSSIAN, ENGLISH])
@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_unicode_is_recognised_with_and_without_its_mark(text: str, codec: str, name: str) -> None:
    raw = text.encode(codec)
    assert encoding.identify(raw) == name
    assert "".join(encoding.decode([raw[:7], raw[7:]], name)) == text


def test_windows_1251_is_recognised_by_its_words() -> None:
    raw = RUSSIAN.encode("cp1251")
    assert encoding.identify(raw) == "cp1251"
    assert "".join(encoding.decode([raw], "cp1251")) == RUSSIAN


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_character_cut_by_the_end_of_the_head_is_no_damage(cut: int) -> None:
    assert encoding.identify((RUSSIAN + "🚢").encode()[:-cut]) == "utf-8"


def test_some_damaged_bytes_leave_utf8_what_it_is() -> None:
    raw = RUSSIAN.encode() + b"\xff\xfe" + RUSSIAN.encode()
    assert encoding.identify(raw) == "utf-8"
    text = "".join(encoding.decode([raw], "utf-8"))
    assert encoding.count_damage(text, raw, "utf-8") == 2


def test_a_replacement_character_in_the_file_is_no_damage() -> None:
    raw = "so it was: \ufffd".encode()
    assert encoding.count_damage(raw.decode(), raw, "utf-8") == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04" + b"text" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7 text",
        b"SQLite format 3\x00",
        bytes(range(256)) * 4,
        RUSSIAN.encode("koi8-r"),
        RUSSIAN.encode("cp866"),
    ],
)
def test_what_is_no_known_text_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError):
        encoding.identify(raw)
