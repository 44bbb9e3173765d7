"""Letters that look alike in several alphabets."""

import pytest

from storage.query.words import alphabets


@pytest.mark.parametrize(
    ("form", "one", "twin"),
    [
        # Of one alphabet: as it is.
        *((word, word, None) for word in ("port", "привет", "жук1", "q1", "0", "κοσμοσ", "ї1", "")),
        # Of two: in that of most of its letters, else in the other.
        ("рort", "port", "port"), ("портa", "порта", None), ("cпорт", "спорт", None),
        ("аb", "ав", "ab"), ("аbж", "авж", None), ("жx", "жх", "жх"), ("oси", "оси", None),
        ("ірan", "ipan", "ipan"), ("ββq", "bbq", "bbq"),
        ("qж", "qж", None), ("kοσμοσ", "kοσμοσ", None),
        # A code is Latin where each letter has a twin.
        ("ту22", "ty22", "ty22"), ("tу22", "ty22", "ty22"), ("b1", "b1", "в1"), ("в1", "b1", "b1"),
        ("α1", "a1", "a1"), ("a-1", "a-1", "а-1"), ("жy1", "жу1", "жу1"),
        *((f"{own}1", f"{latin}1", f"{latin}1") for own, latin in zip(
            "авсенкмортхуіαβεζηικμνορτυχ", "abcehkmoptxyiabezhikmnoptyx", strict=True)),
    ],
)  # fmt: skip
def test_a_word_is_written_in_one_alphabet(form: str, one: str, twin: str | None) -> None:
    assert alphabets.one_alphabet(form) == one
    assert alphabets.twin(form) == twin
