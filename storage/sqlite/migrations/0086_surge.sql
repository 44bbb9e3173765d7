-- Queries of which a chat is told when more is posted than usually is: "told_at" is when it was last.
CREATE TABLE surge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    told_at INTEGER,
    UNIQUE (chat_id, query)
) STRICT;
