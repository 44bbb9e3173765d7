"""Words that are also written as two."""

import pytest

from storage.query.reading import compounds


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("ceasefire", ("cease", "fire")),
        ("ceasefires", ("cease", "fires")),
        ("airstrikes", ("air", "strikes")),
        ("cyberattack", ("cyber", "attack")),
        ("эксминистр", ("экс", "министр")),
        ("кибератака", ("кибер", "атака")),
        # other words
        ("экспорт", None),
        ("эксперты", None),
        ("контракт", None),
        ("counter", None),
        ("counters", None),
        ("airport", None),
        ("harbour", None),
        ("cease", None),
        ("", None),
    ],
)
def test_a_word_that_is_also_written_as_two(form: str, parts: tuple[str, str] | None) -> None:
    assert compounds.parted(form) == parts
