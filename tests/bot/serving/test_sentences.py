"""A sentence is known again by what it is about."""

from bot.serving.sentences import random_id_of


def test_the_number_of_a_sentence_follows_from_what_it_is_about() -> None:
    keys = [f"press:{number}" for number in range(200)]
    found = [random_id_of(key) for key in keys]
    assert found == [random_id_of(key) for key in keys]
    assert len(set(found)) == len(keys)
    assert all(number and -(2**63) <= number < 2**63 for number in found)
    assert {number > 0 for number in found} == {True, False}
    # What a former version said is known again after an upgrade.
    assert random_id_of("press:1") == 2117728608714103555
