-- Watching that misses nothing: how a channel is read, where reading it began, what scans found.

ALTER TABLE channel ADD COLUMN reference TEXT;
ALTER TABLE channel ADD COLUMN source TEXT;
ALTER TABLE channel ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN gaps_filled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN posts_filled INTEGER NOT NULL DEFAULT 0;

-- Where reading began was not noted: take what is certain, the present cursor.
UPDATE channel SET floor = cursor;

-- History that was asked for: what lies between next_id and last_id is not read yet.
CREATE TABLE backfill (
    channel INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    since INTEGER,
    first_id INTEGER NOT NULL DEFAULT 0,
    next_id INTEGER NOT NULL DEFAULT 0,
    last_id INTEGER NOT NULL DEFAULT 0,
    remaining INTEGER,
    posts INTEGER NOT NULL DEFAULT 0,
    asked_by INTEGER,
    asked_at INTEGER NOT NULL,
    finished_at INTEGER,
    error TEXT
) STRICT;
