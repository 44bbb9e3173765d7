"""What of each expectation the service can bear."""

import pytest

from bot.commands.probing import expectations
from bot.commands.probing.expectations import Expectation, Finding


@pytest.mark.parametrize(
    ("expectation", "good", "bad"),
    [
        (
            expectations.repeated("at once", "the same text"),
            ["refused as a duplicate", "answered with the first message"],
            ["sent a second time", "failed: INTERNAL"],
        ),
        (expectations.REPLY, ["refused", "sent"], ["asked to wait 3 s"]),
        (
            expectations.MANY_ENTITIES,
            ["100 of 101 kept", "101 of 101 kept"],
            ["99 of 101 kept", "0 of 101 kept"],
        ),
        (expectations.OWN_DATA, ["the same 64 bytes"], ["0 other bytes", "64 other bytes"]),
        (expectations.FOREIGN_DATA, ["refused", "handed on"], ["the same 64 bytes"]),
        (expectations.EDIT_PACE, ["no wait"], ["asked to wait 3 s after 4 edits"]),
        (expectations.AWAY, ["it came"], ["it did not come"]),
    ],
)
def test_what_is_borne_and_what_is_not(
    expectation: Expectation, good: list[str], bad: list[str]
) -> None:
    assert all(Finding(expectation=expectation, seen=seen).holds for seen in good)
    assert not any(Finding(expectation=expectation, seen=seen).holds for seen in bad)
    assert expectation.expected.startswith(("refused", "sent", "the same", "no wait", "it came"))


def test_an_id_used_again_is_named_with_its_text_and_its_time() -> None:
    found = expectations.repeated("from another session", "another text")
    assert found.what == "a random_id used again with another text, from another session"


def test_counts_are_told_of_all() -> None:
    assert expectations.kept(7) == "7 of 101 kept"
