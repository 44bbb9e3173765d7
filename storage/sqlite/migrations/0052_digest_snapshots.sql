-- Digests as they were made, for the buttons below them. "outline" is compressed JSON.
CREATE TABLE digest_snapshot (
    token TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    query TEXT,
    outline BLOB NOT NULL
) STRICT;

CREATE INDEX digest_snapshot_by_chat ON digest_snapshot (chat_id);
CREATE INDEX digest_snapshot_by_age ON digest_snapshot (made_at);
