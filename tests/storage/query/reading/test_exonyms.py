"""Places that are known by two names."""

import pytest

from storage.query.reading import exonyms
from storage.query.reading.syntax import parse
from storage.query.words import analysis


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("Kiev", ("kiev", "kyiv")),
        ("Kyiv", ("kyiv", "kiev")),
        ("Zaporizhia", ("zaporizhia", "zaporizhzhia", "zaporozhye")),
        ("Киргизией", ("киргизия", "кыргызстан")),
        ("Кыргызстаном", ("кыргызстан", "киргизия")),
        ("harbour", ()),
        ("Киров", ()),
    ],
)
def test_the_names_of_a_place(word: str, names: tuple[str, ...]) -> None:
    assert exonyms.names(analysis.fold(word)) == names


@pytest.mark.parametrize("text", ["Kiev", "port Kyiv", "port -Kiev", "Zaporizhia OR Киргизии"])
def test_a_canonical_text_asks_for_the_same(text: str) -> None:
    query = parse(text)
    assert parse(query.text).root == query.root
    assert parse(query.text).text == query.text


def test_what_is_left_out_has_one_name() -> None:
    assert parse("port -Kiev").text == "port -kiev"
