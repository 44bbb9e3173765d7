"""Service messages as pages print them."""

import pytest

from handlers.normalize.parsing import service_texts


@pytest.mark.parametrize(
    ("words", "action", "title"),
    [
        ("Channel created", "create_channel", None),
        ("Channel «Harbour» created", "create_channel", "Harbour"),
        ("Channel photo updated", "edit_group_photo", None),
        ("Channel photo changed", "edit_group_photo", None),
        ("Channel photo removed", "delete_group_photo", None),
        ("Channel title changed to «Pier»", "edit_group_title", "Pier"),
        ("Channel name was changed to «Pier»", "edit_group_title", "Pier"),
        ("Harbour pinned this message", "pin_message", None),
        ("Ann converted this group to a supergroup", "migrate_to_supergroup", None),
        (
            "Ann converted a basic group to this supergroup «Pier»",
            "migrate_from_group",
            "Pier",
        ),
        ("Something new happened", "other", "Something new happened"),
    ],
)
def test_service_texts_are_the_actions_of_exports(
    words: str, action: str, title: str | None
) -> None:
    assert service_texts.action(words) == (action, title)
