"""Document ids, links, and channels as people name them."""

import pytest

from handlers.normalize.parsing import addresses
from storage.document import Channel
from storage.errors import UsageError


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("@harbour", Channel(username="harbour")),
        ("harbour", Channel(username="harbour")),
        ("https://t.me/harbour", Channel(username="harbour")),
        ("t.me/s/harbour/", Channel(username="harbour")),
        ("telegram.me/harbour", Channel(username="harbour")),
        ("https://t.me/c/1500000001/7", Channel(id=1500000001)),
        ("1500000001", Channel(id=1500000001)),
        ("-1001500000001", Channel(id=1500000001)),
    ],
)
def test_a_channel_is_named_as_people_name_it(name: str, channel: Channel) -> None:
    assert addresses.channel_named(name) == channel


@pytest.mark.parametrize("name", ["", "a b", "https://example.com/harbour", "@", "x" * 60])
def test_what_names_no_channel_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        addresses.channel_named(name)


def test_a_name_for_another_channel_changes_nothing() -> None:
    known = Channel(id=5, username="pier")
    assert addresses.joined(known, Channel(username="harbour", title="H")) == known
    assert addresses.joined(known, Channel(id=6)) == known
    assert addresses.joined(Channel(title="T"), Channel(id=6)) == Channel(id=6, title="T")
