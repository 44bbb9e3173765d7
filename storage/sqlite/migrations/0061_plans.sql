-- A chat has any number of plans, each with its own times, choice and "told until". Plans of before
-- are told at the same time as ever; "due_at" is reckoned at the next start, where zones are known.
CREATE TABLE plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    query TEXT NOT NULL DEFAULT '',
    channels TEXT NOT NULL DEFAULT '',
    times TEXT NOT NULL,
    timezone TEXT NOT NULL,
    most INTEGER NOT NULL DEFAULT 10,
    short INTEGER NOT NULL DEFAULT 0,
    says_nothing_new INTEGER NOT NULL DEFAULT 0,
    paused INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    told_until INTEGER,
    due_at INTEGER,
    removed_at INTEGER
) STRICT;

INSERT INTO plan (id, chat_id, kind, token, times, timezone, created_at, told_until)
SELECT p.id, p.chat_id, 'digest', '', printf('daily %02d:%02d', p.minute / 60, p.minute % 60),
    p.timezone, p.created_at, s.last_digest_at
FROM digest_plan AS p JOIN subscriber AS s ON s.chat_id = p.chat_id;

DROP TABLE digest_plan;

CREATE INDEX plan_by_chat ON plan (chat_id);
CREATE INDEX plan_by_due ON plan (due_at);

ALTER TABLE digest_snapshot ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE digest_snapshot ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
