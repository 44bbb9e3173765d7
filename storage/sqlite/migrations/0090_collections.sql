-- Posts that a chat has put by, under a name. What was removed can be put back for a day.
CREATE TABLE collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;

CREATE INDEX collection_by_chat ON collection (chat_id, name_key);

CREATE TABLE collected (
    collection_id INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    doc_id TEXT NOT NULL,
    note TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (collection_id, doc_id)
) STRICT, WITHOUT ROWID;
