-- Which groups and channels somebody manages, as Telegram said when they last did something for one.
CREATE TABLE managed (
    user_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, chat_id)
);

CREATE INDEX managed_by_chat ON managed (chat_id);
