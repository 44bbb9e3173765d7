"""What is said of a post that an alert passed over."""

import pytest
from babel import Locale

from handlers.texts.alerts.why import why_words

ENGLISH, RUSSIAN = why_words("en").languages, why_words("ru").languages


@pytest.mark.parametrize("code", sorted({*ENGLISH, "hy", "kk", "uk"}))
def test_languages_are_called_what_unicode_calls_them(code: str) -> None:
    assert ENGLISH[code] == Locale("en").languages[code]
    # The Russian word is inflected; its stem is that of the language's name.
    assert RUSSIAN[code].split()[-1][:4].lower() in Locale("ru").languages[code]
