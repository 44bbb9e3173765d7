"""Service messages as pages print them, as the actions that Telegram Desktop's JSON names."""

import re

_QUOTED = r"[«\"“](?P<title>.+?)[»\"”]"
_ACTIONS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), action)
    for pattern, action in (
        (rf"channel\s+{_QUOTED}\s+created", "create_channel"),
        (r"channel created|канал создан", "create_channel"),
        (rf"(?:.* created group|group) {_QUOTED}.*", "create_group"),
        (
            rf"(?:channel|.* (?:group|channel)) (?:name|title).* to\s+{_QUOTED}",
            "edit_group_title",
        ),
        (r".*\b(?:photo|video)\b.*\bremoved|.*\bremoved\b.*\bphoto.*", "delete_group_photo"),
        (
            r".*(?:channel|group) (?:photo|video).*|.*\bphoto (?:was )?(?:updated|changed).*",
            "edit_group_photo",
        ),
        (r".*\bpinned\b.*|.*закрепи.*", "pin_message"),
        (r".*(?:voice|video) chat scheduled.*|.*live stream scheduled.*", "group_call_scheduled"),
        (r".*(?:voice|video) chat.*|.*live stream.*", "group_call"),
        (r".*auto-delete.*", "set_messages_ttl"),
        (rf".*converted a basic group to this supergroup(?:\s+{_QUOTED})?", "migrate_from_group"),
        (r".*converted this group.*|.*upgraded.*supergroup.*", "migrate_to_supergroup"),
        (r".*cleared history.*|history was cleared", "clear_history"),
        (r".*joined (?:the )?(?:group|channel).*", "join_group_by_link"),
        (r".*\binvited\b.*", "invite_members"),
        (r".*\bgiveaway\b.*", "giveaway_launch"),
        (r".*theme.*", "edit_chat_theme"),
    )
)


def action(text: str) -> tuple[str, str | None]:
    """The action that a page's words describe, and the title in them, if any.

    Words that are not known are action ``other``, and their own title.
    """
    for pattern, name in _ACTIONS:
        found = pattern.fullmatch(text.strip())
        if found is not None:
            return name, found.groupdict().get("title")
    return "other", text or None
