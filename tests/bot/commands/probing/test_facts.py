"""What of each fact the service can bear."""

import pytest

from bot.commands.probing import facts
from bot.commands.probing.facts import Fact, Finding


@pytest.mark.parametrize(
    ("fact", "good", "bad"),
    [
        (
            facts.repeated("at once", "the same text"),
            ["refused as a duplicate", "answered with the first message"],
            ["sent a second time", "failed: INTERNAL"],
        ),
        (facts.REPLY, ["refused", "sent"], ["asked to wait 3 s"]),
        (
            facts.MANY_ENTITIES,
            ["100 of 101 kept", "101 of 101 kept"],
            ["99 of 101 kept", "0 of 101 kept"],
        ),
        (facts.OWN_DATA, ["the same 64 bytes"], ["0 other bytes", "64 other bytes"]),
        (facts.FOREIGN_DATA, ["refused", "handed on"], ["the same 64 bytes"]),
        (facts.EDIT_PACE, ["no wait"], ["asked to wait 3 s after 4 edits"]),
        (facts.AWAY, ["it came"], ["it did not come"]),
    ],
)
def test_what_is_borne_and_what_is_not(fact: Fact, good: list[str], bad: list[str]) -> None:
    assert all(Finding(fact=fact, seen=seen).holds for seen in good)
    assert not any(Finding(fact=fact, seen=seen).holds for seen in bad)
    assert fact.expected.startswith(("refused", "sent", "the same", "no wait", "it came"))


def test_an_id_used_again_is_named_with_its_text_and_its_time() -> None:
    found = facts.repeated("from another session", "another text")
    assert found.what == "a random_id used again with another text, from another session"


def test_counts_are_told_of_all() -> None:
    assert facts.kept(7) == "7 of 101 kept"
