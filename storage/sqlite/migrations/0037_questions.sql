-- What the bot asked somebody and waits for: their next words in that chat answer it. `before` stands
-- before them, `suggestion` is what was proposed; `answered_by` is the message that answered it.
CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    command TEXT NOT NULL,
    before TEXT NOT NULL,
    suggestion TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answered_by INTEGER,
    UNIQUE (chat_id, sender_id)
) STRICT;
CREATE INDEX question_by_sender ON question (sender_id);
