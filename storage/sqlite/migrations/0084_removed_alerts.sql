-- Since when an alert has watched for what it asks now, where that is not since it was made: its query
-- was changed, or it was removed and put back.
ALTER TABLE alert ADD COLUMN since INTEGER;

-- Alerts that were removed, kept for an undo under their ids. "settings" is all else of them, as JSON:
-- how they were told, the channels they left out, the messages that were held for them.
CREATE TABLE removed_alert (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER NOT NULL
) STRICT;
