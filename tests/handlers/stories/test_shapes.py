"""Words told apart by their capitals. All texts are invented."""

import pytest

from handlers.stories import shapes, tokens
from handlers.stories.shapes import Shape

INITIALS: dict[Shape, str] = {"lower": "l", "title": "t", "upper": "u", "any": "a"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pier of us", "alll"),
        ("we told Ann of the US pier", "altllul"),
        ("we said: The pier", "alal"),
        ("we said (the Pier) and The Mill", "alatltt"),
        ("we met Ann, Bob and A Mill", "alttlat"),
        ("we left. They came", "alal"),
        ("we left\nthey came", "alal"),
        ("we like McRoe and iMill", "alala"),
        ("we paid 5 US dollars", "alaul"),
        ("we read\nTHE PIER IS OPEN\nin it", "alaaaaal"),
        ("we read\nThe Pier Is open\nin it", "alaaaaal"),
        ("we read\nThe Pier is open now\nin it", "alatlllal"),
        ("we read\nThe Pier\nin it", "alatal"),
        ("we read\nThe Pier Is\nin it", "alaaaal"),
        ("we read\nThe Pier Is open now\nin it", "alaaaaaal"),
        ("we read\nThe Pier a b Is c d\nin it", "alaaaaaaaal"),
    ],
)
def test_how_words_are_written(text: str, expected: str) -> None:
    found = shapes.of(text, tokens.read(text))
    assert "".join(INITIALS[shape] for shape in found) == expected


@pytest.mark.parametrize(
    ("key", "one", "other", "agree"),
    [
        ("us", "lower", "lower", True),
        ("us", "lower", "any", True),
        ("us", "any", "upper", True),
        ("us", "lower", "upper", False),
        ("nato", "title", "upper", True),
        ("who", "title", "upper", False),
        ("aids", "lower", "upper", False),
        ("radar", "lower", "upper", True),
        ("not", "lower", "upper", True),
        ("никогда", "upper", "lower", True),
        ("pier", "lower", "title", False),
        ("president", "lower", "title", True),
        ("губернатора", "lower", "title", True),
    ],
)
def test_two_ways_of_writing_one_word(key: str, one: Shape, other: Shape, agree: bool) -> None:
    assert shapes.agree(key, one, other) is agree
    assert shapes.agree(key, other, one) is agree


@pytest.mark.parametrize(
    "key", ["not", "no", "all", "never", "only", "не", "нет", "все", "никогда"]
)
def test_what_is_stressed_by_capitals_is_the_same_word(key: str) -> None:
    assert shapes.agree(key, "lower", "upper")
    assert shapes.agree(key, "upper", "lower")
    assert not shapes.agree(f"{key[:2]}x", "lower", "upper")


@pytest.mark.parametrize(
    ("keys", "is_office"),
    [
        ("ministry министерствами an presidents дума defence defense north agencies", True),
        ("советника думу города суда сил вас послов south churches officials", True),
        ("pier unions2 домов minist- attack apple amazon inferno tower forest", False),
        ("банкрот выборг выборы сильва партизаны послание судно деньги крайне думает", False),
    ],
)
def test_offices_are_written_either_way(keys: str, is_office: bool) -> None:
    assert {key: shapes.is_office(key) for key in keys.split()} == dict.fromkeys(
        keys.split(), is_office
    )
