-- Who asks to be told when a channel falls silent, or can't be read: "told_of" is the last post (its
-- time) before the silence that was told last, "unread_of" the last reading before it was told that
-- there was none since.
CREATE TABLE silence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    told_of INTEGER,
    unread_of INTEGER,
    UNIQUE (chat_id, channel)
) STRICT;

CREATE INDEX silence_by_channel ON silence (channel);
