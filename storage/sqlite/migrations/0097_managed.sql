-- Which groups and channels somebody manages, as Telegram said when they last did something for one.
CREATE TABLE managed (
    user_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, chat_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX managed_by_chat ON managed (chat_id);
