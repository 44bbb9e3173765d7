-- Feeds of chats: what each tells of (a query, a channel), and the hash of the secret in its address.
CREATE TABLE feed (
    name TEXT COLLATE "C" PRIMARY KEY,
    secret_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    chat_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX feed_by_chat ON feed (chat_id);
