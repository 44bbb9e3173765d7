"""What is said beside the common words has the same values in both languages."""

from collections.abc import Iterator
from dataclasses import asdict
from string import Formatter
from typing import Any

import pytest

from handlers.texts import linking, listing, reading


def templates(value: Any) -> Iterator[str]:
    """All texts of a record, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for _, part in sorted(value.items()):
            yield from templates(part)


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("module", [linking, listing, reading], ids=lambda one: one.__name__)
def test_a_record_has_the_same_values_in_both_languages(module: Any) -> None:
    english, russian = asdict(module.EN), asdict(module.RU)
    for field, said in english.items():
        for here, there in zip(templates(said), templates(russian[field]), strict=True):
            # How many alerts there are is said by a number alone in Russian.
            assert names(here) - {"alerts"} == names(there) - {"total", "alerts"}, field
            assert (here.strip() and there.strip() and here != there) or here == "{target}", field
