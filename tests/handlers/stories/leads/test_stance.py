"""What a text denies, doubts and says. All texts are invented."""

import pytest

from handlers.stories.leads import stance


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("The pier did not open in Mellen again", "open melle"),
        ("not oil 1234 open", "open"),
        ("not 1234 oil open", "open"),
        ("no oil and the pier", ""),
        ("people and oil: none", ""),
        ("open not", ""),
        *((f"not{stop}open the pier", "") for stop in (*",;:.!…\n", " – ", " — ", " - ")),
        ("not (open) the pier", "open pier"),
        ("coast mill docks ships нет", "docks ships mill"),
        ("coast mill docks, ships нет", "ships"),
        ("open нет pier", "open pier"),
        ("open не pier", "pier"),
    ],
)
def test_a_negation_denies_the_words_beside_it_in_its_clause(text: str, denied: str) -> None:
    found = stance.read(text)
    assert found.denies
    assert found.denied == frozenset(denied.split())
    assert found.said.isdisjoint(found.denied)


def test_only_the_beginning_is_read() -> None:
    text = f"{'pier ' * 70}not denied 12 opened"
    found = stance.read(text)
    assert len("pier " * 70) == 350
    assert (found.denies, found.doubts, found.figures, found.sides) == (False,) * 2 + (
        frozenset(),
    ) * 2
    assert found.said == frozenset({"pier"})


PLAIN, NOT, FAKE = "Pier of Mellen", "Pier not of Mellen", "Fake pier of Mellen"
OPEN, SHUT, OPEN_BRIDGE = "Pier opens", "Pier closed", "Pier opens, bridge closed"


@pytest.mark.parametrize(
    ("one", "other", "differ", "contradict"),
    [
        (PLAIN, PLAIN, False, False),
        (PLAIN, NOT, True, True),
        (PLAIN, FAKE, True, True),
        (NOT, FAKE, True, False),
        (FAKE, FAKE, False, False),
        (OPEN, SHUT, True, True),
        (OPEN, OPEN_BRIDGE, False, False),
        (OPEN, PLAIN, False, False),
        (f"Fake: {OPEN}", f"Fake: {SHUT}", True, True),
        (f"Fake: {OPEN}", f"{SHUT}, no oil", True, True),
        ("Pier of Mellen", "Docks without people", True, False),
        ("Pier of Mellen", "Docks: no", True, True),
        ("Pier: no", "Docks: no", False, False),
        ("Fake pier, no", "Fake docks", True, True),
        ("Fake pier of Mellen, no", "Pier of Mellen", True, True),
        ("Pier opens, no people", "Docks closed", True, True),
        ("Pier of 12 houses", "Pier of 15 houses", False, True),
    ],
)
def test_who_says_otherwise(one: str, other: str, differ: bool, contradict: bool) -> None:
    for first, second in ((one, other), (other, one)):
        assert stance.differ(stance.read(first), stance.read(second)) is differ
        assert stance.contradict(stance.read(first), stance.read(second)) is contradict
