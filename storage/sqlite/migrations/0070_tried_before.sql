-- Messages that were under way in a later database than this one, which is a backup that was put in its
-- place: when they are queued again they are looked for before they are sent.
CREATE TABLE tried_before (
    random_id INTEGER PRIMARY KEY,
    tried_at INTEGER NOT NULL
) STRICT;
