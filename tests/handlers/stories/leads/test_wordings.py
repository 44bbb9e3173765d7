"""Words that mean the same, and words that tell nothing."""

import pytest

from handlers.stories.leads import wordings


@pytest.mark.parametrize(
    ("key", "stem"),
    [
        ("oil", "oil"),
        ("grains", "grain"),
        ("international", "interna"),
        ("interest", "interes"),
        ("under", "under"),
        ("перегон", "перегон"),
        ("перегонка", "перегон"),
        ("предложил", "предлож"),
        ("пирожок", "пирож"),
    ],
)
def test_a_word_is_compared_by_its_beginning(key: str, stem: str) -> None:
    assert wordings.stem(key) == stem


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            "oil sank корабль затонул красный город первый бежать"
            " подписан подписанный подписав красив сильнее",
            True,
        ),
        ("said says сказал сообщил was least ago any big быть стал число он который", False),
    ],
)
def test_words_that_tell_what_happened(keys: str, told: bool) -> None:
    assert [key for key in keys.split() if wordings.tells(key) is not told] == []


@pytest.mark.parametrize("key", ["said", "says", "сказал", "сообщает"])
def test_words_for_saying(key: str) -> None:
    assert wordings.says(key)
    assert not wordings.tells_who(key)


@pytest.mark.parametrize("key", ["witnesses", "video", "источники", "очевидцев", "фото"])
def test_words_for_those_who_tell(key: str) -> None:
    assert wordings.tells_who(key)
    assert not wordings.says(key)


@pytest.mark.parametrize(
    ("key", "other", "expected"),
    [
        ("ship", "ship", True),
        ("ships", "ship", True),
        ("ship", "vessel", True),
        ("корабль", "судно", True),
        ("нефть", "oil", True),
        ("oil", "нефть", True),
        ("oil", "ship", False),
        ("корабль", "поезд", False),
    ],
)
def test_what_means_the_same_is_said(key: str, other: str, expected: bool) -> None:
    assert wordings.is_said(key, frozenset({wordings.stem(other)})) is expected
