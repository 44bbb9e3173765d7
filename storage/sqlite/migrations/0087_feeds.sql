-- Feeds of chats: what each tells of (a query, a channel), and the hash of the secret in its address.
CREATE TABLE feed (
    name TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_by_chat ON feed (chat_id);
