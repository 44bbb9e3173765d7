"""Plurals of Arabic, Persian and Hebrew words."""

import pytest

from storage.query.words.inflection import semitic


@pytest.mark.parametrize(
    ("form", "other"),
    [
        ("وزير", "وزراء"),
        ("شركه", "شركات"),
        ("ايراني", "ايرانيان"),
        ("شهر", "شهرهاي"),
        ("حكومه", "حكومات"),
        ("חייל", "חיילים"),
        ("חייל", "החיילים"),
        ("ממשלה", "ממשלת"),
        ("ממשלות", "ממשלה"),
        ("חיילים", "חייל"),
        ("ראש", "ראשי"),
        ("שר", "שרים"),
        ("צבא", "הצבא"),
        ("אדם", "אדמים"),
    ],
)
def test_a_word_has_its_plural(form: str, other: str) -> None:
    assert other in semitic.list_forms(form)


@pytest.mark.parametrize("form", ["а", "大", "x", "ab"])
def test_other_scripts_have_none(form: str) -> None:
    assert semitic.list_forms(form) == ()
