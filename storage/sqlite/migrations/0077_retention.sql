-- Posts of groups may be kept for a shorter time than others: which chats are groups.
CREATE TABLE group_chat (
    channel_id INTEGER PRIMARY KEY
) STRICT;

-- Only people's names and numbers are found fast; other groups are known with their next post.
INSERT OR IGNORE INTO group_chat (channel_id)
SELECT channel_id FROM document WHERE author_key IS NOT NULL AND channel_id IS NOT NULL
    AND json_extract(json, '$.source.type') IN ('telethon', 'desktop_json');
