-- Channels that are not watched and that chats ask the operators for. "request" is random and names
-- in buttons and keys what is asked: one for all that ask for the same, until it is answered.
CREATE TABLE wish (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    request TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    denied_at INTEGER,
    UNIQUE (chat_id, target)
) STRICT;

CREATE INDEX wish_by_request ON wish (request);
