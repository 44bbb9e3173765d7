-- What could not be read or stored, as it came: it can be tried again without Telegram or the file.
-- raw is null where it was too big to be kept. kind tells the same error by what it says, version
-- which program tried it last.
CREATE TABLE problem (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL UNIQUE,
    form TEXT NOT NULL,
    file TEXT,
    given TEXT,
    channel_id INTEGER,
    message_id INTEGER,
    error TEXT NOT NULL,
    kind TEXT NOT NULL,
    history INTEGER NOT NULL,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    version TEXT NOT NULL,
    size INTEGER NOT NULL,
    raw BLOB
) STRICT;

CREATE INDEX problem_by_message ON problem (channel_id, message_id) WHERE channel_id IS NOT NULL;
