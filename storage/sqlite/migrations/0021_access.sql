-- Who wrote to a private instance without being let in, and what they asked. `request` is random and
-- names a request in buttons and keys, so that no number of a person stands there.
CREATE TABLE caller (
    chat_id INTEGER PRIMARY KEY,
    access_hash INTEGER,
    username TEXT,
    name TEXT,
    language TEXT,
    wrote_at INTEGER NOT NULL,
    request TEXT NOT NULL UNIQUE,
    asked_at INTEGER,
    denied_at INTEGER
) STRICT;

-- Links that lead into the bot: invitations, and what is shared. An unguessable token each, an end,
-- and for invitations how many people may still come by it.
CREATE TABLE link (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    made_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    people INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX link_by_maker ON link (made_by);
