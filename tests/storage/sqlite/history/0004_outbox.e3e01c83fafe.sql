-- Rows of the outbox expire, may be told together (bundled), and edit messages that went out
-- before them: those rows name the one they edit (target) and hold a version each in their key.
ALTER TABLE delivery RENAME TO delivery_old;

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    random_id INTEGER NOT NULL UNIQUE CHECK (random_id <> 0),
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sent', 'gone', 'dead', 'expired', 'bundled', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    message_id INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER,
    bundle TEXT,
    story TEXT,
    target INTEGER,
    versions INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO delivery (id, chat_id, kind, key, random_id, payload, priority, due_at,
    leased_until, state, attempts, last_error, message_id, created_at, finished_at)
SELECT id, chat_id, kind, key, random_id, payload, priority, due_at,
    leased_until, state, attempts, last_error, message_id, created_at, finished_at
FROM delivery_old;

DROP TABLE delivery_old;

CREATE INDEX delivery_queue ON delivery (priority, due_at, id) WHERE state = 'queued';
CREATE INDEX delivery_by_chat ON delivery (chat_id, state);
CREATE INDEX delivery_by_story ON delivery (story) WHERE story IS NOT NULL;
CREATE INDEX delivery_by_target ON delivery (target) WHERE target IS NOT NULL;
CREATE INDEX delivery_dead ON delivery (id) WHERE state = 'dead';
