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


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("so it was: \ufffd\ufffd\ufffd".encode(), "utf-8"),
        # Two bytes amiss in as much as four characters of UTF-8; more is another encoding.
        ("ж".encode() * 4 + b" \xff \xff", "utf-8"),
        ("ж".encode() * 3 + b" \xff \xff", None),
        (b"\xff", "cp1251"),
        (b"", "utf-8"),
        # Windows-1251: most of what is no ASCII are its letters, and twice as many are small.
        ("ППппппп".encode("cp1251"), "cp1251"),
        ("ППпппп".encode("cp1251"), None),
        ("ппппп".encode("cp1251") * 8 + b"\x98" * 10, "cp1251"),
        ("ппппп".encode("cp1251") * 8 + b"\x98" * 11, None),
        # UTF-16 without a mark: a zero in every tenth pair at least, and on one side.
        (b"a\x00" * 2 + b"bc" * 18, "utf-16-le"),
        (b"a\x00" * 2 + b"bc" * 39, "utf-8"),
        (b"\x00a" * 2 + b"bc" * 18, "utf-16-be"),
    ],
)
def test_how_much_tells_one_encoding_from_another(raw: bytes, name: str | None) -> None:
    if name is None:
        with pytest.raises(InputError):
            encoding.identify(raw)
    else:
        assert encoding.identify(raw) == name


@pytest.mark.parametrize(
    "mark",
    [
        *(b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3\0"),
        *(b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"OggS", b"ID3", b"MZ", b"RIFF"),
        *(b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
    ],
)
def test_files_of_other_kinds_are_known_by_how_they_begin(mark: bytes) -> None:
    with pytest.raises(InputError, match="no text"):
        encoding.identify(mark + ENGLISH.encode())


@pytest.mark.parametrize(
    ("controls", "letters", "is_text"),
    [
        (8, 0, True),
        (9, 0, False),
        (9, 890, False),
        (9, 891, True),
        (10, 990, True),
        (11, 989, False),
    ],
)
def test_a_text_has_next_to_no_control_characters(
    controls: int, letters: int, is_text: bool
) -> None:
    raw = b"\x01" * controls + b"a" * letters
    if is_text:
        assert encoding.identify(raw) == "utf-8"
    else:
        with pytest.raises(InputError, match="no text"):
            encoding.identify(raw)


@pytest.mark.parametrize(
    ("raw", "name", "text"),
    [
        ("моря".encode()[:-1], "utf-8", "мор\ufffd"),
        ("a🚢".encode()[:-1], "utf-8", "a\ufffd"),
        ("ab".encode("utf-16-le")[:-1], "utf-16-le", "a\ufffd"),
    ],
)
def test_a_character_that_a_file_ends_in_the_middle_of_is_damaged(
    raw: bytes, name: str, text: str
) -> None:
    for pieces in ([raw], [raw[:1], raw[1:]], [raw[n : n + 1] for n in range(len(raw))]):
        assert "".join(encoding.decode(pieces, name)) == text


def test_damage_is_counted_in_the_width_of_the_encoding() -> None:
    raw = "a\ufffdb".encode("utf-16-le")
    assert encoding.count_damage("a\ufffdb", raw, "utf-16-le") == 0
    assert encoding.count_damage("a\ufffdb\ufffd", raw, "utf-16") == 1
    assert encoding.count_damage("ab", b"\xef\xbf\xbd" * 3, "utf-8") == 0
    assert encoding.count_damage("a\ufffd", b"\xef\xbf\xbd" * 3, "utf-8") == 0
